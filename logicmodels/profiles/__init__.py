"""Profiles: which columns a kind of logic model has, and their names."""
