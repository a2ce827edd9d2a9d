"""The routes from a row's cells to yi and vi, which of them a row takes, and its receipt."""
