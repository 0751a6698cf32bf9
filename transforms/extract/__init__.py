"""A restored document to observations: quantities, times, names, measures, places, status."""
