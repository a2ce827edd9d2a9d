"""Can a printed claim be true? Estimates, intervals, p-values and counts checked together."""
