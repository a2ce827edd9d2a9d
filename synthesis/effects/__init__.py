"""From one row of an extraction sheet to yi, vi and a receipt."""
