"""From yi and vi to pooled effects: models, intervals, heterogeneity, dependence, batches."""
