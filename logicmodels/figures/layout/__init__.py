"""Where everything in a figure is placed: boxes, the arrows between them, and what is around."""
