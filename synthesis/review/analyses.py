"""The results of a review: one analysis per comparison, outcome and time window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from arrowroot.display import Shown, interval, number
from synthesis.outcomes import Outcome, Window
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis
from synthesis.review.inputs.forms import Comparison, Sensitivity


@dataclass(frozen=True)
class NotDone:
    """Something planned that was not done.

    Attributes
    ----------
    what : str
        Its part of the plan, such as ``"subgroups team"``.
    reason : str
        Why, in a sentence.
    is_slip : bool
        Whether the plan, rather than the number of studies, is the reason.
    """

    what: str
    reason: str
    is_slip: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Variant(Shown):
    """A sensitivity analysis of one analysis.

    Attributes
    ----------
    plan : Sensitivity
        What it changes.
    fit : MetaAnalysis
        Its result.
    left_out : tuple of str
        The studies that it leaves out.
    """

    plan: Sensitivity
    fit: MetaAnalysis
    left_out: tuple[str, ...] = ()

    def _title(self) -> str:
        return self.plan.name

    def _facts(self) -> Sequence[tuple[str, str]]:
        left = ", ".join(self.left_out) or "none"
        return [("Result", self.fit.sentence()), ("Studies left out", left)]


@dataclass(frozen=True, eq=False, repr=False)
class Analysis(Shown):
    """One outcome of one comparison in one time window.

    Attributes
    ----------
    key : str
        ``"comparison.outcome.window"``, or ``"comparison.outcome"`` for an outcome without
        windows.
    comparison : Comparison
        What is compared.
    outcome : Outcome
        What was measured.
    window : Window or None
        When.
    effects : DataFrame
        The rows, as `synthesis.effect_sizes` returns them, those without an effect included.
    fit : MetaAnalysis or None
        The pooled result; None if nothing could be pooled, and `reason` says why.
    reason : str
        Why there is no result.
    set_aside : DataFrame
        Rows that the plan did not choose: ``study``, ``line`` and ``reason``.
    subgroups : mapping of str to SubgroupAnalysis
        By the columns that the plan names.
    sensitivity : mapping of str to Variant
        By the ids that the plan names.
    small_studies : mapping of str to result
        By the names of the tests.
    not_done : tuple of NotDone
        What the plan names and was not done, with the reason.
    """

    key: str
    comparison: Comparison
    outcome: Outcome
    window: Window | None
    effects: pd.DataFrame
    fit: MetaAnalysis | None
    reason: str = ""
    set_aside: pd.DataFrame = field(default_factory=lambda: no_rows())
    subgroups: Mapping[str, SubgroupAnalysis] = field(default_factory=dict)
    sensitivity: Mapping[str, Variant] = field(default_factory=dict)
    small_studies: Mapping[str, Any] = field(default_factory=dict)
    not_done: tuple[NotDone, ...] = ()

    @property
    def window_id(self) -> str:
        """The id of the window; empty where the outcome has none."""
        return self.window.id if self.window else ""

    @property
    def name(self) -> str:
        """The outcome and the window, as headings have them."""
        when = f", {self.window.label}" if self.window else ""
        return f"{self.outcome.label}{when}"

    @property
    def participants(self) -> int | None:
        """How many people are in the studies pooled; None where a row does not say.

        None too where a study has several effects, whose people would be counted twice.
        """
        if self.fit is None or self.fit.dependence not in ("none", "labels"):
            return None
        rows = self.fit.studies
        for names in (("n_t", "n_c"), ("n_total",), ("n",)):
            if all(name in rows for name in names):
                total = rows[list(names)].sum(axis=1, skipna=False)
                if total.notna().all():
                    return round(float(total.sum()))
        return None

    def _title(self) -> str:
        return f"{self.comparison.name}: {self.name}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        if self.fit is None:
            return [("No result", self.reason)]
        facts = [("Result", self.fit.sentence())]
        facts += [(f"Subgroups: {by}", one.sentence()) for by, one in self.subgroups.items()]
        for variant in self.sensitivity.values():
            fit = variant.fit
            span = interval((fit.back(fit.ci[0]), fit.back(fit.ci[1])))
            facts.append((variant.plan.name, f"{number(fit.back(fit.estimate))} {span}"))
        return facts

    def _notes(self) -> Sequence[str]:
        return [f"{one.what}: {one.reason}" for one in self.not_done]


def no_rows() -> pd.DataFrame:
    """Return a table of rows without any."""
    return pd.DataFrame({"study": [], "line": [], "reason": []}, dtype=object)
