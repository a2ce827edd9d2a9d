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


def screened(*rows: str) -> dict[str, str]:
    """Return the files of a review of six records, two of them in the export of a second database.

    The rows are written as ``record stage screener decision reason``.
    """
    first = RECORDS + "".join(f"r{n},article,Title {n},Ann,200{n},D\n" for n in range(4))
    second = f"{RECORDS}r0,article,Title 0,Ann,2000,E\nr9,article,Title 9,Ann,2009,E\n"
    stages = {"t": "title_abstract", "f": "full text"}
    decided = ""
    for row in rows:
        one, stage, *rest = row.split(" ", 4)
        decided += ",".join([one, stages[stage], *rest, *[""] * (3 - len(rest))]) + "\n"
    return {
        "search/d.csv": first,
        "search/e.csv": second,
        "screening/duplicates.csv": f"{LINKED}e:r0,d:r0,same,yes\n",
        "screening/a.csv": DECIDED + decided,
    }


LINKED = "record_id,duplicate_of,reason,certain\n"
ALL = ("d:r0", "d:r1", "d:r2", "d:r3", "e:r9")


POOLED = "in the meta-analysis but not included: Carroll"
"""What is rightly said of the small review, whose studies are not among these records."""


def about_screening(review: Review) -> list[str]:
    """Return the findings on the search and on screening, but for `POOLED`."""
    found = [str(one) for one in review.check() if one.file.startswith(("search", "screening"))]
    return [one for one in found if POOLED not in one]


def test_a_decision_on_a_duplicate_belongs_to_the_record_that_represents_it(make) -> None:
    rows = [f"{one} t {who} exclude" for one in ALL[1:] for who in ("ann", "bob")]
    own = ["d:r0 t ann include", "d:r0 t bob include", "e:r0 t ann include", "e:r0 t bob exclude"]
    folder = make(**screened(*rows, *own))
    state = Review(folder).status()
    assert (state.to_screen, state.conflicts, state.to_judge) == (0, 0, 1)
    said = about_screening(Review(folder))
    assert said[-1] == (
        "screening/a.csv:13: warning: bob decided include on d:r0 and exclude on e:r0 at title and "
        "abstract, which are one report: include counts. Correct the decision that is wrong. "
        "[decisions]"
    )
    consensus = f"{DECIDED}e:r0,title_abstract,consensus,include,\n"
    (folder / "screening/consensus.csv").write_text(consensus, "utf-8")
    assert not any("which are one report" in one for one in about_screening(Review(folder)))


def test_of_several_duplicates_the_row_that_differs_is_pointed_out(make) -> None:
    rows = [f"{one} t ann include" for one in (*ALL, "e:r0")]
    full = ["d:r0 f ann exclude age", "e:r0 f ann exclude age", "d:r1 f ann exclude design"]
    files = screened(*rows, *full)
    files["screening/duplicates.csv"] += "d:r1,d:r0,same,yes\n"
    assert [one for one in about_screening(Review(make(**files))) if "one report" in one] == [
        "screening/a.csv:10: warning: ann decided exclude (age) on d:r0 and exclude (age) on e:r0 "
        "and exclude (design) on d:r1 at full text, which are one report: exclude (age) counts. "
        "Correct the decision that is wrong. [decisions]"
    ]


def test_calling_one_of_two_records_a_duplicate_contradicts_nothing(make) -> None:
    rows = [f"{one} t ann exclude" for one in ALL]
    review = Review(make(**screened(*rows, "e:r0 t ann duplicate")))
    assert about_screening(review) == []
    assert review.status().conflicts == 0


def test_every_conflict_that_is_counted_is_named_with_its_record(make) -> None:
    rows = [f"{one} t ann include" for one in ALL]
    others = ["e:r0 t bob exclude", *(f"{one} t bob unsure" for one in ALL[1:])]
    reasons = ["d:r1 f ann exclude design", "d:r1 f bob exclude age"]
    review = Review(make(**screened(*rows, *others, *reasons)))
    named = [one for one in about_screening(review) if "screener 'consensus'" in one]
    assert review.status().conflicts == len(named) == 6
    assert named[0] == (
        "screening: warning: screeners differ on d:r0 at title and abstract (ann: include; bob: "
        "exclude on e:r0). Write a row for it at the stage title_abstract by the screener "
        "'consensus' in a file in screening/. [flow]"
    )
    assert (
        "screeners exclude, for different reasons, d:r1 at full text (ann: exclude (design); bob: "
        "exclude (age))."
    ) in named[5]
    # The sums lack these records too, which is the same fact.
    assert not any("too few" in one for one in about_screening(review))


