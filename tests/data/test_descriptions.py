"""Every data folder is described in full, and holds what its description says."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from synthesis import datasets
from synthesis.dataset_info import PrintedAnalysis, Table

DATA = Path(__file__).parents[2] / "data"
TABLES = [
    pytest.param(name, table, id=f"{name}-{table.name}")
    for name in datasets.names()
    for table in datasets.about(name).tables
]
ANALYSES = [
    pytest.param(name, printed, id=f"{name}-{printed.analysis}")
    for name in datasets.names()
    for printed in datasets.about(name).reproduces
]
ROWS = {
    "assink2016": 100,
    "bangertdrowns2004": 48,
    "baskerville2012": 23,
    "bcg": 13,
    "borenstein2009": 6,
    "case_management": 12,
    "curtis1998": 102,
    "dagostino1998": 36,
    "darzi_fellowship": 11,
    "egger2001": 16,
    "exworthy2014": 6,
    "gibson2002": 15,
    "hackshaw1998": 37,
    "ham2014": 10,
    "healthy_living": 7,
    "hudson2015": 6,
    "jones2016": 3,
    "konstantopoulos2011": 56,
    "learning_health_system": 7,
    "lilford2014": 14,
    "molloy2014": 16,
    "normand1999": 9,
    "raudenbush1985": 19,
    "salford": 4,
    "sep2021": 271,
    "sixcs": 64,
    "wisconsin": 10,
}
REPEATED_STUDIES = {
    ("assink2016", "effects"),
    ("case_management", "trials"),
    ("dagostino1998", "results"),
    ("normand1999", "risk_of_bias"),
}
"""Tables with several effects a study."""


def cells(name: str, table: Table) -> list[list[str]]:
    with (DATA / name / table.file).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_folder_is_described() -> None:
    folders = {path.name for path in DATA.iterdir() if path.is_dir()}
    assert folders == set(datasets.names()) == set(ROWS)
    for name in folders:
        described = {table.file for table in datasets.about(name).tables}
        assert described == {path.name for path in (DATA / name).glob("*.csv")}, name


@pytest.mark.parametrize("name", ROWS)
def test_the_default_table_has_as_many_rows_as_its_source(name: str) -> None:
    assert len(datasets.load(name)) == ROWS[name]


@pytest.mark.parametrize("name", ROWS)
def test_everything_a_reader_needs_is_filled_in(name: str) -> None:
    info = datasets.about(name)
    assert info.title
    assert len(info.description) > 100
    assert info.licence
    assert all(re.search(r"\(\d{4}\)|https://", citation) for citation in info.citations)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_the_columns_are_those_described(name: str, table: Table) -> None:
    header = cells(name, table)[0]
    assert header == [column.name for column in table.columns]
    assert all(column.meaning for column in table.columns)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_is_read_without_loss(name: str, table: Table) -> None:
    read = datasets.load(name, table.name)
    _, *rows = cells(name, table)
    assert len(read) == len(rows)
    for place, column in enumerate(table.columns):
        written = [row[place] for row in rows]
        if column.type in ("text", "printed"):
            assert read[column.name].fillna("").tolist() == written, column.name
        else:
            back = ["" if value != value else float(value) for value in read[column.name]]
            assert back == [text and float(text) for text in written], column.name
        if column.type == "integer":
            assert all(re.fullmatch(r"-?\d*", text) for text in written), column.name


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_printed_numbers_are_numbers_as_printed(name: str, table: Table) -> None:
    read = datasets.load(name, table.name)
    for column in table.columns:
        if column.type == "printed":
            bad = [text for text in read[column.name].dropna() if not is_printed_number(text)]
            assert bad == [], column.name


def is_printed_number(text: str) -> bool:
    return re.fullmatch(r"[<>]?-?\d+(,\d{3})*(\.\d+)?", text) is not None


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_study_labels_are_unique_where_a_row_is_a_study(name: str, table: Table) -> None:
    read = datasets.load(name, table.name)
    if "study" in read:
        repeated = bool(read["study"].duplicated().any())
        assert repeated == ((name, table.name) in REPEATED_STUDIES)


@pytest.mark.parametrize(("name", "printed"), ANALYSES)
def test_a_printed_number_has_the_digits_it_says(name: str, printed: PrintedAnalysis) -> None:
    assert printed.targets
    for target in printed.targets:
        assert is_printed_number(target.printed), target.printed
        assert len(target.printed.partition(".")[2]) == target.digits, target.printed


@pytest.mark.parametrize(("name", "printed"), ANALYSES)
def test_a_printed_number_names_a_source_that_is_cited(name: str, printed: PrintedAnalysis) -> None:
    bibliography = (DATA / name / "references.bib").read_text(encoding="utf-8")
    assert f"{{{printed.source}," in bibliography


def test_arms_are_possible() -> None:
    for name in datasets.names():
        table = datasets.load(name)
        for arm in ("t", "c"):
            if f"sd_{arm}" in table:
                assert (table[f"sd_{arm}"].dropna() > 0).all(), name
            if f"events_{arm}" in table and f"n_{arm}" in table:
                counted = table.dropna(subset=[f"events_{arm}", f"n_{arm}"])
                assert (counted[f"events_{arm}"] >= 0).all(), name
                assert (counted[f"events_{arm}"] <= counted[f"n_{arm}"]).all(), name


def test_every_action_is_coded_once_by_each_coder() -> None:
    actions, coding = datasets.load("sixcs"), datasets.load("sixcs", "coding")
    assert actions["action_id"].is_unique
    for _, of_one in coding.groupby("coder"):
        assert of_one["action_id"].tolist() == actions["action_id"].tolist()


def test_published_counts_are_those_of_the_source() -> None:
    counts = datasets.load("sixcs", "published_counts").set_index("quantity")
    assert counts["count"].to_dict() == {
        "actions": 108,
        "patient_oriented_individual": 4,
        "patient_oriented_areas_2_and_6": 2,
    }
    assert counts["out_of"].dropna().tolist() == [108, 108]


def test_the_two_reports_of_case_management_are_both_kept() -> None:
    counts = datasets.load("case_management", "published_counts")
    by_quantity = counts.groupby("quantity")["printed"].apply(list).to_dict()
    assert by_quantity == {"screened": ["15,327", "15,372"], "included": ["36", "37"]}
