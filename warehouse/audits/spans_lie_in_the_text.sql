-- A figure lies within the source text of its document and is as long as its quote.
-- severity: error
select o.observation_id, o.source_start, o.source_end
from core.observation as o
inner join core.document as d on o.document_id = d.document_id
where
    o.source_start < 0
    or o.source_end <= o.source_start
    or o.source_end > d.characters
    or length(o.quote) <> o.source_end - o.source_start
