-- How much of a plan was done.
create or replace view mart.completion as
select
    place, indicator, value as completion, unit, qualifier, status,
    period_start, period_end, document, quote, sentence, confidence, observation_id
from mart.observations
where measure = 'completion';

comment on view mart.completion is 'One row per share of a plan that was done (完成率)';
comment on column mart.completion.completion is 'Share of the plan, in the unit';
comment on column mart.completion.document is 'Name of the file that the figure stands in';
