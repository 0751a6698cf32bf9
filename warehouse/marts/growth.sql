-- Growth against an earlier period, in per cent.
create or replace view mart.growth as
select
    place, indicator, value as growth, unit, qualifier, status,
    period_start, period_end, document, quote, sentence, confidence, observation_id
from mart.observations
where measure = 'growth';

comment on view mart.growth is 'One row per growth of an indicator, declines negative';
comment on column mart.growth.growth is 'Change against the earlier period, in the unit';
comment on column mart.growth.document is 'Name of the file that the figure stands in';
