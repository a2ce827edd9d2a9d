"""Sixty trials of every kind, from the sheet to the forest plot, against a hand check in numpy.

The numbers are those of published trials that come with the repository (`data/`) or with its
reference values (`validation/metafor/`), of different diseases: nobody would pool them but to test
arithmetic. What is made up is marked so: who was randomised in clusters, and the trials with
several arms.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import brentq
from scipy.special import gammaln, stdtrit

import synthesis as syn

REFERENCE = Path(__file__).parents[2] / "validation" / "metafor"

STAY = syn.Instrument("days", label="Length of stay", direction="lower")
OUTCOME = syn.Outcome(
    "recovery", "Recovery", instruments=(STAY, syn.Instrument("score", range=(0, 200)))
)
"""Made up."""

CLUSTERS = {
    "Edinburgh": (0.02, 25),  # means
    "Grant": (0.05, 11),
    "s2": (0.01, 8),  # changes
    "Aronson 1948": (0.03, 21),  # counts
    "Rasmussen 1986": (0.10, 5),
}
"""Made up: intracluster correlation and cluster size of trials that randomised people."""

MEANS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
COUNTS = ("events_t", "n_t", "events_c", "n_c")


def rows(table: pd.DataFrame, *columns: str, **cells: object) -> pd.DataFrame:
    return table[["study", *columns]].assign(**cells)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return the extraction sheet, written to a file and read back."""
    gibson = syn.datasets.load("gibson2002").dropna(subset=["mean_t"])
    arms = pd.read_csv(REFERENCE / "multi_arm/shared_control_means.csv")
    counted = pd.read_csv(REFERENCE / "multi_arm/shared_control_counts.csv")
    changes = pd.read_csv(REFERENCE / "effect_sizes/prepost_two_groups_morris2008.csv")
    table = pd.concat(
        [
            rows(syn.datasets.load("normand1999"), *MEANS, instrument="Length of stay"),
            rows(syn.datasets.load("borenstein2009"), *MEANS, instrument="score"),
            rows(gibson, *MEANS),
            rows(changes, *changes.columns[1:], route="change_scores"),
            rows(syn.datasets.load("bcg"), *COUNTS),
            rows(syn.datasets.load("egger2001")[:10], *COUNTS),
            rows(arms.replace({"study": {"A": "Doses", "C": "Drugs"}}), "comparison", *MEANS)[
                lambda part: part["study"] != "B"
            ],
            rows(counted.replace({"study": {"A": "Visits", "B": "Calls"}}), "comparison", *COUNTS)[
                lambda part: part["study"].isin(["Visits", "Calls"])
            ],
        ],
        ignore_index=True,
    )
    for study, (icc, size) in CLUSTERS.items():
        table.loc[table["study"] == study, ["icc", "cluster_size"]] = icc, size
    path = tmp_path_factory.mktemp("sixty") / "trials.csv"
    table.assign(outcome="Recovery").to_csv(path, index=False)
    return syn.read_extraction(path)


@pytest.fixture(scope="module")
def fit(sheet: pd.DataFrame) -> syn.MetaAnalysis:
    prepared = syn.shared_control(syn.with_outcomes(sheet, OUTCOME))
    return syn.meta_analysis(syn.effect_sizes(prepared))


# ---- the hand check: arithmetic of its own, on the cells of the sheet


