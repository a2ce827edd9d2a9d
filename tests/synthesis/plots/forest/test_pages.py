"""Forest plots in pages. Synthetic results."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import synthesis as syn
from arrowroot.errors import DataError, OptionError
from synthesis.plots.forest.styles import STYLES
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


@pytest.fixture(scope="module")
def grouped() -> SubgroupAnalysis:
    """Pool 63 synthetic trials in three groups."""
    random = np.random.default_rng(1)
    table = pd.DataFrame(
        {
            "study": [f"Synthetic {n}" for n in range(63)],
            "yi": random.normal(0.2, 0.3, 63),
            "vi": random.uniform(0.01, 0.1, 63),
            "g": np.repeat(["first", "second", "third"], 21),
        }
    )
    return syn.subgroup_analysis(table, by="g")


@pytest.mark.parametrize("style", list(STYLES))
def test_every_study_is_on_one_page_and_the_total_on_the_last(
    synthetic: Callable[..., MetaAnalysis], tidy: Callable[[Axes], None], style: str
) -> None:
    fit = synthetic(63)
    pages = syn.forest_pages(fit, rows_per_page=25, style=style, favours=("a", "b"), title="All")
    assert len(pages) == 3
    shown = [text for page in pages for text in texts(page)]
    assert all(shown.count(label) == 1 for label in fit.studies["study"])
    total = STYLES[style].effect(fit.estimate, fit.ci, 2, negative=True)
    assert [total in texts(page) for page in pages] == [False, False, True]
    for page in pages:
        tidy(page)
        assert "Favo" in " ".join(texts(page))  # the axis is labelled on each


def test_pages_share_their_columns_axis_and_squares(grouped: SubgroupAnalysis) -> None:
    pages = syn.forest_pages(grouped, rows_per_page=25, title="All")
    whole = syn.forest(grouped, title="All")
    assert {page.get_xlim() for page in pages} == {whole.get_xlim()}
    widths = {page.figure.get_figwidth() for page in pages}
    assert len(widths) == 1
    boxes = {round(float(page.get_position().x0), 9) for page in pages}
    assert len(boxes) == 1

    def areas(ax: Axes) -> list[float]:
        (found,) = [mark for mark in ax.collections if mark.get_gid() == "squares"]
        return list(found.get_sizes())

    drawn = [area for page in pages for area in areas(page)]
    np.testing.assert_allclose(drawn, areas(whole), rtol=1e-12)


def test_a_group_that_goes_on_has_its_heading_again(grouped: SubgroupAnalysis) -> None:
    pages = syn.forest_pages(grouped, rows_per_page=25, title="All")
    assert "second" in texts(pages[0]) and "second (continued)" in texts(pages[1])
    assert "second" not in texts(pages[1])
    assert [("All" in texts(page), "All (continued)" in texts(page)) for page in pages] == [
        (True, False),
        (False, True),
        (False, True),
    ]
    assert "Page 1 of 3; continued on the next page." in texts(pages[0])
    assert any(text.startswith("Page 3 of 3.") for text in texts(pages[-1]))
    tests = [any("subgroup differences" in text for text in texts(page)) for page in pages]
    assert tests == [False, False, True]


def test_no_page_ends_with_a_heading(grouped: SubgroupAnalysis) -> None:
    for rows in range(5, 30):
        for page in syn.forest_pages(grouped, rows_per_page=rows)[:3]:
            shown = [text for text in texts(page) if text.startswith(("Synth", "sec", "thi"))]
            lowest = max(
                (text for text in page.texts if text.get_text() in shown),
                key=lambda text: text.get_position()[1],
            )
            assert lowest.get_text().startswith("Synth")


def test_pages_answer_the_pointer_and_say_what_they_show(grouped: SubgroupAnalysis) -> None:
    pages = syn.forest_pages(grouped, rows_per_page=25)
    spots = [spot.words for page in pages for spot in syn.hover(page).spots]
    assert sum(words.startswith("Synthetic ") for words in spots) == 63
    assert spots[-1] == grouped.overall.sentence()
    assert syn.alt_text(pages[0]).startswith("Page 1 of 3 of a forest plot: 22 studies, Synthetic")
    assert syn.alt_text(grouped) in syn.alt_text(pages[-1])


def test_only_the_footnotes_of_a_page_are_on_it() -> None:
    k = 20
    table = pd.DataFrame({"study": [f"Trial {n}" for n in range(k)], "mean_t": 9.0, "sd_t": 5.0})
    table = table.assign(n_t=50, mean_c=np.linspace(10, 12, k), sd_c=5.0, n_c=50)
    icc = np.where(np.arange(k) == k - 1, 0.02, np.nan)
    effects = syn.effect_sizes(table.assign(icc=icc, cluster_size=np.where(icc > 0, 20, np.nan)))
    first, last = syn.forest_pages(syn.meta_analysis(effects), rows_per_page=12)
    assert not any("clustering" in text for text in texts(first))
    assert any(text.startswith("(1) Variance increased for clustering") for text in texts(last))


def test_what_fits_on_a_page_is_one_forest_plot(baskerville: MetaAnalysis) -> None:
    (page,) = syn.forest_pages(baskerville)
    assert texts(page) == texts(syn.forest(baskerville))
    assert syn.alt_text(page) == syn.alt_text(baskerville)


def test_pages_can_be_laid_out_for_a_width(baskerville: MetaAnalysis) -> None:
    pages = syn.forest_pages(baskerville, rows_per_page=10, style="jama", width="single")
    for page in pages:
        assert float(page.figure.get_figwidth()) * 25.4 == pytest.approx(90, rel=3e-3)


@pytest.mark.parametrize("rows", [4, 0, 12.5, "many", None])
def test_rows_that_no_page_can_have(baskerville: MetaAnalysis, rows: object) -> None:
    with pytest.raises(OptionError, match="rows_per_page must be a whole number from 5; got"):
        syn.forest_pages(baskerville, rows_per_page=rows)  # type: ignore[arg-type]


def test_options_that_pages_do_not_take(baskerville: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match="creates one figure per page"):
        syn.forest_pages(baskerville, ax=None)
    with pytest.raises(OptionError, match="Did you mean 'columns'"):
        syn.forest_pages(baskerville, colums=["hours"])
    with pytest.raises(DataError, match="a result of meta_analysis is needed; got a table"):
        syn.forest_pages(baskerville.studies)  # type: ignore[arg-type]
