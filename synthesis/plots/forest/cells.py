"""The cells of a forest plot: what is printed in every row."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from arrowroot import display
from synthesis.measures import Measure
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.forest.columns import Row
from synthesis.plots.forest.footnotes import Footnotes
from synthesis.plots.forest.styles import METHODS, SHORT, ForestStyle
from synthesis.plots.judgements import judgement
from synthesis.pooling.results import MetaAnalysis

MEANS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
COUNTS = ("events_t", "n_t", "events_c", "n_c")
OTHER_ARM = {"_t": "_c", "_c": "_t"}
PEOPLE = frozenset({"n_t", "n_c", "events_t", "events_c"})


@dataclass(frozen=True, kw_only=True)
class ForestOptions:
    """What the user chose, apart from the style."""

    columns: Mapping[str, str]
    right_columns: Mapping[str, str]
    arms: tuple[str, str]
    order: str
    descending: bool
    digits: int
    prediction: bool
    risk_of_bias: Mapping[str, str]
    also: Sequence[MetaAnalysis]
    footnotes: bool


def heading(template: str, look: ForestStyle, measure: Measure, level: float, model: str) -> str:
    """Fill a style's text with the measure, the level and the model."""
    return template.format(
        label=measure.label,
        short=SHORT.get(measure.name, measure.label),
        abbreviation=measure.abbreviation,
        method=METHODS.get(model, "IV"),
        model=look.models.get(model, ""),
        level=f"{100 * level:g}%",
    )


def heading_of(template: str, fit: MetaAnalysis, look: ForestStyle) -> str:
    """Fill a style's text with the properties of a result."""
    return heading(template, look, fit.measure, fit.level, fit.model)


def decimals(values: Iterable[object], at_most: int = 3) -> int:
    """Count the decimals with which a column of numbers was given.

    Computed numbers have no last decimal; of these one is shown if they are as large as
    percentages, otherwise two.

    Examples
    --------
    >>> decimals([94, 22.5]), decimals([1.0, 2.0]), decimals([1 / 3]), decimals([100 / 3])
    (1, 0, 2, 1)
    """
    numbers = pd.Series(list(values), dtype=float).dropna().to_numpy()
    for digits in range(at_most + 1):
        if np.allclose(numbers, np.round(numbers, digits), rtol=0, atol=1e-9):
            return digits
    return 1 if np.median(np.abs(numbers)) >= 10 else 2


def column_decimals(tables: Sequence[pd.DataFrame], names: Iterable[str]) -> dict[str, int]:
    """Count the decimals of columns of numbers: one count for a column, and for both arms.

    Parameters
    ----------
    tables : sequence of DataFrame
        The study tables of a figure.
    names : iterable of str
        Columns; those that hold no numbers are left out.

    Examples
    --------
    >>> column_decimals([pd.DataFrame({"sd_t": [4.2], "sd_c": [1.45], "n_t": [20]})],
    ...                 ["sd_t", "sd_c", "n_t"])
    {'sd_t': 2, 'sd_c': 2, 'n_t': 0}
    """
    digits = {}
    for name in names:
        held = [table[name] for table in tables if name in table]
        if held and all(map(pd.api.types.is_numeric_dtype, held)):
            digits[name] = decimals(value for column in held for value in column)
    pairs = {name: name[:-2] + other for name in digits if (other := OTHER_ARM.get(name[-2:], ""))}
    return digits | {
        name: max(digits[name], digits[other])
        for name, other in pairs.items()
        if name in (*MEANS, *COUNTS) and other in digits
    }


def written(value: Any, digits: int | None) -> str:
    """Write a user's cell: a number with the given decimals, or a text."""
    if pd.isna(value):
        return display.NOT_ESTIMATED
    return clean(value) if digits is None else display.drawn(float(value), digits)


def people(value: Any) -> str:
    """Write a number of people; a part of a control arm that was divided has a decimal.

    Examples
    --------
    >>> people(50.0), people(50 / 3)
    ('50', '16.7')
    """
    whole = pd.notna(value) and abs(value - round(value)) < 1e-9
    return written(value, 0 if whole else 1)


def any_negative(fits: Iterable[MetaAnalysis]) -> bool:
    """Say whether any printed limit of these results is below zero, as readers see it."""
    for fit in fits:
        frame = fit.study_frame()
        pooled = map(fit.back, (*fit.ci, *(fit.prediction_interval or ())))
        limits = [*frame["effect_low"], *frame["effect_high"], *pooled]
        if any(limit < 0 for limit in limits if np.isfinite(limit)):
            return True
    return False


