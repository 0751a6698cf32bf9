-- Files that are kept out, with what to do about them.
create or replace view ops.quarantine as
select path, name, reason, advice, size, changed_run as run, document_id, root
from ops.files
where present and reason is not null;

comment on view ops.quarantine is 'One row per file that is kept out of the warehouse';
comment on column ops.quarantine.run is 'Run in which it was last found bad';
comment on column ops.quarantine.document_id is
'Document the path stood for before it went bad, which is still served';
