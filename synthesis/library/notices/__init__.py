"""Retractions, expressions of concern and corrections."""
