"""Which conventions give a printed number: the search, its candidates and its words."""
