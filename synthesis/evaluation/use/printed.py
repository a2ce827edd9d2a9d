"""What a printed pair such as "the top 3% take 15%" implies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from synthesis.reproduce.printed import parse


@dataclass(frozen=True, eq=False, repr=False)
class TopShare(display.Shown):
    """What `check_top_share` found.

    Attributes
    ----------
    times : tuple of float
        How many times the mean use of everyone these people have, by the printed digits.
    rest_times : tuple of float
        The same for all others.
    gini_at_least : float
        The smallest Gini coefficient that the printed digits allow.
    """

    top: str
    share: str
    times: tuple[float, float]
    rest_times: tuple[float, float]
    gini_at_least: float

    def to_frame(self) -> pd.DataFrame:
        """Return one row."""
        return pd.DataFrame(
            [
                {
                    "top": self.top,
                    "share": self.share,
                    "times_low": self.times[0],
                    "times_high": self.times[1],
                    "gini_at_least": self.gini_at_least,
                }
            ]
        )

    def _title(self) -> str:
        return f"The top {self.top} take {self.share}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [
            ("their use, in times the mean", "{:.1f} to {:.1f}".format(*self.times)),
            ("the others' use, in times the mean", "{:.3f} to {:.3f}".format(*self.rest_times)),
            ("Gini coefficient", f"at least {self.gini_at_least:.3f}"),
        ]

    def _notes(self) -> Sequence[str]:
        return (
            "The Gini coefficient would be that small only if use were equal within both groups.",
        )


def check_top_share(top: str, share: str) -> TopShare:
    """Say what a printed pair such as "the top 3% take 15%" implies.

    Parameters
    ----------
    top, share : str
        As printed, since their digits count.

    Returns
    -------
    TopShare

    Raises
    ------
    DataError
        If they are not percentages, or the top would take less than their share of people.

    Examples
    --------
    >>> found = check_top_share("3%", "15%")
    >>> found.times, round(found.gini_at_least, 3)
    ((4.142857142857143, 6.2), 0.11)
    """
    people, uses = parse(top, "top"), parse(share, "share")
    for name, one in (("top", people), ("share", uses)):
        if one.relation != "=" or not 0 < one.value < 100:
            raise DataError(f"{name} must be a percentage between 0 and 100; got {one.text!r}.")
    if uses.high < people.low:
        raise DataError(
            f"share: the {top} who use most cannot have less than {top} of all uses; got {share}."
        )
    return TopShare(
        people.text,
        uses.text,
        (uses.low / people.high, uses.high / people.low),
        ((100 - uses.high) / (100 - people.low), (100 - uses.low) / (100 - people.high)),
        # Of all Lorenz curves through this point, the two straight lines have the least area.
        max(0.0, (uses.low - people.high) / 100),
    )
