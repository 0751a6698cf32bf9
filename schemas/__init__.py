"""What things are: spans, documents, mentions, observations, tables, settings."""
