-- At most 2 in 100 numerals of the current documents have no reason.
-- severity: warning
select sum(unknown) as unknown, sum(observations + unclaimed) as numerals
from mart.coverage
having sum(unknown) > 0.02 * sum(observations + unclaimed)
