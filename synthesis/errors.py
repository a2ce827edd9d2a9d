"""The errors that `synthesis` raises: those of `arrowroot.errors`, under one name."""

from __future__ import annotations

from arrowroot.errors import (
    ArrowrootError,
    DataError,
    EstimationError,
    EvidenceError,
    FileError,
    MissingPackageError,
    OptionError,
    RenderError,
)

__all__ = [
    "ArrowrootError",
    "DataError",
    "EstimationError",
    "EvidenceError",
    "FileError",
    "MissingPackageError",
    "OptionError",
    "RenderError",
]


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
