-- What happened to which file, for good.
insert into ops.file_events by name
select * exclude (in_run)
from in_files;
