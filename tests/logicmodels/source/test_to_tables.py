"""Models as tables: what comes out goes back in, and nothing in it runs."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from logicmodels import FileError, LogicModel, Node, OptionError, SpecError
from logicmodels.source.to_tables import Tables

DATA = Path(__file__).parents[3] / "data"
FOUNDING = sorted(DATA.glob("*/logic_model.yaml"))
ENDS = [("a", "activities"), ("o", "outcomes")]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "'quoted'"]


@pytest.mark.parametrize("path", FOUNDING, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("kind", ["memory", "frames", "csv", "xlsx"])
def test_what_comes_out_goes_back_in(path: Path, kind: str, tmp_path: Path) -> None:
    model = LogicModel.read(path)
    tables = model.to_tables()
    match kind:
        case "memory":
            parts = list(tables.nodes), list(tables.links)
        case "frames":
            parts = pd.DataFrame(tables.nodes), pd.DataFrame(tables.links)
        case "csv":
            parts = tables.save(tmp_path)
        case _:
            parts = tables.save(tmp_path / "model.xlsx") * 2
    nodes = tuple(replace(node, applicability=()) for node in model.nodes)
    links = tuple(replace(link, evidence=()) for link in model.links)
    assert LogicModel.from_tables(*parts, **tables.keys) == replace(model, nodes=nodes, links=links)


def test_what_tables_do_not_hold_is_named() -> None:
    model = LogicModel.read(DATA / "case_management" / "logic_model.yaml")
    tables = model.to_tables()
    assert tables.left_out == ("applicability", "evidence")
    assert str(tables) == "11 boxes and 6 arrows as tables; left out: applicability, evidence"
    complete = LogicModel.read(DATA / "sixcs" / "logic_model.yaml").to_tables()
    assert str(complete) == "8 boxes and 7 arrows as tables"


def test_owner_and_status_of_an_assumption_are_named_as_left_out() -> None:
    links = [{"from": "a", "to": "o", "assumptions": "visits are kept"}]
    nodes = [{"id": name, "column": place, "label": name} for name, place in ENDS]
    model = LogicModel.from_tables(nodes, links, profile="theory-of-change", title="Invented")
    owned = replace(model.links[0].assumptions[0], owner="the nurses")
    tables = replace(model, links=(replace(model.links[0], assumptions=(owned,)),)).to_tables()
    assert tables.left_out == ("owner and status of assumptions",)
    assert tables.links[0]["assumptions"] == "visits are kept"
    assert str(tables).startswith("2 boxes and 1 arrow as tables")


def labelled(label: str, *items: str) -> LogicModel:
    nodes = [{"id": "a", "column": "activities", "label": "x"}]
    model = LogicModel.from_tables(nodes, [], profile="theory-of-change", title="Labels, invented")
    return replace(model, nodes=(Node("a", label, "activities", items),))


@pytest.mark.parametrize("label", FORMULAS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(label: str, kind: str, tmp_path: Path) -> None:
    model = labelled(label)
    tables = model.to_tables()
    paths = tables.save(tmp_path if kind == "csv" else tmp_path / "model.xlsx")
    assert LogicModel.from_tables(paths[0], paths[-1], **tables.keys) == model
    if kind == "csv":
        cell = list(csv.reader(paths[0].read_text("utf-8-sig").splitlines()))[1][2]
    else:
        cell = load_workbook(paths[0])["nodes"]["C2"].value
    assert cell == (label if label == "'quoted'" else f"'{label}")


@pytest.mark.parametrize(
    "model",
    [labelled("x", "one; two"), labelled(" x"), labelled("bell\x07"), labelled("x" * 30_001)],
    ids=["semicolon", "space", "control", "long"],
)
def test_a_text_that_would_not_come_back_is_refused(model: LogicModel) -> None:
    with pytest.raises(
        SpecError, match="node a: one of its texts cannot be read back from a table"
    ):
        model.to_tables()


def test_a_name_that_is_neither_workbook_nor_folder_is_refused(tmp_path: Path) -> None:
    tables = labelled("x").to_tables()
    with pytest.raises(OptionError, match=r"must end in \.xlsx, or name a folder; got 'a\.ods'"):
        tables.save(tmp_path / "a.ods")
    with pytest.raises(FileError, match="there is no such folder"):
        tables.save(tmp_path / "none")


def test_a_notebook_shows_the_tables_escaped() -> None:
    shown = labelled("<b>x</b>").to_tables()._repr_html_()
    assert "&lt;b&gt;x" in shown
    assert "<b>x" not in shown
    assert isinstance(labelled("x").to_tables(), Tables)