class Writer:
    """Writes rows: every cell of a figure passes through here."""

    def __init__(
        self,
        fit: MetaAnalysis,
        look: ForestStyle,
        options: ForestOptions,
        *,
        kind: str | None,
        digits: Mapping[str, int],
        footnotes: Footnotes,
        negative: bool,
    ) -> None:
        self.fit, self.look, self.options = fit, look, options
        self.kind, self.digits, self.negative = kind, digits, negative
        self.footnotes, self.heaviest = footnotes, float(fit.weights.max())

    def studies(self, studies: pd.DataFrame) -> list[Row]:
        """Write one row per study; mark its footnotes."""
        return [self._study(study) for study in studies.to_dict("records")]

    def _study(self, study: Mapping[Hashable, Any]) -> Row:
        low, estimate, high = (study[key] for key in ("_low", "_effect", "_high"))
        weight = study["_weight"]
        cells = {
            "label": clean(study["study"]),
            "weight": display.drawn(weight, 1) + self.look.weight_ending,
            "effect": self._effect(estimate, (low, high)),
            **self._arms(study),
        }
        for name in (*self.options.columns, *self.options.right_columns):
            cells[f"user_{name}"] = written(study[name], self.digits.get(name))
        for name in self.options.risk_of_bias:
            found = judgement(study[name])
            cells[f"risk_{name}"] = found.symbol if found else ""
        return Row(
            kind="study",
            cells=cells,
            low=low,
            estimate=estimate,
            high=high,
            weight=weight,
            heaviest=self.heaviest,
            marks=self.footnotes.marks(study["_said"]),
            fit=self.fit,
        )

    def _effect(self, estimate: float, ci: tuple[float, float]) -> str:
        return self.look.effect(estimate, ci, self.options.digits, self.negative)

    def _arms(self, study: Mapping[Hashable, Any]) -> dict[str, str]:
        """Write the raw data of both arms, as separate columns and combined in one per arm."""
        cells = {
            name: people(study.get(name))
            if name in PEOPLE
            else written(study.get(name), self.digits.get(name))
            for name in self._names()
        }
        for side in "tc":
            total = cells.get(f"n_{side}", "")
            if self.kind == "means":
                mean, sd = cells[f"mean_{side}"], cells[f"sd_{side}"]
                known = {mean, sd} != {display.NOT_ESTIMATED}
                cells[f"arm_{side}"] = f"{f'{mean} ({sd})' if known else mean} / {total}"
            elif self.kind == "counts":
                cells[f"arm_{side}"] = f"{cells[f'events_{side}']} / {total}"
        return cells

    def _names(self) -> tuple[str, ...]:
        """Return the columns of raw data that are shown."""
        return {"means": MEANS, "counts": COUNTS}.get(self.kind or "", ())

    def _sums(self, fit: MetaAnalysis, studies: pd.DataFrame) -> dict[str, str]:
        """Sum the people, and the events, of both arms: only what the rows above show.

        Where a row has people but no events, no events are summed: they would seem to be those of
        all the people beside them. Where people are in several rows, nothing is summed.
        """
        if fit.dependence == "ignored":
            return dict.fromkeys(("n_t", "n_c", "arm_t", "arm_c"), display.NOT_ESTIMATED)
        sums = {}
        shown = studies.reindex(columns=list(self._names()))
        for side in "tc":
            total = f"n_{side}"
            if total not in self._names():
                continue
            sums[total] = sums[f"arm_{side}"] = self._sum(shown, total)
            if self.kind == "counts":
                events = f"events_{side}"
                complete = bool((shown[events].notna() | shown[total].isna()).all())
                sums[events] = self._sum(shown, events) if complete else display.NOT_ESTIMATED
                sums[f"arm_{side}"] = f"{sums[events]} / {sums[total]}"
        return sums

    def _sum(self, studies: pd.DataFrame, name: str) -> str:
        return people(studies[name].astype(float).sum(min_count=1))

    def missing(self, excluded: pd.DataFrame) -> list[Row]:
        """Write a row for every study that gave no estimate."""
        return [
            Row(
                kind="study",
                cells={"label": clean(name), "effect": "Not estimable"},
                fit=self.fit,
            )
            for name in excluded["study"]
        ]

    def pooled(
        self,
        fit: MetaAnalysis,
        studies: pd.DataFrame,
        label: str,
        kind: Literal["total", "subtotal"],
    ) -> Row:
        """Write a pooled effect, with the sums over its studies."""
        low, estimate, high = map(fit.back, (fit.ci[0], fit.estimate, fit.ci[1]))
        cells = {
            "label": heading_of(label, fit, self.look),
            "weight": display.drawn(float(studies["_weight"].sum()), 1) + self.look.weight_ending,
            "effect": self._effect(estimate, (low, high)),
            **self._sums(fit, studies),
        }
        return Row(kind=kind, cells=cells, low=low, estimate=estimate, high=high, fit=fit)

    def model(self, fit: MetaAnalysis, label: str) -> Row:
        """Write the pooled effect of another model of the same studies."""
        low, estimate, high = map(fit.back, (fit.ci[0], fit.estimate, fit.ci[1]))
        cells = {
            "label": heading_of(label, fit, self.look),
            "effect": self._effect(estimate, (low, high)),
        }
        return Row(kind="total", cells=cells, low=low, estimate=estimate, high=high, fit=fit)

    def prediction(self) -> Row:
        """Write the prediction interval."""
        fit = self.fit
        assert fit.prediction_interval is not None  # noqa: S101 - checked by the caller
        low, high = map(fit.measure.back, fit.prediction_interval)
        text = self.look.limits((low, high), self.options.digits, self.negative)
        cells = {"label": heading_of(self.look.prediction, fit, self.look), "effect": text}
        return Row(kind="prediction", cells=cells, low=low, high=high)
