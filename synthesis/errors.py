"""The errors that `synthesis` raises; they are those of `arrowroot.errors`, and on `synthesis` itself."""

from __future__ import annotations

from arrowroot.errors import ArrowrootError, DataError, EstimationError, FileError, OptionError

__all__ = ["ArrowrootError", "DataError", "EstimationError", "FileError", "OptionError"]
