"""Tables for plots of studies without a pooled effect, derived from a meta-analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synthesis.diagnostics.directions import effect_directions
from synthesis.diagnostics.studies import known_sizes, require_null, sample_sizes
from synthesis.pooling.results import MetaAnalysis

SMALLEST = "<1e-300"
"""How a p-value below the smallest representable number is written."""


def p_value_table(fit: MetaAnalysis) -> pd.DataFrame:
    """Return the study table with the two-sided p-value, total size and direction of each study.

    Parameters
    ----------
    fit : MetaAnalysis
        Its study table has a column ``n``, or ``n_t`` and ``n_c``.

    Returns
    -------
    DataFrame
        The study table with ``p n sign``; ``n`` is NaN for studies without a size.

    Raises
    ------
    DataError
        If the table has no sizes, or one is not positive.
    """
    require_null(fit, "albatross")
    p = fit.study_frame()["p_value"].astype(object)
    return fit.studies.assign(
        p=p.where(p > 0, SMALLEST),
        n=sample_sizes(fit, "albatross", blank="keep"),
        sign=np.sign(fit.studies["yi"]).replace(0, np.nan),
    )


def direction_table(fit: MetaAnalysis, *, domain: str) -> pd.DataFrame:
    """Return the direction of every study, with the other columns of its row.

    Parameters
    ----------
    fit : MetaAnalysis
        The studies.
    domain : str
        Column of the outcome domain; without one, all are in one domain, named after the effect
        measure.

    Returns
    -------
    DataFrame
        The study table with ``direction outcomes``, the domain, and ``n`` where sizes are known.
    """
    require_null(fit, "effect_direction")
    studies, sizes = fit.studies, known_sizes(fit)
    if domain not in studies:
        studies = studies.assign(**{domain: fit.measure.label})
    directions = effect_directions(studies, domain=domain)
    table = studies.assign(
        direction=directions["direction"].to_numpy(),
        outcomes=directions["outcomes"].to_numpy(),
    )
    return table if sizes is None else table.assign(n=sizes)
