-- A share in per cent lies between 0 and 100.
-- severity: warning
select observation_id, quote, indicator, value
from mart.observations
where measure = 'share' and unit = '%' and (value < 0 or value > 100)
