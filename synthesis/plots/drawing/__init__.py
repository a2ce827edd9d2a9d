"""The tools of every figure: measured text, axes, legends, hover targets, saving."""
