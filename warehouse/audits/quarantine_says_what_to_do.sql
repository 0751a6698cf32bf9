-- A file is kept out for a reason and with advice.
-- severity: error
select path, reason
from ops.quarantine
where reason = '' or advice is null or advice = ''
