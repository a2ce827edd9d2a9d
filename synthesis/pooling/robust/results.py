"""The results of a cluster-robust analysis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from arrowroot.display import Shown, number, p_value
from arrowroot.text import counted
from synthesis.measures import Measure
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.formula.design import INTERCEPT
from synthesis.pooling.formula.in_r import formula_in_r
from synthesis.r_code import clusters
from synthesis.r_code.script import InR, Section

KINDS = {
    "cr2": "CR2, Satterthwaite df",
    "cr1": "CR1, m - p df",
    "cr0": "CR0, m - p df",
}
"""Kinds of sandwich, in words."""


@dataclass(frozen=True, repr=False, eq=False)
class RobustFit(InR, Shown):
    """Coefficients with cluster-robust standard errors.

    Attributes
    ----------
    coefficients : DataFrame
        By term: ``estimate std_error statistic df p_value ci_low ci_high``.
    covariance : ndarray, shape (P, P)
        Robust covariance of the coefficients.
    kind : str
        ``"cr2"``, ``"cr1"`` or ``"cr0"``.
    k, n_clusters : int
        Number of effects and of clusters.
    level : float
        Level of the intervals.
    measure : Measure
        The effect measure.
    notes : tuple of str
        What a reader should know about this result, in sentences.
    tested : tuple of bool
        Which coefficients have a value of no effect; texts print no p-value of the others.
    fit : MetaAnalysis, MetaRegression or ThreeLevel
        The model whose standard errors were replaced.
    clusters : tuple of str
        The cluster of each row of ``fit.studies``.
    """

    coefficients: pd.DataFrame
    covariance: Array
    kind: str
    k: int
    n_clusters: int
    level: float
    measure: Measure
    notes: tuple[str, ...]
    tested: tuple[bool, ...]
    fit: Any = field(default=None, repr=False)
    clusters: tuple[str, ...] = ()

    def r_section(self) -> Section:  # noqa: D102 - see InR
        studies = self.fit.studies
        formula = getattr(self.fit, "formula", "~ 1")
        design = getattr(self.fit, "design", pd.DataFrame(index=studies.index))
        words = formula_in_r(studies, formula, design)
        return clusters.robust(self, words, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the coefficients, unrounded, with the kind and the numbers for each."""
        return self.coefficients.reset_index().assign(
            kind=self.kind, k=self.k, n_clusters=self.n_clusters
        )

    def sentence(self) -> str:
        """Return the coefficients as a sentence for a paper, with the choices named."""
        terms = "; ".join(
            f"{name} {estimate}, {100 * self.level:g}% CI {low} to {high}{p} on {df} df"
            for name, estimate, low, high, p, df in self._shown()
        )
        size = f"{counted(self.k, 'effect')} in {counted(self.n_clusters, 'cluster')}"
        return f"{self._title()}, {size}: {terms}."

    def _shown(self) -> list[tuple[str, ...]]:
        """Return every coefficient as text; a pooled effect alone as readers know it."""
        alone = list(self.coefficients.index) == [INTERCEPT]
        digits = 2 if alone else 3

        def read(value: float) -> str:
            return number(self.measure.back(value) if alone else value, digits)

        return [
            (
                self.measure.abbreviation if alone else str(term),
                *(read(row[column]) for column in ("estimate", "ci_low", "ci_high")),
                f", p {p_value(row['p_value'])}" if tested else "",
                number(row["df"], 1),
            )
            for (term, row), tested in zip(
                self.coefficients.to_dict("index").items(), self.tested, strict=True
            )
        ]

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        return f"Cluster-robust standard errors ({KINDS[self.kind]})"

    def _facts(self) -> list[tuple[str, str]]:
        coefficients = [
            (f"{name} ({100 * self.level:g}% CI)", f"{estimate} [{low}, {high}]{p}, df = {df}")
            for name, estimate, low, high, p, df in self._shown()
        ]
        return [("Effects", f"{self.k:,} in {counted(self.n_clusters, 'cluster')}"), *coefficients]

    def _notes(self) -> tuple[str, ...]:
        return self.notes
