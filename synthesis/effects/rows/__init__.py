"""The cells of one row: what is printed, what completes or imputes it, and the workings."""
