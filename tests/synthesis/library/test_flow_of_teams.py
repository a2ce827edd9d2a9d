"""What teams need of a flow: updates, tools, searches, open studies, counts alone. Made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.library.duplicates import LINKS
from synthesis.library.flow.file import EXTRAS, KEYS
from synthesis.library.flow.flow import PrismaFlow, prisma_flow, read_flow

NO_LINKS = pd.DataFrame(columns=list(LINKS))
COLUMNS = ["record_id", "stage", "screener", "decision", "reason"]


def records(count: int, **columns: Any) -> pd.DataFrame:
    ids = [f"x:{at}" for at in range(1, count + 1)]
    held = {
        "record_id": ids,
        "title": [f"A title about tree number {one}" for one in ids],
        "database": "PubMed",
        "source_file": "pubmed.nbib",
    }
    return pd.DataFrame({**held, **columns})


def rows(*cells: str) -> pd.DataFrame:
    """Return decisions written as ``number stage screener decision reason``."""
    split = [cell.split(maxsplit=4) for cell in cells]
    stages = {"b": "before_screening", "t": "title_abstract", "f": "full_text"}
    return pd.DataFrame(
        [
            [f"x:{one}", stages[stage], who, said, *(rest or [""])]
            for one, stage, who, said, *rest in split
        ],
        columns=COLUMNS,
    )


def test_a_new_report_of_a_study_already_included() -> None:
    told = rows("1 t ann include", "1 f ann include")
    options: dict[str, Any] = {
        "studies": {"x:1": "Vale 2008"},
        "previous": {"previous_studies": 5, "previous_reports": 7},
    }
    asked = prisma_flow(records(1), NO_LINKS, told, **options)
    assert "which of the included studies were in the previous" in asked.problems["message"][0]
    flow = prisma_flow(records(1), NO_LINKS, told, already_included=["Vale 2008"], **options)
    assert flow.problems.empty
    kept = ("new_studies", "new_reports", "total_studies", "total_reports")
    assert [flow.counts[key] for key in kept] == [0, 1, 5, 8]
    assert flow.counts["reports_of_earlier_studies"] == 1
    none = prisma_flow(records(1), NO_LINKS, told, already_included=[], **options)
    assert none.problems.empty
    assert none.counts["total_studies"] == 6


def test_ongoing_and_awaiting_keep_the_sum() -> None:
    told = rows(
        *(f"{one} t ann include" for one in (1, 2, 3, 4)),
        "1 f ann include",
        "2 f ann ongoing",
        "3 f ann awaiting",
        "4 f ann exclude design",
    )
    flow = prisma_flow(records(4), NO_LINKS, told)
    assert flow.problems.empty
    assert flow.counts["dbr_assessed"] == 4
    assert (flow.counts["ongoing_studies"], flow.counts["awaiting_reports"]) == (1, 1)
    assert flow.counts["new_reports"] == 1
    assert "Ongoing studies" in flow.draw().description
    short = PrismaFlow(
        {"dbr_assessed": 4, "dbr_excluded": 1, "ongoing_reports": 1, "new_reports": 1}
    )
    assert (
        "reports of ongoing studies (1) leaves 2, but reports included is 1"
        in (short.problems["message"][0])
    )


def test_people_and_tools_are_told_apart() -> None:
    told = rows(
        "1 b Classifier exclude low score",
        "2 b ann exclude language",
        "3 t classifier exclude",
        "4 t ann exclude design",
        "5 t ann exclude",
        "5 t classifier exclude",
        "6 t ann include",
    )
    flow = prisma_flow(records(6), NO_LINKS, told, tools=["classifier"])
    kept = ("excluded_automatic", "excluded_other", "records_excluded")
    assert [flow.counts[key] for key in kept] == [1, 1, 3]
    assert flow.counts["screened_out_by_people"] == 2
    assert flow.counts["screened_out_by_tools"] == 1
    assert flow.counts["screening_reasons"] == {"no reason given": 2, "design": 1}
    assert "By automation tools (n = 1)" in flow.draw().description.replace("\u00a0", " ")


def test_duplicates_found_while_screening() -> None:
    told = rows("1 t ann include", "2 t ann duplicate", "3 t ann exclude", "1 f ann include")
    flow = prisma_flow(records(3), NO_LINKS, told)
    assert flow.problems.empty
    kept = ("database_results", "duplicates", "copies_found_later", "records_screened")
    assert [flow.counts[key] for key in kept] == [3, 1, 1, 2]


def test_searches_by_date() -> None:
    files = ["a.ris", "a.ris", "b.ris"]
    told = rows("1 t ann include", "2 t ann exclude", "3 t ann exclude")
    table = records(3, source_file=files)
    searches = {"a.ris": "1 March 2025", "b.ris": "2 May 2026"}
    flow = prisma_flow(table, NO_LINKS, told, searches=searches)
    assert flow.counts["searches"] == {"1 March 2025": 2, "2 May 2026": 1}
    assert "Search of 2 May 2026" in flow.draw().description
    with pytest.raises(DataError, match=r"say which search these files came from: b.ris"):
        prisma_flow(table, NO_LINKS, told, searches={"a.ris": "1 March 2025"})


def test_differing_reasons_do_not_depend_on_the_order_of_rows() -> None:
    told = rows("1 t ann include", "1 f ann exclude population", "1 f bob exclude design")
    for some in (told, told.iloc[::-1].reset_index(drop=True)):
        flow = prisma_flow(records(1), NO_LINKS, some)
        assert flow.counts["dbr_excluded"] == {"reason not settled": 1}
        assert "exclude, for different reasons, x:1; settle it." in flow.problems["message"][0]


def test_an_included_retraction_is_a_problem() -> None:
    table = records(2, notice=["retracted", ""])
    told = rows("1 t ann include", "1 f ann include", "2 t ann exclude")
    (message,) = prisma_flow(table, NO_LINKS, told).problems["message"]
    assert message.startswith("retracted, but included: 'x:1'.")
    left_out = told.replace({"decision": {"include": "exclude"}})
    assert prisma_flow(table, NO_LINKS, left_out.head(1)).counts["records_excluded"] == 1


def test_counts_alone_are_checked_and_drawn() -> None:
    counts = {"database_results": "15,327", "duplicates": "1 327", "records_screened": 13_000}
    flow = prisma_flow(counts=counts)
    assert flow.counts["database_results"] == 15327
    assert (
        "leaves 14,000, but records screened is 13,000: 1,000 too few"
        in (flow.problems["message"][0])
    )
    assert "15,327" in flow.draw().description
    assert (
        len(
            PrismaFlow(
                {"database_results": 900, "duplicates": 200, "records_screened": 800}
            ).problems
        )
        == 1
    )


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"screened": 800}, "there is no key 'screened' in a flow. Did you mean"),
        ({"records_screened": 1.5}, "a count must be a whole number; got 1.5"),
        ({"records_screened": "many"}, "a count must be a whole number; got 'many'"),
        ({"records_screened": {"a": 1}}, "records_screened is one number"),
    ],
)
def test_counts_that_cannot_be(counts: dict[str, Any], message: str) -> None:
    for make in (PrismaFlow, lambda given: prisma_flow(counts=given)):
        with pytest.raises(DataError, match=message):
            make(counts)


def test_counts_or_tables() -> None:
    with pytest.raises(DataError, match="give either counts or records"):
        prisma_flow(records(1), counts={})
    with pytest.raises(DataError, match="give records, links and decisions, or counts"):
        prisma_flow(records(1))


def test_what_the_template_lacks_is_written_and_read_back(tmp_path: Path) -> None:
    counts = {
        "records_excluded": 3,
        "screening_reasons": {"design": 1, "age": 2},
        "ongoing_studies": 1,
    }
    path = PrismaFlow(counts).write(tmp_path / "flow.csv")
    found = read_flow(path).counts
    assert {key: found[key] for key in counts} == counts
    # PRISMA2020 finds the row of a count by searching for its key in all keys.
    assert not [(key, extra) for key in KEYS for extra in EXTRAS if key in extra]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"database_results": 5, "searches": {"a": 3, "b": 1}}, "single searches sum to 4"),
        (
            {"records_excluded": 5, "screened_out_by_people": 2, "screened_out_by_tools": 2},
            "by people and by tools sum to 4",
        ),
        ({"records_excluded": 5, "screening_reasons": {"a": 6}}, "reasons at screening sum to 6"),
        ({"duplicates": 1, "copies_found_later": 2}, "cannot be more duplicates found while"),
        ({"ongoing_studies": 2, "ongoing_reports": 1}, "cannot be more ongoing studies (2)"),
    ],
)
def test_sums_of_what_the_template_lacks(counts: dict[str, Any], message: str) -> None:
    (problem,) = PrismaFlow(counts).problems["message"]
    assert message in problem
