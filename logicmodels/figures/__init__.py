"""A model as a figure: where everything is placed, its DOT text, and the bytes drawn from it."""
