"""From arrays of shape (K, D) to pooled effects; every model is built on it."""
