"""Every reader of tables reads the same table alike, however it was saved. All data are made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reading.savings import FIVE, SAVINGS, TEXTS, save

import synthesis as syn
from logicmodels import LogicModel
from logicmodels.questions.comments import shown
from logicmodels.questions.evidence import with_evidence
from synthesis.boards.decision_file import KeptFile

Rows = Sequence[Sequence[object]]
Save = Callable[[Rows, str], Path]

RECORDS = pd.DataFrame({"record_id": ["a:1", "a:2"], "title": ["Für", "Leaves"]})
CODES = syn.Codebook("Who", "1", (syn.Code("staff", "Staff"), syn.Code("für", "Fürsorge")))
MODEL = LogicModel.from_text("""\
spec_version: 1
profile: theory-of-change
title: Visits (invented)
nodes:
  - {id: a1, column: activities, label: Café visits}
  - {id: o1, column: outcomes, label: Earlier reporting}
links:
  - {from: a1, to: o1}
""")


def extraction(save_as: Save) -> object:
    rows = [
        ["study", "outcome", "mean_t", "n_t", "percent_c", "design"],
        ["Béland; 2015", "cost", "1.5", "12", "NR", "RCT"],
        ["'-Vale", "cost", "", "30", "25", "“n/a”"],
        ["Moor, A.", "cost", "-3", "007", "", ""],
    ]
    sheet = syn.read_extraction(save_as(rows, "trials"))
    assert sheet["study"].tolist() == ["Béland; 2015", "-Vale", "Moor, A."]
    assert sheet["n_t"].tolist() == [12.0, 30.0, 7.0]
    return sheet.drop(columns="line")


def effects(save_as: Save) -> object:
    rows = [["study", "yi", "vi"], ["Béland", "0.1", "0.04"], ["Moor", "0.3", "0.05"]]
    return syn.effect_sizes(save_as(rows, "effects"), measure="smd")[["study", "yi", "vi"]]


def codings(save_as: Save) -> object:
    rows = [["unit", "coder", "code"], ["1", "Ann", "für"], ["007", "Bóris", "staff"]]
    read = syn.read_codings(save_as(rows, "codings"), codebook=CODES)
    assert read["unit"].tolist() == ["1", "007"]
    return read.reset_index(drop=True)


def coding_sheets(save_as: Save) -> object:
    rows = [
        ["unit", "text", "coder", "who", "note"],
        ["u1", "a text; with\nlines", "Bóris", "Fürsorge", ""],
        ["u2", "another", "Bóris", "nobody", "'=why?"],
    ]
    read = syn.read_sheets(save_as(rows, "ann"), ["u1", "u2"], schemes={"who": CODES})
    assert read.codings["code"].tolist() == ["für"]
    assert read.problems["value"].tolist() == ["nobody"]
    place = ["file", "line"]
    return [table.drop(columns=place) for table in (read.codings, read.problems)]


def codebook(save_as: Save) -> object:
    rows = [["id", "label", "definition"], ["staff", "Staff", ""], ["für", "Fürsorge", "-care; x"]]
    read = syn.Codebook.read(save_as(rows, "who"))
    assert read["für"].definition == "-care; x"
    return read


def decisions(save_as: Save) -> object:
    rows = [
        ["record_id", "stage", "screener", "decision", "reason", "time"],
        ["a:1", "full_text", "Zoë", "exclude", "design; other", "2026-03-01T10:30"],
        ["a:2", "full_text", "Zoë", "", "", ""],
        ["a:9", "full_text", "Zoë", "include", "", ""],
    ]
    read = syn.read_decisions(save_as(rows, "zoe"), RECORDS)
    assert read.decisions["reason"].tolist() == ["design; other"]
    place = ["file", "line"]
    return [table.drop(columns=place) for table in (read.decisions, read.problems)]


def records(save_as: Save) -> object:
    rows = [
        ["Title", "Authors", "Year", "Abstract"],
        ["Leaves; in winter", "Béland, F.; Vale, A.", "2015", "'=not a formula, but"],
        ["Moor", "", "2016", "two\nlines"],
    ]
    read = syn.read_records(save_as(rows, "export"))
    assert read.records["title"].tolist() == ["Leaves; in winter", "Moor"]
    assert read.records["abstract"].tolist() == ["=not a formula, but", "two lines"]
    return read.records.drop(columns=["raw", "source_file", "source_line"])


def flow(save_as: Save) -> object:
    rows = [
        ["data", "node", "n", "boxtext"],
        ["database_results", "node7", "10", "Datenbanken für alle"],
        ["duplicates", "node8", "2", ""],
        ["records_screened", "node9", "8", ""],
        ["dbr_excluded", "node14", "für alle, 2; design, 1", ""],
    ]
    read = syn.read_flow(save_as(rows, "flow"))
    assert read.counts["dbr_excluded"] == {"für alle": 2, "design": 1}
    return read.counts


def board(save_as: Save) -> object:
    path = save_as([["unit", "coder", "code"], ["u1", "Bóris", "für"]], "board")
    if path.suffix != ".csv":  # a board keeps its decisions as text, and under this name alone
        return [{"unit": "u1", "coder": "Bóris", "code": "für"}]
    return KeptFile(path, ["unit", "coder", "code"]).read()


def boxes_and_arrows(save_as: Save) -> object:
    nodes = [
        ["id", "column", "label", "items", "by", "harm"],
        ["v", "activities", "Café visits, weekly", "by nurses; by others", "2026", "no"],
        ["r", "outcomes", "'=Reporting", "", "2027-03", ""],
    ]
    links = [["from", "to", "because"], ["v", "r", "patients “know”"]]
    keys = {"profile": "theory-of-change", "title": "Visits"}
    read = LogicModel.from_tables(save_as(nodes, "nodes"), save_as(links, "links"), **keys)
    assert [node.label for node in read.nodes] == ["Café visits, weekly", "=Reporting"]
    assert read.nodes[0].items == ("by nurses", "by others")
    return read


def applicability(save_as: Save) -> object:
    rows = [
        ["part", "target", "domain", "judgement", "reason", "by"],
        ["a1 -> o1", "Zürich; city", "population", "unclear", "-not told, so far", "AB"],
    ]
    read = MODEL.with_applicability(save_as(rows, "judged"))
    assert read.links[0].applicability[0].reason == "-not told, so far"
    return read


def comments(save_as: Save) -> object:
    words = "Activities: Café visits"
    said = ["partly", "Not in winter;\nnot at “night”", "Zoë", "2026-05-04"]
    rows = [
        ["id", "what the figure says", "agree", "comment", "name", "date", "version"],
        ["a1", words, *said, shown("a1", words)],
    ]
    read = MODEL.read_comments(save_as(rows, "comments"))
    assert read.taken == 1
    return read.model.nodes[0].comments


def evidence(save_as: Save) -> object:
    from arrowroot.tables import read_frame

    rows = [["source", "target", "outcome", "k"], ["a1", "o1", "Größe", "2"], ["a1", "o1", "", ""]]
    return with_evidence(MODEL, read_frame(save_as(rows, "claims")))


def evaluation(save_as: Save) -> object:
    rule = syn.DelphiRule(consensus="iqr", iqr_at_most=1, rounds=2, decided="2026-01-10")
    ratings = [
        ["round", "panellist", "item", "rating", "comment", "date"],
        ["1", "Zoë", "Größe; “safe”", "7", "Not in winter;\nat “night”", "2026-02-01"],
        ["1", "007", "Größe; “safe”", "", "", "2026-02-01"],
    ]
    rounds = syn.delphi(save_as(ratings, "ratings"), rule=rule)
    assert rounds.ratings["panellist"].tolist() == ["Zoë", "007"]
    readings = [
        ["person", "area", "date", "score"],
        ["Zoë", "Für sich", "2026-01-05", "1.5"],
        ["Zoë", "Für sich", "2026-07-05", "3"],
    ]
    travelled = syn.distance_travelled(save_as(readings, "readings"), scale=(1, 5))
    assert travelled.pairs["change"].tolist() == [1.5]
    uses = syn.concentration(
        save_as([["person", "count"], ["Zoë", "2"], ["007", "0"]], "uses"), bootstrap=0
    )
    return [rounds.ratings, rounds.items, travelled.areas, travelled.pairs, uses.tops]


READERS = (
    evaluation,
    extraction,
    effects,
    codings,
    coding_sheets,
    codebook,
    decisions,
    records,
    flow,
    board,
    boxes_and_arrows,
    applicability,
    comments,
    evidence,
)


def compared(value: Any) -> Any:
    """Return tables as what can be compared, without what is said of the file."""
    if isinstance(value, list):
        return [compared(one) for one in value]
    if isinstance(value, pd.DataFrame):
        return value.astype(object).where(value.notna(), None).to_dict("list")
    return value


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("how", [one for one in SAVINGS if one != "comma"])
def test_a_table_is_read_alike_however_it_was_saved(
    tmp_path: Path, reader: Callable[[Save], object], how: str
) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    other.mkdir()

    def saver(folder: Path, way: str) -> Save:
        return lambda rows, stem: save(rows, folder, stem, way)

    assert compared(reader(saver(other, how))) == compared(reader(saver(plain, "comma")))


UNSEEN = "\u200b\ufeff\u2060\u200e\u00a0"
"""Characters that come along when cells are copied from a page, and that nobody sees."""


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("how", ["comma", "semicolon", "XLSX"])
def test_characters_that_nobody_sees_around_a_cell_change_nothing(
    tmp_path: Path, reader: Callable[[Save], object], how: str
) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    other.mkdir()

    def copied(rows: Rows, stem: str) -> Path:
        marked = [[f"{UNSEEN}{cell}{UNSEEN}" for cell in row] for row in rows]
        return save(marked, other, stem, how)

    alike = reader(lambda rows, stem: save(rows, plain, stem, "comma"))
    assert compared(reader(copied)) == compared(alike)


def test_the_five_commonest_savings_are_among_them() -> None:
    assert set(FIVE) <= {*TEXTS, "XLSX"}


GUESSED = "is not UTF-8 text; the file was read as Windows-1252"


@pytest.mark.parametrize(
    ("read", "rows", "remarks"),
    [
        (
            syn.read_extraction,
            [["study"], ["Béland"]],
            lambda sheet: sheet.attrs["remarks"],
        ),
        (
            syn.read_codings,
            [["unit", "coder", "code"], ["u1", "Bóris", "x"]],
            lambda codings: codings.attrs["remarks"],
        ),
        (
            syn.Codebook.read,
            [["id", "label"], ["x", "Für"]],
            lambda book: [*book.remarks, book._repr_html_()],
        ),
        (
            partial(syn.read_decisions, records=RECORDS),
            [["record_id", "stage", "screener", "decision"],
             ["a:1", "full_text", "Zoë", "include"]],
            lambda read: [*read.remarks, read._repr_html_()],
        ),
        (
            partial(syn.read_sheets, units=["u1"], schemes={"who": CODES}),
            [["unit", "coder", "who"], ["u1", "Zoë", "staff"]],
            lambda read: [*read.remarks, read._repr_html_()],
        ),
        (
            syn.read_flow,
            [["data", "n", "boxtext"], ["records_screened", "8", "für"]],
            lambda read: read.problems["message"],
        ),
        (
            syn.read_records,
            [["Title", "Authors"], ["Für", "Vale"]],
            lambda read: [
                one.replace("it was", "the file was").replace("not UTF-8", "is not UTF-8")
                for one in read.problems["message"]
            ],
        ),
        (
            lambda path: LogicModel.from_tables(path, [], profile="theory-of-change", title="T"),
            [["id", "column", "label"], ["a", "impact", "Größe"]],
            lambda model: [*model.remarks, str(model.check()), model.check()._repr_html_()],
        ),
        (
            MODEL.with_applicability,
            [["part", "target", "domain", "judgement", "reason"],
             ["a1", "Zürich", "system", "unclear", "x"]],
            lambda model: model.remarks,
        ),
        (
            MODEL.read_comments,
            [["id", "comment", "name", "date"], ["a1", "x", "Zoë", "2026-05-04"]],
            lambda read: [str(read), read._repr_html_()],
        ),
    ],
)  # fmt: skip
def test_a_guessed_encoding_is_said_where_the_reader_says_things(
    tmp_path: Path,
    read: Callable[[Path], Any],
    rows: Rows,
    remarks: Callable[[Any], Sequence[str]],
) -> None:
    said = list(remarks(read(save(rows, tmp_path, "table", "Windows-1252"))))
    assert said
    assert all(GUESSED in one for one in said)


def test_a_board_says_that_the_encoding_of_its_file_was_guessed(tmp_path: Path) -> None:
    rows = [["unit", "coder", "code"], ["u1", "Bóris", "für"]]
    file = KeptFile(save(rows, tmp_path, "board", "Windows-1252"), rows[0])
    file.read()
    assert GUESSED in file.remarks[0]
