"""Albatross plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from scipy.special import ndtr

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.albatross import albatross
from synthesis.plots.drawing.canvas import Sheet
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="module")
def adherence() -> pd.DataFrame:
    """Molloy et al. 2014, with the p-values of Fisher's z."""
    effects = effect_sizes(datasets.load("molloy2014"), measure="fisher_z")
    return effects.assign(
        p=2 * ndtr(-effects["yi"].abs() / np.sqrt(effects["vi"])),
        sign=np.sign(effects["yi"]).replace(0, np.nan),
    )


@pytest.fixture(scope="module")
def stroke() -> pd.DataFrame:
    """Normand 1999, with the p-values of the standardised mean differences."""
    effects = effect_sizes(datasets.load("normand1999"), measure="smd", variance="ls")
    return effects.assign(
        p=2 * ndtr(-effects["yi"].abs() / np.sqrt(effects["vi"])),
        n=effects["n_t"] + effects["n_c"],
        sign=np.sign(effects["yi"]),
    )


def drawn(ax: Axes, name: str) -> np.ndarray:
    (found,) = (c for c in ax.collections if c.get_gid() == name)
    return np.asarray(found.get_offsets())


def test_points_are_p_values_and_sizes(adherence: pd.DataFrame) -> None:
    points = drawn(albatross(adherence, measure="r"), "studies-0")
    np.testing.assert_allclose(10 ** -np.abs(points[:, 0]), adherence["p"], rtol=1e-12)
    np.testing.assert_array_equal(points[:, 1], adherence["n"])
    np.testing.assert_array_equal(np.sign(points[:, 0]), adherence["sign"].fillna(0))


def test_a_study_lies_on_the_contour_of_its_own_correlation(adherence: pd.DataFrame) -> None:
    study = adherence.iloc[0]
    ax = albatross(adherence, measure="r", contours=[float(study["r"])])
    (contour,) = (line for line in ax.lines if line.get_gid() == "contour-0-right")
    x, n = np.asarray(contour.get_xdata()), np.asarray(contour.get_ydata())
    # 400 points a contour: straight pieces between them miss the curve by less than this.
    assert np.interp(-np.log10(study["p"]), x, n) == pytest.approx(study["n"], rel=1e-4)


@pytest.mark.parametrize("measure", ["smd", "or"])
def test_the_contours_of_differences_follow_their_variance(
    stroke: pd.DataFrame, measure: str
) -> None:
    """At n in two arms 3 to 1, 0.4 over the root of its variance has the p-value of the contour."""
    d = 0.4
    effect = d if measure == "smd" else float(np.exp(d * np.pi / np.sqrt(3)))
    ax = albatross(stroke, measure=measure, contours=[effect], ratio=3.0)
    (contour,) = (line for line in ax.lines if line.get_gid() == "contour-0-left")
    x, n = np.asarray(contour.get_xdata()), np.asarray(contour.get_ydata())
    variance = 1 / (0.75 * n) + 1 / (0.25 * n) + d**2 / (2 * n)
    np.testing.assert_allclose(2 * ndtr(-d / np.sqrt(variance)), 10**x, rtol=1e-9)
    assert (x < 0).all()


def test_printed_p_values(stroke: pd.DataFrame, tidy: Callable[[Axes], None]) -> None:
    printed = [f"{p:.3f}" if p >= 0.001 else "<0.001" for p in stroke["p"]]
    printed[3] = "NS"
    ax = albatross(stroke.assign(p=printed), directions=("Shorter stay", "Longer stay"))
    tidy(ax)
    bounds = drawn(ax, "below-left-0")
    np.testing.assert_allclose(bounds[:, 0], -3.0, rtol=1e-12)
    assert len(bounds) == printed.count("<0.001")
    texts = [text.get_text() for text in ax.texts]
    assert f"Not drawn: {stroke['study'].iloc[3]} (no p-value)." in texts
    assert "p is below" in texts
    assert isinstance(ax, Sheet)
    assert "on the left (Shorter stay)" in ax.description


def test_groups_and_room(
    adherence: pd.DataFrame, stroke: pd.DataFrame, tidy: Callable[[Axes], None]
) -> None:
    ax = albatross(adherence, measure="r", by="design", title="Conscientiousness and adherence")
    tidy(ax)
    sizes = adherence.groupby("design", sort=False).size()
    assert [len(drawn(ax, f"studies-{i}")) for i in range(len(sizes))] == list(sizes)
    tidy(albatross(stroke.assign(p=stroke["p"] ** 30)))  # made to reach far down
    tidy(albatross(stroke.head(1)))


