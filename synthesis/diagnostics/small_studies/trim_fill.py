"""Trim and fill: the studies a symmetric funnel would need, and the effect with them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arrowroot.display import Shown, interval, number
from arrowroot.errors import EstimationError
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis.diagnostics.small_studies.asymmetry import egger_test
from synthesis.diagnostics.small_studies.predictors import effect_in_variance
from synthesis.diagnostics.studies import effects, few_studies, labels, refit, require
from synthesis.pooling.engine.batch import MODELS, Choices, pool
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.given import weighted_only
from synthesis.pooling.readable import BEYOND
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.units import counted_fact
from synthesis.r_code import missing
from synthesis.r_code.script import InR, Section

SIDES = ("left", "right")


def _r0(ranks: Array) -> float:
    """Return R0 from the length of the run of largest ranks on one side."""
    below = -ranks[ranks < 0]
    return len(ranks) - float(below.max(initial=0)) - 1


def _l0(ranks: Array) -> float:
    """Return L0 from Wilcoxon's statistic."""
    k = len(ranks)
    return (4 * float(ranks[ranks > 0].sum()) - k * (k + 1)) / (2 * k - 1)


def _q0(ranks: Array) -> float:
    """Return Q0 from Wilcoxon's statistic; NaN where its root is of a negative number."""
    k = len(ranks)
    inside = 2 * k**2 - 4 * float(ranks[ranks > 0].sum()) + 0.25
    return k - 0.5 - inside**0.5 if inside >= 0 else float("nan")


ESTIMATORS: dict[str, Callable[[Array], float]] = {"l0": _l0, "r0": _r0, "q0": _q0}
"""Estimators of the number of missing studies from signed ranks (Duval & Tweedie 2000a)."""


@dataclass(frozen=True, repr=False, eq=False)
class TrimFill(InR, Shown):
    """The result of trim and fill.

    Attributes
    ----------
    k0 : int
        Number of studies filled in.
    k0_std_error : float or None
        Its standard error; None where the formula gives a negative variance.
    k0_p_value : float or None
        Test of no missing study, which only the estimator R0 has.
    side : str
        Where studies are missing: ``"left"`` (low effects) or ``"right"``.
    fit : MetaAnalysis
        The analysis with the studies filled in, marked in the column ``filled`` of its
        `studies`.
    original : MetaAnalysis
        The analysis without them.
    estimator, trim_model : str
        The choices made.
    notes : tuple of str
        What a reader should know, in sentences.
    """

    k0: int
    k0_std_error: float | None
    k0_p_value: float | None
    side: str
    fit: MetaAnalysis
    original: MetaAnalysis
    estimator: str
    trim_model: str
    notes: tuple[str, ...] = ()

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return missing.trim_and_fill(self, self._title())

    def to_frame(self) -> pd.DataFrame:
        """Return the analyses without and with the filled studies, one row each, unrounded."""
        both = pd.concat([self.original.to_frame(), self.fit.to_frame()], ignore_index=True)
        both.insert(0, "filled", [0, self.k0])
        return both

    def _title(self) -> str:
        model = "a common effect" if self.trim_model == "common" else "random effects"
        return f"Trim and fill, {self.estimator.upper()}, trimmed under {model}"

    def _facts(self) -> list[tuple[str, str]]:
        def read(fit: MetaAnalysis) -> str:
            low, high = (fit.back(limit) for limit in fit.ci)
            return f"{number(fit.back(fit.estimate))} {interval((low, high))}"

        filled = f"{self.k0} on the {self.side} (SE {number(self.k0_std_error)})"
        return [
            counted_fact(self.original.k_in_words),
            ("Filled in", filled),
            (f"{self.original.measure.abbreviation} as observed", read(self.original)),
            (f"{self.original.measure.abbreviation} with filled studies", read(self.fit)),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def trim_and_fill(
    fit: MetaAnalysis,
    *,
    estimator: str = "l0",
    side: str | None = None,
    trim_model: str | None = None,
) -> TrimFill:
    """Fill in the mirror images of studies that a symmetric funnel would need.

    Studies are trimmed from the crowded side until what is left is symmetric about its pooled
    effect; they and their mirror images then give the filled analysis.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies.
    estimator : {"l0", "r0", "q0"}
        Estimator of the number of missing studies. Q0 has no value for some data.
    side : {"left", "right"}, optional
        Where studies are missing: by default on the side that Egger's mixed regression points
        to, left unless its slope is negative. A note says if that is the side of the pooled effect.
    trim_model : {"common", "random"}, optional
        Model of the pooled effect while trimming; by default that of `fit`. A common effect
        trims less by one aberrant small study (Peters et al. 2007, Stat Med 26:4544-4562).

    Returns
    -------
    TrimFill

    Raises
    ------
    OptionError
        An option has no such value.
    EstimationError
        Fewer than three studies; Q0 without a value; no end to the trimming.

    References
    ----------
    Duval & Tweedie 2000a, J Am Stat Assoc 95:89-98; 2000b, Biometrics 56:455-463.
    """
    one_of("estimator", estimator, list(ESTIMATORS))
    if side is not None:
        one_of("side", side, SIDES)
    if trim_model is not None:
        one_of("trim_model", trim_model, MODELS)
    require(fit, 3, "trim_and_fill")
    weighted_only(fit, "trim_and_fill")
    choices = replace(fit.choices, model=trim_model or fit.model, ci="wald", prediction="none")
    where = side or _likely_side(fit, choices)
    sign = 1.0 if where == "left" else -1.0

    y, v = effects(fit)
    order = np.argsort(sign * y, kind="stable")
    estimate, centre = _trim(sign * y[order], v[order], choices, estimator)
    k0 = _whole(estimate)
    mirrored = order[fit.k - k0 :]
    filled = refit(fit, _filled(fit, mirrored, 2 * sign * centre - y[mirrored]))
    return TrimFill(
        k0=k0,
        k0_std_error=_std_error(estimate, fit.k, estimator),
        k0_p_value=0.5 ** (k0 + 1) if estimator == "r0" else None,
        side=where,
        fit=filled,
        original=fit,
        estimator=estimator,
        trim_model=choices.model,
        notes=(
            *_notes(fit, k0, where),
            *(note for note in filled.notes if note.startswith(BEYOND)),
        ),
    )


def _likely_side(fit: MetaAnalysis, choices: Choices) -> str:
    try:
        slope = egger_test(refit(fit, fit.studies, choices), model="mixed").statistic
    except EstimationError as problem:
        raise EstimationError(
            f"trim_and_fill cannot tell on which side studies are missing. {problem} "
            "Name the side: side='left' or side='right'."
        ) from problem
    return "right" if slope < 0 else "left"


def _whole(estimate: float) -> int:
    return max(0, round(estimate))


def _trim(y: Array, v: Array, choices: Choices, estimator: str) -> tuple[float, float]:
    """Trim ordered studies from the upper end; return the last estimate of k0 and the centre."""
    k, k0, seen = len(y), 0, set[int]()
    while k0 not in seen:
        seen.add(k0)
        kept = slice(0, k - k0)
        centre = float(pool(y[kept, None], v[kept, None], choices).estimate[0])
        away = y - centre
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(away), kind="stable")] = np.arange(1, k + 1)
        estimate = ESTIMATORS[estimator](np.sign(away) * ranks)
        if np.isnan(estimate):
            raise EstimationError(
                "estimator='q0' has no value for these data: it takes the root of a negative "
                "number where the funnel is very asymmetric. Use estimator='l0' or 'r0'."
            )
        before, k0 = k0, _whole(estimate)
        if k0 == before:
            return estimate, centre
        if k0 >= k:
            break
    raise EstimationError(
        f"trim_and_fill does not converge: trimming {k0} of {k} studies gives a different number "
        f"each time. Use an estimator other than {estimator!r}, or the other side."
    )


