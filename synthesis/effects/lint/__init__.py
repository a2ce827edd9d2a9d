"""What looks wrong in a sheet, one rule per function."""
