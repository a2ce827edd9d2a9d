"""The errors that `logicmodels` raises: those of `arrowroot.errors`, under one name."""

from __future__ import annotations

from arrowroot.errors import (
    ArgumentError,
    ArrowrootError,
    DataError,
    EvidenceError,
    FileError,
    MissingPackageError,
    OptionError,
    Problem,
    RenderError,
    SpecError,
    UnknownNameError,
)

LogicModelError = ArrowrootError
"""An older name of `ArrowrootError`, from before the two packages shared their errors."""

__all__ = [
    "ArgumentError",
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
    "UnknownNameError",
]
