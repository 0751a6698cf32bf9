-- The figures of every document that was ever loaded, with the runs between which they held.
create or replace view mart.observations_history as
select
    o.* exclude (period_id),
    d.name as document,
    d.path,
    d.first_run,
    d.retired_run,
    d.superseded_by,
    f.started_at as loaded_at,
    r.started_at as retired_at
from core.observation as o
inner join core.document as d on o.document_id = d.document_id
left join ops.runs as f on d.first_run = f.run
left join ops.runs as r on d.retired_run = r.run;

comment on view mart.observations_history is
'One row per figure of any document, the revised and withdrawn ones included';
comment on column mart.observations_history.document is
'Name of the file that the figure stands in';
comment on column mart.observations_history.loaded_at is 'When its document was first loaded';
comment on column mart.observations_history.retired_at is
'When its document was retired; null while current';
