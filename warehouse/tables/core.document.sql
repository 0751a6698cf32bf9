-- Documents read now get their facts; documents whose files changed get their standing.
create or replace temp table facts as
select d.* exclude (in_run), r.run as read_run
from in_documents as d
inner join read_now as r on d.document_id = r.document_id and d.in_run = r.run
union all by name
select d.* exclude (name, path, encoding, files, first_run, retired_run, superseded_by)
from core.document as d
where
    d.document_id in (select document_id from touched)
    and d.document_id not in (select document_id from read_now);

delete from core.document
where document_id in (select document_id from touched);

insert into core.document by name
with
holders as (  -- the files that hold a document now
    select
        document_id,
        count(*) as files,
        min({'path': path, 'root': root, 'name': name, 'encoding': encoding}) as first_file
    from ops.files
    where present and document_id in (select document_id from touched)
    group by document_id
),

history as (  -- when it was first loaded, and the file that held it last
    select
        document_id,
        min(run) as first_run,
        min({'age': -run, 'path': path, 'root': root, 'name': name, 'encoding': encoding})
            as last_file
    from ops.file_events
    where document_id in (select document_id from touched)
    group by document_id
),

departures as (  -- the last time that a file left it, and for what
    select
        previous_document_id as document_id,
        max(run) as run,
        min({'age': -run, 'path': path, 'root': root, 'successor': document_id}) as last_departure
    from ops.file_events
    where
        previous_document_id in (select document_id from touched)
        and document_id is distinct from previous_document_id
    group by previous_document_id
),

final as (
    select
        f.*,
        coalesce(h.first_file.name, p.last_file.name) as name,
        coalesce(h.first_file.path, p.last_file.path) as path,
        coalesce(h.first_file.encoding, p.last_file.encoding) as encoding,
        coalesce(h.files, 0) as files,
        p.first_run,
        if(h.document_id is null, d.run, null) as retired_run,
        if(h.document_id is null, d.last_departure.successor, null) as superseded_by
    from facts as f
    inner join history as p on f.document_id = p.document_id
    left join holders as h on f.document_id = h.document_id
    left join departures as d on f.document_id = d.document_id
)

from final;
