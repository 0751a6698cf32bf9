-- A file that is there and not quarantined stands for a current document.
-- severity: error
select f.root, f.path
from ops.files as f
left join core.document as d on f.document_id = d.document_id and d.retired_run is null
where f.present and f.reason is null and d.document_id is null
