"""How both packages behave in a notebook: figures, progress, completion, answers to mistakes."""
