-- The indicators that occur.
delete from core.indicator;

insert into core.indicator by name
select
    indicator,
    min(topic) as topic,
    count(*) as observations
from core.observation
group by indicator;
