"""Figures of evaluations: rounds of experts, readings of outcomes, use, and value."""
