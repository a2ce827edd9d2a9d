"""One reader for each format that databases and reference managers export."""
