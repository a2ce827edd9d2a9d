"""Exports in JSON: a list of references, or an object that holds one."""
