"""Arrays of shape (K, D) to pooled effects; every model stands on it."""
