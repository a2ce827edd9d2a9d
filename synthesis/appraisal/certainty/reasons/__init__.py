"""What is proposed for each reason to trust an effect less, or more: one file per rule."""