def _std_error(estimate: float, k: int, estimator: str) -> float | None:
    """Return the standard error of an estimate of k0 (Duval & Tweedie 2000a), if it has one."""
    if estimator == "r0":
        return math.sqrt(2 * max(0.0, estimate) + 2)
    variance = (
        k * (k + 1) * (2 * k + 1)
        + 10 * estimate**3
        + 27 * estimate**2
        + 17 * estimate
        - 18 * k * estimate**2
        - 18 * k * estimate
        + 6 * k**2 * estimate
    ) / 24
    if variance < 0:
        return None
    root = math.sqrt(variance)
    return 4 * root / (2 * k - 1) if estimator == "l0" else 2 * root / abs(k - 0.5 - estimate)


def _filled(fit: MetaAnalysis, mirrored: Array, y: Array) -> pd.DataFrame:
    """Return the studies, followed by the mirror images of some of them."""
    k = fit.k
    names, v = np.array(labels(fit)), effects(fit)[1]
    table = fit.studies.reindex(range(k + len(mirrored)))
    return table.assign(
        study=[*names, *(f"{name} (mirrored)" for name in names[mirrored])],
        yi=np.concatenate([effects(fit)[0], y]),
        vi=np.concatenate([v, v[mirrored]]),
        filled=np.arange(len(table)) >= k,
    )


def _notes(fit: MetaAnalysis, k0: int, where: str) -> tuple[str, ...]:
    notes = [*few_studies(fit), *effect_in_variance(fit)]
    if k0 == 0:
        notes.append("No study is filled in; the analysis is the original one.")
    else:
        are = "is a mirror image" if k0 == 1 else "are mirror images"
        notes.append(
            f"The {counted(k0, 'study', 'studies')} filled in {are}, not evidence: the "
            "change of the effect shows how much asymmetry matters, whatever its cause."
        )
    if k0 and fit.estimate * (1 if where == "right" else -1) > 0:
        notes.append(
            f"They are filled in on the {where}, the side of the pooled effect, and so move it "
            "away from no effect. Unpublished studies without an effect would be missing on the "
            "other side."
        )
    if fit.i2 > 50:
        notes.append(
            f"I² is {number(fit.i2, 0)}%: with studies so different a funnel is often asymmetric "
            "without any being missing (Terrin et al. 2003, Stat Med 22:2113-2126)."
        )
    return tuple(notes)