def test_refusals(stroke: pd.DataFrame) -> None:
    with pytest.raises(OptionError, match=r"contours must be .* > 1, drawn on both sides"):
        albatross(stroke, measure="or", contours=[0.5])
    with pytest.raises(OptionError, match="measure must be one of 'smd', 'or', 'r'"):
        albatross(stroke, measure="md")
    with pytest.raises(OptionError, match="ratio must be > 0"):
        albatross(stroke, ratio=0)
    with pytest.raises(DataError, match=r"sign must be 1 or -1; got 0\.5 for study 'Edinburgh'"):
        albatross(stroke.assign(sign=0.5))
    with pytest.raises(DataError, match=r"p must be a number between 0 and 1.* got often"):
        albatross(stroke.assign(p="often"))
    with pytest.raises(DataError, match="no study has a p-value"):
        albatross(stroke.assign(p="NS"))
    with pytest.raises(DataError, match="at most 6 groups can be distinguished; 'study' has 9"):
        albatross(stroke, by="study")


def test_a_study_without_a_direction_is_listed(stroke: pd.DataFrame) -> None:
    ax = albatross(stroke.assign(sign=stroke["sign"].where(stroke["study"] != "Umea")))
    assert len(drawn(ax, "studies-0")) == len(stroke) - 1
    assert "Not drawn: Umea (no direction)." in [text.get_text() for text in ax.texts]


# A meta-analysis instead of a table


def test_a_meta_analysis_is_read_as_its_table(
    adherence: pd.DataFrame, stroke: pd.DataFrame, tidy: Callable[[Axes], None]
) -> None:
    for table, measure in ((adherence, "r"), (stroke, "smd")):
        fit = meta_analysis(table.drop(columns=["p", "sign"]))
        ax = albatross(fit)
        tidy(ax)
        # The fit's variances are the table's; p is worked out once in each way.
        np.testing.assert_allclose(
            drawn(ax, "studies-0"),
            drawn(albatross(table, measure=measure), "studies-0"),
            rtol=1e-12,
        )
        contours = [line.get_gid() for line in ax.lines]
        assert "contour-2-right" in contours
        (first,) = (text for text in ax.texts if text.get_text().startswith(("r 0.1", "SMD 0.1")))
        assert first.get_text() == ("r 0.1" if measure == "r" else "SMD 0.1")


def test_groups_of_a_meta_analysis(adherence: pd.DataFrame) -> None:
    ax = albatross(meta_analysis(adherence), by="design")
    sizes = adherence.groupby("design", sort=False).size()
    assert [len(drawn(ax, f"studies-{i}")) for i in range(len(sizes))] == list(sizes)


def test_a_meta_analysis_without_contours_or_sizes(
    bcg: MetaAnalysis, baskerville: MetaAnalysis
) -> None:
    with pytest.raises(OptionError, match="contours for 'smd', 'or', 'r'; these effects are 'rr'"):
        albatross(bcg)
    bare = albatross(bcg, contours=[])
    assert not [line for line in bare.lines if str(line.get_gid()).startswith("contour")]
    assert len(drawn(bare, "studies-0")) == bcg.k
    assert "contour-0-left" in [line.get_gid() for line in albatross(bcg, measure="or").lines]
    with pytest.raises(DataError, match="albatross needs the size of each study"):
        albatross(baskerville)


def test_a_p_value_too_small_for_a_number() -> None:
    """Synthetic: z = 50, of which the p-value is below 1e-545."""
    table = pd.DataFrame(
        {"study": ["A", "B"], "yi": [5.0, 0.1], "vi": [0.01, 0.01], "n": [400, 90]}
    )
    ax = albatross(meta_analysis(table, measure="smd"))
    np.testing.assert_allclose(drawn(ax, "below-right-0"), [[300, 400]])
    assert "p is below" in [text.get_text() for text in ax.texts]


def test_long_words_for_directions(stroke: pd.DataFrame, tidy: Callable[[Axes], None]) -> None:
    words = ("Shorter stay in hospital after specialist care, if there is any difference", "Longer")
    ax = albatross(stroke, directions=words, title="Synthetic title")
    tidy(ax)
    texts = [text.get_text() for text in ax.texts]
    start = next(at for at, text in enumerate(texts) if text.startswith("Shorter"))
    assert " ".join(texts[start : start + 3]).startswith(words[0])
