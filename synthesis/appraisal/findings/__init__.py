"""Summary of findings: what happens, how certain that is, and why, in one table for all files."""
