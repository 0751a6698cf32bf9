-- Levels and shares achieved in whole years: a series for each place, indicator and unit.
create or replace view mart.yearly as
with
whole_years as (
    select o.*, p.year
    from mart.observations as o
    inner join core.period as p
        on o.period_end = p.period_end and o.period_start is not distinct from p.period_start
    where
        o.status = 'actual'
        and o.measure in ('level', 'share')
        and (p.kind = 'year' or (p.kind = 'as_of' and strftime(p.period_end, '%m-%d') = '12-31'))
),

final as (
    select
        place,
        indicator,
        measure,
        unit,
        year,
        max_by(value, {'sure': confidence, 'id': observation_id}) as value,
        max_by(document, {'sure': confidence, 'id': observation_id}) as document,
        count(*) as mentions
    from whole_years
    group by place, indicator, measure, unit, year
)

select * from final;

comment on view mart.yearly is
'One value per place, indicator, unit and whole year; the most certain mention of each';
comment on column mart.yearly.year is 'Calendar year';
comment on column mart.yearly.value is 'The value of the most certain mention';
comment on column mart.yearly.document is 'Name of the file with that mention';
comment on column mart.yearly.mentions is 'How often reports give the figure';
