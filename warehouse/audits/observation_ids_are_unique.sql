-- An observation id stands once.
-- severity: error
select observation_id, count(*) as times
from core.observation
group by observation_id
having count(*) > 1
