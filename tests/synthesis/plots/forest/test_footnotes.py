"""Footnotes of forest plots: what was done to the effects of single studies. Made-up trials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import synthesis as syn
from arrowroot.text import shortened
from synthesis.plots.forest.styles import STYLES
from synthesis.pooling.results import MetaAnalysis

styles = pytest.mark.parametrize("style", list(STYLES))

REVERSED = "Sign reversed, as lower scores are better"


def sheet() -> pd.DataFrame:
    """Make trials: every score is better when lower, two are randomised in clusters."""
    return pd.DataFrame(
        {
            "study": ["Ash 2001", "Birch 2002", "Cedar 2003", "Date 2004"],
            "mean_t": [9.0, 10.0, 8.2, 12.1],
            "sd_t": 5.0,
            "n_t": [50, 60, 70, 40],
            "mean_c": [12.0, 13.0, 11.5, 14.1],
            "sd_c": 5.0,
            "n_c": [50, 60, 70, 40],
            "direction": "lower",
            "icc": [0.02, np.nan, 0.05, np.nan],
            "cluster_size": [20, np.nan, 15, np.nan],
        }
    )


def fitted(**changes: object) -> MetaAnalysis:
    return syn.meta_analysis(syn.effect_sizes(sheet().assign(**changes)))


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def beside(ax: Axes, label: str) -> list[str]:
    """Return the marks on the line of a label, between it and the next column."""
    (own,) = [text for text in ax.texts if text.get_text() == label]
    return [
        text.get_text()
        for text in ax.texts
        if text is not own
        and text.get_position()[1] == own.get_position()[1]
        and set(text.get_text()) <= set("()¹²³ 123")
        and text.get_text()[0] in "(¹²³"
    ]


def with_notes(*said: tuple[str, ...]) -> MetaAnalysis:
    """Return the trials with receipts that say what they are given."""
    effects = syn.effect_sizes(sheet())
    effects["receipt"] = [
        replace(receipt, footnotes=notes)
        for receipt, notes in zip(effects["receipt"], said, strict=True)
    ]
    return syn.meta_analysis(effects)


def test_what_holds_for_every_study_is_said_once_without_a_mark() -> None:
    ax = syn.forest(fitted())
    assert f"All studies: {REVERSED}." in texts(ax)
    assert beside(ax, "Birch 2002") == []


@pytest.mark.parametrize(("style", "marks"), [("revman", ["(1)", "(2)"]), ("jama", ["¹", "²"])])
def test_rows_are_marked_in_the_order_they_are_drawn(style: str, marks: list[str]) -> None:
    ax = syn.forest(fitted(), style=style)
    # Design effects: 1 + 19 x 0.02 = 1.38 and 1 + 14 x 0.05 = 1.7.
    assert f"{marks[0]} Variance increased for clustering (design effect 1.38)." in texts(ax)
    assert f"{marks[1]} Variance increased for clustering (design effect 1.7)." in texts(ax)
    assert beside(ax, "Ash 2001") == [marks[0]]
    assert beside(ax, "Cedar 2003") == [marks[1]]
    assert beside(ax, "Date 2004") == []
    reordered = syn.forest(fitted(), style=style, descending=True)
    assert beside(reordered, "Cedar 2003") == [marks[0]]


def test_equal_footnotes_share_a_mark_and_marks_rise_within_a_row() -> None:
    fit = with_notes(("One",), ("Two", "One"), ("Two",), ())
    ax = syn.forest(fit)
    assert [beside(ax, label) for label in fit.studies["study"]] == [
        ["(1)"],
        ["(1) (2)"],
        ["(2)"],
        [],
    ]
    assert {"(1) One.", "(2) Two."} <= set(texts(ax))


def test_a_doubt_without_words_for_a_figure_is_a_footnote_itself() -> None:
    from synthesis.effects.routes.receipts import _each, _footnote
    from synthesis.effects.rows.workings import Remark, Step

    noted = (
        Remark("icc is blank", doubt="Clusters ignored"),
        Remark("told", footnote="Short", doubt="Long"),
        Step(("se",), "sd from se", is_guess=False, footnote="SD from SE"),
        Step(("se",), "sd from se", is_guess=False),
    )
    assert _each(map(_footnote, noted)) == ("Clusters ignored", "Short", "SD from SE")


def test_effects_in_different_units_say_which() -> None:
    effects = syn.effect_sizes(sheet())
    units = ["SDs of the change", "SDs of the change", "SDs of single measurements", ""]
    effects["receipt"] = [
        replace(receipt, footnotes=(), unit=unit)
        for receipt, unit in zip(effects["receipt"], units, strict=True)
    ]
    ax = syn.forest(syn.meta_analysis(effects))
    assert "(1) Standardised by SDs of the change." in texts(ax)
    assert beside(ax, "Birch 2002") == ["(1)"]
    assert beside(ax, "Cedar 2003") == ["(2)"]


@styles
@pytest.mark.parametrize("width", [None, "double"])
def test_footnotes_are_tidy(tidy: Callable[[Axes], None], style: str, width: str | None) -> None:
    long = "Standard deviation taken from the other trials of the same outcome and instrument"
    fit = with_notes((long, "Two"), ("Two", "Three", "Four"), (), (long,))
    tidy(syn.forest(fit, style=style, width=width, favours=("usual care", "case management")))


def test_many_footnotes_become_one_paragraph(tidy: Callable[[Axes], None]) -> None:
    random = np.random.default_rng(1)
    k = 30
    table = pd.DataFrame({"study": [f"Trial {i}" for i in range(k)], "mean_t": 9.0, "sd_t": 5.0})
    table = table.assign(n_t=50, mean_c=random.normal(11, 1, k).round(1), sd_c=5.0, n_c=50)
    effects = syn.effect_sizes(table.assign(icc=0.02, cluster_size=np.arange(k) + 5))
    ax = syn.forest(syn.meta_analysis(effects))
    tidy(ax)
    said = " ".join(texts(ax))
    assert all(f"({n}) Variance increased" in said for n in range(1, k + 1))
    assert not any(text.startswith("(2) ") for text in texts(ax)[-12:-8])


def test_footnotes_can_be_switched_off_in_the_figure_but_not_in_its_words() -> None:
    ax = syn.forest(fitted(), footnotes=False)
    assert not any("reversed" in text or "clustering" in text for text in texts(ax))
    assert REVERSED in syn.alt_text(ax)


def test_footnotes_are_in_words_for_readers_who_cannot_see() -> None:
    fit = fitted()
    said = syn.alt_text(fit)
    assert f"{REVERSED} (all studies)" in said
    assert "(design effect 1.38) (Ash 2001)" in said
    assert said == syn.alt_text(syn.forest(fit))
    both = syn.alt_text({"Pain": fit, "Function": fit})
    assert f"{REVERSED} (all studies)" in both
    some = syn.alt_text(with_notes(("One",), ("One",), (), ()))
    assert f"Footnotes: One ({shortened(['Ash 2001', 'Birch 2002'])})." in some


def test_footnotes_are_said_at_the_pointer() -> None:
    spots = syn.hover(syn.forest(fitted())).spots
    (ash,) = [spot.words for spot in spots if spot.words.startswith("Ash 2001")]
    assert "Footnotes: Variance increased for clustering (design effect 1.38)" in ash


def test_footnotes_are_in_the_description_of_a_file(tmp_path: object) -> None:
    from pathlib import Path

    path = syn.save(syn.forest(fitted()), Path(str(tmp_path)) / "f.svg")
    desc = path.read_text("utf-8").split("<desc", 1)[1].split("</desc>")[0]
    assert REVERSED in desc


def test_groups_and_outcomes_have_footnotes() -> None:
    effects = syn.effect_sizes(sheet()).assign(team=["a", "b", "a", "b"])
    groups = syn.forest(syn.subgroup_analysis(effects, by="team"))
    assert beside(groups, "Cedar 2003") == ["(2)"]
    outcomes = syn.outcome_forest({"Pain": fitted(), "None": None})
    assert beside(outcomes, "Cedar 2003") == ["(2)"]


def test_a_table_without_receipts_has_none(baskerville: MetaAnalysis) -> None:
    assert "Footnotes" not in syn.alt_text(baskerville)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, "tau² by restricted maximum likelihood; 95% CI: Hartung-Knapp-Sidik-Jonkman;"),
        ({"tau2": "dl", "ci": "wald"}, "tau² by DerSimonian-Laird; 95% CI: Wald-type;"),
        ({"tau2": 0.1, "level": 0.9}, "tau² given; 90% CI: "),
        ({"model": "common"}, "Common-effect model; 95% CI: Wald-type."),
        ({"prediction": "higgins"}, "t distribution with k − 2 degrees of freedom."),
    ],
)
@styles
def test_a_line_names_model_estimator_and_intervals(
    style: str, options: dict[str, object], expected: str
) -> None:
    table = syn.datasets.load("baskerville2012")
    fit = syn.meta_analysis(table, measure="smd", **options)  # type: ignore[arg-type]
    assert expected in " ".join(texts(syn.forest(fit, style=style)))


def test_numbers_have_minus_signs(tidy: Callable[[Axes], None]) -> None:
    table = pd.DataFrame({"study": list("ABC"), "yi": [-0.4, -0.2, 0.3], "vi": [0.04, 0.05, 0.03]})
    fit = syn.meta_analysis(table.assign(change=[-1.5, 2.0, -3.0]), measure="md")
    for style in STYLES:
        ax = syn.forest(fit, style=style, columns=["change"], favours=("0-12 months", "x"))
        tidy(ax)
        ticks = [label.get_text() for label in ax.get_xticklabels()]
        said = [*texts(ax), *ticks, syn.alt_text(ax)]
        assert not [text for text in said if "-0." in text or "-1" in text.replace("0-12", "")]
        assert "−1.5" in said
        assert any("0-12 months" in text for text in said)  # a hyphen that someone wrote stays
    assert "MD -0.09" in str(fit)  # what programs read again keeps the hyphen
