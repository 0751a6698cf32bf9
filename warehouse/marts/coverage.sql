-- How much of the numerals was accounted for, by document.
create or replace view mart.coverage as
with
claimed as (
    select document_id, count(*) as observations
    from core.observation
    group by document_id
),

unclaimed as (
    select
        document_id,
        count(*) as unclaimed,
        count(*) filter (where reason = 'unknown') as unknown
    from ops.unclaimed
    group by document_id
),

final as (
    select
        d.name as document,
        coalesce(c.observations, 0) as observations,
        coalesce(u.unclaimed, 0) as unclaimed,
        coalesce(u.unknown, 0) as unknown
    from core.document as d
    left join claimed as c on d.document_id = c.document_id
    left join unclaimed as u on d.document_id = u.document_id
    where d.retired_run is null
)

select * from final;

comment on view mart.coverage is 'One row per current document: what became of its numerals';
comment on column mart.coverage.document is 'Name of the first of its files';
comment on column mart.coverage.observations is 'Numerals that are observations';
comment on column mart.coverage.unclaimed is 'Numerals that are none, with a reason';
comment on column mart.coverage.unknown is 'Of these, numerals nobody can explain';
