"""A model as a figure: where everything stands, its DOT text, and the bytes drawn from it."""
