"""The certainty of one body of evidence: its reasons, its level, and how it is said."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot.display import Shown, number
from arrowroot.text import capitalised, counted
from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.certainty.levels import (
    DOWN,
    NOT_JUDGED,
    SYMBOLS,
    Judged,
    levels_in_words,
)
from synthesis.appraisal.certainty.size import Size
from synthesis.appraisal.readings.absolute import AbsoluteEffect
from synthesis.outcomes import Outcome

if TYPE_CHECKING:
    from synthesis.appraisal.certainty.sheet import Judgements

PROPOSED = "proposed, not judged"
"""What is said of a level that nobody has judged."""


@dataclass(frozen=True, eq=False, repr=False)
class Certainty(Shown):
    """How far an effect can be trusted (GRADE).

    Attributes
    ----------
    domains : DataFrame
        One row per reason: ``domain proposed judgement levels reason rule source``, and ``basis
        assessor date stale``. `proposed` and `judgement` are words, such as ``"serious"``;
        `judgement` is ``"not judged"`` until a person decides. `levels` counts: negative for
        down; it is the proposal's where nobody judged, and missing where nothing is known.
        `reason` is the person's where there is one, else what the rule found (`basis`).
    level : str
        ``"high"``, ``"moderate"``, ``"low"`` or ``"very low"``; ``"not judged"`` where a person
        said that a reason cannot be judged.
    status : str
        ``"judged"``, ``"in part judged"`` or ``"proposed, not judged"``.
    start : str
        The level that the design starts at.
    stale : tuple of str
        Reasons that were judged on other data, another model, design or threshold.
    outcome : Outcome
        What the effect is on.
    follow_up, intervention, comparator, design : str
        As given.
    happens, besides : str
        What happens, in plain words, and what else the interval includes.
    mid : float or None
        Minimal important difference, as readers see it.
    risks : dict of str to AbsoluteEffect
        What the effect means at each baseline risk.
    per : float
        How many people risks are given for.
    body : Body
        The effect that was rated.
    size : Size or None
        The effect against its boundaries.
    fingerprints : dict of str to str
        Of what each reason was judged on.
    more_is_better : str
        ``"yes"`` or ``"no"``; empty where nobody said.
    notes : tuple of str
        What a reader should know, in sentences.
    """

    domains: pd.DataFrame
    level: str
    status: str
    start: str
    stale: tuple[str, ...]
    outcome: Outcome
    follow_up: str
    intervention: str
    comparator: str
    design: str
    happens: str
    besides: str
    mid: float | None
    risks: dict[str, AbsoluteEffect]
    per: float
    body: Body
    size: Size | None
    fingerprints: dict[str, str]
    more_is_better: str = ""
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the reasons, as `domains`."""
        return self.domains

    @property
    def symbols(self) -> str:
        """The level as four circles, such as ``⊕⊕⊕◯``."""
        return SYMBOLS[self.level]

    @property
    def comparison(self) -> str:
        """The intervention against its comparator."""
        return f"{capitalised(self.intervention)} against {self.comparator}"

    @property
    def open(self) -> tuple[str, ...]:
        """Reasons that nobody judged and no rule could propose anything for."""
        table = self.domains
        return tuple(
            table.loc[table["levels"].isna() & (table["judgement"] == NOT_JUDGED), "domain"]
        )

    @property
    def certainty_in_words(self) -> str:
        """The level, with what a reader must know of it."""
        if self.level == NOT_JUDGED:
            said = "Not judged"
        elif self.status == "judged":
            said = capitalised(self.level)
        else:
            least = bool(set(self.open) & set(DOWN)) and not set(self.open) - set(DOWN)
            said = capitalised(f"at most {self.level}" if least else self.level)
            left = [
                row["domain"]
                for _, row in self.domains.iterrows()
                if row["judgement"] == NOT_JUDGED and row["domain"] in self._asked
            ]
            some = f": {', '.join(left)}" if self.status != PROPOSED else ""
            said += f" ({PROPOSED}{some})"
        if self.stale:
            said += f"; out of date: {', '.join(self.stale)}"
        return said

    @property
    def _asked(self) -> tuple[str, ...]:
        """The reasons that need a person: rating up only where evidence does not start high."""
        return DOWN if self.start == "high" else tuple(self.domains["domain"])

    def reasons(self) -> list[str]:
        """Return a sentence for every level, every reason left open and every old judgement."""
        said = []
        for _, row in self.domains.iterrows():
            domain, levels = row["domain"], row["levels"]
            judged = row["judgement"] != NOT_JUDGED
            if row["stale"]:
                said.append(
                    f"{capitalised(domain)} was judged on other data, another model, design or "
                    "threshold; judge it again."
                )
            if pd.isna(levels):
                if domain in self._asked or row["assessor"]:
                    said.append(f"{capitalised(domain)} not judged: {row['reason']}.")
            elif int(levels):
                who = "" if judged else f" ({PROPOSED})"
                said.append(
                    f"{capitalised(levels_in_words(int(levels)))} for {domain}{who}: "
                    f"{row['reason'].rstrip('.')}."
                )
        return said

    @property
    def what_happens(self) -> str:
        """What happens, as a plain sentence."""
        return f"{self.happens}{f'; {self.besides}' if self.besides else ''}."

    def effect_in_words(self) -> str:
        """Return the effect with its interval, as printed: ``RR 0.45 (0.18 to 1.13)``."""
        printed = self.body.printed()
        if printed is None:
            reported = self.body.reported
            return f"No number is printed: {reported.conclusion}" if reported else "Not pooled"
        value, low, high = printed
        said = f"{self.body.measure.abbreviation} {number(value)}"
        return said if math.isnan(low) else f"{said} ({number(low)} to {number(high)})"

    def sentence(self) -> str:
        """Return what happens and how certain that is, as a sentence for a paper."""
        count = self.studies_in_words()
        people = (
            "" if self.body.participants is None else f", {self.body.participants:,} participants"
        )
        turned = "" if self.body.turned == "none" else f", above {self._null} is better"
        facts = f"{self._with_level()}{turned}{f'; {count}{people}' if count else ''}"
        certain = self.certainty_in_words
        certain = certain[:1].lower() + certain[1:]
        why = self._why()
        return (
            f"{self.happens}, compared with {self.comparator} ({facts}; certainty: {certain}"
            f"{f'; {why}' if why else ''}){f'; {self.besides}' if self.besides else ''}."
        )

    def _with_level(self) -> str:
        """Return the effect as a paper prints it, with the level of its interval."""
        printed = self.body.printed()
        if printed is None or math.isnan(printed[1]):
            return self.effect_in_words()
        value, low, high = map(number, printed)
        percent = f"{100 * self.body.level:g}%"
        return f"{self.body.measure.abbreviation} {value}, {percent} CI {low} to {high}"

    @property
    def _null(self) -> str:
        return "1" if self.body.measure.is_ratio else "0"

    def studies_in_words(self) -> str:
        """Return how many studies there are; empty where it is not known."""
        if self.body.fit is not None:
            return self.body.fit.k_in_words
        return "" if self.body.k is None else counted(self.body.k, "study", "studies")

    def _why(self) -> str:
        parts = [
            f"{levels_in_words(int(row['levels']))} for {row['domain']}"
            for _, row in self.domains.iterrows()
            if not pd.isna(row["levels"]) and int(row["levels"])
        ]
        return ", ".join(parts)

    def judgements(self) -> dict[str, Judged]:
        """Return what was judged, each with the fingerprint of what it is about.

        Keep it and give it to `certainty` again as `judged`: a judgement about other data, another
        model, design or threshold is then reported as out of date.
        """
        table = self.domains
        found = {}
        for _, row in table.iterrows():
            if not row["judged"]:
                continue
            levels = None if pd.isna(row["levels"]) else int(row["levels"])
            found[row["domain"]] = Judged(
                levels, row["reason"], row["fingerprint"], row["assessor"], row["date"]
            )
        return found

    @staticmethod
    def template(
        path: str | os.PathLike[str], certainties: Certainty | Iterable[Certainty]
    ) -> Path:
        """Write a sheet of judgements to fill in, one row per outcome and reason.

        Parameters
        ----------
        path : path
            Ends in ``.xlsx``, with lists to choose from, or in ``.csv``.
        certainties : Certainty or iterable of Certainty
            What is to be judged; judgements made already are filled in, and those that are out of
            date stand in the column of reasons, to be judged again.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        FileError
            If the file exists already: nobody's work is overwritten.
        """
        from synthesis.appraisal.certainty.sheet import write_judgements

        held = [certainties] if isinstance(certainties, Certainty) else list(certainties)
        return write_judgements(path, held)

    @staticmethod
    def read(path: str | os.PathLike[str]) -> Judgements:
        """Read a sheet of judgements back, to be given to `certainty` as `judged`.

        Parameters
        ----------
        path : path
            As `template` wrote it.

        Returns
        -------
        Judgements
            `certainty` picks those of its own comparison, outcome and follow-up.
        """
        from synthesis.appraisal.certainty.sheet import read_judgements

        return read_judgements(path)

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        time = f", {self.follow_up}" if self.follow_up else ""
        symbols = f"{self.symbols} " if self.symbols else ""
        return f"{self.outcome.label}{time}: {symbols}{self.certainty_in_words}"

    def _headings(self) -> Sequence[str]:
        return ("Reason", "Proposed", "Judgement", "Levels", "Because", "Rule", "Source")

    def _rows(self) -> list[list[str]]:
        rows = []
        for _, row in self.domains.iterrows():
            levels = "" if pd.isna(row["levels"]) else f"{int(row['levels']):+d}".replace("+0", "0")
            judged = f"{row['judgement']}{' (out of date)' if row['stale'] else ''}"
            because = row["reason"]
            if row["basis"] and row["basis"] != because:
                because += f" [rule: {row['basis']}]"
            rows.append(
                [
                    row["domain"],
                    row["proposed"],
                    judged,
                    levels,
                    because,
                    row["rule"],
                    row["source"],
                ]
            )
        return rows

    def _facts(self) -> list[tuple[str, str]]:
        return [("Certainty", self.certainty_in_words)]

    def _notes(self) -> tuple[str, ...]:
        stale = tuple(
            f"{capitalised(domain)} was judged on other data, another model, design or threshold; "
            "judge it again."
            for domain in self.stale
        )
        return (*stale, self.what_happens, *self.notes)


def level_of(start: str, levels: Mapping[str, Any], lowest: Sequence[str]) -> str:
    """Return the level that is left after rating down and up."""
    moved = lowest.index(start) + sum(int(one) for one in levels.values() if one is not None)
    return lowest[max(0, min(len(lowest) - 1, moved))]
