"""The multiverse: one analysis under every defensible combination of choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from arrowroot.display import Shown, interval, number
from arrowroot.errors import EstimationError, OptionError
from arrowroot.lab.progress import Progress
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis.diagnostics.specifications import Selection, selections, variants
from synthesis.labels import capitals
from synthesis.measures import Measure
from synthesis.pooling.engine.batch import Choices, Pooled, pool_ragged
from synthesis.pooling.readable import harmonic_means, study_sizes, turned_back
from synthesis.pooling.studies import find_measure
from synthesis.r_code.script import NotInR

_COMMON_EFFECT_INTERVALS = ("wald", "wald_t")
_RESULTS = (
    *("estimate", "std_error", "ci_low", "ci_high", "p_value"),
    *("tau2", "i2", "q", "pi_low", "pi_high"),
)
CHOICES = ("model", "tau2_method", "ci_method", "variance", "subgroup", "left_out")
"""Columns of the results that say what was chosen."""


@dataclass(frozen=True, repr=False, eq=False)
class Multiverse(NotInR, Shown):
    """The results of every specification.

    Attributes
    ----------
    results : DataFrame
        One row per specification: the choices ``model tau2_method ci_method variance subgroup
        left_out``, then ``k n_studies estimate std_error ci_low ci_high p_value tau2 i2 q pi_low
        pi_high`` on the scale of analysis.
    skipped : DataFrame
        Selections of fewer than two studies: ``subgroup left_out k``.
    level : float
        Level of the intervals.
    measure : Measure
        The effect measure.
    notes : tuple of str
        What a reader should know, in sentences.
    """

    r_words = (
        "a multiverse",
        "Each of its analyses by itself has to_r(): repeat it with meta_analysis",
    )

    results: pd.DataFrame
    skipped: pd.DataFrame
    level: float
    measure: Measure
    notes: tuple[str, ...] = ()

    @property
    def varied(self) -> tuple[str, ...]:
        """The choices with more than one option."""
        return tuple(name for name in CHOICES if len(self.results[name].unique()) > 1)

    def by(self, choice: str) -> pd.DataFrame:
        """Compare the options of one choice over all the others.

        Parameters
        ----------
        choice : str
            One of `varied`.

        Returns
        -------
        DataFrame
            Indexed by option: ``specifications``, the median, smallest and largest
            ``estimate``, and ``excludes_null``, the share of intervals in percent that exclude
            no effect; NaN for measures that have no such value.
        """
        one_of("choice", choice, self.varied)
        table = self.results.assign(excludes_null=100.0 * self._excludes_null())
        groups = table.groupby(choice, sort=False)
        estimates = groups["estimate"].agg(["size", "median", "min", "max"])
        estimates.columns = pd.Index(["specifications", "median", "smallest", "largest"])
        return estimates.assign(excludes_null=groups["excludes_null"].mean())

    def to_frame(self) -> pd.DataFrame:
        """Return the results, unrounded, from the smallest to the largest estimate."""
        return self.results.sort_values("estimate", kind="stable", ignore_index=True)

    def _excludes_null(self) -> pd.Series:
        if not self.measure.has_null:
            return pd.Series(np.nan, index=self.results.index)
        return (self.results["ci_low"] > 0) | (self.results["ci_high"] < 0)

    def _title(self) -> str:
        return f"{self.measure.label}: {counted(len(self.results), 'specification')}"

    def _facts(self) -> list[tuple[str, str]]:
        estimates = self.results["estimate"]
        seen = turned_back(self.measure, self.results, "estimate")
        limits = float(seen.min()), float(seen.max())
        facts = [
            ("Choices varied", ", ".join(self.varied) or "none"),
            ("Median estimate", number(self.measure.back(estimates.median()))),
            ("Estimates", interval(limits)),
        ]
        if not np.isnan(self.measure.null):
            positive = 100 * float((estimates > 0).mean())
            excluded = 100 * float(self._excludes_null().mean())
            facts.append(("Effects above no effect (%)", number(positive, 0)))
            facts.append((f"{self.level:.0%} intervals without no effect (%)", number(excluded, 0)))
        return facts

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def multiverse(
    effects: pd.DataFrame,
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    measure: str | None = None,
    model: Sequence[str] = ("random", "common"),
    tau2: Sequence[str | float] = ("reml", "dl", "pm"),
    ci: Sequence[str] = ("hksj", "wald"),
    variance: Sequence[str] | None = None,
    leave_out: str | Mapping[str, Sequence[str]] | None = None,
    subgroups: str | Sequence[str] = (),
    level: float = 0.95,
    prediction: str = "as_interval",
    dependent: str = "refuse",
    progress: bool = True,
) -> Multiverse:
    """Analyse the same studies under every combination of choices.

    Parameters
    ----------
    effects : DataFrame
        One row per study, as for `meta_analysis`.
    yi, vi, study, measure
        As for `meta_analysis`.
    model, tau2, ci : sequence
        Options of `meta_analysis`. Under the common effect there is no tau2 to choose, and the
        interval is Wald-type (normal, and with t quantiles if requested).
    variance : sequence of str, optional
        Forms of the variance of a standardised mean difference, options of `effect_sizes`; the
        table then needs the columns of both arms, and `yi` and `vi` are computed again.
    leave_out : {"each"} or mapping, optional
        In addition to all studies: each study left out in turn, or the studies listed under a name,
        such as ``{"high risk of bias": ["Grant", "Peck"]}``.
    subgroups : str or sequence of str
        Columns; in addition to all studies, those with each value of each column are analysed.
    level, prediction, dependent
        As for `meta_analysis`, the same for every specification.
    progress : bool
        Whether to show a progress bar once two seconds have passed.

    Returns
    -------
    Multiverse

    Raises
    ------
    OptionError
        An option has no such value, or a choice has no options at all.
    DataError
        As `meta_analysis`; also an unknown study to leave out, or variance forms without arms.
    EstimationError
        No selection contains two studies.

    References
    ----------
    Steegen et al. 2016, Perspect Psychol Sci 11:702-712; Voracek, Kossmeier & Tran 2019, Z
    Psychol 227:64-82, for meta-analyses.

    Examples
    --------
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> every = multiverse(table, tau2=["reml", "dl"], ci=["wald"])
    >>> every.results[["model", "tau2_method", "estimate"]].round(2)
        model tau2_method  estimate
    0  random        reml       0.4
    1  random          dl       0.4
    2  common        none       0.4
    """
    analyses = _analyses(model, tau2, ci, level, prediction)
    tables, notes = variants(
        effects,
        yi=yi,
        vi=vi,
        study=study,
        measure=measure,
        forms=variance,
        dependent=dependent,
    )
    columns = [subgroups] if isinstance(subgroups, str) else list(subgroups)
    studies = next(iter(tables.values()))
    whole = selections(studies, columns, leave_out)
    for column in columns:
        notes = [*notes, *capitals(f"Groups of {column}", studies[column])]
    kept = [one for one in whole if one.k > 1]
    if not kept:
        raise EstimationError(
            "multiverse: no selection contains two studies, so nothing is pooled."
        )
    skipped = pd.DataFrame(
        [(one.subgroup, one.left_out, one.k) for one in whole if one.k < 2],
        columns=["subgroup", "left_out", "k"],
    )
    named = find_measure(effects, measure, studies)
    parts = _pool_all(analyses, tables, kept, progress, study_sizes(studies, named))
    if len(skipped):
        notes = [
            *notes,
            f"{counted(len(skipped), 'selection')} of fewer than two studies not analysed; "
            "see `skipped`.",
        ]
    results = pd.concat(parts, ignore_index=True)
    if not named.has_null:
        results["p_value"] = np.nan
    return Multiverse(
        results=results,
        skipped=skipped,
        level=level,
        measure=named,
        notes=tuple(notes),
    )


def _analyses(
    model: Sequence[str],
    tau2: Sequence[str | float],
    ci: Sequence[str],
    level: float,
    prediction: str,
) -> list[Choices]:
    """Cross the choices of analysis, without those that a common effect does not have."""
    for name, options in (("model", model), ("tau2", tau2), ("ci", ci)):
        if isinstance(options, str) or not len(options):
            raise OptionError(f"{name} must be a list of options, such as [{options!r}].")
    crossed: list[Choices] = []
    for one in model:
        if one == "common":
            fitting = [name for name in ci if name in _COMMON_EFFECT_INTERVALS] or ["wald"]
            crossed += [Choices(one, ci=name, level=level, prediction="none") for name in fitting]
        else:
            crossed += [Choices(one, *pair, prediction, level) for pair in product(tau2, ci)]
    return crossed


def _pool_all(
    analyses: Sequence[Choices],
    tables: Mapping[str, pd.DataFrame],
    kept: Sequence[Selection],
    progress: bool,
    n_of_study: np.ndarray | None,
) -> list[pd.DataFrame]:
    """Pool every selection of every table, one ragged batch per way of analysis."""
    y, v = (
        np.concatenate([table[name].to_numpy(dtype=float) for table in tables.values()])
        for name in ("yi", "vi")
    )
    n_studies, n = len(y) // len(tables), len(tables) * len(kept)
    rows = np.concatenate(
        [one.rows + place * n_studies for place in range(len(tables)) for one in kept]
    )
    sizes = np.tile([one.k for one in kept], len(tables))
    parts = []
    total = len(analyses) * n
    with Progress(total, "Multiverse", "analyses", show=progress) as bar:
        for choices in analyses:
            pooled = pool_ragged(y, v, sizes, choices, rows=rows, progress=bar.update)
            part = _rows(choices, tables, kept, sizes, pooled)
            if n_of_study is not None:
                part["back_n"] = harmonic_means(np.tile(n_of_study, len(tables)), sizes, rows)
            parts.append(part)
    return parts


def _rows(
    choices: Choices,
    tables: Mapping[str, pd.DataFrame],
    kept: Sequence[Selection],
    sizes: np.ndarray,
    pooled: Pooled,
) -> pd.DataFrame:
    given = choices.tau2_method == "given"
    return pd.DataFrame(
        {
            "model": choices.model,
            "tau2_method": f"given {choices.tau2:g}" if given else choices.tau2_method,
            "ci_method": choices.ci,
            "variance": np.repeat(list(tables), len(kept)),
            "subgroup": [one.subgroup for one in kept] * len(tables),
            "left_out": [one.left_out for one in kept] * len(tables),
            "k": sizes,
            "n_studies": [one.n_studies for one in kept] * len(tables),
            **{name: getattr(pooled, name) for name in _RESULTS},
        }
    )
