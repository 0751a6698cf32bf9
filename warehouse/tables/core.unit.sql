-- The units that occur, with what is known of them.
delete from core.unit;

insert into core.unit by name
with
used as (
    select unit, count(*) as observations
    from core.observation
    group by unit
)

select used.unit, known.kind, known.base, known.factor, used.observations
from used
left join ref.units as known on used.unit = known.unit;
