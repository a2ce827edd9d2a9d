"""Meta-regression: the fit, its results, its permutation test."""
