"""Agreement between coders: coefficients, their intervals and their caveats."""
