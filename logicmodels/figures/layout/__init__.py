"""Where everything in a figure stands: boxes, the arrows between them, and what is around both."""
