"""A logic model in the formats of other tools."""
