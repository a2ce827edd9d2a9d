"""Settings of the whole process, changed briefly by one thread at a time.

Settings of libraries, warning filters and Graphviz's engine exist once in a process. Code that
changes one takes the lock `ALONE` first and restores the setting before releasing it; otherwise
two threads would restore each other's changes and leave some of them in place.
"""

from __future__ import annotations

import importlib
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

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


def import_without(part: str, *others: str) -> None:
    """Import a library without one of its parts, which is imported when it is first asked for.

    Nobody who uses the library notices: the part, and what the library takes from it, are found
    under their names as ever.

    Parameters
    ----------
    part : str
        Such as ``"library.part"``: a part that the library imports for its users, and that costs
        more time than the rest. If the library cannot do without it, or has been imported already,
        nothing is done.
    *others : str
        Modules of other libraries that this one imports, and uses in few of its functions: they
        are imported when something of them is first used. A function that it takes from such a
        module by name follows a colon: ``"module:function"``.

    Examples
    --------
    >>> import_without("pymare.effectsize")
    >>> import pymare
    >>> pymare.TwoSampleEffectSizeConverter.__module__
    'pymare.effectsize.base'
    """
    library, _, own = part.partition(".")
    with ALONE:
        before = set(sys.modules)
        if library in before:
            return
        taken: set[str] = set()
        sys.modules[part] = _StandIn(part, taken)
        parts = (other.partition(":") for other in others)
        stand_ins = {
            name: _Later(name, function) for name, _, function in parts if name not in before
        }
        sys.modules.update(stand_ins)
        try:
            held = importlib.import_module(library)
        except Exception:  # noqa: BLE001  (the caller imports the whole, and learns what is wrong)
            for name in set(sys.modules) - before:
                if name.partition(".")[0] == library:
                    del sys.modules[name]
            return
        finally:
            sys.modules.pop(part, None)
            for name, stand_in in stand_ins.items():
                if sys.modules.get(name) is stand_in:
                    del sys.modules[name]
        for name in taken:
            delattr(held, name)

    def later(name: str) -> Any:
        if name not in (own, *taken):
            raise AttributeError(f"module {library!r} has no attribute {name!r}")
        with unheard(category=ResourceWarning):  # a file that it leaves open is its own affair
            whole = importlib.import_module(part)
        return whole if name == own else getattr(whole, name)

    vars(held)["__getattr__"] = later


def put_off(library: ModuleType, *parts: str) -> None:
    """Import parts of a library when something of them is first used, whoever asks for them all.

    Parameters
    ----------
    library : module
        A library that imports these parts when they are asked for, as other libraries do that
        take over all of its names.
    *parts : str
        The names of the parts.

    Examples
    --------
    >>> import numpy
    >>> put_off(numpy, "f2py")
    >>> numpy.f2py.run_main.__name__
    'run_main'
    """
    with ALONE:
        for part in parts:
            name = f"{library.__name__}.{part}"
            if name not in sys.modules:
                vars(library)[part] = _Later(name)


class _StandIn(ModuleType):
    """Stands in for a part of a library, and notes what the library takes from it."""

    def __init__(self, part: str, taken: set[str]) -> None:
        super().__init__(part)
        self._taken = taken

    def __getattr__(self, name: str) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self._taken.add(name)


class _Later(ModuleType):
    """Stands in for a module of another library until something of it is used."""

    def __init__(self, name: str, function: str = "") -> None:
        super().__init__(name)
        self._function = function

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name == self._function:
            return lambda *given, **named: getattr(self._whole(), name)(*given, **named)
        return getattr(self._whole(), name)

    def _whole(self) -> ModuleType:
        with ALONE:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        return importlib.import_module(self.__name__)
