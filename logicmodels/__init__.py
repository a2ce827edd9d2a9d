"""Logic models as checked text: read a specification, check it, draw it.

``LogicModel.read("model.yaml").draw()`` draws the figure.
"""

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
from logicmodels.comparison import Comparison
from logicmodels.face import LogicModel
from logicmodels.records import Applicability, Assumption, Claim, Comment, Link, Node, View

__all__ = [
    "Applicability",
    "ArrowrootError",
    "Assumption",
    "Claim",
    "Comment",
    "Comparison",
    "DataError",
    "EvidenceError",
    "FileError",
    "Link",
    "LogicModel",
    "MissingPackageError",
    "Node",
    "OptionError",
    "Problem",
    "RenderError",
    "SpecError",
    "View",
]
