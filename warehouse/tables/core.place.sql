-- The places and bodies that occur.
delete from core.place;

insert into core.place by name
select
    place,
    place in (select place from core.document where place is not null) as has_report,
    count(*) as observations
from core.observation
where place is not null
group by place;
