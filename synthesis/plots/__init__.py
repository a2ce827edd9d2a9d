"""Figures of results; the only place that knows matplotlib."""
