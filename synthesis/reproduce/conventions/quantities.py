"""The results that a paper may print: their names, and which choices each depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import label
from synthesis.reproduce.printed import Printed, parse, parse_p

_MODEL = frozenset({"model", "tau2"})
_LIMITS = _MODEL | {"ci", "direction", "scale"}
_PREDICTED = _LIMITS | {"prediction"}
_FILLED = _MODEL | {"trim_estimator", "trim_side", "trim_model"}
_TESTED = _MODEL | {"ci", "subgroup_tau2"}

DEPENDS: dict[str, frozenset[str]] = {
    "estimate": _MODEL | {"direction", "scale"},
    "std_error": _MODEL | {"ci"},
    "statistic": _MODEL | {"ci", "direction"},
    "p_value": _MODEL | {"ci"},
    "ci_low": _LIMITS,
    "ci_high": _LIMITS,
    "tau2": _MODEL,
    "tau": _MODEL,
    "i2": _MODEL | {"i2"},
    "h2": _MODEL,
    "q": frozenset(),
    "q_p_value": frozenset(),
    "k": frozenset(),
    "pi_low": _PREDICTED,
    "pi_high": _PREDICTED,
    "q_between": _TESTED,
    "q_between_p_value": _TESTED,
    "k0": _FILLED,
    "filled_estimate": _FILLED | {"direction", "scale"},
    "filled_ci_low": _FILLED | {"ci", "direction", "scale"},
    "filled_ci_high": _FILLED | {"ci", "direction", "scale"},
}
"""Every result of a meta-analysis that can be searched for, with the choices of analysis and of
printing on which it depends; all depend on how the data were prepared."""

OF_SUBGROUPS = ("q_between", "q_between_p_value")
OF_TRIMMING = ("k0", "filled_estimate", "filled_ci_low", "filled_ci_high")
_P_VALUES = ("p_value", "q_p_value", "q_between_p_value")
_SYNONYMS = {
    "se": "std_error",
    "p": "p_value",
    "z": "statistic",
    "t": "statistic",
    "i_squared": "i2",
    "tau_squared": "tau2",
    "q_p": "q_p_value",
    "low": "ci_low",
    "high": "ci_high",
}
_EFFECT_PREFIXES = ("yi", "g", "d", "effect")


@dataclass(frozen=True)
class Wanted:
    """One printed result to search for.

    Attributes
    ----------
    name : str
        A key of `DEPENDS`, a coefficient or variance component, or a study's label.
    printed : Printed
        The number with its digits.
    is_effect : bool
        Whether `name` is a study whose own effect is printed.
    """

    name: str
    printed: Printed
    is_effect: bool = False

    @property
    def column(self) -> str:
        """Its column in tables."""
        return f"yi {self.name}" if self.is_effect else self.name

    def depends_on(self) -> frozenset[str]:
        """Return the choices of analysis and printing that matter to it."""
        if self.is_effect:
            return frozenset({"direction"})
        return DEPENDS.get(self.name, _MODEL)


def wanted(
    printed: Mapping[str, object], studies: Sequence[str], more: Sequence[str] = ()
) -> tuple[Wanted, ...]:
    """Read printed results and their names.

    Parameters
    ----------
    printed : mapping of str to str
        Name to number; a study's own effect as ``"yi Carroll"`` or ``"g Carroll"``.
    studies : sequence of str
        Labels of the studies.
    more : sequence of str
        Further legal names: coefficients and variance components.

    Raises
    ------
    DataError
        Nothing is printed, or a number cannot be read.
    OptionError
        There is no result of that name.
    """
    if not printed:
        raise DataError("printed needs at least one number, such as {'estimate': '0.58'}.")
    return tuple(_one(str(name), text, studies, more) for name, text in printed.items())


def _one(name: str, text: object, studies: Sequence[str], more: Sequence[str]) -> Wanted:
    prefix, _, rest = label(name).partition(" ")
    if prefix.lower() in _EFFECT_PREFIXES and rest in studies:
        return Wanted(rest, parse(text, name), is_effect=True)
    if name in more:
        return Wanted(name, parse(text, name))
    plain = "_".join(name.lower().replace("²", "2").replace("-", " ").split())
    known = one_of("a result in printed", _SYNONYMS.get(plain, plain), [*DEPENDS, *more])
    return Wanted(known, parse_p(text, name) if known in _P_VALUES else parse(text, name))
