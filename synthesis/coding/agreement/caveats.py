"""Why an agreement coefficient is undefined, or must be read with care, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthesis.coding.ratings import NOT_CODED, Ratings

HIGH_PERCENT, LOW_COEFFICIENT = 0.8, 0.4
"""Our own thresholds for explaining the prevalence paradox; nothing is judged by them."""

CHANCE_CORRECTED = {
    "cohen_kappa": "kappa",
    "fleiss_kappa": "kappa",
    "krippendorff_alpha": "alpha",
    "cohen_kappa_linear": "weighted kappa",
    "cohen_kappa_quadratic": "weighted kappa",
}


def reasons(
    values: Mapping[str, float | None], rated: Ratings, level: str = "nominal"
) -> dict[str, str]:
    """Return a sentence for each coefficient that needs one.

    Parameters
    ----------
    values : mapping
        The coefficients by name, None where undefined.
    rated : Ratings
        What they were computed from.
    level : str
        Level of measurement, which decides what alpha takes for disagreement.
    """
    counts = rated.counts()
    said = {name: _why_undefined(name, rated, counts) for name, at in values.items() if at is None}
    explained = _below_chance(values) | _one_code_only(values, rated)
    return said | explained | _paradox(values, counts, rated, level)


def _why_undefined(name: str, rated: Ratings, counts: np.ndarray) -> str:
    if name.startswith("cohen") and len(rated.coders) != 2:
        return (
            f"Cohen's kappa compares two coders; there are {len(rated.coders)}. "
            "agreement_by_pair gives it for each pair."
        )
    if not (counts.sum(axis=1) >= 2).any():
        return "No unit was coded by two coders, so there is nothing to compare."
    used = np.flatnonzero(counts[counts.sum(axis=1) >= 2].sum(axis=0))
    return (
        f"Undefined: only one category ({rated.categories[used[0]]!s}) was used, so no "
        "disagreement could be expected by chance and agreement cannot be corrected for it."
    )


def _below_chance(values: Mapping[str, float | None]) -> dict[str, str]:
    return {
        name: "Below 0: the coders agree less often than chance alone would make them."
        for name, value in values.items()
        if value is not None and value < 0
    }


def _one_code_only(values: Mapping[str, float | None], rated: Ratings) -> dict[str, str]:
    """Explain a kappa of 0 where one of the two coders gave all units the same code."""
    if values.get("cohen_kappa") is None:
        return {}
    both = (rated.table != NOT_CODED).all(axis=0)
    for coder, given in zip(rated.coders, rated.table[:, both], strict=True):
        if len(np.unique(given)) == 1:
            why = (
                f"{coder!s} gave every unit '{rated.categories[given[0]]!s}', so kappa is 0 "
                "whatever the other coder gave: it cannot tell agreement from chance here."
            )
            return {name: why for name in values if name.startswith("cohen_kappa")}
    return {}


def _paradox(
    values: Mapping[str, float | None], counts: np.ndarray, rated: Ratings, level: str
) -> dict[str, str]:
    """Explain high agreement with a low coefficient (Feinstein & Cicchetti 1990).

    Agreement p and a coefficient c fix the agreement expected by chance at (p - c) / (1 - c);
    with p at least 0.8 and c at most 0.4 it is at least two thirds, which requires a category into
    which nearly every code falls.
    """
    percent = values["percent"]
    if percent is None or percent < HIGH_PERCENT:
        return {}
    share = counts.sum(axis=0) / counts.sum()
    common = int(share.argmax())
    said = {}
    for name, noun in CHANCE_CORRECTED.items():
        value = values.get(name)
        if value is not None and value <= LOW_COEFFICIENT:
            expected = "so that chance alone would make the coders agree nearly as often"
            if name in ("cohen_kappa", "fleiss_kappa") or (name, level) == (
                "krippendorff_alpha",
                "nominal",
            ):
                by_chance = (percent - value) / (1 - value)
                expected = f"and {by_chance:.1%} agreement is expected by chance"
            said[name] = (
                f"Prevalence paradox: the coders agree on {percent:.1%} of units, yet {noun} is "
                f"{value:.3f}, because {share[common]:.1%} of all codes are "
                f"'{rated.categories[common]!s}' {expected}. The few units with another code "
                "decide the coefficient; look at them, and report the percentage and the "
                "prevalence with it."
            )
    return said
