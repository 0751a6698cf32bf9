-- The times that occur.
delete from core.period;

insert into core.period by name
with
times as (
    select distinct period_id, period_start, period_end
    from core.observation
    where period_id is not null
)

select
    period_id,
    period_start,
    period_end,
    case
        when period_start is null then 'as_of'
        when period_start = period_end then 'day'
        when period_end <> last_day(period_end) or day(period_start) <> 1 then 'span'
        when datediff('month', period_start, period_end) = 0 then 'month'
        when datediff('month', period_start, period_end) = 2 and month(period_end) % 3 = 0
            then 'quarter'
        when datediff('month', period_start, period_end) = 5 and month(period_end) % 6 = 0
            then 'half'
        when datediff('month', period_start, period_end) = 11 and month(period_end) = 12
            then 'year'
        else 'span'
    end as kind,
    year(period_end) as year,
    datediff('day', period_start, period_end) + 1 as days
from times;
