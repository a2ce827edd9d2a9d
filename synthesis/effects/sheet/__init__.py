"""An extraction sheet as people fill it in: its columns, how it is read, what is wrong with it."""
