-- A current document is held by a file; a retired one by none.
-- severity: error
with
held as (
    select distinct document_id
    from ops.files
    where present
)

select d.document_id, d.retired_run
from core.document as d
left join held as h on d.document_id = h.document_id
where (d.retired_run is null) <> (h.document_id is not null)
