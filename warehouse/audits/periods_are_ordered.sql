-- A period does not end before it begins.
-- severity: error
select observation_id, period_start, period_end
from core.observation
where period_start > period_end
