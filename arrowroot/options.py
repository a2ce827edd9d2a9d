"""Checks of options, each with a message that lists the legal values."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Iterable, Sequence

from arrowroot.errors import OptionError
from arrowroot.text import did_you_mean, shortened

MANY = 15
"""More values than this are not all listed, if the one that was meant can be named."""

LONG = 80
"""A value whose text is longer than this is named by its kind."""

_KINDS = {
    "DataFrame": "a table",
    "Series": "a column",
    "Index": "a column",
    "ndarray": "an array",
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dictionary",
    "set": "a set",
    "date": "a date",
    "PurePath": "a path",
    "LogicModel": "a logic model",
}
"""What a message calls values, by class."""


def one_of(name: str, value: object, legal: Sequence[str]) -> str:
    """Return `value` if it is one of `legal`, otherwise raise an error listing the legal ones.

    Parameters
    ----------
    name : str
        The argument's name, as the user wrote it.
    value : object
        What the user gave.
    legal : sequence of str
        The values the option has.

    Returns
    -------
    str
        `value`, unchanged.

    Raises
    ------
    OptionError
        If `value` is not one of `legal`; a similar one is suggested.

    Examples
    --------
    >>> one_of("tau2", "reml", ["reml", "dl"])
    'reml'
    >>> one_of("tau2", "dll", ["dl", "pm"])
    Traceback (most recent call last):
    arrowroot.errors.OptionError: tau2 must be one of 'dl', 'pm'; got 'dll'. Did you mean 'dl'?
    """
    if isinstance(value, str) and value in legal:
        return value
    hint = did_you_mean(value.lower(), legal) if isinstance(value, str) else ""
    # Twenty names before the one that was meant would only hide it.
    every = [repr(known) for known in legal]
    listed = shortened(every) if hint and len(every) > MANY else ", ".join(every)
    got = repr(value)
    if not isinstance(value, str) and (len(got) > LONG or callable(value)):
        got = thing(value)
    raise OptionError(f"{name} must be one of {listed}; got {got}.{hint}")


def thing(value: object) -> str:
    """Return what a message calls a value that is not what was needed.

    Examples
    --------
    >>> thing(None), thing("0.5"), thing([1, 2]), thing(is_number)
    ('None', "'0.5'", 'a list', 'the function is_number, which was not called')
    """
    if isinstance(value, str):
        return repr(value if len(value) <= LONG else f"{value[:LONG]}...")
    if value is None or isinstance(value, bool | numbers.Number):
        return repr(value)
    if inspect.isroutine(value):
        return f"the function {getattr(value, '__name__', '')}, which was not called"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if inspect.ismodule(value):
        return f"the module {value.__name__}"
    if is_figure(value):
        return "a figure"
    name = type(value).__name__
    if is_result(value):
        return f"a result ({name})"
    return next(
        (_KINDS[one.__name__] for one in type(value).__mro__ if one.__name__ in _KINDS), name
    )


def is_figure(value: object) -> bool:
    """Return whether a value is a figure, of ours or of matplotlib; it need not be loaded."""
    return any(
        kind.__name__ == "Pictured"
        or (kind.__module__.startswith("matplotlib.") and kind.__name__ in ("Axes", "Figure"))
        for kind in type(value).__mro__
    )


def is_result(value: object) -> bool:
    """Return whether a value is what one of our functions computed."""
    return any(kind.__name__ == "Shown" for kind in type(value).__mro__)


def is_number(value: object) -> bool:
    """Return whether a value is a number, of Python, NumPy or pandas; NaN and true are none.

    Examples
    --------
    >>> is_number(2), is_number(float("nan")), is_number(True), is_number("2")
    (True, False, False, False)
    """
    is_real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return is_real and not math.isnan(value)  # type: ignore[arg-type]


def is_finite(value: object) -> bool:
    """Return whether a value is a number that is not infinite.

    Examples
    --------
    >>> is_finite(2), is_finite(float("inf")), is_finite("2")
    (True, False, False)
    """
    return is_number(value) and math.isfinite(value)  # type: ignore[arg-type]


def is_whole(value: object) -> bool:
    """Return whether a value is a whole number, such as 2 or 2.0.

    Examples
    --------
    >>> is_whole(2), is_whole(2.0), is_whole(2.5), is_whole(float("inf"))
    (True, True, False, False)
    """
    return is_number(value) and float(value).is_integer()  # type: ignore[arg-type]


def seed_of(value: object) -> int | None:
    """Return the seed of random draws, a whole number of 0 or more; None if there is none.

    Examples
    --------
    >>> seed_of(2026), seed_of(2026.0), seed_of(None)
    (2026, 2026, None)
    >>> seed_of(-1)
    Traceback (most recent call last):
    arrowroot.errors.OptionError: seed must be a whole number of 0 or more, such as 2026; got -1.
    """
    if value is None:
        return None
    if not is_whole(value) or value < 0:  # type: ignore[operator]
        raise OptionError(
            f"seed must be a whole number of 0 or more, such as 2026; got {thing(value)}."
        )
    return int(value)  # type: ignore[call-overload]


def number_list(name: str, values: object, example: str) -> list[float]:
    """Return a list of numbers as a list; one number alone, or text, is refused.

    Examples
    --------
    >>> number_list("top", (1, 3), "(1, 3, 5)")
    [1.0, 3.0]
    >>> number_list("top", 3, "(1, 3, 5)")
    Traceback (most recent call last):
    arrowroot.errors.OptionError: top must be a list of numbers, such as (1, 3, 5); got 3.
    """
    given = [] if isinstance(values, str) or not isinstance(values, Iterable) else list(values)
    if not given or not all(is_number(one) for one in given):
        raise OptionError(f"{name} must be a list of numbers, such as {example}; got {values!r}.")
    return [float(one) for one in given]


def confidence_level(value: float) -> float:
    """Return a confidence level strictly between 0 and 1.

    Raises
    ------
    OptionError
        If it is not; 95 is answered with "write 0.95".
    """
    if isinstance(value, (int, float)) and 0 < value < 1:
        return float(value)
    hint = f" For {value} percent write {value / 100:g}." if _looks_like_percent(value) else ""
    raise OptionError(f"level must lie between 0 and 1, as 0.95 does; got {value!r}.{hint}")


def _looks_like_percent(value: object) -> bool:
    return isinstance(value, (int, float)) and 1 < value < 100
