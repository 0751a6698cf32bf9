-- One row a run that is loaded.
insert into ops.runs by name
select * exclude (in_run)
from in_runs;
