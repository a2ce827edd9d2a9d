"""From a formula to a design: what it may say, what is read of it, and its matrix."""
