-- One row per figure of a current document: the view that people and BI tools begin with.
create or replace view mart.observations as
select
    o.observation_id,
    d.name as document,
    o.source_start,
    o.source_end,
    o.quote,
    o.sentence,
    o.indicator,
    o.measure,
    o.value,
    o.value_high,
    o.unit,
    o.qualifier,
    o.status,
    o.period_start,
    o.period_end,
    o.period_inherited,
    o.place,
    o.rank_scope,
    o.parent_id,
    o.topic,
    o.confidence,
    o.rule,
    o.document_id,
    d.path,
    d.title,
    d.place as document_place
from core.observation as o
inner join core.document as d on o.document_id = d.document_id
where d.retired_run is null;

comment on view mart.observations is 'One row per figure of a current document';
comment on column mart.observations.document is 'Name of the file that the figure stands in';
comment on column mart.observations.document_place is 'The place that the document is about';
