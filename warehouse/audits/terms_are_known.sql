-- Measure, qualifier and status are the terms of the contract.
-- severity: error
select observation_id, measure, qualifier, status
from core.observation
where
    measure not in ('level', 'share', 'growth', 'change', 'completion', 'rank')
    or qualifier not in ('exact', 'about', 'over', 'under', 'at_least', 'at_most', 'range')
    or status not in ('actual', 'forecast', 'target', 'norm')
    or measure is null or qualifier is null or status is null
