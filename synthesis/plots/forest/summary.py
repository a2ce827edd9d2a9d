"""Forest plots of results rather than studies: syntheses, outcomes, repeated analyses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.options import confidence_level
from arrowroot.text import counted, shortened
from arrowroot.text import label as read
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.measures import Measure, measure_named
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.artist import draw_table
from synthesis.plots.forest.cells import decimals, heading, written
from synthesis.plots.forest.columns import Column, Row
from synthesis.plots.forest.styles import ForestStyle, style_named
from synthesis.plots.forest.table import (
    LABEL_AT_MOST,
    ForestTable,
    named,
    square_kind,
    user_columns,
)
from synthesis.plots.forest.width import advice, fitted
from synthesis.pooling.readable import turned_back

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def summary_forest(
    results: pd.DataFrame,
    *,
    measure: str | Measure = "generic",
    label: str | None = None,
    group: str | None = None,
    back: bool = True,
    pooled: float | None = None,
    columns: Sequence[str] | Mapping[str, str] = (),
    right_columns: Sequence[str] | Mapping[str, str] = (),
    label_heading: str = "",
    missing: str = "Not estimable",
    style: str = "plain",
    ax: Axes | None = None,
    favours: tuple[str, str] | None = None,
    limits: tuple[float, float] | None = None,
    digits: int = 2,
    level: float = 0.95,
    width: float | str | None = None,
    title: str = "",
) -> Axes:
    """Draw results one below the other: of many syntheses, or of one analysis repeated.

    The tables of `meta_analyses`, `cumulative` and `leave_one_out` can be drawn as they are;
    so can published pooled results.

    Parameters
    ----------
    results : DataFrame
        One row per result: ``estimate ci_low ci_high``. A row without numbers is kept and says so.
    measure : str or Measure
        What the results are.
    label : str, optional
        The column with the names of the rows; by default the index.
    group : str, optional
        A column whose values become headings over their rows.
    back : bool
        Whether the numbers are on the scale of analysis, as results of this package are, and have
        to be transformed back: logarithms to ratios. Printed ratios need False. The double
        arcsine is turned back with the column ``back_n`` of `results`, which the tables of this
        package have; or with the sample size of `measure`, if it is that of a result.
    pooled : float, optional
        Where a dashed line is drawn, on the scale of `results`.
    columns, right_columns : sequence of str or mapping of str to str
        Further columns to print left and right of the plot; a mapping gives their headings.
    label_heading : str
        Heading of the names; by default the column's name, with a capital letter.
    missing : str
        What is printed where there are no numbers.
    style, ax, favours, limits, digits, width, title
        As for `forest`.
    level : float
        Level of the intervals.

    Returns
    -------
    Axes
        With effects along x, on a logarithmic scale for ratios.

    Raises
    ------
    DataError
        If a column is missing or a cell is not a number.
    OptionError
        If an option has no such value.
    """
    checks.is_table(results, "results")
    look = style_named(style)
    shown = measure if isinstance(measure, Measure) else measure_named(measure)
    level = confidence_level(level)
    names = _names(results, label)
    values = _values(results, names, shown if back else None)
    line = None if pooled is None else (shown.back(pooled) if back else pooled)
    left, right = named(columns), named(right_columns)
    effect = Column(
        key="effect", heading=heading(look.summary_heading, look, shown, level, model="")
    )
    table = ForestTable(
        left=[
            Column(
                key="label",
                heading=_title(clean(label_heading or label or results.index.name or "")),
                align="left",
                at_most=LABEL_AT_MOST,
            ),
            *user_columns(results, left, "columns"),
            *([effect] if "effect" in look.left else []),
        ],
        right=[
            *([effect] if "effect" in look.right else []),
            *user_columns(results, right, "right_columns"),
        ],
        rows=_rows(results, names, values, [*left, *right], look, group, digits, missing),
        notes=[],
        key=[],
        measure=shown,
        squares=square_kind(shown),
        plot_heading="",
        axis_label=shown.label,
        pooled=line,
    )
    table, look = fitted(
        table, look, favours=favours, title=title, width=width, given_axes=ax is not None
    )
    drawn = draw_table(table, look, ax=ax, favours=favours, limits=limits, title=title)
    if isinstance(drawn, Sheet):
        narrower = advice(look, laid_out=width is not None)
        drawn.narrower = narrower.replace("forest(", "summary_forest(")
        drawn.description = _in_words(names, values, shown)
    return drawn


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _names(results: pd.DataFrame, label: str | None) -> list[str]:
    checks.is_table(results, "results")
    if label is not None:
        return [clean(name) for name in read_labels(checks.column(results, label, "label"))]
    if isinstance(results.index, pd.MultiIndex):
        return [", ".join(clean(read(name)) for name in names) for names in results.index]
    return [clean(read(name)) for name in results.index]


def _values(results: pd.DataFrame, names: list[str], measure: Measure | None) -> np.ndarray:
    """Return low, estimate and high of every row on the scale readers see; NaN for none."""
    values = np.column_stack(
        [
            checks.numeric(checks.column(results, name, "results"), names)
            for name in ("ci_low", "estimate", "ci_high")
        ]
    )
    known = ~np.isnan(values)
    partly = known.any(axis=1) & ~known.all(axis=1)
    if partly.any():
        listed = shortened(names[row] for row in np.flatnonzero(partly))
        raise DataError(
            f"estimate, ci_low and ci_high must be given together; one is blank for {listed}. "
            "Fill it in, or leave all three blank."
        )
    if measure is None:
        return values
    numbers = pd.DataFrame(values, columns=["ci_low", "estimate", "ci_high"])
    if measure.needs_n and "back_n" in results:
        numbers["back_n"] = checks.numeric(results["back_n"], names)
    back = [turned_back(measure, numbers, name) for name in ("ci_low", "estimate", "ci_high")]
    return np.column_stack(back)


def _rows(
    results: pd.DataFrame,
    names: list[str],
    values: np.ndarray,
    own: list[str],
    look: ForestStyle,
    group: str | None,
    digits: int,
    missing: str,
) -> list[Row]:
    """Write the rows, under the headings of their groups where there are any."""
    negative = bool((values < 0).any())
    numeric = [name for name in own if pd.api.types.is_numeric_dtype(results[name])]
    places = {name: decimals(results[name]) for name in numeric}
    groups = (
        ["" for _ in names]
        if group is None
        else [clean(name) for name in read_labels(checks.column(results, group, "group"))]
    )
    rows: list[Row] = []
    for heading_ in dict.fromkeys(groups):
        if heading_:
            space = [Row(kind="space")] if rows else []
            rows += [*space, Row(kind="heading", cells={"label": heading_})]
        for at in (at for at, name in enumerate(groups) if name == heading_):
            low, estimate, high = map(float, values[at])
            cells = {"label": names[at]} | {
                f"user_{name}": written(results[name].iloc[at], places.get(name)) for name in own
            }
            if np.isnan(estimate):
                rows.append(Row(kind="study", cells={**cells, "effect": missing}))
                continue
            cells["effect"] = look.effect(estimate, (low, high), digits, negative)
            rows.append(Row(kind="study", cells=cells, low=low, estimate=estimate, high=high))
    return rows


TOLD_AT_MOST = 12
"""Results that are described one by one; of more, only the smallest and the largest."""


def _in_words(names: list[str], values: np.ndarray, measure: Measure) -> str:
    """Say what the figure shows."""
    parts = [
        f"{name} {display.drawn(estimate)} ({display.drawn(low)} to {display.drawn(high)})"
        for name, (low, estimate, high) in zip(names, values, strict=True)
        if not np.isnan(estimate)
    ]
    listed = "; ".join(parts) or "none with numbers"
    if len(parts) > TOLD_AT_MOST:
        rising = np.argsort(values[:, 1], kind="stable")  # missing ones come last
        known = [at for at in rising if not np.isnan(values[at, 1])]
        low, high = (
            f"{display.drawn(values[at, 1])} ({names[at]})" for at in (known[0], known[-1])
        )
        listed = f"from {low} to {high}"
    sides = ""
    if not np.isnan(measure.null):
        clear = int(((values[:, 0] > measure.null) | (values[:, 2] < measure.null)).sum())
        sides = f" {clear} of {len(parts)} intervals exclude no effect ({measure.null:g})."
    return (
        f"Forest plot of {counted(len(names), 'result')}, {measure.label} with "
        f"confidence intervals: {listed}.{sides}"
    )
