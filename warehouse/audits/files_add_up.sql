-- The outcomes of a run add up to the files seen.
-- severity: error
select *
from ops.runs
where seen <> new + revised + unchanged + duplicate + withdrawn + quarantined + ignored
