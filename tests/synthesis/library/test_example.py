"""The example search that comes with the data: three exports that overlap, and its decisions."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthesis.library.duplicates import find_duplicates, related_reports
from synthesis.library.flow.flow import PrismaFlow, prisma_flow
from synthesis.library.records import Records, read_records
from synthesis.library.screening import read_decisions

FOLDER = Path(__file__).parents[3] / "data" / "case_management" / "library"
EXPORTS = [FOLDER / name for name in ("pubmed.nbib", "zotero.bib", "index.ris")]


@pytest.fixture(scope="module")
def found() -> Records:
    return read_records(EXPORTS)


@pytest.fixture(scope="module")
def flow(found: Records) -> PrismaFlow:
    links = find_duplicates(found.records, progress=False)
    screening = read_decisions(FOLDER / "decisions.csv", found.records)
    assert screening.problems.empty
    return prisma_flow(found.records, links, screening.decisions)


def test_everything_is_read(found: Records) -> None:
    assert found.problems.empty
    assert found.records["source_file"].value_counts().to_dict() == {
        "pubmed.nbib": 10,
        "zotero.bib": 8,
        "index.ris": 7,
    }


def test_every_overlap_is_found_and_nothing_else(found: Records) -> None:
    links = find_duplicates(found.records, progress=False)
    assert links["certain"].all()
    assert dict(zip(links["record_id"], links["duplicate_of"], strict=True)) == {
        "zotero:bernabei1998": "pubmed:9563983",
        "zotero:boult2008": "pubmed:18375882",
        "zotero:boyd2010": "pubmed:20033622",
        "zotero:gravelle2007": "pubmed:17107984",
        "zotero:stokes2015": "pubmed:26186598",
        "index:1": "pubmed:16611703",
        "index:2": "pubmed:22815653",
        "index:3": "zotero:counsell2007",
        "index:4": "pubmed:21403043",
        "index:5": "pubmed:17107984",
        "index:6": "pubmed:26186598",
    }


def test_the_abstract_is_a_report_of_the_review(found: Records) -> None:
    reports = related_reports(found.records, progress=False)
    assert reports["record_id"].tolist() == ["zotero:stokes2015sapc"]
    assert reports["relation"].tolist() == ["conference"]
    assert reports["report_of"][0] in ("pubmed:26186598", "zotero:stokes2015", "index:6")


def test_the_flow_adds_up(flow: PrismaFlow) -> None:
    assert flow.problems.empty
    wanted = ("database_results", "duplicates", "records_screened", "dbr_assessed", "new_reports")
    assert [flow.counts[key] for key in wanted] == [25, 11, 14, 12, 8]
