"""Profiles: which columns a kind of logic model has, and what they are called."""
