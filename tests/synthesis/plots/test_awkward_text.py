"""Text that others wrote, in every text of every figure: nothing breaks, nothing is interpreted.

Text copied from PDF files contains control characters, and web pages contain markup and marks
that turn the direction of writing.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from matplotlib.axes import Axes

import synthesis as syn

NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")

TEXTS = {
    "control characters": "Oa\x00k\x02 \x1f\x7f2001\x0c",
    "no characters": "Yew \ufffe\uffff \ud83d 2004 \u202e1002\u202c \u2066x\u2069",
    "very long": "Word " * 60 + "W" * 300,
    "markup": "<script>alert('&')</script> ]]> <!-- \"x\" &amp; <b $x$ \\frac{1}{0} ${ $\\alpha",
    "blank": "\u200b\u00ad\ufeff\n\r\n\u2028\t",
}


def table(text: str) -> pd.DataFrame:
    """Make trials by counts, in whose texts a text occurs."""
    return pd.DataFrame(  # made up
        {
            "study": [f"A{text}", f"B{text}", "C", "D", f"{text}E"],
            "events_t": [4, 9, 12, 7, 3],
            "n_t": [40, 60, 80, 50, 30],
            "events_c": [8, 11, 18, 12, 9],
            "n_c": [41, 59, 82, 52, 33],
            "dose": [1.0, 2.0, 3.0, 4.0, 6.0],
            "group": [f"x{text}", f"x{text}", "y", "y", "y"],
            f"words{text}": [text, "1", "2", "3", text],
            f"risk{text}": ["low", "high", "low", "unclear", ""],
            "D1": ["Low", "High", "Low", "Low", "Low"],
        }
    )


def figures(text: str) -> dict[str, Callable[[], object]]:
    """Return a call of every plotting function in which each text argument has the text."""
    data = syn.effect_sizes(table(text), measure="or")
    fit = syn.meta_analysis(data)
    own, risk = f"words{text}", f"risk{text}"
    pair, named = (f"a{text}", f"b{text}"), {own: f"c{text}"}
    judged = table(text).rename(columns={own: f"D2{text}"})[["study", "D1"]]
    options = {
        "columns": named,
        "right_columns": [own],
        "risk_of_bias": {risk: f"r{text}"},
        "arms": pair,
        "favours": pair,
        "title": text,
    }
    domains = {"D1": f"about {text}"}
    frame = pd.DataFrame([[1, 2], [3, 4]], index=[f"r{text}", "s"], columns=[f"c{text}", "d"])
    return {
        "forest": lambda: syn.forest(fit, **options),
        "forest, by group": lambda: syn.forest(
            syn.subgroup_analysis(data, by="group"), style="bmj", **options
        ),
        "forest_pages": lambda: syn.forest_pages(fit, rows_per_page=5, **options)[0],
        "outcome_forest": lambda: syn.outcome_forest({f"o{text}": fit, text: None}, **options),
        "summary_forest": lambda: syn.summary_forest(
            fit.study_frame().rename(columns={"yi": "estimate"}).assign(group=text, own=text),
            label="study",
            group="group",
            columns={"own": f"c{text}"},
            label_heading=f"h{text}",
            missing=text,
            favours=pair,
            title=text,
            measure="or",
        ),
        "albatross": lambda: syn.albatross(fit, by="group", directions=pair, title=text),
        "baujat_plot": lambda: syn.baujat_plot(syn.baujat(fit), title=text),
        "bubble": lambda: syn.bubble(
            syn.meta_regression(data, "~ dose"), "dose", title=text, label=text
        ),
        "drapery": lambda: syn.drapery(fit, title=text),
        "effect_direction": lambda: syn.effect_direction(
            syn.meta_analysis(data.assign(domain=f"d{text}")), domain="domain", title=text
        ),
        "funnel": lambda: syn.funnel(fit, title=text),
        "gosh_plot": lambda: syn.gosh_plot(
            syn.gosh(fit), study=fit.studies["study"].iloc[0], title=text
        ),
        "heat": lambda: syn.heat(frame, title=text),
        "influence_plot": lambda: syn.influence_plot(fit, title=text),
        "labbe": lambda: syn.labbe(fit, title=text),
        "orchard": lambda: syn.orchard({f"g{text}": fit}, title=text),
        "profile_plot": lambda: syn.profile_plot(fit, title=text),
        "qq_plot": lambda: syn.qq_plot(fit, title=text),
        "radial": lambda: syn.radial(fit, title=text),
        "rob_summary": lambda: syn.rob_summary(judged, domains=domains, title=text),
        "rob_traffic_light": lambda: syn.rob_traffic_light(judged, domains=domains, title=text),
        "specification_curve": lambda: syn.specification_curve(
            syn.multiverse(data, tau2=["dl", "reml"], leave_out="each", progress=False),
            title=text,
        ),
        **evaluations(text),
    }


def evaluations(text: str) -> dict[str, Callable[[], object]]:
    """Return a call of every figure of an evaluation in which each text has the text."""
    long = [
        (person, area, day)
        for person in (f"p{text}", "q", "r")
        for area in (f"a{text}", "b", "c")
        for day in ("2026-01-05", "2026-07-05")
    ]
    people = pd.DataFrame(long, columns=["person", "area", "date"])
    people = people.assign(score=range(1, len(people) + 1))  # made up
    ratings = people.rename(columns={"person": "panellist", "area": "item"}).assign(
        round=people["date"].map({"2026-01-05": 1, "2026-07-05": 2}), rating=7, group=f"g{text}"
    )
    rule = syn.DelphiRule(
        consensus="percent", agree=(7, 9), at_least=75, rounds=3, decided="2026-01-10"
    )
    uses = people.drop_duplicates("person")[["person"]].assign(year=2025, count=[1, 2, 9])
    money = pd.DataFrame(
        {
            "line": [f"s{text}", f"b{text}"],
            "kind": ["cost", "benefit"],
            "stream": "fiscal",
            "who": f"w{text}",
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

    def travelled() -> syn.DistanceTravelled:
        return syn.distance_travelled(people, scale=(1, 20))

    return {
        "delphi_plot": lambda: syn.delphi_plot(syn.delphi(ratings, rule=rule), title=text),
        "change_plot": lambda: syn.change_plot(travelled(), title=text),
        "radar": lambda: syn.radar(travelled(), title=text),
        "lorenz": lambda: syn.lorenz(syn.concentration(uses, bootstrap=0), title=text),
        "tornado": lambda: syn.tornado(
            syn.value_for_money(
                money, rates="green-book-2026", price_base=2026, counterfactual="nothing"
            ),
            title=text,
        ),
    }


DRAWING = {
    name
    for name in syn.__all__
    if getattr(getattr(syn, name), "__module__", "").startswith("synthesis.plots.")
    and "ax" in inspect.signature(getattr(syn, name)).parameters
}


def test_every_plotting_function_is_tried() -> None:
    assert set(figures("")) >= DRAWING


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", figures(""))
@pytest.mark.filterwarnings("ignore:No font on this machine")
def test_a_figure_is_sound_whatever_its_texts_contain(name: str, text: str, tmp_path: Path) -> None:
    drawn = figures(text)[name]()
    assert isinstance(drawn, Axes)
    path = syn.save(drawn, tmp_path / "f.svg", title=text, description=None)
    svg = path.read_text("utf-8")
    ET.fromstring(svg)
    said = svg + syn.alt_text(drawn)
    assert not NOT_XML.search(said)
    assert not TURNING.search(said)
    assert "<script" not in svg


@pytest.mark.parametrize("ending", ["pdf", "png"])
def test_other_formats_are_sound(ending: str, tmp_path: Path) -> None:
    for key in ("control characters", "no characters", "markup"):
        drawn = figures(TEXTS[key])["forest"]()
        assert isinstance(drawn, Axes)
        held = syn.save(drawn, tmp_path / f"f.{ending}", dpi=72, title=TEXTS[key]).read_bytes()
        assert held


def test_words_for_readers_who_cannot_see_a_figure_are_clean() -> None:
    text = TEXTS["control characters"]
    data = syn.effect_sizes(table(text), measure="or")
    fit = syn.meta_analysis(data)
    for result in (fit, syn.subgroup_analysis(data, by="group"), {f"out{text}come": fit}):
        assert not NOT_XML.search(syn.alt_text(result))
    shown = syn.hover(syn.forest(fit))._picture().html()
    assert "AOak 2001: " in shown
    assert not NOT_XML.search(shown)
