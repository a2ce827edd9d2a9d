"""One final code per unit: where the coders agreed, and what was decided where they did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.text import counted, label, shortened
from synthesis import checks
from synthesis.coding.codebook import Codebook
from synthesis.coding.codings import check_codings, disagreements
from synthesis.labels import by_label, read_labels, with_labels

DECISION = ("code", "by", "why")

NAMED_AT_MOST = 10
"""How many open units are shown before the number of others is given."""


@dataclass(frozen=True, eq=False, repr=False)
class Consensus(display.Shown):
    """The settled codes, with how, by whom and why.

    Attributes
    ----------
    codes : DataFrame
        Indexed by unit: ``code``; ``how`` (``agreed``, ``one coder``, ``decided``, or
        ``overruled`` where a decision departs from what the coders agreed on); ``by`` and
        ``why`` of a decision.
    open : DataFrame
        The units still without a decision, one column per coder.
    notes : tuple of str
        Units and codes that differ only in capitals, in sentences.
    """

    codes: pd.DataFrame
    open: pd.DataFrame
    notes: tuple[str, ...] = ()

    def _title(self) -> str:
        return "Consensus"

    def _facts(self) -> Sequence[tuple[str, str]]:
        ways = self.codes["how"].value_counts(sort=False)
        return [
            *((str(how), counted(int(n), "unit")) for how, n in ways.items()),
            ("still open", counted(len(self.open), "unit")),
        ]

    def _notes(self) -> Sequence[str]:
        """List the units still open, with each coder's code."""
        rows = [
            f"{unit} is open: "
            + ", ".join(f"{code or 'nothing'} ({who})" for who, code in codes.items())
            for unit, codes in self.open.head(NAMED_AT_MOST).iterrows()
        ]
        rest = len(self.open) - len(rows)
        return (*rows, *([f"And {rest} more, in `open`."] if rest else []), *self.notes)


def consensus(
    codings: pd.DataFrame,
    decisions: pd.DataFrame | None = None,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    codebook: Codebook | None = None,
) -> Consensus:
    """Settle on one code per unit, and record how.

    Parameters
    ----------
    codings : DataFrame
        One row for each code a coder gave a unit; one code per unit and coder.
    decisions : DataFrame, optional
        One row per decision: `unit`, ``code``, ``by`` (who decided), ``why``.
    unit, coder, code : str
        Columns of `codings`.
    codebook : Codebook, optional
        Codes that are not in it are refused, in codings and decisions.

    Returns
    -------
    Consensus
        The code of every unit and how it was settled; units still open are listed.

    Raises
    ------
    DataError
        If the codings are invalid, or a decision is about an unknown unit, occurs twice, or does
        not say which code, who and why.

    Examples
    --------
    >>> codings = pd.DataFrame(
    ...     {"unit": ["A1", "A1", "A2", "A2"], "coder": ["ann", "bob"] * 2, "code": list("xxxy")}
    ... )
    >>> decision = pd.DataFrame([["A2", "y", "ann and bob", "it names patients"]])
    >>> consensus(codings, decision.set_axis(["unit", "code", "by", "why"], axis=1))
    Consensus: agreed 1 unit; decided 1 unit; still open 0 units
    """
    codings = check_codings(codings, unit=unit, coder=coder, code=code, codebook=codebook)
    notes = tuple(codings.attrs.get("notes", ()))
    by_unit = codings.reset_index(drop=True).groupby(unit, sort=False)[code]
    codes = pd.DataFrame(
        {
            "code": by_unit.first(),
            "how": by_unit.size().map(lambda coders: "agreed" if coders > 1 else "one coder"),
            "by": "",
            "why": "",
        }
    )
    differing = disagreements(codings, unit=unit, coder=coder, code=code)
    if decisions is None:
        return Consensus(codes.drop(index=differing.index), differing, notes)
    decided = _checked(decisions, unit, list(codes.index), codebook)
    used = by_label(codings[code])
    for one, given, by, why in decided.itertuples(name=None):
        agreed = codes.loc[one, "code"] if one not in differing.index else given
        how = "decided" if label(agreed) == label(given) else "overruled"
        codes.loc[one] = [used.get(label(given), given), how, by, why]
    still_open = differing.drop(index=decided.index, errors="ignore")
    return Consensus(codes.drop(index=still_open.index), still_open, notes)


def _checked(
    decisions: pd.DataFrame, unit: str, units: Sequence[object], codebook: Codebook | None
) -> pd.DataFrame:
    for name in (unit, *DECISION):
        checks.column(decisions, name, "decisions")
    coded = by_label(units)
    labels = read_labels(decisions[unit])
    if strangers := [one or "a blank unit" for one in labels if one not in coded]:
        raise DataError(f"decisions: nobody coded {shortened(strangers)}.")
    if twice := [one for at, one in enumerate(labels) if one in labels[:at]]:
        raise DataError(f"decisions: more than one for {shortened(twice)}. Keep the last.")
    for name in DECISION:
        filled = zip(labels, read_labels(decisions[name]), strict=True)
        if where := [one for one, cell in filled if not cell]:
            raise DataError(
                f"decisions: {name!r} is blank for {shortened(where)}. A decision must say "
                "which code, who decided and why."
            )
    if codebook is not None:
        codebook.check(decisions["code"], "decisions")
    about = pd.Index([coded[one] for one in labels], name=unit)
    return with_labels(decisions[list(DECISION)], ["code"]).set_index(about)
