"""The errors that `synthesis` raises: those of `arrowroot.errors`, under one name."""

from __future__ import annotations

from arrowroot.errors import ArrowrootError, DataError, EstimationError, FileError, OptionError

__all__ = ["ArrowrootError", "DataError", "EstimationError", "FileError", "OptionError"]
