"""What makes work in a notebook easier: completion, signatures that read, progress."""
