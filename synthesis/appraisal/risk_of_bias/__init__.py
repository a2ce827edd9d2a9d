"""Risk of bias: signalling questions, judgements, agreement and what depends on them."""
