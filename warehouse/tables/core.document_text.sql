-- Rows of the documents read now; what was read from them before makes way.
delete from core.document_text
where document_id in (select document_id from read_now);

insert into core.document_text by name
select o.* exclude (in_run)
from in_texts as o
inner join read_now as r on o.document_id = r.document_id and o.in_run = r.run;
