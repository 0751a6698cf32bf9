-- The units known: handed over with each build, so that they are always those of the seeds.
delete from ref.units;

insert into ref.units by name
select unit, forms, kind, base, factor
from in_reference_units;
