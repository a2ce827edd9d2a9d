"""What `synthesis` and `logicmodels` share, and the command ``arrowroot``.

It imports neither of the two, and importing it loads neither numpy nor pandas nor matplotlib.
"""

from __future__ import annotations

from arrowroot.notebook.settle import settle as _settle

__version__ = "0.2.0"

_settle()
