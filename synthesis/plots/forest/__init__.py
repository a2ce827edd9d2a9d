"""Forest plots: of one analysis, of several outcomes, of summaries."""
