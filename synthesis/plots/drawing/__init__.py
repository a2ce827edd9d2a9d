"""What every figure is drawn with: measured text, axes, legends, hover targets, saving."""
