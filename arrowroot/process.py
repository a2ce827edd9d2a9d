"""Settings of the whole process, changed briefly by one thread at a time.

Settings of libraries, warning filters and Graphviz's engine exist once in a process. Code that
changes one takes the lock `ALONE` first and restores the setting before releasing it; otherwise
two threads would restore each other's changes and leave some of them in place.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

ALONE = threading.RLock()
"""Held by the thread that changes a setting of the process; never while it waits for another."""


@contextmanager
def unheard(
    *, message: str = "", package: str = "", category: type[Warning] = Warning
) -> Iterator[None]:
    """Suppress a library's warnings that are about the library and not about the data.

    Parameters
    ----------
    message : str
        A regular expression that the warning begins with. Other threads' warnings are filtered
        too, so name the library's own as closely as possible.
    package : str
        The package that gives it.
    category : type of Warning
        Its class.

    Examples
    --------
    >>> import warnings
    >>> with unheard(message="of the library's own"):
    ...     warnings.warn("of the library's own affairs")
    """
    with ALONE, warnings.catch_warnings():
        # Python names a module that it compiles by its path.
        module = rf"(.*[\\/])?{re.escape(package)}\b" if package else ""
        warnings.filterwarnings("ignore", message, category, module)
        yield
