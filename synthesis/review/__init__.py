"""A review as a folder: what stands where, what is missing, and what is built from it."""
