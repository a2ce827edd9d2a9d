"""What a pooled effect means and how far it can be trusted: readings, certainty, findings."""
