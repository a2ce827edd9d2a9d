"""What can be done with an object: every call listed runs, on the data that come with us."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.data_folder import data_path
from logicmodels import LogicModel
from synthesis.errors import DataError
from synthesis.guide.steps import KINDS
from synthesis.guide.what_next import listed

pytestmark = pytest.mark.extras

FIGURES = {"matplotlib.figure.Figure", "logicmodels.figures.figure.Figure"}
"""Two classes of one name, each tried by itself."""


# Made up for the tests: a second screener who agrees with the first, and judgements of bias.
def _decisions() -> pd.DataFrame:
    first = pd.read_csv(data_path("case_management", "library/decisions.csv"), dtype=str)
    second = first[first["stage"] == "title_abstract"].assign(screener="second")
    return pd.concat([first, second], ignore_index=True)


def _rob() -> pd.DataFrame:
    domains = {f"D{at}": ["Low", "Some concerns"] for at in range(1, 6)}
    return pd.DataFrame({"study": ["A", "B"], **domains, "overall": ["Low", "Some concerns"]})


# Made up too: evaluations do not publish what people rated, scored or paid.
def _rounds() -> syn.Delphi:
    rule = syn.DelphiRule(consensus="iqr", iqr_at_most=1, rounds=2, decided="2026-01-10")
    rated = {"round": 1, "panellist": list("abc"), "item": "safety", "rating": [7, 8, 8]}
    return syn.delphi(pd.DataFrame(rated), rule=rule)


def _travelled() -> syn.DistanceTravelled:
    rows = [
        {"person": "a", "area": area, "date": day, "score": score}
        for area in ("money", "home", "health")
        for day, score in (("2026-01-05", 2), ("2026-07-05", 3))
    ]
    return syn.distance_travelled(pd.DataFrame(rows), scale=(1, 5))


def _value() -> syn.ValueForMoney:
    common = {"stream": "fiscal", "price_year": 2026, "first_year": 0, "source": "made up"}
    cost = {"line": "staff", "kind": "cost", "who": "council", "amount": 9, "optimism": 0}
    gain = {"line": "less care", "kind": "benefit", "who": "hospital", "amount": 12, "optimism": 0}
    gain |= {"low": 8, "high": 15, "deadweight": 0, "attribution": 100, "drop_off": 0}
    return syn.value_for_money(
        pd.DataFrame([{**cost, **common}, {**gain, **common}]),
        rates="green-book-2026",
        price_base=2026,
        counterfactual="nothing",
    )


def _two_assessors() -> pd.DataFrame:
    first = pd.read_csv(data_path("normand1999", "risk_of_bias.csv"), dtype=str)
    return pd.concat([first, first.assign(assessor="second")], ignore_index=True)


@cache
def made(name: str) -> Any:
    """Return an object of each kind, made of data that come with Arrowroot."""
    load = syn.datasets.load
    library = ("zotero.bib", "pubmed.nbib", "index.ris")
    recipes: dict[str, Callable[[], Any]] = {
        "sheet of means": lambda: load("normand1999"),
        "sheet of counts": lambda: load("bcg"),
        "es": lambda: syn.effect_sizes(load("bcg"), "rr"),
        "es in districts": lambda: load("konstantopoulos2011"),
        "fit": lambda: syn.meta_analysis(made("es"), measure="rr"),
        "fit without tau2": lambda: syn.meta_analysis(made("es"), measure="rr", model="common"),
        "fit of counts": lambda: syn.mantel_haenszel(load("bcg"), measure="rr"),
        "regression": lambda: syn.meta_regression(made("es"), "~ ablat"),
        "subgroups": lambda: syn.subgroup_analysis(made("es"), by="alloc"),
        "levels": lambda: syn.three_level(made("es in districts"), cluster="district"),
        "robust": lambda: syn.robust(made("levels"), cluster="district"),
        "subsets": lambda: syn.gosh(made("fit"), 50, seed=1),
        "every": lambda: syn.multiverse(made("es")),
        "model": lambda: LogicModel.example("case_management"),
        "found": lambda: syn.read_records(
            [data_path("case_management", f"library/{one}") for one in library]
        ),
        "records": lambda: made("found").records,
        "links": lambda: syn.find_duplicates(made("records")),
        "decisions": _decisions,
        "flow": lambda: syn.prisma_flow(made("records"), made("links"), made("decisions")),
        "codings": lambda: load("sixcs", "coding").rename(
            columns={"action_id": "unit", "epoc_code": "code"}
        ),
        "book": lambda: syn.epoc_2002(load("sixcs", "epoc_2002")),
        "rounds": _rounds,
        "travelled": _travelled,
        "value": _value,
        "use": lambda: syn.concentration(pd.DataFrame({"person": range(4), "count": range(4)})),
        "themes": lambda: syn.themes(
            pd.DataFrame({"theme": ["trust"], "source": ["A"], "excerpt": ["I know her."]})
        ),
        "table of bias": _rob,
        "sheet of stays": lambda: syn.effect_sizes(load("normand1999"), "smd"),
        "fit of stays": lambda: syn.meta_analysis(made("sheet of stays")),
        "rob": lambda: syn.RiskOfBias.read(_two_assessors()),
        "proposal": lambda: syn.rob_judgement(domain="D1", answers={"1.2": "N"}),
        "rated": lambda: syn.certainty(made("fit of stays"), mid=0.2),
        "findings": lambda: syn.summary_of_findings([made("rated")]),
        "reported": lambda: syn.reported_effect("rr", 0.8, ci=(0.7, 0.9), outcome="falls"),
        "figure": lambda: syn.forest(made("fit")),
    }
    return recipes[name]()


KINDS_MADE = (
    *(
        "sheet of means",
        "sheet of counts",
        "es",
        "es in districts",
        "fit",
        "fit without tau2",
        "fit of counts",
    ),
    *("regression", "subgroups", "levels", "robust", "subsets", "every", "model", "found"),
    *("records", "links", "decisions", "flow", "codings", "book", "table of bias", "figure"),
    *("rob", "proposal", "rated", "findings", "reported"),
    *("rounds", "travelled", "value", "use", "themes"),
)


def ran(call: str, names: dict[str, Any]) -> None:
    try:
        eval(call, {"syn": syn, **names})
    finally:
        plt.close("all")


@pytest.mark.parametrize("name", KINDS_MADE)
def test_every_call_that_is_listed_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    it = made(name)
    found = listed(it, {"it": it})
    steps = found.to_frame()
    assert not steps.empty
    assert (steps["does"] != "").all(), steps[steps["does"] == ""]
    others = {one: made(one) for one in ("records", "links", "decisions") if one in str(found)}
    about_stays = name in ("rob", "rated", "findings")
    others["fit"] = made("fit of stays" if about_stays else "fit")
    others["rob"] = syn.RiskOfBias.read(
        pd.DataFrame({"study": made("es")["study"].astype(str), "overall": "low"})
    )
    failed = {}
    for call in steps["call"]:
        try:
            ran(call, {"it": it, **others})
        except Exception as error:  # noqa: BLE001  (all are listed)
            failed[call] = f"{type(error).__name__}: {error}"
    assert failed == {}


def test_boards_are_kinds_too(tmp_path: Path) -> None:
    units = pd.DataFrame({"unit": ["A"], "text": ["one"]})
    book = syn.Codebook("Book", "1", (syn.Code("x", "X"),))
    records = made("records")
    boards = (
        syn.coding_board(units, book, coder="ann", path=tmp_path / "a.csv"),
        syn.screening_board(
            records, stage="title_abstract", screener="ann", path=tmp_path / "b.csv"
        ),
        syn.duplicate_board(records, made("links"), reviewer="ann", path=tmp_path / "c.csv"),
        syn.risk_of_bias_board(["A"], assessor="ann", path=tmp_path / "d.csv"),
    )
    for board in boards:
        for call in listed(board, {"board": board}).to_frame()["call"]:
            ran(call, {"board": board})


def test_every_kind_is_among_those_tried() -> None:
    tried = {type(made(name)).__name__ for name in KINDS_MADE}
    tried |= {"CodingBoard", "ScreeningBoard", "DuplicateBoard", "RiskOfBiasBoard", "Axes"}
    classes = {name for kind in KINDS for name in kind.classes}
    assert classes <= tried | {"Sheet", *FIGURES}
    for kind in KINDS:
        if kind.columns:
            assert any(
                isinstance(made(name), pd.DataFrame) and set(kind.columns) <= set(made(name))
                for name in KINDS_MADE
            ), kind.name


@pytest.mark.parametrize("kind", ["MetaAnalysis", "MetaRegression", "SubgroupAnalysis", "Gosh"])
def test_no_function_that_takes_such_an_object_is_left_out(kind: str) -> None:
    steps = {step.call for one in KINDS if kind in one.classes for step in one.steps}
    named = set(re.findall(r"syn\.(\w+)", " ".join(steps)))
    # They are about a table of p-values or of directions.
    rare = {"albatross", "effect_direction"}
    for name in set(syn.__all__) - rare:
        function = getattr(syn, name)
        if inspect.isfunction(function) and inspect.signature(function).parameters:
            first = next(iter(inspect.signature(function).parameters.values()))
            if re.search(rf"(^|\| ){kind}\b", str(first.annotation)):
                assert name in named, f"list it in synthesis/guide/steps.py, or say why not: {name}"


def test_figures_of_both_packages_are_known() -> None:
    for figure, call in (
        (syn.forest(made("fit")).figure, 'syn.save(ax, "figure.pdf")'),
        (made("model").draw(), 'figure.save("model.svg")'),
    ):
        assert call in listed(figure, {}).to_frame()["call"].tolist()


def test_it_calls_the_object_as_the_user_does() -> None:
    mine = made("fit")
    found = syn.what_next(mine)
    assert found.to_frame()["call"][0] == "mine.sentence()"
    assert "What can be done with mine, a meta-analysis" in str(found)
    assert "<table>" in found._repr_html_()
    assert syn.what_next(syn.meta_analysis(made("es"))).to_frame()["call"][0] == "fit.sentence()"


def test_calls_name_columns_that_are_there() -> None:
    calls = listed(made("es"), {}).to_frame()["call"].tolist()
    assert 'syn.subgroup_analysis(es, by="alloc")' in calls
    assert 'syn.meta_regression(es, "~ year")' in calls
    assert not any("{" in call for call in calls)


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (pd.DataFrame({"x": [1]}), "table of effects: study, yi, vi"),
        (syn.forest, "give it what forest returns, not forest itself"),
        (syn.RiskOfBias, "give it what RiskOfBias returns, not RiskOfBias itself"),
        (3, "nothing is known of 3"),
    ],
)
def test_what_is_not_known_is_said(thing: object, told: str) -> None:
    with pytest.raises(DataError, match=re.escape(told)):
        syn.what_next(thing)
