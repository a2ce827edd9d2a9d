"""The errors that `synthesis` raises: those of `arrowroot.errors`, under one name."""

from __future__ import annotations

from arrowroot.errors import (
    ArgumentError,
    ArrowrootError,
    DataError,
    EstimationError,
    EvidenceError,
    FileError,
    MissingPackageError,
    OptionError,
    RenderError,
    UnknownNameError,
)

__all__ = [
    "ArgumentError",
    "ArrowrootError",
    "DataError",
    "EstimationError",
    "EvidenceError",
    "FileError",
    "MissingPackageError",
    "OptionError",
    "RenderError",
    "UnknownNameError",
]


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
