"""Many analyses at once are the same analyses, one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.pooling.engine.batch import Choices, pool_ragged
from synthesis.pooling.engine.tau2 import ESTIMATORS
from synthesis.pooling.many import meta_analyses
from synthesis.pooling.model import meta_analysis


def synthetic(analyses: int = 40, seed: int = 5) -> pd.DataFrame:
    """Synthetic comparisons of one to twelve studies, for tests only."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 13, analyses)
    names = np.repeat(np.arange(analyses), sizes)
    return pd.DataFrame(
        {
            "review": [f"R{name // 10}" for name in names],
            "comparison": names % 10,
            "study": [f"S{row}" for row in range(len(names))],
            "yi": rng.normal(0.1, 0.5, len(names)),
            "vi": rng.uniform(0.01, 0.4, len(names)),
        }
    ).sample(frac=1, random_state=2)


@pytest.mark.parametrize("tau2", list(ESTIMATORS))
@pytest.mark.parametrize("ci", ["hksj", "hksj_modified", "wald", "wald_t"])
def test_each_row_is_the_analysis_by_itself(tau2: str, ci: str) -> None:
    table = synthetic()
    together = meta_analyses(table, by=["review", "comparison"], tau2=tau2, ci=ci)
    assert together["k"].sum() == len(table)
    for name, rows in table.groupby(["review", "comparison"], sort=False):
        alone = meta_analysis(rows, tau2=tau2, ci=ci, tau2_ci="none").to_frame().iloc[0]
        row = together.loc[name]
        for column in together.columns:
            # Side by side and alone, sums run in another order.
            expected = alone[column]
            if expected is None:
                assert np.isnan(row[column])
            else:
                assert row[column] == pytest.approx(expected, abs=1e-10, nan_ok=True), column


def test_profile_intervals_side_by_side() -> None:
    table = synthetic(6)
    together = meta_analyses(table, by=["review", "comparison"], ci="profile")
    for name, rows in table.groupby(["review", "comparison"], sort=False):
        alone = meta_analysis(rows, ci="profile")
        assert together.loc[name, ["ci_low", "ci_high"]].tolist() == pytest.approx(
            alone.ci, abs=1e-9
        )


def test_a_study_may_serve_in_many_analyses() -> None:
    y, v = np.array([0.1, 0.4, 0.9]), np.array([0.1, 0.2, 0.3])
    rows = np.array([0, 1, 0, 1, 2, 2])
    pooled = pool_ragged(y, v, np.array([2, 3, 1]), Choices(ci="wald"), rows=rows)
    assert pooled.estimate[2] == pytest.approx(0.9)
    assert pooled.std_error[2] == pytest.approx(np.sqrt(0.3))


def test_progress_counts_every_analysis() -> None:
    done: list[int] = []
    sizes = np.array([2, 3, 2, 1])
    pool_ragged(np.ones(8), np.arange(1.0, 9.0), sizes, Choices(ci="wald"), progress=done.append)
    assert sum(done) == 4


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u200b", None, np.nan, pd.NA, pd.NaT])
def test_a_key_that_is_blank_is_refused(blank: object) -> None:
    review = pd.Series(["a", blank, "a"], dtype=object)
    table = pd.DataFrame({"review": review, "yi": [0.1, 0.2, 0.3], "vi": 0.1})
    with pytest.raises(DataError) as caught:
        meta_analyses(table, by="review")
    assert str(caught.value) == (
        "review: every effect must name the analysis it belongs to; the cell is blank in row 2. "
        "Complete it."
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vi": [0.1, 0.0]}, "vi must be > 0; it is not in row 2."),
        (
            {"yi": [None, 0.2]},
            "yi: every cell must contain a finite number; this is not so in row 1. Remove or "
            "complete these rows.",
        ),
        (
            {"yi": ["0.1", "?"]},
            "yi: every cell must contain a finite number; this is not so in row 2. Remove or "
            "complete these rows.",
        ),
    ],
)
def test_messages(change, message) -> None:  # type: ignore[no-untyped-def]
    table = pd.DataFrame({"review": ["a", "b"], "yi": [0.1, 0.2], "vi": [0.1, 0.1]})
    with pytest.raises(DataError) as caught:
        meta_analyses(table.assign(**change), by="review")
    assert str(caught.value) == message


def test_a_missing_key() -> None:
    table = pd.DataFrame({"review": ["a"], "yi": [0.1], "vi": [0.1]})
    with pytest.raises(DataError, match="by: the table has no column 'reviews'"):
        meta_analyses(table, by=["reviews"])


def test_nothing_to_pool_is_said() -> None:
    with pytest.raises(DataError, match="no rows, so there is nothing to pool"):
        meta_analyses(synthetic().iloc[:0], by="review")
    with pytest.raises(OptionError, match="by must name at least one column"):
        meta_analyses(synthetic(), by=[])
