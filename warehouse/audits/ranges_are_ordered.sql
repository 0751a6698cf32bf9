-- The upper end of a range is not below the lower one, and both are numbers.
-- severity: error
select observation_id, value, value_high
from core.observation
where value is null or value_high is null or value > value_high or not isfinite(value)
