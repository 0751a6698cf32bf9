-- The total that a figure is part of stands in the same document.
-- severity: warning
select o.observation_id, o.parent_id
from core.observation as o
left join core.observation as p
    on o.parent_id = p.observation_id and o.document_id = p.document_id
where o.parent_id is not null and p.observation_id is null
