-- The mart has every figure of the current documents, once.
-- severity: error
with
stored as (
    select count(*) as figures
    from core.observation
    where document_id in (select document_id from core.document where retired_run is null)
),

shown as (
    select count(*) as figures
    from mart.observations
)

select stored.figures as stored, shown.figures as shown
from stored, shown
where stored.figures <> shown.figures
