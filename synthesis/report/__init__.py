"""Executes the notebooks on the real data and binds them into one report."""
