"""Outcomes as a review declares them: once, for the sheet, the lint, the models and the words.

A record is written in Python or read from a mapping, such as a part of a YAML file; either way
every problem is said at once.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self, TypeVar

from arrowroot.errors import DataError, OptionError
from arrowroot.options import is_finite, is_number
from arrowroot.text import did_you_mean, label
from synthesis.measures import measure_named

DIRECTIONS = ("higher", "lower")
IMPORTANCES = ("critical", "important", "limited")
"""How much an outcome matters for a decision, as GRADE rates it."""

UNITS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12}
"""Units of follow-up, each in days; a month is a twelfth of 365.25 days."""


class _Unchanging:
    """A record of which a copy is the record itself.

    Tables carry outcomes in ``attrs``, which pandas copies with every column it takes.
    """

    def __deepcopy__(self, memo: object) -> Self:
        return self


Record = TypeVar("Record", "Window", "Instrument", "Outcome")


@dataclass(frozen=True)
class Window(_Unchanging):
    """A time window of follow-up: exactly one of `days`, `weeks` and `months`.

    Windows that adjoin leave nothing between them. One whose last limit is the first of the next
    (0 to 3, 3 to 6), or one whole unit below it (0 to 3, 4 to 6), runs up to the first limit of
    the next, which is not inside: 3.45 months lies in *0 to 3* of the second pair, since limits in
    whole months count completed months. Any other window ends with its last limit, inside.

    Attributes
    ----------
    id : str
        What the column `window` holds.
    days, weeks, months : tuple of float or None
        The first and last limit; None for a last limit means no end.
    label : str
        The name in figures and tables; by default the id.
    """

    id: str
    days: tuple[float, float] | None = None
    weeks: tuple[float, float] | None = None
    months: tuple[float, float] | None = None
    label: str = ""

    def __post_init__(self) -> None:
        """Check the limits."""
        _raise(self, self.problems())

    def problems(self) -> list[str]:
        """Return what is wrong with the record; numbers and names are put in order on the way."""
        found = _named(self)
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        if len(given) != 1:
            found.append("needs one of days, weeks and months, as in months=(0, 12)")
        for unit in given:
            limits = _pair(getattr(self, unit), last=math.inf)
            if limits is None or limits[0] < 0 or limits[0] > limits[1] or math.isinf(limits[0]):
                found.append(
                    f"{unit} must be two numbers from 0 that do not fall, or None for no end; got "
                    f"{getattr(self, unit)!r}"
                )
            _set(self, unit, limits)
        return found

    @property
    def unit(self) -> str:
        """The unit of the limits."""
        return next(unit for unit in UNITS if getattr(self, unit) is not None)

    @property
    def limits(self) -> tuple[float, float]:
        """The first and last limit as declared, in `unit`; infinity where there is no end."""
        return tuple(getattr(self, self.unit))


@dataclass(frozen=True)
class Instrument(_Unchanging):
    """A scale or questionnaire that measures an outcome.

    Attributes
    ----------
    id : str
        What the column `instrument` holds.
    range : tuple of float, optional
        The lowest and highest score possible.
    mid : float, optional
        Minimal important difference, > 0, in points.
    direction : {"higher", "lower"}, optional
        Which scores are better, where that differs from the outcome's direction.
    label : str
        The name in figures and tables; by default the id.
    """

    id: str
    range: tuple[float, float] | None = None
    mid: float | None = None
    direction: str = ""
    label: str = ""

    def __post_init__(self) -> None:
        """Check the numbers."""
        _raise(self, self.problems())

    def problems(self) -> list[str]:
        """Return what is wrong with the record; numbers and names are put in order on the way."""
        found = _named(self)
        if self.range is not None:
            limits = _pair(self.range, last=None)
            if limits is None or not limits[0] < limits[1]:
                found.append(f"range must be two numbers that rise; got {self.range!r}")
            _set(self, "range", limits)
        if self.mid is not None and not (is_finite(self.mid) and self.mid > 0):
            found.append(f"mid must be a number of points > 0; got {self.mid!r}")
        elif self.mid is not None and self.range and self.mid >= self.range[1] - self.range[0]:
            found.append(f"mid must be less than the width of the range; got {self.mid:g}")
        found += _choice(self, "direction", DIRECTIONS)
        return found


@dataclass(frozen=True)
class Outcome(_Unchanging):
    """An outcome of a review.

    Attributes
    ----------
    id : str
        What the column `outcome` holds; the label does as well.
    label : str
        The name in titles and sentences; by default the id.
    measure : str
        The effect measure, by its name in `synthesis.measures.MEASURES` or by metafor's code for
        it, in any case; the record keeps the name.
    direction : {"higher", "lower"}, optional
        Which scores are better.
    mid : float, optional
        Minimal important difference in the measure as readers see it: a ratio for ratios.
    importance : {"critical", "important", "limited"}, optional
        How much it matters for a decision (GRADE).
    windows : tuple of Window
        All in one unit, and without overlap. Mappings such as
        ``{"id": "short", "months": [0, 12]}`` are taken too.
    instruments : tuple of Instrument
        Mappings are taken too.
    baseline : float, optional
        Risk without the intervention, between 0 and 1.

    Raises
    ------
    DataError
        With everything that is wrong, a line each.

    Examples
    --------
    >>> pain = Outcome("pain", direction="lower", windows=[{"id": "short", "months": [0, 12]}],
    ...                instruments=[{"id": "vas", "range": [0, 100], "mid": 10}])
    >>> pain.label, pain.windows[0].limits, pain.instrument("VAS").mid
    ('pain', (0.0, 12.0), 10)
    """

    id: str
    label: str = ""
    measure: str = "smd"
    direction: str = ""
    mid: float | None = None
    importance: str = ""
    windows: tuple[Window, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    baseline: float | None = None

    def __post_init__(self) -> None:
        """Read what is nested, and check it all."""
        _raise(self, self.problems())

    def problems(self) -> list[str]:
        """Return what is wrong with the record; numbers and names are put in order on the way."""
        found = _named(self)
        is_ratio = False
        try:
            measure = measure_named(self.measure)
            is_ratio = measure.is_ratio
            _set(self, "measure", measure.name)
        except OptionError as error:
            found.append(str(error).rstrip("."))
        found += _choice(self, "direction", DIRECTIONS)
        found += _choice(self, "importance", IMPORTANCES)
        if self.mid is not None and not (is_finite(self.mid) and (self.mid > 0 or not is_ratio)):
            rule = "a ratio > 0, as the measure is a ratio" if is_ratio else "a number"
            found.append(f"mid must be {rule}; got {self.mid!r}")
        if self.baseline is not None and not (is_finite(self.baseline) and 0 < self.baseline < 1):
            found.append(f"baseline must lie between 0 and 1, as 0.2 does; got {self.baseline!r}")
        _set(self, "windows", _nested(Window, self.windows, "windows", found))
        _set(self, "instruments", _nested(Instrument, self.instruments, "instruments", found))
        found += _overlaps(self.windows)
        return found

    def instrument(self, name: object) -> Instrument | None:
        """Return the instrument of this id or label, whatever its capitals, or None."""
        return _called(self.instruments, name)

    def window(self, name: object) -> Window | None:
        """Return the window of this id or label, whatever its capitals, or None."""
        return _called(self.windows, name)


Declared = Outcome | Mapping[str, Any] | Sequence["Outcome | Mapping[str, Any]"]


def read_outcomes(given: Declared) -> tuple[Outcome, ...]:
    """Return outcomes from records or mappings, one or several.

    Parameters
    ----------
    given : Outcome, mapping, or sequence of these
        A mapping has the fields of `Outcome`, as ``outcomes:`` of a YAML file would list them.

    Returns
    -------
    tuple of Outcome

    Raises
    ------
    DataError
        With every problem of every outcome, a line each.

    Examples
    --------
    >>> read_outcomes({"id": "pain", "direction": "lower"})[0].direction
    'lower'
    >>> read_outcomes([{"id": "pain", "direction": "down"}, {"id": "cost", "mids": 3}])
    Traceback (most recent call last):
    arrowroot.errors.DataError: outcomes: 2 problems
      - outcome 'pain': direction must be 'higher' or 'lower'; got 'down'
      - outcome 'cost': there is no 'mids' (did you mean 'mid'?); there are id, ...
    """
    found: list[str] = []
    read = _nested(Outcome, [given] if isinstance(given, Mapping | Outcome) else given, "", found)
    if not read and not found:
        found.append("none is declared")
    if found:
        raise DataError(_listed("outcomes", found))
    return read


def called(outcomes: Iterable[Outcome], name: object) -> Outcome | None:
    """Return the outcome of this id or label, whatever its capitals, or None."""
    return _called(outcomes, name)


def _overlaps(windows: Sequence[Window]) -> list[str]:
    if len({one.unit for one in windows}) > 1:
        return ["windows must all be in days, in weeks or in months"]
    order = sorted(windows, key=lambda one: one.limits)
    return [
        f"windows {one.id!r} and {other.id!r} overlap"
        for one, other in itertools.pairwise(order)
        if other.limits[0] < one.limits[1] or other.limits == one.limits
    ]


def _nested(kind: type[Record], given: Any, where: str, found: list[str]) -> tuple[Record, ...]:
    """Return records from records or mappings; what is wrong with them is added to `found`."""
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        found.append(f"{where} must be a list; got {given!r}")
        return ()
    read: list[Record] = []
    for one in given:
        if isinstance(one, kind):
            read.append(one)
            continue
        if not isinstance(one, Mapping):
            found.append(
                f"{where or 'each'} must be {kind.__name__} records or mappings; got {one!r}"
            )
            continue
        names = [field.name for field in fields(kind)]
        hints: list[str] = [_unknown(str(name), names) for name in one if name not in names]
        # The record is made without its own check, which would raise its problems apart.
        record: Record = object.__new__(kind)
        for field in fields(kind):
            default = "" if field.default is MISSING else field.default
            _set(record, field.name, one.get(field.name, default))
        found += [f"{_name(record)}: {problem}" for problem in [*record.problems(), *hints]]
        read.append(record)
    names = [name for one in read for name in {one.id.casefold(), one.label.casefold()}]
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        found.append(f"two {where or 'outcomes'} are called {name!r}")
    return tuple(read)


def _called(records: Iterable[Record], name: object) -> Record | None:
    wanted = label(name).casefold()
    for one in records:
        if wanted and wanted in (label(one.id).casefold(), label(one.label).casefold()):
            return one
    return None


def _named(record: Window | Instrument | Outcome) -> list[str]:
    """Read the id and the label of a record, in place, and return what is wrong with them."""
    _set(record, "id", label(record.id))
    _set(record, "label", label(record.label) or record.id)
    return [] if record.id else ["needs an id, by which the sheet refers to it"]


def _choice(record: Any, name: str, words: Sequence[str]) -> list[str]:
    given = getattr(record, name)
    if given in ("", None):
        _set(record, name, "")
        return []
    if given in words:
        return []
    listed = " or ".join(map(repr, words))
    return [f"{name} must be {listed}; got {given!r}"]


def _pair(given: Any, *, last: float | None) -> tuple[float, float] | None:
    """Return two limits as floats, or None if they are not two numbers."""
    if isinstance(given, str) or not isinstance(given, Sequence) or len(given) != 2:
        return None
    read = [_number(given[0]), _number(last if given[1] is None else given[1])]
    return None if any(map(math.isnan, read)) else (read[0], read[1])


def _number(value: Any) -> float:
    """Return a number as a float, and NaN for anything else."""
    return float(value) if is_number(value) else math.nan


def _set(record: Any, name: str, value: Any) -> None:
    object.__setattr__(record, name, value)  # the record is frozen once it is made


def _unknown(name: str, names: list[str]) -> str:
    hint = did_you_mean(name, names, " (did you mean {!r}?)")
    return f"there is no {name!r}{hint}; there are {', '.join(names)}"


def _name(record: Window | Instrument | Outcome) -> str:
    return f"{type(record).__name__.lower()} {record.id or '(without id)'!r}"


def _raise(record: Window | Instrument | Outcome, found: list[str]) -> None:
    if found:
        raise DataError(_listed(_name(record), found))


def _listed(where: str, found: list[str]) -> str:
    if len(found) == 1:
        return f"{where}: {found[0]}."
    return "\n".join([f"{where}: {len(found)} problems", *(f"  - {one}" for one in found)])
