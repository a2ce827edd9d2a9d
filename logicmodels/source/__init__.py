"""A model as text and tables: read, checked for form, and written back."""
