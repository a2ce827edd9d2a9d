"""Logic models as checked text: read a specification, check it, draw it.

``LogicModel.read("model.yaml").draw()`` draws the figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arrowroot import __version__ as __version__
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
from arrowroot.lab.calls import guarded_call
from arrowroot.lab.names import unknown_name
from logicmodels.face import LogicModel
from logicmodels.records import Applicability, Assumption, Claim, Comment, Link, Node, View

if TYPE_CHECKING:
    from logicmodels.comparison import Comparison

__all__ = [
    "Applicability",
    "ArgumentError",
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
    "UnknownNameError",
    "View",
]


for _record in (Applicability, Assumption, Claim, Comment, Link, LogicModel, Node, View):
    guarded_call(_record)


def __getattr__(name: str) -> Any:
    """Load what few programs need when it is first used: most of them draw a logic model."""
    if name == "Comparison":
        from logicmodels.comparison import Comparison

        return globals().setdefault(name, guarded_call(Comparison))
    if name == "LogicModelError":  # the base of all errors, before both packages shared one family
        return ArrowrootError
    raise unknown_name("logicmodels", name, __all__)


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
