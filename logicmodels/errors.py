"""The errors that `logicmodels` raises: those of `arrowroot.errors`, under one name."""

from __future__ import annotations

from arrowroot.errors import (
    ArrowrootError,
    DataError,
    EvidenceError,
    FileError,
    MissingPackageError,
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
    "MissingPackageError",
    "OptionError",
    "Problem",
    "RenderError",
    "SpecError",
]
