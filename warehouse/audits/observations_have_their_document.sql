-- Every figure stands in a known document.
-- severity: error
select o.observation_id
from core.observation as o
anti join core.document as d on o.document_id = d.document_id
