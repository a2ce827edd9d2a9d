"""Cross-tables as figures, read from what they draw. All tables but the 6Cs are synthetic."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.coding.content import co_occurrence
from synthesis.coding.tables import cross_table
from synthesis.plots.drawing.canvas import Sheet
from synthesis.plots.heat import heat

TYPES = ["staff", "patients", "law"]


@pytest.fixture
def crossed() -> pd.DataFrame:
    coded = pd.DataFrame(
        {
            "type": ["staff"] * 9 + ["patients"],
            "area": [1, 1, 1, 1, 1, 1, 2, 2, 3, 2],
        }
    )
    return cross_table(coded, "type", "area", row_order=TYPES)


def boxes(ax: Axes) -> dict[tuple[int, int], Rectangle]:
    found = {}
    for patch in ax.patches:
        _, row, column = str(patch.get_gid()).split("-")
        assert isinstance(patch, Rectangle)
        found[int(row), int(column)] = patch
    return found


def inside(ax: Axes, box: Rectangle) -> list[str]:
    """What is written in a box."""
    return [
        text.get_text()
        for text in ax.texts
        for x, y in [text.get_position()]
        if box.get_x() < x < box.get_x() + box.get_width()
        and box.get_y() < y < box.get_y() + box.get_height()
    ]


def luminance(colour: object) -> float:
    """Relative luminance, by the definition in WCAG 2.1."""
    values = [int(to_hex(colour)[at : at + 2], 16) / 255 for at in (1, 3, 5)]  # type: ignore[arg-type]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_cell_prints_its_count(crossed: pd.DataFrame) -> None:
    ax = heat(crossed)
    drawn = boxes(ax)
    assert set(drawn) == {(row, column) for row in range(3) for column in range(3)}
    for (row, column), box in drawn.items():
        assert inside(ax, box) == [str(crossed.iloc[row, column])]


def test_margins_are_printed_and_not_shaded(crossed: pd.DataFrame) -> None:
    ax = heat(crossed)
    bold = [t.get_text() for t in ax.texts if t.get_fontproperties().get_weight() == "bold"]
    assert bold.count("Total") == 1  # the heading; the label of the row is plain
    for total in ("9", "1", "0", "6", "3", "10"):
        assert total in bold


def test_darker_is_more_and_white_is_none(crossed: pd.DataFrame) -> None:
    drawn = boxes(heat(crossed))
    shade = {place: luminance(box.get_facecolor()) for place, box in drawn.items()}
    assert [shade[0, column] for column in range(3)] == sorted(shade[0, c] for c in range(3))
    assert shade[0, 1] < shade[0, 2] == shade[1, 1] < 1
    assert {shade[2, column] for column in range(3)} == {1.0}


def test_numbers_can_be_read_on_every_shade() -> None:
    """At least 4.5 to 1, which WCAG 2.1 asks of text, on all shades that can occur."""
    table = pd.DataFrame([range(1, 101)])
    ax = heat(table)
    for (_, column), box in boxes(ax).items():
        colour = next(t.get_color() for t in ax.texts if t.get_text() == str(column + 1)
                      and t.get_fontproperties().get_weight() != "bold")  # fmt: skip
        pair = sorted((luminance(colour), luminance(box.get_facecolor())))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


@pytest.mark.parametrize(
    ("percent", "expected"), [("row", "6 (67%)"), ("column", "6 (100%)"), ("all", "6 (60%)")]
)
def test_percentages_stand_beside_the_counts(
    crossed: pd.DataFrame, percent: str, expected: str
) -> None:
    ax = heat(crossed, percent=percent)
    drawn = boxes(ax)
    assert inside(ax, drawn[0, 0]) == [expected]
    assert inside(ax, drawn[2, 0]) == ["0"]
    darkest = min(drawn, key=lambda place: luminance(drawn[place].get_facecolor()))
    shares = cross_table(
        pd.DataFrame({"type": ["staff"] * 9 + ["patients"], "area": [1] * 6 + [2, 2, 3, 2]}),
        "type", "area", row_order=TYPES, percent=percent,
    ).iloc[:-1, :-1]  # fmt: skip
    assert shares.iloc[darkest] == np.nanmax(shares)


def test_names_are_in_words(crossed: pd.DataFrame) -> None:
    words = {"patients": "Patient oriented", 1: "Area 1", "type": "Type", "area": "Area"}
    texts = [text.get_text() for text in heat(crossed, names=words).texts]
    for word in ("Patient oriented", "Area 1", "Type ↓", "Area →"):
        assert word in texts


def test_underscores_are_for_programs() -> None:
    table = pd.DataFrame({"not_stated": [1], "provider_organisation": [2]}, index=["one_area"])
    words = " ".join(text.get_text() for text in heat(table).texts).split()
    assert {"stated", "provider", "organisation", "area"} <= set(words)


def test_it_says_itself_in_words(crossed: pd.DataFrame) -> None:
    ax = heat(crossed, units="actions")
    assert isinstance(ax, Sheet)
    assert ax.description == (
        "Cross-table of type by area, 10 actions. By type: staff 9, patients 1, law 0. "
        "By area: 1 6, 2 3, 3 1. Most, 6, in staff and 1. patients: none in 1, 3. "
        "law: none in any column."
    )


def test_tables_without_margins(tidy: Callable[[Axes], None]) -> None:
    codings = pd.DataFrame({"unit": [1, 1, 2], "code": ["care", "staff", "care"]})
    ax = heat(co_occurrence(codings))
    tidy(ax)
    assert inside(ax, boxes(ax)[0, 1]) == ["1"]
    with pytest.raises(DataError, match="no margins called 'total'"):
        heat(co_occurrence(codings), percent="row")


def test_a_table_of_nothing_is_white(crossed: pd.DataFrame) -> None:
    drawn = boxes(heat(crossed * 0, percent="row"))
    assert {luminance(box.get_facecolor()) for box in drawn.values()} == {1.0}


@pytest.mark.parametrize("percent", [None, "row", "column", "all"])
def test_the_six_cs_are_tidy(percent: str | None, tidy: Callable[[Axes], None]) -> None:
    actions, coding = datasets.load("sixcs", "actions"), datasets.load("sixcs", "coding")
    coded = actions.merge(coding[coding["coder"] == "automated_1"], on="action_id")
    for across in ("area", "level"):
        table = cross_table(coded, "epoc_code", across)
        tidy(heat(table, percent=percent, title="Types of the actions", units="actions"))


def test_long_names_and_large_counts_are_tidy(tidy: Callable[[Axes], None]) -> None:
    long = "a category with a name as long as those which people give to their own categories"
    table = pd.DataFrame(
        [[123456, 0], [7, 12]], index=[long, "$x$"], columns=[f"{long} {at}" for at in range(2)]
    ).rename_axis(index="a name of the rows that is long", columns="and one of the columns")
    tidy(heat(table, title=long))


def test_it_fits_the_axes_it_is_given(crossed: pd.DataFrame, tidy: Callable[[Axes], None]) -> None:
    left, right = Figure(figsize=(6, 3)).subplots(1, 2)
    assert heat(crossed, ax=left, units="actions") is left
    heat(crossed, ax=right)
    tidy(left)


def test_refusals(crossed: pd.DataFrame) -> None:
    with pytest.raises(OptionError, match="percent must be one of 'row', 'column', 'all'"):
        heat(crossed, percent="rows")
    with pytest.raises(DataError, match="something other than counts"):
        heat(crossed / 3)
    with pytest.raises(DataError, match="something other than counts"):
        heat(-crossed)
    with pytest.raises(DataError, match=r"column 'b' contains .* counts: 0\.5 in row 'y'\. Draw"):
        heat(pd.DataFrame({"a": [1, 2], "b": [3, 0.5]}, index=["x", "y"]))
    with pytest.raises(DataError, match="it has no cells"):
        heat(crossed.head(0))
