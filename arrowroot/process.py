"""What belongs to the whole process, changed for a moment by one thread at a time.

Settings of libraries, filters of warnings and Graphviz's engine exist once in a process. Whoever
needs one changed takes `ALONE` first and puts it back before leaving; otherwise two threads would
put back each other's changes, and leave some behind.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

ALONE = threading.RLock()
"""Held by the thread that changes what belongs to the process; never while it waits for another."""


@contextmanager
def unheard(
    *, message: str = "", package: str = "", category: type[Warning] = Warning
) -> Iterator[None]:
    """Leave a library's warnings unsaid, which are about the library and not about the data.

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
