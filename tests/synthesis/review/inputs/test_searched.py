from __future__ import annotations

from pathlib import Path

import pytest

from arrowroot.errors import FileError
from synthesis.review.review import Review

RECORDS = "record_id,type,title,authors,year,database\n"
DECIDED = "record_id,stage,screener,decision,reason\n"


def test_the_flow_of_the_example_adds_up(built: Review) -> None:
    counts = built.flow.counts
    assert (counts["database_results"], counts["register_results"]) == (15, 3)
    assert counts["duplicates"] == 1
    assert counts["records_screened"] == 17
    assert counts["new_studies"] == counts["total_studies_ma"] == 9
    assert built.flow.problems.empty


def test_what_is_still_to_screen_and_who_disagrees(make) -> None:
    records = RECORDS + "".join(f"r{n},article,Title {n},Ann,200{n},D\n" for n in range(3))
    decided = (
        f"{DECIDED}d:r0,title_abstract,ann,include,\nd:r0,title_abstract,bob,exclude,\n"
        "d:r1,title_abstract,ann,include,\nd:r9,title_abstract,ann,include,\n"
    )
    review = Review(make(**{"search/d.csv": records, "screening/a.csv": decided}))
    state = review.status()
    assert (state.records, state.to_screen, state.conflicts) == (3, 1, 1)
    said = [str(one) for one in review.check()]
    assert any("screening/a.csv:5: warning: there is no record 'd:r9'" in one for one in said)


def test_typed_counts_are_taken_where_there_are_no_records(make, example: Path) -> None:
    folder = make()
    (folder / "search").mkdir()
    Review(example).flow.write(folder / "search" / "flow.csv")
    review = Review(folder)
    assert review.records is None
    assert review.flow.counts["records_screened"] == 17


def test_typed_counts_beside_the_records_are_said_not_to_be_used(make, example: Path) -> None:
    records = f"{RECORDS}r1,article,T,Ann,2000,D\n"
    folder = make(**{"search/d.csv": records})
    Review(example).flow.write(folder / "search" / "flow.csv")
    (said,) = [str(one) for one in Review(folder).check() if "are not used" in str(one)]
    assert said.startswith("search/flow.csv: warning: The counts typed here are not used")


def test_links_between_duplicates_are_the_reviewers(make) -> None:
    records = RECORDS + "".join(f"r{n},article,Title,Ann,2000,D\n" for n in range(3))
    links = "record_id,duplicate_of,reason,certain\nd:r1,d:r0,same,yes\nd:r2,d:r0,alike,no\n"
    folder = make(**{"search/d.csv": records, "screening/duplicates.csv": links})
    review = Review(folder)
    assert review.flow.counts["duplicates"] == 1
    assert any("1 pair may be the same report" in str(one) for one in review.check())
    (folder / "screening/duplicates.csv").write_text("record_id,duplicate_of\nd:r1,d:r7\n", "utf-8")
    assert any("There is no record 'd:r7'" in str(one) for one in Review(folder).check())


def test_several_exports_without_links_are_pointed_out(make) -> None:
    held = {f"search/{name}.csv": f"{RECORDS}r1,article,T,Ann,2000,D\n" for name in "ab"}
    found = [str(one) for one in Review(make(**held)).check()]
    assert any("no duplicates among them have been looked for" in one for one in found)


@pytest.mark.extras
def test_duplicates_are_written_once(make) -> None:
    same = "article,A trial of one thing and another in people,Grant A,2000,D\n"
    held = {f"search/{name}.csv": f"{RECORDS}r1,{same}" for name in "ab"}
    folder = make(**held)
    links = Review(folder).find_duplicates()
    assert len(links) == 1
    assert (folder / "screening/duplicates.csv").is_file()
    with pytest.raises(FileError, match="already there"):
        Review(folder).find_duplicates()
