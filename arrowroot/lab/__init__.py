"""How both packages behave in a notebook: their figures, and what they answer to mistakes."""
