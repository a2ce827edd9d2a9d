"""Why an agreement coefficient is undefined, or must be read with care, in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthesis.coding.ratings import Ratings

HIGH_PERCENT, LOW_COEFFICIENT = 0.8, 0.4
"""Our own thresholds for explaining the prevalence paradox; nothing is judged by them."""

CHANCE_CORRECTED = {
    "cohen_kappa": "kappa",
    "fleiss_kappa": "kappa",
    "krippendorff_alpha": "alpha",
}


def reasons(values: Mapping[str, float | None], rated: Ratings) -> dict[str, str]:
    """Return a sentence for each coefficient that needs one.

    Parameters
    ----------
    values : mapping
        The coefficients by name, None where undefined.
    rated : Ratings
        What they were computed from.
    """
    counts = rated.counts()
    said = {name: _why_undefined(name, rated, counts) for name, at in values.items() if at is None}
    return said | _paradox(values, counts, rated)


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


def _paradox(
    values: Mapping[str, float | None], counts: np.ndarray, rated: Ratings
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
            by_chance = (percent - value) / (1 - value)
            said[name] = (
                f"Prevalence paradox: the coders agree on {percent:.1%} of units, yet {noun} is "
                f"{value:.3f}, because {share[common]:.1%} of all codes are "
                f"'{rated.categories[common]!s}' and {by_chance:.1%} agreement is expected by "
                "chance. The few units with another code decide the coefficient; look at them, "
                "and report the percentage and the prevalence with it."
            )
    return said
