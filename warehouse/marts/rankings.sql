-- Places reached in rankings.
create or replace view mart.rankings as
select
    place, indicator, cast(value as bigint) as rank, rank_scope, status,
    period_start, period_end, document, quote, sentence, confidence, observation_id
from mart.observations
where measure = 'rank';

comment on view mart.rankings is 'One row per place reached in a ranking';
comment on column mart.rankings.rank is 'Place in the ranking, 1 is first';
comment on column mart.rankings.document is 'Name of the file that the figure stands in';
