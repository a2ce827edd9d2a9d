"""The summary of findings: what happens to each outcome, and how certain that is."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import DataError, OptionError
from arrowroot.files import as_path, write_bytes, write_text
from arrowroot.options import one_of, thing
from arrowroot.sheets import write_sheets
from arrowroot.text import capitalised, counted, label, shortened
from synthesis.appraisal.certainty.result import Certainty
from synthesis.appraisal.findings import cells, printed
from synthesis.appraisal.findings.claims import evidence_table
from synthesis.appraisal.findings.printed import Footnotes, Group, Printed

VIEWS = ("findings", "profile")
ENDINGS = (".docx", ".html", ".xlsx", ".md")

LEVELS_SAID = (
    "GRADE levels: high, the true effect is very likely close to the estimate; moderate, it is "
    "probably close, but may be substantially different; low, it may well be substantially "
    "different; very low, it is likely to be substantially different."
)
RISKS_SAID = (
    "Risks with the intervention apply the relative effect and its interval to the risk with the "
    "comparator, which is taken as known."
)


@dataclass(frozen=True, eq=False, repr=False)
class SummaryOfFindings(Shown):
    """What happens to each outcome, and how certain that is.

    Attributes
    ----------
    certainties : tuple of Certainty
        One per row, in order.
    title : str
        What the table is about.
    facts : tuple of (str, str)
        Population, setting and the like.
    citation : str
        Where the findings are published, for the arrows of a logic model.
    """

    certainties: tuple[Certainty, ...]
    title: str
    facts: tuple[tuple[str, str], ...]
    citation: str = ""

    def printed(self, view: str = "findings") -> Printed:
        """Return the table as every file and the notebook print it.

        Parameters
        ----------
        view : {"findings", "profile"}
            The summary, or the profile with a column for each reason.
        """
        one_of("view", view, VIEWS)
        footnotes = Footnotes()
        row_of = cells.finding if view == "findings" else cells.evidence
        groups = []
        comparisons = list(dict.fromkeys(one.comparison for one in self.certainties))
        for comparison in comparisons:
            rows = [
                row_of(one, footnotes) for one in self.certainties if one.comparison == comparison
            ]
            groups.append(Group(comparison if len(comparisons) > 1 else "", tuple(rows)))
        facts = list(self.facts)
        if len(comparisons) == 1:
            first = self.certainties[0]
            facts += [
                ("Intervention", capitalised(first.intervention)),
                ("Comparator", capitalised(first.comparator)),
            ]
        columns, widths = self._columns(view, len(comparisons) == 1)
        kind = "Summary of findings" if view == "findings" else "Evidence profile"
        return Printed(
            f"{kind}: {self.title}" if self.title else kind,
            tuple(facts),
            columns,
            widths,
            tuple(groups),
            (*footnotes.listed(), *(("", said) for said in self._general())),
        )

    def profile(self) -> pd.DataFrame:
        """Return the evidence profile as text: one row per outcome, a column for each reason."""
        return self._as_text("profile")

    def to_frame(self) -> pd.DataFrame:
        """Return one row per outcome and baseline risk.

        Text as printed: ``comparison outcome follow_up risk_with_comparator
        risk_with_intervention relative_effect participants_studies certainty_said what_happens
        reasons``. Numbers, unrounded: ``measure estimate ci_low ci_high`` as readers see them,
        ``k n_studies participants baseline risk risk_low risk_high difference difference_low
        difference_high nnt nnt_low nnt_high per``. And ``certainty status symbols stale``.
        """
        rows = []
        for one in self.certainties:
            values = one.body.printed() or (math.nan,) * 3
            for risk in one.risks.values() or (None,):
                row: dict[str, Any] = {
                    "comparison": one.comparison,
                    "outcome": one.outcome.label,
                    "follow_up": one.follow_up,
                    "risk_with_comparator": "; ".join(cells.comparator_cell(one)),
                    "risk_with_intervention": "; ".join(cells.intervention_cell(one)),
                    "relative_effect": cells.relative(one),
                    "participants_studies": cells.participants(one),
                    "certainty": one.level,
                    "symbols": one.symbols,
                    "status": one.status,
                    "certainty_said": one.certainty_in_words,
                    "what_happens": one.what_happens,
                    "reasons": "\n".join(one.reasons()),
                    "stale": bool(one.stale),
                    "measure": one.body.measure.name,
                    **dict(zip(("estimate", "ci_low", "ci_high"), values, strict=True)),
                    "k": one.body.k,
                    "n_studies": one.body.n_studies,
                    "participants": one.body.participants,
                    "baseline": None if risk is None else risk.baseline,
                    "per": one.per,
                }
                for name in ("risk", "difference", "nnt"):
                    triple = (math.nan,) * 3 if risk is None else getattr(risk, name)
                    row |= dict(zip((name, f"{name}_low", f"{name}_high"), triple, strict=True))
                rows.append(row)
        return pd.DataFrame(rows)

    def save(self, path: str | os.PathLike[str], *, view: str = "findings") -> Path:
        """Write the table, with the same text in every kind of file.

        Parameters
        ----------
        path : path
            Ends in ``.docx``, ``.html``, ``.xlsx`` or ``.md``.
        view : {"findings", "profile"}
            As for `printed`.

        Returns
        -------
        Path
            The file written, whole or not at all.

        Raises
        ------
        OptionError
            If the name has another ending.
        MissingPackageError
            For a Word file without the extra ``office``.
        """
        target = as_path(path)
        kind = target.suffix.lower()
        if kind not in ENDINGS:
            raise OptionError(
                f"path: the name must end in {', '.join(ENDINGS)}; got {target.name!r}."
            )
        table = self.printed(view)
        if kind == ".docx":
            return write_bytes(printed.to_document(table), target)
        if kind == ".xlsx":
            return write_sheets(target, *printed.to_sheets(table))
        return write_text(
            printed.to_page(table) if kind == ".html" else printed.to_markdown(table), target
        )

    def template(self, path: str | os.PathLike[str]) -> Path:
        """Write a sheet of judgements for all outcomes; see `Certainty.template`."""
        return Certainty.template(path, self.certainties)

    def evidence_table(self, arrows: Mapping[Any, Any]) -> pd.DataFrame:
        """Return the findings as claims about arrows of a logic model.

        Parameters
        ----------
        arrows : mapping
            By outcome (id or label, or a pair of it and the follow-up), the arrow that it is
            about: ``("from", "to")``, or a list of such pairs. An outcome without an arrow is
            left out and named in ``attrs["left_out"]``.

        Returns
        -------
        DataFrame
            As `logicmodels.LogicModel.with_evidence` takes it; that method takes the summary
            itself and `arrows` too.
        """
        return evidence_table(self.certainties, arrows, self.citation)

    def _as_text(self, view: str) -> pd.DataFrame:
        table = self.printed(view)
        rows = [
            [group.heading or self.certainties[0].comparison, *("; ".join(cell) for cell in row)]
            for group in table.groups
            for row in group.rows
        ]
        return pd.DataFrame(rows, columns=["Comparison", *table.columns])

    def _columns(
        self, view: str, one_comparison: bool
    ) -> tuple[tuple[str, ...], tuple[float, ...]]:
        if view == "profile":
            return cells.PROFILE, cells.PROFILE_WIDTHS
        first = self.certainties[0]
        levels = {f"{100 * one.body.level:g}%" for one in self.certainties}
        names = {
            "comparator": first.comparator if one_comparison else "comparator",
            "intervention": first.intervention if one_comparison else "intervention",
            "level": levels.pop() if len(levels) == 1 else "",
        }
        titles = (name.format(**names).replace("( CI)", "(CI)") for name in cells.FINDINGS)
        return tuple(titles), cells.FINDINGS_WIDTHS

    def _general(self) -> list[str]:
        said = []
        waiting = [one for one in self.certainties if one.status != "judged"]
        if waiting:
            verb = "is" if len(waiting) == 1 else "are"
            said.append(
                f"{len(waiting)} of {counted(len(self.certainties), 'rating')} of certainty {verb} "
                "not judged, or only in part: where a person has still to decide, a rule's "
                "proposal stands, or nothing."
            )
        if any(one.risks for one in self.certainties):
            said.append(RISKS_SAID)
        sources = [one.body.reported.source for one in self.certainties if one.body.reported]
        if known := list(dict.fromkeys(filter(None, sources))):
            said.append(f"Effects as printed in: {'; '.join(known)}.")
        levels = {one.body.level for one in self.certainties}
        if len(levels) > 1:
            listed = (f"{one.outcome.label} {100 * one.body.level:g}%" for one in self.certainties)
            said.append(f"Levels of the intervals: {', '.join(dict.fromkeys(listed))}.")
        return [*said, "CI: confidence interval.", LEVELS_SAID]

    def _title(self) -> str:
        return self.printed().title

    def _line(self) -> str:
        lines = [self._title()]
        for one in self.certainties:
            time = f", {one.follow_up}" if one.follow_up else ""
            lines.append(
                f"  {one.outcome.label}{time}: {one.effect_in_words()}; {one.certainty_in_words}. "
                f"{one.what_happens}"
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return printed.to_html(self.printed())


def summary_of_findings(
    certainties: Iterable[Certainty],
    *,
    title: str = "",
    population: str = "",
    setting: str = "",
    citation: str = "",
) -> SummaryOfFindings:
    """Return a summary of findings: Cochrane's columns, with a reason for every level.

    Parameters
    ----------
    certainties : iterable of Certainty
        Results of `certainty`, one per outcome and follow-up, in the order of the table. Those
        of several comparisons are put into groups.
    title : str
        What the table is about.
    population, setting : str
        Printed above it.
    citation : str
        Where the findings are published; it goes with them to the arrows of a logic model.

    Returns
    -------
    SummaryOfFindings
        ``save("sof.docx")``, or ``.html``, ``.xlsx``, ``.md``; in a notebook it shows itself.

    Raises
    ------
    OptionError
        If there is nothing to show.
    DataError
        If something is no result of `certainty`, or two rows are about the same.

    Examples
    --------
    >>> from synthesis.appraisal.certainty.certainty import certainty
    >>> from synthesis.appraisal.certainty.reported import reported_effect
    >>> dvt = reported_effect("rr", 0.10, ci=(0.04, 0.26), outcome="DVT", studies=9,
    ...                       participants=2637)
    >>> rated = certainty(dvt, mid=0.75, baseline={"low risk": 0.01, "high risk": 0.03},
    ...                   intervention="stockings", comparator="no stockings")
    >>> table = summary_of_findings([rated]).to_frame()
    >>> for line in table["risk_with_intervention"][0].split("; "):
    ...     print(line)
    Low risk: 1 per 1,000 (0 to 3)
    9 fewer per 1,000 (10 fewer to 7 fewer)
    High risk: 3 per 1,000 (1 to 8)
    27 fewer per 1,000 (29 fewer to 22 fewer)
    """
    if isinstance(certainties, Certainty):
        certainties = [certainties]
    if not isinstance(certainties, Iterable):
        raise DataError(
            "summary_of_findings takes a list of results of certainty(...); got "
            f"{thing(certainties)}. Rate it first: certainty(fit, ...)."
        )
    held = tuple(certainties)
    if not held:
        raise OptionError("certainties: there is none; give the results of certainty(...).")
    for one in held:
        if not isinstance(one, Certainty):
            raise DataError(
                "summary_of_findings takes results of certainty(...); got "
                f"{thing(one)}. Rate it first: certainty(fit, ...)."
            )
    keys = [(one.comparison, one.outcome.label, one.follow_up) for one in held]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        named = shortened(", ".join(filter(None, key[1:])) for key in twice)
        raise DataError(
            f"certainties: two rows are about the same outcome ({named}). Give each its own "
            "follow_up, comparison or outcome."
        )
    facts = [
        (name, label(said)) for name, said in (("Population", population), ("Setting", setting))
    ]
    return SummaryOfFindings(
        held, label(title), tuple(fact for fact in facts if fact[1]), label(citation)
    )
