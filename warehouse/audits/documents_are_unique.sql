-- A document stands once, and so does its text.
-- severity: error
select document_id, count(*) as times
from core.document
group by document_id
having count(*) > 1
union all
select document_id, count(*) as times
from core.document_text
group by document_id
having count(*) > 1
