"""Logic models as checked text: read a specification, check it, draw it.

``LogicModel.read("model.yaml").draw()`` is the whole of it.
"""

from __future__ import annotations

from logicmodels.comparison import Comparison
from logicmodels.errors import (
    EvidenceError,
    FileError,
    LogicModelError,
    OptionError,
    Problem,
    RenderError,
    SpecError,
)
from logicmodels.model import LogicModel
from logicmodels.records import Applicability, Assumption, Claim, Comment, Link, Node, View

__all__ = [
    "Applicability",
    "Assumption",
    "Claim",
    "Comment",
    "Comparison",
    "EvidenceError",
    "FileError",
    "Link",
    "LogicModel",
    "LogicModelError",
    "Node",
    "OptionError",
    "Problem",
    "RenderError",
    "SpecError",
    "View",
]