def combine(cells: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return mean, SD and size of groups put together, by their sums and sums of squares."""
    n = sum(size for *_, size in cells)
    mean = sum(m * size for m, _, size in cells) / n
    squares = sum((size - 1) * sd**2 + size * (m - mean) ** 2 for m, sd, size in cells)
    return mean, math.sqrt(squares / (n - 1)), n


def hedges(m_t, s_t, n_t, m_c, s_c, n_c) -> tuple[float, float]:
    df = n_t + n_c - 2
    sd = math.sqrt(((n_t - 1) * s_t**2 + (n_c - 1) * s_c**2) / df)
    factor = math.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / math.sqrt(df / 2)
    g = factor * (m_t - m_c) / sd
    return g, 1 / n_t + 1 / n_c + g**2 / (2 * (n_t + n_c))


def from_odds(a, n_t, c, n_c) -> tuple[float, float]:
    table = np.array([a, n_t - a, c, n_c - c], dtype=float)
    table += 0.5 if (table == 0).any() else 0
    log_odds = math.log(table[0] * table[3] / (table[1] * table[2]))
    return log_odds * math.sqrt(3) / math.pi, (1 / table).sum() * 3 / math.pi**2


def by_hand(sheet: pd.DataFrame) -> dict[str, tuple[float, float]]:
    effects = {}
    for study, part in sheet.groupby("study", sort=False):
        one = part.iloc[0]
        if study in ("Doses", "Drugs"):
            treated = combine([tuple(arm) for arm in part[["mean_t", "sd_t", "n_t"]].to_numpy()])
            yi, vi = hedges(*treated, one.mean_c, one.sd_c, one.n_c)
        elif not np.isnan(one.events_t):
            yi, vi = from_odds(part.events_t.sum(), part.n_t.sum(), one.events_c, one.n_c)
        elif not np.isnan(one.r):
            s_t, s_c = (
                math.sqrt(before**2 + after**2 - 2 * one.r * before * after)
                for before, after in ((one.sd_pre_t, one.sd_t), (one.sd_pre_c, one.sd_c))
            )
            change_t, change_c = one.mean_t - one.mean_pre_t, one.mean_c - one.mean_pre_c
            yi, vi = hedges(change_t, s_t, one.n_t, change_c, s_c, one.n_c)
        else:
            yi, vi = hedges(*one[list(MEANS)])
        if one.instrument == "Length of stay":
            yi = -yi
        icc, size = CLUSTERS.get(study, (0.0, 1.0))
        effects[study] = yi, vi * (1 + (size - 1) * icc)
    return effects


def pooled(y: np.ndarray, v: np.ndarray) -> tuple[float, float, tuple[float, float]]:
    """Return mean, tau2 (where the restricted likelihood is flat) and the interval."""

    def slope(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = (w * y).sum() / w.sum()
        return (w**2 * (y - mean) ** 2).sum() - w.sum() + (w**2).sum() / w.sum()

    tau2 = brentq(slope, 1e-6, 10, xtol=1e-14)
    w = 1 / (v + tau2)
    mean = (w * y).sum() / w.sum()
    k = len(y)
    half = stdtrit(k - 1, 0.975) * math.sqrt((w * (y - mean) ** 2).sum() / (k - 1) / w.sum())
    return mean, tau2, (mean - half, mean + half)


# ---- what is checked


def test_there_are_sixty_trials_of_every_kind(sheet: pd.DataFrame) -> None:
    assert sheet["study"].nunique() == 60
    assert len(sheet) == 60 + 2 + 1 + 1 + 2
    assert sheet["icc"].notna().sum() == len(CLUSTERS)
    assert (sheet["route"] == "change_scores").sum() == 5
    assert sheet["events_t"].notna().sum() == 13 + 10 + 2 + 3


def test_effects_and_their_pooled_value(sheet: pd.DataFrame, fit: syn.MetaAnalysis) -> None:
    expected = by_hand(sheet)
    assert fit.studies["study"].tolist() == list(expected)
    y, v = np.array(list(expected.values())).T
    np.testing.assert_allclose(fit.studies["yi"], y, rtol=0, atol=1e-12)
    np.testing.assert_allclose(fit.studies["vi"], v, rtol=1e-12)
    mean, tau2, ci = pooled(y, v)
    # Both sides solve for tau2 until its steps are below 1e-12.
    assert fit.tau2 == pytest.approx(tau2, abs=1e-9)
    assert (fit.estimate, *fit.ci) == pytest.approx((mean, *ci), abs=1e-9)
    assert (fit.k, fit.n_studies, fit.dependence) == (60, 60, "none")
    assert fit.outcome == OUTCOME


def test_receipts_say_what_was_done(sheet: pd.DataFrame, fit: syn.MetaAnalysis) -> None:
    receipt = dict(zip(fit.studies["study"], fit.studies["receipt"], strict=True))
    for study, (icc, size) in CLUSTERS.items():
        effect = 1 + (size - 1) * icc
        said = " | ".join(receipt[study].assumptions)
        assert f"{effect:.4g} at an ICC of {icc:g}" in said
        assert f"Variance increased for clustering (design effect {effect:.3g})" in (
            receipt[study].footnotes
        )
    assert {one.route for one in receipt.values()} == {"means", "change_scores", "counts"}
    for study in ("Doses", "Drugs", "Visits", "Calls"):
        arms = sheet.loc[sheet["study"] == study, "comparison"]
        assert any(
            note.startswith("Arms combined: ") and all(arm in note for arm in arms)
            for note in receipt[study].footnotes
        )
    turned = [study for study, one in receipt.items() if "Sign reversed" in str(one.footnotes)]
    assert turned == sheet.loc[sheet["instrument"] == "Length of stay", "study"].tolist()
    zero = [study for study, one in receipt.items() if "count of zero" in str(one.footnotes)]
    assert zero == ["Bertschat 1989"]


def test_the_result_says_what_is_doubtful(fit: syn.MetaAnalysis) -> None:
    (mixed,) = [note for note in fit.notes if note.startswith("Standardised by different SDs")]
    # 9 + 6 + 13 trials and two with several arms by final values; five by changes; none of the
    # counts, which have no SD.
    assert "30 effects by SDs of single measurements" in mixed
    assert "5 effects by SDs of the change" in mixed


@pytest.mark.parametrize("style", ["revman", "plain"])
def test_the_forest_plot(sheet: pd.DataFrame, fit: syn.MetaAnalysis, style: str) -> None:
    from matplotlib import pyplot as plt
    from matplotlib.text import Text

    ax = syn.forest(fit, style=style)
    words = [text.get_text().strip() for text in ax.figure.findobj(Text)]
    plt.close(ax.figure)
    # People: every treated arm once, every control once, though it stands beside several arms.
    treated = sheet["n_t"].sum()
    control = sheet.drop_duplicates(["study", "n_c"])["n_c"].sum()
    for total in (treated, control):
        assert any(word.replace(",", "") == f"{total:g}" for word in words), total
    low, high = (f"{limit:.2f}".replace("-", "−") for limit in fit.ci)
    estimate = f"{fit.estimate:.2f}".replace("-", "−")
    plain = [word.replace("-", "−") for word in words]
    assert any(estimate in word and low in word and high in word for word in plain)
    footnotes = " ".join(words)
    for said in (
        "Sign reversed, as lower scores are better",
        "Arms combined: ",
        "In SDs of the change",
        "Variance increased for clustering (design effect 1.48)",
        "Corrected for a count of zero",
    ):
        assert said in footnotes
    marks = {
        study: next(word for word in words if word.startswith(study)).removeprefix(study)
        for study in ("Edinburgh", "Carroll", "s1", "Doses", "Bertschat 1989")
    }
    assert not re.search(r"\d|[⁰¹²³⁴⁵⁶⁷⁸⁹]", marks["Carroll"]), "final values of one score: nothing"
