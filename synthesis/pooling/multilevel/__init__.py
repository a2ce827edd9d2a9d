"""Effects nested in clusters: the three-level model and the working models of robust inference."""
