"""Where Graphviz is asked where boxes should stand: their order, and causal loop maps."""
