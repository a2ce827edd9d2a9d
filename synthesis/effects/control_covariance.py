"""How effects that share a control arm covary, for a multivariate model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.effects.multi_arm import undecided
from synthesis.effects.routes.control_parts import ControlPart, standardiser_part
from synthesis.effects.routes.receipts import Receipt
from synthesis.effects.shared_controls import controls
from synthesis.labels import read_labels
from synthesis.measures import plain_name

_LEAST = 1e-10
"""The least eigenvalue of a correlation matrix that can still be inverted with confidence."""


def shared_control_covariance(es: pd.DataFrame) -> pd.DataFrame:
    """Return the covariance matrix of effects that share control arms, for a multivariate model.

    Two rows share a control as in `shared_control`. Their covariance is the control's part of
    their variances, with the same correction for zeros, design effect and standardiser: sd²/n of
    the control for mean differences, also of changes; sd²/(n·mean²) for log ratios of means
    (Lajeunesse 2011); 1/e − 1/n for log risk ratios, 1/e + 1/(n−e) for log odds ratios, p(1−p)/n
    for risk differences (Gleser & Olkin 2009); 1/(4n) for arcsine differences; 1/e and e/time² for
    ratios and differences of rates; the control's share of 1/V for Peto's odds ratio; 1/(2(n−1))
    for ratios of SDs, and that plus sd²/(n·mean²) for ratios of coefficients of variation. For
    standardised differences it is 1/n + g_i·g_j/(2N), N over all arms, with the pooled SD (Gleser &
    Olkin 2009; other forms of the variance likewise), 1/n + g_i·g_j/(2n) with the control's SD, and
    the control's terms of Bonett's variance with the average SD.

    Effects whose control was divided (`shared_control` with ``rule="split"``, or
    `control_shares`) count each person once and get no covariance: do one or the other. Effects
    of one study that share people in another way, such as two outcomes, get none here either
    (`within_study_covariance`).

    Parameters
    ----------
    es : DataFrame
        Effects of one measure from `effect_sizes`, with their receipts.

    Returns
    -------
    DataFrame
        Square, with the index of `es` on both sides and `vi` on its diagonal; positive definite,
        apart from rows without an effect, which are blank.

    Raises
    ------
    DataError
        If the effects are of several measures, a variance is not positive, the rows that share a
        control have no receipts, take a route that does not say which part of the variance is the
        control's, or routes that measure different things in it, or the matrix of a study is not
        positive definite. The message names the study.

    Examples
    --------
    >>> from synthesis.effects.effect_sizes import effect_sizes
    >>> sheet = pd.DataFrame({"study": ["A", "A"], "comparison": ["low", "high"],
    ...     "mean_t": [5.0, 6.0], "sd_t": [2.0, 2.0], "n_t": [20, 20],
    ...     "mean_c": [4.0, 4.0], "sd_c": [2.0, 2.0], "n_c": [40, 40]})
    >>> shared_control_covariance(effect_sizes(sheet, "md")).round(2).values.tolist()
    [[0.3, 0.1], [0.1, 0.3]]
    """
    studies = read_labels(checks.column(es, "study", "es"))
    written = read_labels(checks.column(es, "measure", "es"))
    measures = list(dict.fromkeys(plain_name(name) for name in written))
    if len(measures) != 1:
        raise DataError(
            "covariances of a shared control are those of effects of one measure; the table has "
            f"{', '.join(measures)}."
        )
    vi = checks.numeric(checks.column(es, "vi", "es"), studies)
    checks.refuse("vi must be > 0", vi, vi <= 0, studies)
    known = ~np.isnan(vi)
    if near := undecided(es):
        named = dict.fromkeys(repr(studies[one.row]) for one in near)
        raise DataError(
            "the control arms of two rows differ by rounding alone, and may be one, for study "
            f"{shortened(named)}. If they are one arm, write the same numbers in both rows; if "
            "they are not, waive the finding 'nearly-shared-control'."
        )
    number, shares = controls(es)
    matrix = np.diag(vi)
    for at in np.unique(number[shares]).tolist():
        rows = np.flatnonzero((number == at) & known)
        if not rows.size:
            continue
        parts = [_part(es, row, studies[row], measures[0]) for row in rows.tolist()]
        _refuse_unlike(parts, studies[rows[0]])
        block = _block(parts)
        matrix[np.ix_(rows, rows)] = np.where(np.eye(rows.size) == 1, np.diag(vi[rows]), block)
        _refuse_indefinite(matrix[np.ix_(rows, rows)], studies[rows[0]])
    matrix[~known] = matrix[:, ~known] = np.nan
    return pd.DataFrame(matrix, index=es.index, columns=es.index)


def _part(es: pd.DataFrame, row: int, study: str, measure: str) -> ControlPart:
    """Return the control's part of the variance of one effect, from its receipt."""
    receipt = es["receipt"].iloc[row] if "receipt" in es else None
    if not isinstance(receipt, Receipt):
        raise DataError(
            f"the effect of study {study!r} has no receipt, which says what its variance was "
            "computed from: pass what effect_sizes returned, not a copy that was saved and read "
            "back in."
        )
    if receipt.control is None:
        raise DataError(
            f"covariances of a shared control are not known for measure {measure!r} by route "
            f"{receipt.route!r}, which does not say which part of the variance is the control's, "
            f"for study {study!r}. Use shared_control, or leave all but one of its rows out."
        )
    return receipt.control


def _refuse_unlike(parts: Sequence[ControlPart], study: str) -> None:
    """Refuse effects that rest on different results of the control, or on different SDs."""
    measured = dict.fromkeys(part.statistic for part in parts)
    if len(measured) > 1:
        raise DataError(
            f"the effects of study {study!r} that share a control are computed from different "
            f"results of it ({', '.join(measured)}), whose correlation is not known. Choose one "
            "route for all of them in the column 'route'."
        )
    if len({part.law for part in parts}) > 1:
        raise DataError(
            f"the effects of study {study!r} that share a control are standardised by different "
            "SDs. Choose one route for all of them in the column 'route', or sd='pooled'."
        )


def _block(parts: Sequence[ControlPart]) -> np.ndarray:
    """Return the covariances of the effects that share one control arm."""
    root, slope, n_t = (
        np.array([getattr(part, name) for part in parts]) for name in ("root", "slope", "n_t")
    )
    law = standardiser_part(parts[0].law, float(n_t.sum() + parts[0].n_c), len(parts) + 1)
    return np.asarray(np.outer(root, root) + np.outer(slope, slope) * law)


def _refuse_indefinite(block: np.ndarray, study: str) -> None:
    scale = np.sqrt(np.diag(block))
    least = np.linalg.eigvalsh(block / np.outer(scale, scale)).min()
    if not least > _LEAST:
        raise DataError(
            f"the covariance matrix of study {study!r} is not positive definite: its effects share "
            "more than their variances allow. Were yi or vi changed after effect_sizes, or do rows "
            "repeat one effect?"
        )
