"""Bytes to observations: pure functions, no clock, no network, no writes."""
