"""The table around a forest plot: which rows and columns it has, and what is printed there."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from synthesis import checks, display
from synthesis.plots.columns import Column, Row
from synthesis.plots.forest_styles import ForestStyle
from synthesis.plots.typeface import clean
from synthesis.pooling.results import MetaAnalysis

MEANS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
COUNTS = ("events_t", "n_t", "events_c", "n_c")
CONTINUOUS = ("smd", "md", "rom")
BINARY = ("rr", "or", "rd", "peto", "asd")

SUBSCRIPTS = str.maketrans("0123456789.", "₀₁₂₃₄₅₆₇₈₉.")


@dataclass(frozen=True, kw_only=True)
class ForestOptions:
    """What the user chose, beside the style."""

    columns: Mapping[str, str]
    right_columns: Mapping[str, str]
    arms: tuple[str, str]
    order: str
    descending: bool
    digits: int
    prediction: bool


@dataclass(frozen=True)
class ForestTable:
    """The columns left and right of the plot, the rows, and the sentences below."""

    left: list[Column]
    right: list[Column]
    rows: list[Row]
    notes: list[str]


def forest_table(fit: MetaAnalysis, look: ForestStyle, options: ForestOptions) -> ForestTable:
    """Write the table of one meta-analysis in a style."""
    studies = ordered(fit, options)
    arms = arm_columns(studies, look, options.arms)
    writer = _Writer(fit, look, options, studies, [column.key for column in arms])
    known = {
        "arms": arms,
        "weight": [Column(key="weight", heading=look.weight_heading)],
        "effect": [Column(key="effect", heading=heading(look.effect_heading, fit, look))],
    }
    left = [
        Column(key="label", heading=look.study_heading, align="left", at_most=24.0),
        *user_columns(studies, options.columns),
        *(column for part in look.left for column in known[part]),
    ]
    right = [
        *(column for part in look.right for column in known[part]),
        *user_columns(studies, options.right_columns),
    ]
    rows = [*writer.studies(), *writer.missing(), Row(kind="space"), writer.total()]
    if options.prediction and fit.prediction_interval is not None:
        rows.append(writer.prediction())
    return ForestTable(left, right, rows, notes(fit, look))


def heading(template: str, fit: MetaAnalysis, look: ForestStyle) -> str:
    """Fill a style's text with the measure, the model and the level."""
    return template.format(
        label=fit.measure.label,
        abbreviation=fit.measure.abbreviation,
        model=look.models[fit.model],
        level=f"{100 * fit.level:g}%",
    )


def ordered(fit: MetaAnalysis, options: ForestOptions) -> pd.DataFrame:
    """Return the studies with weight and interval on the scale of analysis, sorted as asked.

    Parameters
    ----------
    fit : MetaAnalysis
        The result.
    options : ForestOptions
        `order` is ``"table"``, ``"effect"``, ``"weight"``, ``"precision"`` or a column.

    Returns
    -------
    DataFrame
        The columns of `fit.studies` and ``_weight``, ``_low``, ``_high``.
    """
    numbers = fit.study_frame()
    studies = fit.studies.assign(
        _weight=numbers["weight"].to_numpy(),
        _low=numbers["ci_low"].to_numpy(),
        _high=numbers["ci_high"].to_numpy(),
    )
    if options.order == "table":
        return studies[::-1] if options.descending else studies
    named = {"effect": "yi", "weight": "_weight", "precision": "vi"}
    by = named.get(options.order, options.order)
    if by not in studies:
        legal = ["table", *named, *map(str, fit.studies.columns)]
        checks.option("order", options.order, legal)
    ascending = not options.descending
    return studies.sort_values(by, ascending=ascending, kind="stable", na_position="last")


