-- Every figure with a period finds it among the periods.
-- severity: error
select o.observation_id, o.period_id
from core.observation as o
left join core.period as p on o.period_id = p.period_id
where o.period_end is not null and p.period_id is null
