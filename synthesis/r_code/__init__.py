"""Results as R scripts: what metafor is asked, and what it should answer."""
