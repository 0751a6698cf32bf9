-- One row per current document, with its facts and how much was found in it.
create or replace view mart.documents as
with
figures as (
    select document_id, count(*) as observations, count(distinct indicator) as indicators
    from core.observation
    group by document_id
),

repaired as (
    select document_id, sum("count") as repairs
    from ops.repairs
    group by document_id
),

final as (
    select
        d.document_id,
        d.name as document,
        d.path,
        d.title,
        d.issuer,
        d.number,
        d.place,
        d.signed,
        d.published,
        d.period_start,
        d.period_end,
        d.script,
        d.encoding,
        d.characters,
        coalesce(f.observations, 0) as observations,
        coalesce(f.indicators, 0) as indicators,
        cast(coalesce(r.repairs, 0) as bigint) as repairs
    from core.document as d
    left join figures as f on d.document_id = f.document_id
    left join repaired as r on d.document_id = r.document_id
    where d.retired_run is null
)

select * from final;

comment on view mart.documents is 'One row per current document';
comment on column mart.documents.document is 'Name of the first of its files';
comment on column mart.documents.period_start is 'First day of the reporting period';
comment on column mart.documents.period_end is 'Last day of the reporting period';
comment on column mart.documents.place is 'The place that the document is about';
comment on column mart.documents.observations is 'Figures found in it';
comment on column mart.documents.indicators is 'Different indicators found in it';
comment on column mart.documents.repairs is 'Repairs made in its text';
