"""The answer of an exercise: stated as a computation, so that no file shows the number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import label
from synthesis import checks
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.labels import read_labels
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.readable import study_sizes
from synthesis.pooling.results import MetaAnalysis

_REFUSE_UNKNOWN_KEYS = {"extra": "forbid"}

Quantity = Literal[
    "yi",
    "vi",
    "estimate",
    "std_error",
    "statistic",
    "p_value",
    "ci_low",
    "ci_high",
    "tau2",
    "tau",
    "i2",
    "i2_q",
    "q",
    "pi_low",
    "pi_high",
]
"""What may be asked for: a study's effect or variance, or a pooled result."""

TRANSFORMED = ("yi", "estimate", "ci_low", "ci_high", "pi_low", "pi_high")
"""The quantities that may be read on the scale that readers see."""


@dataclass(frozen=True)
class Effects:
    """Options of `effect_sizes`; without a measure the table's own effects are used."""

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    measure: str = ""
    variance: str = "ls"
    correct: bool = True
    sd: str = "pooled"
    zero_cells: str = "half"


@dataclass(frozen=True)
class Pool:
    """Options of `meta_analysis`."""

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    model: str = "random"
    tau2: str = "reml"
    ci: str | None = None
    prediction: str = "as_interval"
    measure: str | None = None


@dataclass(frozen=True)
class Answer:
    """What is asked for, and how it is computed.

    Attributes
    ----------
    quantity : str
        One of `Quantity`.
    study : str
        Whose effect or variance; empty for pooled results.
    effects, pool : Effects, Pool
        How effects are computed and pooled.
    back : bool
        Whether it is on the scale that readers see, such as that of a ratio.
    """

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    quantity: Quantity
    study: str = ""
    effects: Effects = field(default_factory=Effects)
    pool: Pool = field(default_factory=Pool)
    back: bool = False


def solve(answer: Answer, table: pd.DataFrame) -> float:
    """Return the number that is asked for.

    Raises
    ------
    DataError
        The study is not in the table, a number of a single study does not name the study, or the
        effects cannot be computed.
    """
    asked = answer.effects
    effects = table
    if asked.measure:
        effects = effect_sizes(
            table,
            asked.measure,
            variance=asked.variance,
            correct=asked.correct,
            sd=asked.sd,
            zero_cells=asked.zero_cells,
        )
    fit = _pooled(effects, answer.pool)
    of_study = answer.quantity in ("yi", "vi")
    value = _of_study(effects, answer) if of_study else _of(fit, answer)
    if not answer.back or answer.quantity not in TRANSFORMED:
        return value
    return _seen_of_study(effects, answer, fit) if of_study else fit.back(value)


def _seen_of_study(effects: pd.DataFrame, answer: Answer, fit: MetaAnalysis) -> float:
    """Return a study's effect as readers see it, turned back with its own sample size."""
    labels = read_labels(effects["study"])
    row = effects.iloc[[labels.index(label(answer.study))]]
    seen = fit.measure.back(row["yi"].to_numpy(dtype=float), study_sizes(row, fit.measure))
    return float(seen[0])


def _pooled(effects: pd.DataFrame, pool: Pool) -> MetaAnalysis:
    return meta_analysis(
        effects,
        model=pool.model,
        tau2=pool.tau2,
        ci=pool.ci,
        prediction=pool.prediction,
        measure=pool.measure,
        tau2_ci="none",
        dependent="ignore",  # an answer is checked as it was asked for
    )


def _of_study(effects: pd.DataFrame, answer: Answer) -> float:
    labels, wanted = read_labels(checks.column(effects, "study", "study")), label(answer.study)
    if wanted not in labels:
        raise DataError(f"study: the table has no study {answer.study!r}.")
    return float(effects[answer.quantity].iloc[labels.index(wanted)])


def _of(fit: MetaAnalysis, answer: Answer) -> float:
    limits = dict(zip(("ci_low", "ci_high"), fit.ci, strict=True))
    if fit.prediction_interval is not None:
        limits |= dict(zip(("pi_low", "pi_high"), fit.prediction_interval, strict=True))
    found = limits.get(answer.quantity)
    return float(getattr(fit, answer.quantity, float("nan")) if found is None else found)
