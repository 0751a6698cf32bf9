"""Bytes to a restored document: decoding, repairs, script, sections, facts."""
