-- Rows of the documents read now; what was read from them before makes way.
delete from core.observation
where document_id in (select document_id from read_now);

insert into core.observation by name
select o.* exclude (in_run),
    if(
        o.period_end is null,
        null,
        coalesce(cast(o.period_start as varchar), '..') || '/' || cast(o.period_end as varchar)
    ) as period_id
from in_observations as o
inner join read_now as r on o.document_id = r.document_id and o.in_run = r.run;
