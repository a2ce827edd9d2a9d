"""Risk of bias of each result, and the certainty of evidence."""
