"""Formulas of effect sizes on arrays: no sheet, no study labels, one statistic per function."""
