"""What could be wrong with a pooled effect: influence, small studies, selection, choices."""
