"""Execute the notebooks on the real data and combine them into one report."""
