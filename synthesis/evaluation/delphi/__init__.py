"""Ratings in rounds: the rule agreed beforehand, what each round found, and the next sheets."""
