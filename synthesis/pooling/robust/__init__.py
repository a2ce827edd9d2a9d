"""Cluster-robust standard errors with small-sample corrections."""
