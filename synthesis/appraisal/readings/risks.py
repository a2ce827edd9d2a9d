"""Baseline risks, and the formulas that apply an effect to one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from arrowroot.errors import OptionError
from synthesis.effects.formulas.conversions import CONVERSIONS, ODDS_PER_SD

KINDS = {"rr": "rr", "or": "or", "peto": "or", "hr": "hr", "rd": "rd", "smd": "smd"}
"""The measures that can be applied to a risk, and the formula that each takes."""

FORMULAS = {
    "rr": "risk × RR",
    "or": "risk with = odds × OR / (1 + odds × OR)",
    "hr": "risk with = 1 − (1 − risk)^HR",
    "rd": "risk + RD",
}
"""How the risk without becomes the risk with the intervention (Cochrane Handbook 15.4.4)."""

WAYS = (*ODDS_PER_SD, "normal")
"""How a standardised mean difference is applied to a risk: through an odds ratio, or along the
normal curve (Furukawa & Leucht 2011, PLoS One 6:e19070)."""


def named_risks(baseline: Any) -> dict[str, float]:
    """Return baseline risks by name: one alone has none, and of several each is its own name.

    Raises
    ------
    OptionError
        If there is none, or one is not a risk between 0 and 1.
    """
    if baseline is None:
        return {}
    if isinstance(baseline, Mapping):
        named = {str(name): risk for name, risk in baseline.items()}
    elif isinstance(baseline, Sequence | np.ndarray | pd.Series) and not isinstance(baseline, str):
        named = {str(risk): risk for risk in baseline}
    else:
        named = {"": baseline}
    if not named:
        raise OptionError("baseline: no risk was given. Give one, such as 0.2, or leave it out.")
    for risk in named.values():
        check_risk(risk)
    return {name: float(risk) for name, risk in named.items()}


def check_risk(baseline: object) -> None:
    """Refuse a baseline that is not a risk between 0 and 1.

    Raises
    ------
    OptionError
        With the value that was given.
    """
    if not isinstance(baseline, (int, float)) or isinstance(baseline, bool):
        raise OptionError(f"baseline must be a number; got {baseline!r}.")
    if not 0 < baseline < 1:
        raise OptionError(f"baseline must lie between 0 and 1, as 0.2 does; got {baseline}.")


def risk_with(
    kind: str, effects: np.ndarray, baseline: float, conversion: str = "logistic"
) -> np.ndarray:
    """Return the risk with the intervention, which may leave 0 to 1 for ``"rr"`` and ``"rd"``.

    Parameters
    ----------
    kind : {"rr", "or", "hr", "rd", "smd"}
        What the effects are.
    effects : ndarray
        As readers see them: ratios, not logarithms.
    baseline : float
        Risk without the intervention, between 0 and 1.
    conversion : {"logistic", "cox", "normal"}
        How standardised mean differences are applied.
    """
    if kind == "smd":
        if conversion == "normal":
            return np.asarray(ndtr(effects + ndtri(baseline)))
        kind, effects = "or", np.exp(effects * ODDS_PER_SD[conversion])
    if kind == "or":
        # Written with the inverse, so that an infinite odds ratio gives a risk of 1.
        with np.errstate(divide="ignore"):
            return np.asarray(1 / (1 + (1 - baseline) / baseline / effects))
    if kind == "hr":
        return np.asarray(-np.expm1(effects * math.log1p(-baseline)))
    return np.asarray(baseline * effects if kind == "rr" else baseline + effects)


def formula_of(kind: str, conversion: str) -> str:
    """Return how an effect is applied to a risk, in words."""
    if kind != "smd":
        return FORMULAS[kind]
    if conversion == "normal":
        return "risk with = Φ(SMD + Φ⁻¹(risk)) (Furukawa & Leucht 2011)"
    return f"{CONVERSIONS[conversion]}; {FORMULAS['or']}"
