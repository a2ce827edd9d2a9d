"""Distance travelled: first and last readings of people, and how many changed."""
