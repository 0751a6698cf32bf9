-- What is planned, forecast or prescribed.
create or replace view mart.targets as
select
    place, indicator, measure, value, value_high, unit, qualifier, status,
    period_start, period_end, document, quote, sentence, confidence, observation_id
from mart.observations
where status <> 'actual';

comment on view mart.targets is 'One row per figure that is a target, a forecast or a norm';
comment on column mart.targets.document is 'Name of the file that the figure stands in';
