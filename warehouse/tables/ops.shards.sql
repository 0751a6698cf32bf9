-- The files of the lake that are loaded.
insert into ops.shards by name
select run, file
from in_shards;
