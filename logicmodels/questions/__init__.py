"""What can be asked of a model, and what can be put into it: one file per question."""
