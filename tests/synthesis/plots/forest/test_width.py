"""Forest plots laid out for the width of a column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

import synthesis as syn
from arrowroot.errors import OptionError
from synthesis.pooling.results import MetaAnalysis

STYLES = ("revman", "jama", "bmj", "plain")
ROUNDING = 3e-3
"""Widths of letters are measured in 64ths of a point, at one text size and at another."""


def millimetres(ax: Axes) -> float:
    return float(ax.figure.get_size_inches()[0]) * 25.4


def text_size(ax: Axes) -> float:
    return min(float(text.get_fontsize()) for text in ax.figure.findobj(Text) if text.get_text())


@pytest.mark.pinned  # how wide a letter is drawn depends on the FreeType of matplotlib
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("width", [110, "bmc-full", "double", 240])
def test_it_is_as_wide_as_asked_and_tidy(
    synthetic: Callable[..., MetaAnalysis],
    tidy: Callable[[Axes], None],
    style: str,
    long: bool,
    width: float | str,
) -> None:
    ax = syn.forest(
        synthetic(8, long=long), style=style, favours=("placebo", "treatment"), width=width
    )
    asked = {"bmc-full": 170.0, "double": 190.0}.get(str(width), width)
    assert millimetres(ax) == pytest.approx(asked, rel=ROUNDING)
    assert 5 <= text_size(ax) <= 9 * (1 + ROUNDING)
    tidy(ax)


@pytest.mark.parametrize("style", STYLES)
def test_raw_data_fit_a_double_column_with_text_that_is_easily_read(
    bcg: MetaAnalysis, style: str, tidy: Callable[[Axes], None]
) -> None:
    ax = syn.forest(bcg, style=style, width="double")
    assert text_size(ax) >= 8 * (1 - ROUNDING)
    tidy(ax)


def test_jama_fits_a_single_column(bcg: MetaAnalysis, tidy: Callable[[Axes], None]) -> None:
    ax = syn.forest(bcg, style="jama", width="single", favours=("vaccine", "no vaccine"))
    assert text_size(ax) >= 7
    tidy(ax)


def test_no_word_under_a_narrow_axis_is_broken(baskerville: MetaAnalysis) -> None:
    favours = ("no facilitation", "practice facilitation")
    ax = syn.forest(baskerville, style="jama", favours=favours, width=90)
    shown = {word for text in ax.texts for word in text.get_text().split()}
    assert {"facilitation", "practice"} <= shown


def test_room_to_spare_goes_to_the_plot(baskerville: MetaAnalysis) -> None:
    narrow, wide = (syn.forest(baskerville, style="jama", width=mm) for mm in (180, 240))
    assert text_size(narrow) == text_size(wide) == 9
    plots = [ax.get_position().width * millimetres(ax) for ax in (narrow, wide)]
    assert plots[1] - plots[0] == pytest.approx(60, rel=1e-6)


def test_other_forests_are_fitted_too(
    baskerville: MetaAnalysis, tidy: Callable[[Axes], None]
) -> None:
    outcomes = syn.outcome_forest({"A": baskerville, "B": None}, width="double")
    left_out = syn.summary_forest(syn.leave_one_out(baskerville), measure="smd", width="single")
    for ax, asked in ((outcomes, 190), (left_out, 90)):
        assert millimetres(ax) == pytest.approx(asked, rel=ROUNDING)
        tidy(ax)


def test_rows_answer_where_a_fitted_figure_has_them(bcg: MetaAnalysis) -> None:
    ax = syn.forest(bcg, style="jama", width="single")
    ax.figure.draw_without_rendering()
    label = next(text for text in ax.texts if text.get_text() == "TPT Madras 1980")
    box = label.get_window_extent()
    (spot,) = [s for s in syn.hover(ax).spots if s.words.startswith("TPT Madras 1980")]
    assert spot.top < 1 - (box.y0 + box.y1) / 2 / ax.figure.bbox.height < spot.bottom


def test_text_that_would_be_too_small_is_refused(bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match=r"at 88 mm the smallest text .* below 5 pt nobody can"):
        syn.forest(bcg, width=88)


def test_a_width_that_was_asked_for_is_not_advised(bcg: MetaAnalysis, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"style='jama' has the fewest\.$"):
        syn.forest(bcg, width=35)
    with pytest.raises(OptionError, match=r"and forest\(\.\.\., width=\.\.\.\) wraps labels"):
        syn.save(syn.forest(bcg), tmp_path / "f.svg", width=35)


def test_what_cannot_help_is_not_advised(bcg: MetaAnalysis, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"draw it with fewer columns\.$"):
        syn.forest(bcg, style="jama", width=30, columns=["alloc", "year"])
    with pytest.raises(OptionError, match=r"Choose a greater width\.$"):
        syn.save(syn.funnel(bcg), tmp_path / "f.svg", width=30)
    with pytest.raises(OptionError, match=r"style='jama' has the fewest\.$"):
        syn.save(syn.forest(bcg, width="double"), tmp_path / "f.svg", width=35)
    with pytest.raises(OptionError, match=r"and outcome_forest\(\.\.\., width=\.\.\.\) wraps"):
        syn.save(syn.outcome_forest({"TB": bcg}), tmp_path / "f.svg", width=35)
    with pytest.raises(OptionError, match=r"and summary_forest\(\.\.\., width=\.\.\.\) wraps"):
        table = syn.leave_one_out(bcg)
        syn.save(syn.summary_forest(table, measure="rr"), tmp_path / "f.svg", width=31)


def test_axes_of_ones_own_have_their_size(bcg: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match="width cannot be combined with ax"):
        syn.forest(bcg, ax=Figure().subplots(), width="double")
