"""Codebooks, codings, agreement and cross-tables."""
