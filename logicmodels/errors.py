"""The errors of Arrowroot under the names they had before 0.2; import them from `logicmodels`."""

from __future__ import annotations

from arrowroot.errors import (
    ArrowrootError,
    DataError,
    EvidenceError,
    FileError,
    OptionError,
    Problem,
    RenderError,
    SpecError,
)

LogicModelError = ArrowrootError
"""The base of the errors of `logicmodels` before the two packages had one family."""

__all__ = [
    "ArrowrootError",
    "DataError",
    "EvidenceError",
    "FileError",
    "LogicModelError",
    "OptionError",
    "Problem",
    "RenderError",
    "SpecError",
]
