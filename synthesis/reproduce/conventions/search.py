"""Which choices gave the printed numbers: try every combination, and show what decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from arrowroot.options import confidence_level
from arrowroot.text import counted
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.pooling.engine.weighted import Array
from synthesis.reproduce.conventions import candidates, model_candidates, preparations, readings
from synthesis.reproduce.conventions.options import check_groups, check_input, checked_options
from synthesis.reproduce.conventions.quantities import Wanted, wanted
from synthesis.reproduce.conventions.results import ConventionSearch
from synthesis.reproduce.conventions.words import in_words, named

NEAREST = 10
"""How many of the nearest combinations are listed."""
_FEW = 3
"""With fewer printed numbers than this, a search says that they decide little."""
_NOWHERE = 1e9
"""The gap of a result that does not exist."""
_USUAL_SD = {"smd": "pooled", "md": "separate"}

_FIRST = {
    "variance": "ls",
    "correct": "yes",
    "zero_cells": "half",
    "no_events": "keep",
    "inputs": "as given",
    **candidates.DEFAULTS,
    "method": "reml",
    "test": "z",
    **{name: options[0] for name, options in readings.OPTIONS.items()},
}


def find_conventions(
    effects: pd.DataFrame,
    printed: Mapping[str, object],
    *,
    measure: str | None = None,
    by: str | None = None,
    formula: str | None = None,
    cluster: str | None = None,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    level: float = 0.95,
    among: Mapping[str, str | Sequence[str]] | None = None,
    progress: bool = True,
) -> ConventionSearch:
    """Find the choices under which the data give the printed numbers.

    Every combination is computed: the formula of the effect and of its variance, the standardiser,
    the small-sample correction, what is done about zero cells, whether the inputs were rounded;
    the model, the estimator of tau2, the interval, the prediction interval, the variance within
    subgroups, the way of trimming; the direction, the scale, the definition of I² and whether
    digits were rounded or cut off. Choices on which no printed number depends are left alone.

    Parameters
    ----------
    effects : DataFrame
        One row per study: arms (``mean_t sd_t n_t ...`` or ``events_t n_t ...``), correlations
        (``r n``), or effects and variances.
    printed : mapping of str to str
        Results as printed: ``{"estimate": "0.56", "ci_low": "0.43", "I2": "20"}``. Names are those
        of `synthesis.reproduce.conventions.quantities.DEPENDS`; a study's own effect is
        ``"yi Carroll"``.
    measure : str, optional
        The effect measure, where it is known; by default the table's, and without one every
        measure that its columns lead to.
    by : str, optional
        Column of the subgroups, for ``q_between`` and its p-value.
    formula : str, optional
        Moderators, ``"~ weeks"``, where the numbers are of a meta-regression: coefficients by
        their terms, or ``"intercept"`` and ``"slope"``.
    cluster : str, optional
        Column of the clusters, where the numbers are of a three-level model: ``"sigma2 cluster"``
        and ``"sigma2 effect"`` are its variances.
    yi, vi, study : str
        Columns, as in `meta_analysis`.
    level : float
        Level of every interval.
    among : mapping, optional
        Options to which the search is restricted, by choice: ``{"tau2": ["dl", "reml"], "model":
        "random"}``.
    progress : bool
        Whether to show a progress bar once two seconds have passed.

    Returns
    -------
    ConventionSearch

    Raises
    ------
    DataError
        A printed number cannot be read, or the table leads to no effects.
    OptionError
        There is no such result, choice or option.

    Examples
    --------
    >>> from synthesis import datasets
    >>> studies = datasets.load("baskerville2012")
    >>> found = find_conventions(studies, {"estimate": "0.56", "ci_low": "0.43", "ci_high": "0.68"})
    >>> found.matches[["model", "tau2", "ci"]].iloc[0].tolist()
    ['random', 'dl', 'wald']
    """
    confidence_level(level)
    check_input(effects, printed)
    kept = checked_options(among)
    labels = read_labels(checks.column(effects, study, "study"))
    if cluster is not None:
        clusters = checks.column(effects, cluster, "cluster")
        effects = effects.assign(**{model_candidates.CLUSTER: clusters})
    prepared = preparations.preparations(
        effects, measure=measure, yi=yi, vi=vi, study=study, among=kept
    )
    if formula is None and cluster is None:
        sought = wanted(printed, labels)
        check_groups(effects, by, sought)
        options = candidates.searched(sought, kept)
        grid = candidates.grid(prepared, options, sought, by=by, level=level, progress=progress)
        silent = [name for name in ("model", "tau2", "ci", "prediction") if name not in options]
    else:
        silent = []
        terms = model_candidates.terms_of(prepared[0], formula or "~ 1")
        more = model_candidates.result_names(terms, three_level=cluster is not None)
        sought = wanted(printed, labels, more)
        if cluster is None:
            grid = model_candidates.regressions(prepared, formula or "~ 1", kept, level)
        else:
            grid = model_candidates.three_levels(prepared, formula or "~ 1", kept, level)
    measures = list(dict.fromkeys(one.choices["measure"] for one in prepared))
    return judged(grid, sought, readings.readings(sought, kept, measures), silent=silent)


def judged(
    grid: candidates.Grid,
    sought: Sequence[Wanted],
    options: Mapping[str, Sequence[str]],
    *,
    silent: Sequence[str] = (),
) -> ConventionSearch:
    """Return which combinations meet the printed numbers, and what decides.

    Parameters
    ----------
    grid : Grid
        Every analysis.
    sought : sequence of Wanted
        The printed numbers.
    options : mapping of str to sequence of str
        Ways to read and print them.
    silent : sequence of str
        Choices left out because no printed number depends on them.
    """
    table, values, hits, gaps = readings.read_all(grid, sought, options)
    varied = [name for name in table.columns if len(table[name].unique()) > 1]
    missed = (~hits).sum(axis=1)
    # A value that does not exist is further off than any that does.
    gap = np.minimum(gaps, _NOWHERE).sum(axis=1)
    changes = _changes(table, _settled(table.iloc[int(np.lexsort((gap, missed))[0])]))
    order = np.lexsort((changes, gap, missed))
    results = pd.DataFrame({f"our_{name}": value for name, value in values.items()})
    shown = pd.concat([table[_said(table)], results], axis=1)
    met = order[missed[order] == 0]
    met = met[np.argsort(changes[met], kind="stable")]
    others = order[missed[order] > 0][:NEAREST]
    first = int(met[0]) if met.size else int(others[0])
    start = int(changes.argmin())
    misses = _misses(table, hits, values, sought)
    separating = _separating(table, varied, first, misses)
    explanation = in_words(
        table, misses, base=start, first=first, met=met, varied=varied, separating=separating
    )
    return ConventionSearch(
        matches=shown.iloc[met].reset_index(drop=True),
        nearest=shown.iloc[others]
        .assign(missed=missed[others], gap=gap[others].round(3))
        .reset_index(drop=True),
        separating=separating if met.size else separating.iloc[:0],
        explanation=explanation,
        searched=len(table),
        printed={one.column: one.printed.text for one in sought},
        notes=_notes(sought, silent),
    )


def _said(table: pd.DataFrame) -> list[str]:
    """Return the choices that apply."""
    return [name for name in table.columns if (table[name] != "").any()]


def _settled(best: pd.Series) -> dict[str, str]:
    """Return the defaults, with the measure and the scale of the best combination.

    Readers of the paper know both; counting them as changes would hide the others.
    """
    measure = best["measure"]
    settled = {**_FIRST, "measure": measure, "sd": _USUAL_SD.get(measure, "")}
    return {**settled, "scale": best["scale"]} if "scale" in best else settled


Misses = Callable[[int], list[tuple[str, str, str]]]


def _misses(
    table: pd.DataFrame, hits: Array, values: Mapping[str, Array], sought: Sequence[Wanted]
) -> Misses:
    """Return a function from a row to what it misses: result, as printed, as it would print."""
    cut = (table["digits"] == "cut off").to_numpy()

    def of(row: int) -> list[tuple[str, str, str]]:
        return [
            (
                one.column,
                one.printed.text,
                readings.would_print(one, float(values[one.column][row]), cut=bool(cut[row])),
            )
            for one, hit in zip(sought, hits[row], strict=True)
            if not hit
        ]

    return of


def _changes(table: pd.DataFrame, base: Mapping[str, str]) -> Array:
    """Return in how many choices each row differs from a base, among those that apply."""
    total = np.zeros(len(table))
    for name in table.columns:
        column = table[name].to_numpy(dtype=object)
        total += (column != base.get(name, "")) & (column != "") & (column != "none")
    return total


def _separating(
    table: pd.DataFrame, varied: Sequence[str], first: int, misses: Misses
) -> pd.DataFrame:
    """Return each single change to a combination that no longer gives the printed numbers."""
    columns = ["choice", "option", "instead", "missed", "printed", "would_print"]
    if not varied:
        return pd.DataFrame(columns=columns)
    codes = np.array([pd.factorize(table[name])[0] for name in varied]).T
    differs = codes != codes[first]
    rows = []
    for row in np.flatnonzero(differs.sum(axis=1) == 1).tolist():
        if lost := misses(row):
            name = varied[int(differs[row].argmax())]
            changed = (name, table[name].iloc[first], table[name].iloc[row])
            rows.append((*changed, *(", ".join(part) for part in zip(*lost, strict=True))))
    return pd.DataFrame(rows, columns=columns)


def _notes(sought: Sequence[Wanted], silent: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if silent:
        listed = ", ".join(named(name) for name in silent)
        notes.append(f"Not searched, because no printed number depends on it: {listed}.")
    if len(sought) < _FEW:
        notes.append(
            f"{counted(len(sought), 'printed number')} cannot distinguish many conventions: add "
            "every number that the paper prints."
        )
    return tuple(notes)
