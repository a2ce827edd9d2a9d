"""What a claim of evidence may say: numbers that can be true together, and the words for it."""