def arm_columns(studies: pd.DataFrame, look: ForestStyle, arms: tuple[str, str]) -> list[Column]:
    """Return the columns of raw data by arm that the table can fill and the style shows."""
    kind = raw_kind(studies)
    if look.arms == "none" or kind is None:
        return []
    columns = []
    for side, arm in zip("tc", arms, strict=True):
        if look.arms == "combined":
            what = "Mean (SD) / total" if kind == "means" else "Events / total"
            columns.append(Column(key=f"arm_{side}", heading=what, group=arm))
            continue
        parts = {"mean": "Mean", "sd": "SD"} if kind == "means" else {"events": "Events"}
        for part, name in {**parts, "n": "Total"}.items():
            columns.append(Column(key=f"{part}_{side}", heading=name, group=arm))
    return columns


def raw_kind(studies: pd.DataFrame) -> str | None:
    """Tell which raw data by arm every study has: ``"means"``, ``"counts"`` or none."""
    for kind, needed in (("means", MEANS), ("counts", COUNTS)):
        if set(needed) <= set(studies) and studies[list(needed)].notna().any(axis=None):
            return kind
    return None


def square_kind(fit: MetaAnalysis) -> str:
    """Tell which of a style's colours the squares take."""
    if fit.measure.name in CONTINUOUS:
        return "continuous"
    return "binary" if fit.measure.name in BINARY else "generic"


def user_columns(studies: pd.DataFrame, names: Mapping[str, str]) -> list[Column]:
    """Return the columns the user asked for: numbers to the right, words to the left."""
    columns = []
    for name, title in names.items():
        values = checks.column(studies, name, "columns")
        align: Literal["left", "right"] = (
            "right" if pd.api.types.is_numeric_dtype(values) else "left"
        )
        columns.append(Column(key=f"user_{name}", heading=clean(title), align=align))
    return columns


def decimals(values: Iterable[object], at_most: int = 3) -> int:
    """Count the decimals that a column of numbers was given with.

    Examples
    --------
    >>> decimals([94, 22.5]), decimals([1.0, 2.0]), decimals([1 / 3])
    (1, 0, 3)
    """
    numbers = pd.Series(list(values), dtype=float).dropna().to_numpy()
    for digits in range(at_most):
        if np.allclose(numbers, np.round(numbers, digits), rtol=0, atol=1e-9):
            return digits
    return at_most


