"""Risk-of-bias figures, read from what they draw. All judgements here are synthetic."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from arrowroot.errors import DataError, OptionError
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.judgements import judgement
from synthesis.plots.rob import WIDTH, rob_summary, rob_traffic_light
from synthesis.plots.rob_table import TEMPLATES, template_named

ROB2 = ("Low", "Some concerns", "High", "No information")


def synthetic(template: str = "rob2", k: int = 12, *, long: bool = False) -> pd.DataFrame:
    """Make a table of judgements at random."""
    random, tool = np.random.default_rng(k), template_named(template)
    words = tool.judgements or tuple(word.lower() for word in ROB2)
    tail = (
        " of a report with a long name, as the reports of agencies give their own" if long else ""
    )
    return pd.DataFrame(
        {
            "study": [f"Synthetic {i}{tail}" for i in range(k)],
            **{code: random.choice(words, k) for code in tool.domains or {"blinding": "", "x": ""}},
            "Overall": random.choice(words, k),
        }
    )


def bars(ax: Axes, row: int) -> list[Rectangle]:
    found = [p for p in ax.patches if str(p.get_gid()).startswith(f"bar-{row}-")]
    assert all(isinstance(bar, Rectangle) for bar in found)
    return found  # type: ignore[return-value]


def test_capitals_of_the_column_study_make_no_difference() -> None:
    table = synthetic(k=3)
    shown = [
        [text.get_text() for text in rob_traffic_light(one).texts]
        for one in (table, table.rename(columns={"study": "Study"}))
    ]
    assert shown[0] == shown[1]
    with pytest.raises(DataError, match="has no column 'study'"):
        rob_traffic_light(table.rename(columns={"study": "trial"}))


def test_every_cell_has_the_sign_of_its_judgement() -> None:
    table = synthetic()
    ax = rob_traffic_light(table)
    studies = {t.get_text(): t.get_position()[1] for t in ax.texts}
    columns = {t.get_text(): t.get_position()[0] for t in ax.texts}
    placed = [(*t.get_position(), t.get_text()) for t in ax.texts]
    for row in table.to_dict("records"):
        for code in ("D1", "D2", "D3", "D4", "D5", "Overall"):
            expected = judgement(row[code])
            assert expected is not None
            there = [
                text
                for x, y, text in placed
                if abs(x - columns[code]) < 0.1 and abs(y - studies[row["study"]]) < 3
            ]
            assert there == [expected.symbol]


def test_no_information_keeps_the_others_their_colours() -> None:
    table = pd.DataFrame({"study": ["A", "B"], **{f"D{i}": ["Serious", "NI"] for i in range(1, 8)}})
    ax = rob_traffic_light(table, template="robins_i")
    fills = [c.get_facecolor()[0] for c in ax.collections]
    serious, unknown = judgement("serious"), judgement("no information")
    assert serious is not None and unknown is not None
    colours = {tuple(np.round(fill[:3] * 255).astype(int)) for fill in fills}
    expected = {
        tuple(int(one.fill[i : i + 2], 16) for i in (1, 3, 5)) for one in (serious, unknown)
    }
    assert colours == expected


@pytest.mark.parametrize("template", sorted(TEMPLATES))
@pytest.mark.parametrize("long", [False, True])
def test_every_template_is_tidy(template: str, long: bool, tidy: Callable[[Axes], None]) -> None:
    table = synthetic(template, 5, long=long)
    ax = rob_traffic_light(table, template=template, title="Synthetic judgements")
    tidy(ax)
    tidy(rob_summary(table, template=template, title="Synthetic judgements"))
    assert isinstance(ax, Sheet)
    assert "traffic-light plot of 5 studies" in ax.description


def test_bars_are_the_shares() -> None:
    table = synthetic()
    ax = rob_summary(table)
    for row, code in enumerate(("D1", "D2", "D3", "D4", "D5", "Overall")):
        counts = table[code].value_counts()
        expected = [counts[word] for word in template_named("rob2").judgements if word in counts]
        widths = [bar.get_width() for bar in bars(ax, row)]
        assert widths == pytest.approx([WIDTH * count / 12 for count in expected])
        assert sum(widths) == pytest.approx(WIDTH)


def test_weighted_bars_follow_the_weights_by_label() -> None:
    table = pd.DataFrame(
        {"study": ["A", "B"], **{f"D{i}": ["Low", "High"] for i in range(1, 6)}, "w": [3.0, 1.0]}
    )
    weights = pd.Series([25.0, 75.0], index=["B", "A"])
    for given in (weights, "w"):
        low, high = bars(rob_summary(table, weights=given), 0)
        assert (low.get_width(), high.get_width()) == pytest.approx((0.75 * WIDTH, 0.25 * WIDTH))


def test_blank_cells_are_shown_as_such(tidy: Callable[[Axes], None]) -> None:
    table = synthetic()
    table.loc[0, "D2"] = None
    light, summary = rob_traffic_light(table), rob_summary(table)
    for ax in (light, summary):
        tidy(ax)
        assert "Not judged" in [text.get_text() for text in ax.texts]
        assert isinstance(ax, Sheet)
        assert "not judged" in ax.description
    assert bars(summary, 1)[-1].get_width() == pytest.approx(WIDTH / 12)


def test_the_domains_can_be_named() -> None:
    table = synthetic("generic")
    ax = rob_traffic_light(table, template="generic", domains={"blinding": "who knew what"})
    texts = [text.get_text() for text in ax.texts]
    assert "blinding: who knew what" in texts
    assert "x" not in texts


def test_refusals() -> None:
    table = synthetic()
    with pytest.raises(OptionError, match="template must be one of 'rob2', 'rob2_cluster'"):
        rob_traffic_light(table, template="rob")
    with pytest.raises(DataError, match="domain D6: the table has no column 'D6'"):
        rob_traffic_light(table, template="robins_i")
    with pytest.raises(
        DataError, match=r"D1: RoB 2 allows .* got 'serious' for study 'Synthetic 0'"
    ):
        rob_traffic_light(table.assign(D1="serious"))
    with pytest.raises(DataError, match=r"D1: every judgement must be one of .* got 'fine'"):
        rob_summary(table.assign(D1="fine"))
    with pytest.raises(DataError, match="no rows"):
        rob_summary(table.head(0))
    with pytest.raises(DataError, match="weights: no weight for 'Synthetic 1'"):
        rob_summary(table.head(2), weights=pd.Series([1.0], index=["Synthetic 0"]))
    with pytest.raises(DataError, match=r"weights must be > 0; got 0\.0 for study"):
        rob_summary(table.assign(w=0.0), weights="w")


def test_an_overall_judgement_better_than_a_domains_is_said_in_words() -> None:
    table = pd.DataFrame(
        {
            "study": ["Ash", "Birch", "Cedar", "Date", "Elm"],
            **{
                code: ["High", "Low", "Some concerns", "Low", "No information"]
                for code in ("D1", "D2", "D3", "D4", "D5")
            },
            "Overall": ["Low", "Low", "High", "No information", "Low"],
        }
    )
    remark = "Overall judgement better than that of a domain: Ash (overall low, D1 high, D2 high"
    for ax in (rob_traffic_light(table), rob_summary(table)):
        assert isinstance(ax, Sheet)
        assert remark in ax.description
        for milder in ("Birch (", "Cedar (", "Date (", "Elm ("):
            assert milder not in ax.description
        assert "Overall judgement better" in " ".join(text.get_text() for text in ax.texts)
    fine = rob_traffic_light(table[1:])
    assert isinstance(fine, Sheet) and "better" not in fine.description


def test_cluster_trials_as_other_programs_lay_their_tables_out() -> None:
    table = pd.DataFrame(
        {
            "Study": ["Ash", "Birch"],
            "D1": ["Low", "High"],
            "D1b": ["Not applicable", "Low"],
            **{code: ["Low", "Some concerns"] for code in ("D2", "D3", "D4", "D5")},
            "Overall": ["Low", "High"],
        }
    )
    ax = rob_traffic_light(table, template="rob2_cluster", study="Study")
    assert isinstance(ax, Sheet)
    assert "D1a: 1 low, 1 high." in ax.description
    assert "D1b: 1 low, 1 not applicable." in ax.description
    assert "better" not in ax.description
    with pytest.raises(DataError, match="D1b"):
        rob_traffic_light(table.drop(columns="D1b"), template="rob2_cluster", study="Study")
