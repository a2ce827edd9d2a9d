"""The errors of Arrowroot under the names they had before 0.2; import them from `synthesis`."""

from __future__ import annotations

from arrowroot.errors import ArrowrootError, DataError, EstimationError, FileError, OptionError

__all__ = ["ArrowrootError", "DataError", "EstimationError", "FileError", "OptionError"]