class _Writer:
    """Writes rows: every cell of a figure passes through here."""

    def __init__(
        self,
        fit: MetaAnalysis,
        look: ForestStyle,
        options: ForestOptions,
        studies: pd.DataFrame,
        arm_keys: Sequence[str],
    ) -> None:
        self.fit, self.look, self.options, self.table = fit, look, options, studies
        self.arm_keys = arm_keys
        self.shown = [
            name
            for name in (*MEANS, *COUNTS, *options.columns, *options.right_columns)
            if name in studies and pd.api.types.is_numeric_dtype(studies[name])
        ]
        self.digits = {name: decimals(studies[name]) for name in self.shown}
        limits = [*studies["_low"], *studies["_high"], *fit.ci, *(fit.prediction_interval or ())]
        self.negative = any(fit.measure.back(limit) < 0 for limit in limits if np.isfinite(limit))

    def studies(self) -> list[Row]:
        """Write a row a study."""
        return [self._study(study) for study in self.table.to_dict("records")]

    def _study(self, study: Mapping[Hashable, Any]) -> Row:
        back = self.fit.measure.back
        low, estimate, high = (back(study[key]) for key in ("_low", "yi", "_high"))
        weight = study["_weight"]
        cells = {
            "label": clean(study["study"]),
            "weight": display.number(weight, 1) + self.look.weight_ending,
            "effect": self._effect(estimate, (low, high)),
            **self._arms(study),
        }
        for name in (*self.options.columns, *self.options.right_columns):
            cells[f"user_{name}"] = self._value(name, study[name])
        return Row(kind="study", cells=cells, low=low, estimate=estimate, high=high, weight=weight)

    def _effect(self, estimate: float, ci: tuple[float, float]) -> str:
        return self.look.effect(estimate, ci, self.options.digits, self.negative)

    def _value(self, name: str, value: Any) -> str:
        if pd.isna(value):
            return display.NOT_ESTIMATED
        if name in self.digits:
            return display.number(value, self.digits[name])
        return clean(value)

    def _arms(self, study: Mapping[Hashable, Any]) -> dict[str, str]:
        """Write the raw data of both arms, apart or together as the style has it."""
        cells = {name: self._value(name, study[name]) for name in self.digits if name in study}
        for side in "tc":
            total = cells.get(f"n_{side}", "")
            if f"mean_{side}" in cells:
                cells[f"arm_{side}"] = f"{cells[f'mean_{side}']} ({cells[f'sd_{side}']}) / {total}"
            elif f"events_{side}" in cells:
                cells[f"arm_{side}"] = f"{cells[f'events_{side}']} / {total}"
        return {key: cells[key] for key in self.arm_keys if key in cells}

    def missing(self) -> list[Row]:
        """Write a row for every study that gave no estimate."""
        return [
            Row(kind="study", cells={"label": clean(name), "effect": "Not estimable"})
            for name in self.fit.excluded["study"]
        ]

    def total(self) -> Row:
        """Write the pooled effect, with the sums of both arms."""
        fit = self.fit
        low, estimate, high = map(fit.measure.back, (fit.ci[0], fit.estimate, fit.ci[1]))
        sums = {
            name: display.number(float(self.table[name].sum()), 0)
            for name in ("n_t", "n_c", "events_t", "events_c")
            if name in self.arm_keys
        }
        cells = {
            "label": heading(self.look.total, fit, self.look),
            "weight": display.number(100.0, 1) + self.look.weight_ending,
            "effect": self._effect(estimate, (low, high)),
            **sums,
        }
        return Row(kind="total", cells=cells, low=low, estimate=estimate, high=high)

    def prediction(self) -> Row:
        """Write the prediction interval."""
        fit = self.fit
        assert fit.prediction_interval is not None  # noqa: S101 - asked by the caller
        low, high = map(fit.measure.back, fit.prediction_interval)
        text = self.look.limits((low, high), self.options.digits, self.negative)
        cells = {"label": heading(self.look.prediction, fit, self.look), "effect": text}
        return Row(kind="prediction", cells=cells, low=low, high=high)


def notes(fit: MetaAnalysis, look: ForestStyle) -> list[str]:
    """Write the sentences below a forest plot: heterogeneity, the test, what was left out."""
    lines = [heterogeneity(fit, look)] if fit.k > 1 else []
    if not np.isnan(fit.measure.null):
        lines.append(
            look.overall.format(statistic=statistic(fit, look), p=look.p_value(fit.p_value))
        )
    if not fit.excluded.empty:
        reasons = [f"{clean(s)} ({clean(r)})" for s, r in zip(*_excluded(fit), strict=True)]
        lines.append(f"Not pooled: {checks.shortened(reasons)}.")
    return lines


def _excluded(fit: MetaAnalysis) -> tuple[list[object], list[object]]:
    return list(fit.excluded["study"]), list(fit.excluded["reason"])


def heterogeneity(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Write the heterogeneity line."""
    template = look.heterogeneity if fit.model == "random" else look.heterogeneity_common
    small = fit.tau2 > 0 and float(display.number(fit.tau2)) == 0
    return template.format(
        tau2=display.number(fit.tau2, 4 if small else 2),
        q=display.number(fit.q),
        q_df=fit.q_df,
        q_df_low=str(fit.q_df).translate(SUBSCRIPTS),
        q_p=look.p_value(fit.q_p_value),
        i2=display.number(fit.i2, 0),
    )


def statistic(fit: MetaAnalysis, look: ForestStyle) -> str:
    """Write the statistic of the test of no effect, with its degrees of freedom."""
    value = display.number(fit.statistic)
    if fit.df is None:
        return f"{look.z} = {value}"
    return f"t = {value}, df = {display.number(fit.df, 0 if float(fit.df).is_integer() else 1)}"
