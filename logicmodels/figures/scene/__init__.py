"""A figure decided once, as shapes and arrows with routes, and what it is measured by."""
