"""Reports linked to studies by registration number, and lists merged. All records are made up."""

from __future__ import annotations

import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.library.duplicates import find_duplicates, merge_duplicates, related_reports
from synthesis.library.extraction import extraction_rows
from synthesis.library.readers.found import FIELDS
from synthesis.library.studies import studies_of

TRIAL = {"type": "article", "title": "Care at home for older people", "authors": "Vale, P.",
         "year": "2015", "journal": "BMJ Open", "volume": "5", "pages": "100-110",
         "abstract": "Registered as NCT01234567."}  # fmt: skip
ENTRY = {"type": "registration", "title": "HOMECARE", "year": "2010", "journal": "ICTRP",
         "registration": "NCT01234567", "accession": "NCT01234567"}  # fmt: skip
COSTS = {"type": "article", "title": "Costs of visits", "authors": "Moor, T.", "year": "2017",
         "notes": "Clinical trial: nct 01234567"}  # fmt: skip
REVIEW = {"type": "article", "title": "Visits: a review", "authors": "Roe, R.", "year": "2020",
          "abstract": "NCT01234567, NCT01234568, NCT01234569 and NCT01234560"}  # fmt: skip
OTHER = {"type": "article", "title": "Walking in winter", "authors": "Vale, P.", "year": "2015"}


def table(*rows: dict[str, str]) -> pd.DataFrame:
    filled = [{**dict.fromkeys(FIELDS, ""), **row} for row in rows]
    return pd.DataFrame(filled).assign(record_id=[f"r{place}" for place in range(len(rows))])


def test_reports_that_name_one_registration_are_linked() -> None:
    records = table(REVIEW, ENTRY, TRIAL, COSTS, OTHER)
    found = related_reports(records, progress=False)
    assert found.set_index("record_id")[["report_of", "relation"]].T.to_dict("list") == {
        "r1": ["r2", "registration"],
        "r3": ["r2", "same registration"],
        "r0": ["r2", "names several trials"],
    }
    assert found["reason"].str.contains("same registration number, NCT01234567").all()
    assert "it names 4 such numbers" in found.set_index("record_id")["reason"]["r0"]
    # A review of trials belongs to none of them.
    assert studies_of(records, found) == dict.fromkeys(("r1", "r2", "r3"), "Vale 2015")


@pytest.mark.parametrize("field", ["title", "keywords", "accession", "raw", "url", "notes"])
def test_the_number_may_be_in_any_field(field: str) -> None:
    bare = {**TRIAL, "abstract": ""}
    records = table({**bare, field: f"{TRIAL['title']} (NCT01234567)"}, ENTRY)
    assert related_reports(records, progress=False)["record_id"].tolist() == ["r1"]
    assert related_reports(table(bare, ENTRY), progress=False).empty


def test_copies_of_one_report_are_not_linked_as_two() -> None:
    copy = {**TRIAL, "doi": "10.1000/a"}
    assert related_reports(table(TRIAL, copy), progress=False).empty


def test_links_do_not_depend_on_the_order_of_rows() -> None:
    rows = [TRIAL, ENTRY, COSTS, REVIEW]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]):
        found = related_reports(table(*(rows[at] for at in order)), progress=False)
        titles = [rows[order[int(one[1:])]]["title"] for one in found["report_of"]]
        assert set(titles) <= {TRIAL["title"], COSTS["title"]}
        assert len(found) == 3


def test_one_entry_in_two_registers_is_one_record() -> None:
    again = {**ENTRY, "title": "Care at home", "journal": "ClinicalTrials.gov"}
    found = find_duplicates(table(ENTRY, again), progress=False)
    assert found["certain"].tolist() == [True]
    assert "same year, registration number" in found["reason"][0]
    # Under a number of its own, such as CENTRAL's, somebody has to look.
    central = {**again, "accession": "CN-01"}
    assert find_duplicates(table(ENTRY, central), progress=False)["certain"].tolist() == [False]
    # An article is never a copy of the entry.
    assert find_duplicates(table(ENTRY, TRIAL), progress=False).empty


def test_studies_name_the_rows_of_an_extraction_sheet() -> None:
    records = table(TRIAL, COSTS, OTHER)
    studies = studies_of(records, related_reports(records, progress=False))
    decisions = pd.DataFrame(
        [(f"r{n}", "full_text", "ann", "include", "") for n in range(3)],
        columns=["record_id", "stage", "screener", "decision", "reason"],
    )
    rows = extraction_rows(records, decisions, outcomes=["x"], studies=studies)
    assert rows[["study", "record_id"]].to_numpy().tolist() == [
        ["Vale 2015", "r0; r1"], ["Vale 2015a", "r2"]
    ]  # fmt: skip


def test_a_link_to_nothing() -> None:
    links = pd.DataFrame({"record_id": ["r0"], "report_of": ["r9"]})
    with pytest.raises(DataError, match="there is no record 'r9'"):
        studies_of(table(TRIAL), links)
    with pytest.raises(DataError, match="no column 'report_of'"):
        studies_of(table(TRIAL), links.drop(columns="report_of"))


@pytest.mark.parametrize(
    ("field", "one", "other", "merged"),
    [
        ("authors", "Vale P.; Moor T.; Roe K.; Poe L.", "Vale, Petra Ann; Moor, Tom",
         "Vale, Petra Ann; Moor, Tom; Roe, K.; Poe, L."),
        ("keywords", "falls; nurses", "home visits for the elderly; Falls",
         "falls; nurses; home visits for the elderly"),
        ("issn", "1234-5678", "2345-678X; 1234-5678", "1234-5678; 2345-678X"),
        ("registration", "NCT01234567", "ISRCTN12345678", "NCT01234567; ISRCTN12345678"),
        ("notes", "seen; twice", "kept", "seen; twice | kept"),
        ("editors", "Oak A", "Oak, Ann; Elm, B.", "Oak, Ann; Elm, B."),
        ("abstract", "Short.", "It is longer.", "It is longer."),
    ],
)  # fmt: skip
def test_merging_keeps_the_fuller_list(field: str, one: str, other: str, merged: str) -> None:
    links = pd.DataFrame({"record_id": ["r1"], "duplicate_of": ["r0"], "certain": [True]})
    records = table({**OTHER, field: one}, {**OTHER, field: other})
    assert merge_duplicates(records, links)[field].tolist() == [merged]
