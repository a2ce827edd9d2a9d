"""The numbers at which a reason for less certainty is proposed, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from arrowroot.errors import OptionError
from arrowroot.options import is_number, is_whole
from arrowroot.text import did_you_mean

OURS = "ours"
"""The source of a number that no guidance we read gives."""


@dataclass(frozen=True)
class CertaintyRules:
    """The numbers of the rules. Those marked *ours* come from no guidance: change them freely.

    Attributes
    ----------
    high_weight : float
        Percent of the weight from which results at high risk of bias carry the estimate (ours).
    differ_p : float
        p-value of the test between results at high risk and the others below which they differ
        (ours).
    some_concerns : {"low", "high"}
        With which of the two classes of Core GRADE 4 results of some concerns are counted (ours).
    other_side : float
        Percent of the weight of studies on the other side of the threshold from which their
        spread counts (ours).
    subgroup_p : float
        p-value of the test between subgroups below which they explain part of the spread (ours).
    levels_per_boundary : int
        Levels for each boundary inside the interval (ours, after GRADE guidance 35).
    rrr_large : float
        Relative risk reduction above which an effect is large enough to ask for the optimal
        information size (Guyatt: 30%).
    smd_large : float
        The same for standardised mean differences (ours).
    smd_small : float
        Standardised mean difference for the optimal information size where no minimal important
        difference was given (ours).
    rrr : float
        Relative risk reduction for the optimal information size (Guyatt: 20 to 25%).
    far_from_size : float
        Share of the optimal information size below which two levels are proposed (ours).
    tests_from : int
        Studies from which small-study effects are tested (Cochrane Handbook 13.3.5.4).
    asymmetry_p : float
        p-value of that test below which publication bias is suspected (Egger et al. 1997).
    """

    high_weight: float = 50.0
    differ_p: float = 0.10
    some_concerns: str = "low"
    other_side: float = 25.0
    subgroup_p: float = 0.05
    levels_per_boundary: int = 1
    rrr_large: float = 0.30
    smd_large: float = 0.5
    smd_small: float = 0.2
    rrr: float = 0.25
    far_from_size: float = 0.5
    tests_from: int = 10
    asymmetry_p: float = 0.10


_WHOLE = ("levels_per_boundary", "tests_from")
_MOST = {
    "high_weight": 100,
    "other_side": 100,
    "levels_per_boundary": 3,
    "tests_from": 1000,
    "smd_large": 10,
    "smd_small": 10,
}
"""The highest that numbers may be, where it is not 1, as of a p-value or a share."""


def read_rules(given: CertaintyRules | Mapping[str, Any] | None) -> CertaintyRules:
    """Return the rules with what was changed.

    Raises
    ------
    OptionError
        If there is no such number, or it is out of range.
    """
    if given is None:
        return CertaintyRules()
    if isinstance(given, CertaintyRules):
        given = asdict(given)
    names = [field.name for field in fields(CertaintyRules)]
    if not isinstance(given, Mapping):
        raise OptionError(f"rules must be a mapping such as {{'high_weight': 60}}; got {given!r}.")
    for name, value in given.items():
        if name not in names:
            hint = did_you_mean(name, names)
            raise OptionError(f"rules: there is no {name!r}; there are {', '.join(names)}.{hint}")
        if name == "some_concerns":
            if value not in ("low", "high"):
                raise OptionError(f"rules: some_concerns must be 'low' or 'high'; got {value!r}.")
        elif not is_number(value) or not 0 <= value <= _MOST.get(name, 1):
            raise OptionError(
                f"rules: {name} must be a number from 0 to {_MOST.get(name, 1):g}; got {value!r}."
            )
        elif name in _WHOLE and not is_whole(value):
            raise OptionError(f"rules: {name} must be a whole number; got {value!r}.")
    return replace(CertaintyRules(), **given)
