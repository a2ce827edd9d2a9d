"""A review as pages that open offline."""
