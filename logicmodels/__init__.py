"""Logic models."""
