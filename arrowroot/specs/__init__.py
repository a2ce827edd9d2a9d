"""Specifications in YAML: one reader for every YAML file, and what a check of a file found."""
