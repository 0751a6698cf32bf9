"""Every write: lake, ledger, building, auditing and publishing the warehouse."""
