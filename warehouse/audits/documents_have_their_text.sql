-- Every document has its text, and every text its document.
-- severity: error
select coalesce(d.document_id, t.document_id) as document_id
from core.document as d
full join core.document_text as t on d.document_id = t.document_id
where d.document_id is null or t.document_id is null
