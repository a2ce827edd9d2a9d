"""Names that a module or a result does not have, answered by the one that was probably meant."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from arrowroot.errors import UnknownNameError
from arrowroot.text import did_you_mean

OTHER_WORDS = {
    "savefig": "save",
    "export": "save",
    "to_csv": "to_frame",
    "to_dataframe": "to_frame",
    "dataframe": "to_frame",
    "summary": "sentence",
    "effect": "estimate",
    "beta": "estimate",
    "se": "std_error",
    "stderr": "std_error",
    "pval": "p_value",
    "pvalue": "p_value",
    "zval": "statistic",
    "ci_low": "ci",
    "ci_high": "ci",
    "ci_lb": "ci",
    "ci_ub": "ci",
    "conf_int": "ci",
    "pi": "prediction_interval",
    "i_squared": "i2",
    "tau_squared": "tau2",
    "n": "k",
}
"""What other programs call the attributes of results, and plots their own way to be saved."""


def unknown_name(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """Return the error for a name that a module does not have.

    Examples
    --------
    >>> unknown_name("synthesis", "meta_analisis", ["meta_analysis", "forest"])
    UnknownNameError("module 'synthesis' has no attribute 'meta_analisis'. Did you mean ...?")
    """
    message = f"module {module!r} has no attribute {name!r}"
    if name.startswith("_"):
        return AttributeError(message)
    return UnknownNameError(f"{message}.{did_you_mean(name, known)}".removesuffix("."))


def missing_attribute(owner: object, name: str) -> AttributeError:
    """Return the error for an attribute that an object does not have.

    To be called by `__getattr__`, which Python asks only after everything else.
    """
    kind = type(owner)
    message = f"{kind.__name__!r} object has no attribute {name!r}"
    if name.startswith("_"):
        return AttributeError(message)
    known = [one for one in {*dir(kind), *vars(owner)} if not one.startswith("_")]
    other = OTHER_WORDS.get(name.lower().replace(".", "_"), "")
    if "save" in (name, other):
        return UnknownNameError(f"{message}. {_how_to_save(known)}")
    if other in known:
        return UnknownNameError(f"{message}. Write {_as_written(kind, other)}.")
    package = kind.__module__.partition(".")[0]
    if name in getattr(sys.modules.get(package), "__all__", ()):
        return UnknownNameError(
            f"{message}. {name} is a function that takes it: write {name}(...)."
        )
    hint = did_you_mean(name, sorted(known))
    if not hint and len(known) <= 60:
        hint = f" It has {', '.join(sorted(known))}."
    return UnknownNameError(f"{message}.{hint}")


def lost_attribute(owner: Any, name: str) -> AttributeError:
    """Return what `__getattr__` should raise: the error of a property if that is what failed."""
    if not hasattr(type(owner), name):
        return missing_attribute(owner, name)
    try:
        object.__getattribute__(owner, name)
    except AttributeError as error:
        return error
    return AttributeError(name)


class NamedClass(type):
    """A class that says which of its methods was probably meant."""

    if not TYPE_CHECKING:

        def __getattr__(cls, name: str) -> Any:
            """Answer for what the class does not have."""
            message = f"{cls.__name__} has no {name!r}"
            if name.startswith("_"):
                raise AttributeError(message)
            public = [one for one in dir(cls) if not one.startswith("_")]
            raise UnknownNameError(f"{message}.{did_you_mean(name, public)}")


class Named(metaclass=NamedClass):
    """Something that says which of its attributes was probably meant."""

    if not TYPE_CHECKING:  # a type checker would believe that it has every attribute

        def __getattr__(self, name: str) -> Any:
            """Answer for what it does not have."""
            raise lost_attribute(self, name)


def _how_to_save(known: Sequence[str]) -> str:
    """Say how a figure, a logic model or a result is saved."""
    if "save" in known:
        return "Write save('figure.png')."
    if "draw" in known:
        model = " for the figure, write('model.yaml') for the text" if "write" in known else ""
        return f"Write draw().save('figure.png'){model}."
    table = ", or to_frame().to_csv('result.csv') for its numbers" if "to_frame" in known else ""
    return f"Draw it first and save the figure, as in forest(fit).save('figure.png'){table}."


def _as_written(kind: type, name: str) -> str:
    return f"{name}()" if callable(getattr(kind, name, None)) else name
