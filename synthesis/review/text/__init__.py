"""A review in words: values by name, prose with values in it, methods and results."""
