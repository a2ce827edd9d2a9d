"""Evidence synthesis."""
