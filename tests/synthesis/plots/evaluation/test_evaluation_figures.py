"""Figures of evaluations, read from what they draw; all data are made up."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import synthesis as syn
from arrowroot.errors import ArrowrootError

RULE = syn.DelphiRule(
    consensus="percent", agree=(7, 9), at_least=75, rounds=3, decided="2026-01-10"
)
RATINGS = pd.DataFrame(
    [
        {
            "round": number,
            "panellist": f"P{at}",
            "group": "ab"[at % 2],
            "item": item,
            "rating": rating,
        }
        for number, items in (
            (1, {"safety": [7, 8, 5, 3], "cost": [2, 3, 8, 4]}),
            (2, {"safety": [7, 8, 7, 6], "cost": [2, 3, 5, 4]}),
        )
        for item, given in items.items()
        for at, rating in enumerate(given)
    ]
)
PAIRS = {"money": [(1, 3), (2, 2), (4, 3)], "home": [(1, 2), (2, 5), (3, 4)]}
PAIRS |= {"health": [(2, 2), (2, 1), (5, 5)]}
READINGS = pd.DataFrame(
    [
        {"person": f"p{at}", "area": area, "date": day, "score": score}
        for area, pairs in PAIRS.items()
        for at, scores in enumerate(pairs)
        for day, score in zip(("2026-01-05", "2026-07-05"), scores, strict=True)
    ]
)
COUNTS = pd.concat(
    [
        pd.DataFrame({"person": range(5), "year": year, "count": uses})
        for year, uses in ((2024, [1, 2, 3, 4, 10]), (2025, [2, 2, 2, 2, 12]))
    ]
)
LINES = pd.DataFrame(
    {
        "line": ["staff", "admissions"],
        "kind": ["cost", "benefit"],
        "stream": "fiscal",
        "who": ["council", "hospital"],
        "amount": [1000, 1500],
        "low": [900, 500],
        "high": [1400, 2000],
        "price_year": 2026,
        "first_year": 0,
        "deadweight": [None, 0],
        "attribution": [None, 100],
        "drop_off": [None, 0],
        "optimism": 0,
        "source": "made up",
    }
)


@pytest.fixture(scope="module")
def delphi() -> syn.Delphi:
    return syn.delphi(RATINGS, rule=RULE)


@pytest.fixture(scope="module")
def distance() -> syn.DistanceTravelled:
    return syn.distance_travelled(READINGS, scale=(1, 5))


@pytest.fixture(scope="module")
def uses() -> syn.Concentration:
    return syn.concentration(COUNTS, top=(20,), bootstrap=0)


@pytest.fixture(scope="module")
def value() -> syn.ValueForMoney:
    return syn.value_for_money(
        LINES, rates="green-book-2026", price_base=2026, counterfactual="nothing"
    )


def lines(ax: Axes, gid: str) -> list[np.ndarray]:
    return [np.asarray(one.get_xydata()) for one in ax.lines if one.get_gid() == gid]


def test_medians_and_quartiles_of_each_round(delphi: syn.Delphi) -> None:
    ax = syn.delphi_plot(delphi)
    items = delphi.items.query("group == 'everyone'").set_index(["item", "round"])
    for number in (1, 2):
        drawn = [points[0, 0] for points in lines(ax, f"round-{number}")]
        assert drawn == [items.loc[(item, number), "median"] for item in ("safety", "cost")]
    drawn = sorted(tuple(points[:, 0]) for points in lines(ax, "quartiles"))
    assert drawn == sorted(items[["q1", "q3"]].itertuples(index=False, name=None))
    texts = [text.get_text() for text in ax.texts] + [
        getattr(one, "get_text", str)() for one in ax.artists
    ]
    assert "no consensus" in texts
    assert "consensus" in texts
    words = syn.alt_text(ax)
    assert "safety: round 1 median 6.0, quartiles 3.5 to 7.8; round 2 median 7.0" in words


def test_one_group_is_named(delphi: syn.Delphi) -> None:
    assert "Group: b." in syn.alt_text(syn.delphi_plot(delphi, group="b"))
    with pytest.raises(syn.DataError, match="use one of 'everyone', 'a', 'b'"):
        syn.delphi_plot(delphi, group="c")


def test_bars_are_the_counts_of_people(distance: syn.DistanceTravelled) -> None:
    ax = syn.change_plot(distance)
    for part in ("up", "same", "down"):
        widths = [bar.get_width() for bar in ax.patches if bar.get_gid() == part]
        assert widths == pytest.approx(distance.areas[f"percent_{part}"].tolist())
    drawn = [tuple(points[:, 0]) for points in lines(ax, "interval")]
    limits = distance.areas[["ci_low", "ci_high"]].itertuples(index=False, name=None)
    assert drawn == [pytest.approx(one) for one in limits]
    assert "home: 3 up, 0 the same, 0 down of 3" in syn.alt_text(ax)


def test_the_star_is_the_scores(distance: syn.DistanceTravelled) -> None:
    ax = syn.radar(distance, person="p0")
    for gid, scores in (("first", [1, 1, 2]), ("last", [3, 2, 2])):
        (points,) = lines(ax, gid)
        reach = np.hypot(*points[:-1].T)
        # The radius of the outer ring is the reach of the score 5, the centre that of 1.
        assert reach / 105 * 4 + 1 == pytest.approx(scores)
    assert "Person p0" in syn.alt_text(ax)
    assert "money: 2.0 to 3.0." in syn.alt_text(syn.radar(distance))


def test_a_star_needs_three_areas(distance: syn.DistanceTravelled) -> None:
    two = syn.distance_travelled(READINGS[READINGS["area"] != "home"], scale=(1, 5))
    with pytest.raises(syn.DataError, match=r"3 areas .* are 2 \(Medians\)\. Use change_plot"):
        syn.radar(two)
    with pytest.raises(syn.DataError, match="there is nobody called 'p9'"):
        syn.radar(distance, person="p9")


def test_the_curve_of_each_year(uses: syn.Concentration) -> None:
    ax = syn.lorenz(uses, top=20)
    for year, expected in (("2024", [0, 5, 15, 30, 50, 100]), ("2025", [0, 10, 20, 30, 40, 100])):
        (points,) = lines(ax, f"year-{year}")
        np.testing.assert_allclose(points[:, 1], expected)
        np.testing.assert_allclose(points[:, 0], [0, 20, 40, 60, 80, 100])
    (dotted,) = lines(ax, "top")
    np.testing.assert_allclose(dotted, [[80, 0], [80, 40], [0, 40]])
    with pytest.raises(syn.DataError, match="the result has no top 3%; it has 20"):
        syn.lorenz(uses, top=3)


def test_bars_reach_from_the_base_case_to_each_end(value: syn.ValueForMoney) -> None:
    ax = syn.tornado(value)
    for end in ("low", "high"):
        ends = [bar.get_x() + bar.get_width() for bar in ax.patches if bar.get_gid() == end]
        assert ends == pytest.approx(value.one_way()[f"npsv_{end}"].tolist())
    assert "net present social value £500 in the base case" in syn.alt_text(ax)
    certain = syn.value_for_money(
        LINES.drop(columns=["low", "high"]),
        rates="green-book-2026",
        price_base=2026,
        counterfactual="nothing",
    )
    with pytest.raises(syn.DataError, match="no line has a range"):
        syn.tornado(certain)


@pytest.mark.parametrize("name", ["delphi_plot", "change_plot", "radar", "lorenz", "tornado"])
def test_a_table_is_no_result(name: str) -> None:
    with pytest.raises(ArrowrootError, match=r"needed; got .* Use|pass"):
        getattr(syn, name)(READINGS)


@pytest.mark.parametrize("name", ["delphi_plot", "change_plot", "radar", "lorenz", "tornado"])
def test_drawn_into_ones_own_axes(
    name: str,
    delphi: syn.Delphi,
    distance: syn.DistanceTravelled,
    uses: syn.Concentration,
    value: syn.ValueForMoney,
) -> None:
    results: dict[str, Any] = {"delphi_plot": delphi, "lorenz": uses, "tornado": value}
    ax = Figure(figsize=(5, 4)).add_subplot()
    drawn = getattr(syn, name)(results.get(name, distance), ax=ax, title="A <title> & $more$")
    assert drawn is ax


def test_names_with_signs_are_drawn_as_they_are() -> None:
    nasty = READINGS.assign(area=READINGS["area"].replace("home", "home $x_1$ <b> & more"))
    ax = syn.change_plot(syn.distance_travelled(nasty, scale=(1, 5)))
    labels = " ".join(one.get_text() for one in ax.get_yticklabels())
    assert re.search(r"home \$x_1\$ <b> & more", " ".join(labels.split()))


def texts(ax: Axes) -> list[str]:
    drawn = [*ax.texts, *ax.get_figure().texts] if ax.get_figure() else ax.texts
    return [one.get_text() for one in drawn]


def star_of(names: list[str]) -> Axes:
    rows = [
        {"person": 1, "area": name, "date": day, "score": score}
        for name in names
        for day, score in (("2026-01-05", 2), ("2026-07-05", 3))
    ]
    return syn.radar(syn.distance_travelled(pd.DataFrame(rows), scale=(1, 5)))


def test_names_that_would_lie_on_each_other_become_numbers() -> None:
    few = star_of([f"Area {at}" for at in range(12)])
    assert "Area 3" in texts(few)
    many = star_of([f"Area {at}" for at in range(40)])
    assert {"1", "40"} <= set(texts(many))
    assert "Area 3" not in texts(many)
    assert any("4: Area 3;" in " ".join(one.split()) for one in [" ".join(texts(many))])
    with pytest.raises(syn.DataError, match="120 areas are too many for a star"):
        star_of([f"Area {at}" for at in range(120)])


def test_bars_far_from_nothing_are_not_shortened_to_reach_it() -> None:
    far = LINES.assign(amount=[1000, 90000], low=[900, 89000], high=[1400, 92000])
    named = {"rates": "green-book-2026", "price_base": 2026, "counterfactual": "nothing"}
    ax = syn.tornado(syn.value_for_money(far, **named))  # type: ignore[arg-type]
    assert ax.get_xlim()[0] > 80000
    assert not [one for one in ax.lines if one.get_gid() == "zero"]
    assert any("does not reach £0: all values are above it" in one for one in texts(ax))
    near = syn.tornado(syn.value_for_money(LINES, **named))  # type: ignore[arg-type]
    assert near.get_xlim()[0] < 0
    assert [one for one in near.lines if one.get_gid() == "zero"]


def test_of_many_years_the_first_and_the_last_are_told_apart() -> None:
    table = pd.concat([COUNTS[COUNTS["year"] == 2024].assign(year=year) for year in range(12)])
    ax = syn.lorenz(syn.concentration(table, bootstrap=0))
    shades = [lines.get_color() for lines in ax.lines if str(lines.get_gid()).startswith("year-")]
    assert len(shades) == 12
    assert len(set(shades[1:-1])) == 1
    assert len({shades[0], shades[1], shades[-1]}) == 3
    assert any("years between: Gini" in one for one in texts(ax))
