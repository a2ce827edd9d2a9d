"""Evidence synthesis: from what trials report to pooled effects that can be checked.

The names below are the public face. Each is loaded when it is first used, so that
``import synthesis`` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthesis.pooling.many import meta_analyses as meta_analyses
    from synthesis.pooling.model import meta_analysis as meta_analysis
    from synthesis.pooling.results import MetaAnalysis as MetaAnalysis

_HOMES = {
    "synthesis.pooling.many": ("meta_analyses",),
    "synthesis.pooling.model": ("meta_analysis",),
    "synthesis.pooling.results": ("MetaAnalysis",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = ("datasets", "errors", "measures")

__all__ = sorted([*_HOME_OF, *_MODULES])


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name in _MODULES:
        return importlib.import_module(f"synthesis.{name}")
    if name in _HOME_OF:
        value = getattr(importlib.import_module(_HOME_OF[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'synthesis' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
