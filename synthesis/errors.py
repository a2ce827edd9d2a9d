"""What Arrowroot raises: one base, and beneath it the built-in error each kind resembles.

Every message names the argument or column, the rule, and the offending studies by label, so
that someone who does not program can mend the sheet from the message alone.
"""

from __future__ import annotations


class ArrowrootError(Exception):
    """Base of every error that `synthesis` raises on purpose."""


class DataError(ArrowrootError, ValueError):
    """A table holds something that cannot be analysed; the message says where and why."""


class OptionError(ArrowrootError, ValueError):
    """An option has no such value; the message lists those it has."""


class EstimationError(ArrowrootError, ArithmeticError):
    """The data are sound, but the model asked for has no finite answer on them."""


class FileError(ArrowrootError, OSError):
    """A file is missing, unreadable, or not what its name says."""
