"""What `synthesis` and `logicmodels` share, and the command ``arrowroot``.

It imports neither of the two, and importing it loads neither numpy nor pandas nor matplotlib.
"""

from __future__ import annotations

from typing import Any

from arrowroot.errors import show_tracebacks as show_tracebacks
from arrowroot.lab.settle import settle as _settle

__version__ = "0.2.0"

__all__ = ["__version__", "show_tracebacks"]

_settle()


def __getattr__(name: str) -> Any:
    """Say which name was probably meant."""
    from arrowroot.lab.names import unknown_name

    raise unknown_name("arrowroot", name, __all__)
