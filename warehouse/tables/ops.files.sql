-- The ledger: the last event of each file decides.
delete from ops.files
where (root, path) in (select (root, path) from in_files);

insert into ops.files by name
select
    root,
    path,
    name,
    outcome,
    outcome <> 'withdrawn' as present,
    sha256,
    size,
    encoding,
    document_id,
    reason,
    advice,
    run as changed_run
from in_files
qualify row_number() over (partition by root, path order by run desc) = 1;
