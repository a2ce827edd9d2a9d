"""Specifications in YAML: one reader for every YAML file that Arrowroot opens."""