def test_who_is_unsure_is_named_and_nobody_else(make) -> None:
    rows = ["d:r1 t bob maybe", "d:r2 t ann unsure", "d:r2 t bob unsure", "d:r3 t ann maybe"]
    exclusion = "d:r3 t bob exclude age"
    said = " ".join(about_screening(Review(make(**screened(*rows, exclusion)))))
    assert "warning: bob is unsure of d:r1 at title and abstract." in said
    assert "warning: ann and bob are unsure of d:r2 at title and abstract." in said
    assert (
        "screeners differ on d:r3 at title and abstract (ann: unsure; bob: exclude (age))" in said
    )


def test_pairs_that_nobody_decided_are_counted_apart_and_said_once(make) -> None:
    files = screened("d:r1 t ann include")
    files["screening/duplicates.csv"] = f"{LINKED}e:r0,d:r0,alike,no\n"
    review = Review(make(**files))
    assert review.flow.counts["duplicates"] == 0
    assert review.status().to_screen == 5
    said = [one for one in about_screening(review) if "certain" in one or "same report" in one]
    assert said == [
        "screening/duplicates.csv: warning: 1 pair may be the same report, which nobody has "
        "decided. Write yes in the column certain, or delete the row. [duplicates]"
    ]


def test_before_screening_only_the_status_says_that_it_is_to_do(make) -> None:
    review = Review(make(**screened()))
    assert about_screening(review) == []
    assert not any(POOLED in str(one) for one in review.check())
    assert review.status().to_screen == 5
    assert "Screen 5 records (files in screening/)." in review.status().next_steps


def test_what_is_left_at_each_stage_is_said_once_screening_has_begun(make) -> None:
    rows = [f"{one} t ann include" for one in ALL[:4]]
    review = Review(make(**screened(*rows, "d:r0 f ann include")))
    state = review.status()
    assert (state.to_screen, state.to_judge) == (1, 3)
    assert "1 to screen, 3 to judge at full text, 0 conflicts" in str(state)
    assert "Judge 3 reports at full text (files in screening/, stage full_text)." in str(state)
    assert about_screening(review) == [
        "screening: warning: 1 record is still to screen by title and abstract: e:r9. Decide on "
        "each at the stage title_abstract in a file in screening/. [flow]",
        "screening: warning: 3 reports are still to judge at full text: d:r1, d:r2, d:r3. Decide "
        "on each at the stage full_text in a file in screening/. [flow]",
    ]


def test_decisions_that_contradict_those_of_another_stage_are_still_said(make) -> None:
    rows = [f"{one} t ann exclude" for one in ALL[:4]]
    said = about_screening(Review(make(**screened(*rows, "e:r9 f ann include"))))
    assert any("judged at full text without being included" in one for one in said)
    assert any("but records screened is 4: 1 too few" in one for one in said)


def test_studies_pooled_but_not_included_are_said_once(make) -> None:
    review = Review(make(**screened(*(f"{one} t ann exclude" for one in ALL))))
    said = [str(one) for one in review.check() if "the meta-analysis" in str(one)]
    assert len(said) == 1
    assert POOLED in said[0]


def test_databases_spelled_in_two_ways_are_said_before_screening_too(make) -> None:
    files = {**screened(), "search/f.csv": f"{RECORDS}r5,article,Title 5,Ann,2005,e\n"}
    assert any("only in capitals" in one for one in about_screening(Review(make(**files))))


def test_reports_found_by_other_methods_are_judged_at_full_text_only(make) -> None:
    files = screened(*(f"{one} t ann exclude" for one in ALL[:4]))
    folder = make(**files)
    declared = (folder / "review.yaml").read_text("utf-8")
    (folder / "review.yaml").write_text(f"{declared}search: {{other: {{E: websites}}}}\n", "utf-8")
    state = Review(folder).status()
    assert (state.to_screen, state.to_judge) == (0, 1)
    (said,) = about_screening(Review(folder))
    assert "1 report is still to judge at full text: e:r9." in said


def test_differing_decisions_on_two_duplicates_are_said_once(make) -> None:
    files = screened(*(f"{one} t ann exclude" for one in ALL[2:]), "d:r1 t ann include")
    files["screening/a.csv"] += "e:r0,title_abstract,ann,exclude,\n"
    files["screening/duplicates.csv"] += "d:r1,d:r0,same,yes\n"
    (said,) = about_screening(Review(make(**files)))
    assert "include on d:r1 and exclude on e:r0" in said
    assert "exclude counts" in said
