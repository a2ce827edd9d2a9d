"""A printed number and its digits: ``0.07`` stands for anything from 0.065 to 0.075.

The convention throughout: halves are rounded away from zero, so a printed number stands for a
half-open interval that includes its end nearer to zero. ``0.07`` is [0.065, 0.075), ``-0.71`` is
(-0.715, -0.705], ``0.00`` is (-0.005, 0.005), and ``-0.00`` is (-0.005, 0].
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from arrowroot.errors import DataError

_LONGEST = 60
_FORM = re.compile(
    r"""(?:[pP]\s*(?=[=<>≤≥]))?          # P = 0.04
    (?P<relation>[=<>≤≥]?)\s*
    (?P<sign>[-+]?)
    (?P<number>\d+\.?\d*|\.\d+)
    (?P<exponent>[eE][-+]?\d{1,3})?
    \s*(?P<percent>%?)""",
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?%?")
_SIGNS = str.maketrans({"−": "-", "–": "-", "·": ".", "∙": ".", "\u00a0": " ", "\u202f": " "})
_RELATIONS = {"": "=", "≤": "<", "≥": ">"}


@dataclass(frozen=True)
class Printed:
    """A number as printed.

    Attributes
    ----------
    text : str
        What was printed.
    value : float
        The number itself; for ``"<0.001"`` the bound, for ``"20%"`` 20.
    digits : int
        Decimals printed; negative where an exponent hides digits before the point.
    relation : str
        ``"="``, or ``"<"`` or ``">"`` where only a bound was printed.
    low, high : float
        The ends of the interval the number stands for; infinite beyond a bound.
    percent : bool
        Whether a percent sign was printed.
    """

    text: str
    value: float
    digits: int
    relation: str
    low: float
    high: float
    percent: bool

    @property
    def unit(self) -> float:
        """One unit of the last printed digit."""
        return float(Decimal(1).scaleb(-self.digits))

    @property
    def is_negative_zero(self) -> bool:
        """Whether a zero was printed with a minus sign: the number is zero or slightly below."""
        return self.value == 0 and bool(np.signbit(self.value))

    def cut_off(self) -> Printed:
        """Return the number with the interval that applies if digits were cut off, not rounded.

        Examples
        --------
        >>> cut = parse("0.083").cut_off()
        >>> cut.low, cut.high
        (0.083, 0.084)
        """
        if self.relation != "=":
            return self
        number, unit = Decimal(repr(self.value)), Decimal(1).scaleb(-self.digits)
        low = float(number - unit) if self.value <= 0 else self.value
        high = float(number + unit) if self.value >= 0 else self.value
        if self.is_negative_zero:
            high = 0.0
        return replace(self, low=low, high=high)

    def holds(self, values: np.ndarray | float, slack: float = 0.0) -> np.ndarray:
        """Return which values would be printed like this.

        Parameters
        ----------
        values : ndarray or float
            At full precision; NaN is never included.
        slack : float
            Widens both ends, for values that carry the rounding errors of a computation.

        Examples
        --------
        >>> parse("0.07").holds(np.array([0.0649, 0.065, 0.07499, 0.075]))
        array([False,  True,  True, False])
        """
        x = np.asarray(values, dtype=float)
        if slack:
            return np.asarray((x >= self.low - slack) & (x <= self.high + slack))
        if self.relation != "=":
            return np.asarray(x < self.high if self.relation == "<" else x > self.low)
        if self.is_negative_zero:
            return np.asarray((x > self.low) & (x <= 0))
        if self.value == 0:
            return np.asarray((x > self.low) & (x < self.high))
        if self.value < 0:
            return np.asarray((x > self.low) & (x <= self.high))
        return np.asarray((x >= self.low) & (x < self.high))

    def gap(self, values: np.ndarray | float) -> np.ndarray:
        """Return how far values lie outside the interval, in units of the last printed digit."""
        x = np.asarray(values, dtype=float)
        return np.asarray(np.maximum(np.maximum(self.low - x, x - self.high), 0.0) / self.unit)

    def like(self, value: float) -> str:
        """Format another value with the same number of digits, so that the two can be compared.

        Examples
        --------
        >>> parse("0.68").like(0.6925), parse("20%").like(19.97), parse("0.00").like(-0.001)
        ('0.69', '20%', '0.00')
        """
        if not np.isfinite(value):
            return "–"
        exact = Decimal(repr(float(value)))
        rounded = exact.quantize(Decimal(1).scaleb(-self.digits), rounding="ROUND_HALF_UP")
        text = f"{abs(rounded) if rounded == 0 else rounded:f}"
        return f"{text}%" if self.percent else text

    def __str__(self) -> str:
        """Return what was printed."""
        return self.text


def parse(text: object, name: str = "the printed number", *, thousands: bool = False) -> Printed:
    """Read a number as papers print it.

    Parameters
    ----------
    text : str or int
        Such as ``"0.07"``, ``"−0.71"``, ``"P = 0.04"``, ``"<0.001"``, ``".5"``, ``"20%"``. A
        whole number may be an `int`; a float is refused, since its digits are lost.
    name : str
        What it is, for messages.
    thousands : bool
        Whether a comma may separate thousands, as in counts.

    Returns
    -------
    Printed

    Raises
    ------
    DataError
        If the text is not a number, or a comma may be a decimal comma.

    Examples
    --------
    >>> parse("0.07").low, parse("0.07").high
    (0.065, 0.075)
    >>> parse("0,07", "estimate")
    Traceback (most recent call last):
    arrowroot.errors.DataError: estimate: '0,07' contains a comma. Write decimals with a point:
    '0.07'.
    """
    if isinstance(text, (int, np.integer)) and not isinstance(text, bool):
        text = str(text)
    if not isinstance(text, str):
        raise DataError(
            f"{name} must be text, as printed, because its digits count: write "
            f"{f'{text}' if isinstance(text, float) else '0.07'!r} in quotes; got {text!r}."
        )
    plain = text.translate(_SIGNS).strip()
    if len(plain) > _LONGEST:
        raise DataError(f"{name} is too long to be a number: {plain[:20]!r}...")
    if "," in plain:
        plain = _without_commas(text, plain, name, thousands)
    found = _FORM.fullmatch(plain)
    if found is None:
        raise DataError(
            f"{name} must be a printed number, such as '0.07', '-0.71', '<0.001' or '20%'; "
            f"got {text!r}."
        )
    number = Decimal(found["sign"] + found["number"] + (found["exponent"] or ""))
    relation = _RELATIONS.get(found["relation"], found["relation"])
    low, high = _ends(number, relation)
    return Printed(
        text=text.strip(),
        value=float(number),
        digits=-_exponent(number),
        relation=relation,
        low=low,
        high=high,
        percent=bool(found["percent"]),
    )


def parse_p(text: object, name: str = "p") -> Printed:
    """Read a printed p-value: a number between 0 and 1, or a bound; a percentage is refused.

    Examples
    --------
    >>> parse_p("P < .001").high, parse_p("0.00").low
    (0.001, 0.0)
    """
    read = parse(text, name)
    if read.percent or not 0 <= read.value <= 1:
        raise DataError(f"{name} must lie between 0 and 1, as '0.04' or '<0.001'; got {text!r}.")
    return Printed(
        read.text,
        read.value,
        read.digits,
        read.relation,
        max(read.low, 0.0),
        min(read.high, 1.0),
        percent=False,
    )


def parse_count(text: object, name: str) -> int:
    """Read a printed count, commas between thousands allowed.

    Examples
    --------
    >>> parse_count("15,327", "screened")
    15327
    """
    read = parse(text, name, thousands=True)
    if read.relation != "=" or read.percent or read.digits > 0 or read.value < 0:
        raise DataError(f"{name} must be a whole number of 0 or more; got {text!r}.")
    return int(read.value)


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _ends(number: Decimal, relation: str) -> tuple[float, float]:
    if relation == "<":
        return -np.inf, float(number)
    if relation == ">":
        return float(number), np.inf
    half = Decimal(5).scaleb(_exponent(number) - 1)
    if number == 0 and number.is_signed():
        return float(-half), 0.0
    return float(number - half), float(number + half)


def _without_commas(text: str, plain: str, name: str, thousands: bool) -> str:
    if thousands and _THOUSANDS.fullmatch(plain):
        return plain.replace(",", "")
    hint = plain.replace(",", ".", 1)
    raise DataError(
        f"{name}: {text!r} contains a comma. Write decimals with a point"
        + (f": {hint!r}." if plain.count(",") == 1 else ", and one number at a time.")
    )
