"""Logic models as checked text: read a specification, check it, draw it.

``LogicModel.read("model.yaml").draw()`` is the whole of it.
"""

from __future__ import annotations

from logicmodels.errors import LogicModelError, OptionError, Problem, RenderError, SpecError
from logicmodels.model import Assumption, Link, LogicModel, Node

__all__ = [
    "Assumption",
    "Link",
    "LogicModel",
    "LogicModelError",
    "Node",
    "OptionError",
    "Problem",
    "RenderError",
    "SpecError",
]
