"""Boards for JupyterLab: one item at a time, decided by key, saved after every decision."""
