"""The routes, by what a row starts from: arms, counts, changes, tests, printed effects."""
