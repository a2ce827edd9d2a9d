"""Which records are one report. All records are made up, save where a test names a source."""

from __future__ import annotations

import warnings
from random import Random

import pandas as pd
import pytest
from linkage.corpus import corpus

from arrowroot.errors import DataError
from arrowroot.lab.progress import Progress
from synthesis.library import pairs
from synthesis.library.duplicates import (
    find_duplicates,
    heads_of,
    merge_duplicates,
    related_reports,
)
from synthesis.library.pairs import compared
from synthesis.library.prepared import prepared
from synthesis.library.readers.found import FIELDS

LEAVES = {
    "type": "article",
    "title": "Case management of older patients in winter: a randomised trial",
    "authors": "Doe, Jane; Roe, Richard",
    "year": "2001",
    "journal": "Journal of Trees",
    "volume": "3",
    "number": "1",
    "pages": "5-9",
    "doi": "10.1000/leaves.1",
    "abstract": "Older patients were randomised to case management or to usual care.",
    "database": "PubMed",
}
ROOTS = {
    **LEAVES,
    "title": "Telephone advice for people with diabetes in cities",
    "authors": "Stem, Ann",
    "doi": "10.1000/roots.2",
    "pages": "50-59",
    "volume": "7",
    "number": "4",
    "year": "2005",
    "abstract": "Advice by telephone was compared with none.",
}


def table(*rows: dict[str, str]) -> pd.DataFrame:
    filled = [{**dict.fromkeys(FIELDS, ""), **row} for row in rows]
    return pd.DataFrame(filled, columns=list(FIELDS)).assign(
        record_id=[f"r{place}" for place in range(len(rows))]
    )


def links(*rows: dict[str, str]) -> list[tuple[str, str, bool]]:
    found = find_duplicates(table(*rows), progress=False)
    assert found.columns.tolist() == ["record_id", "duplicate_of", "reason", "certain"]
    assert (found["reason"] != "").all()
    shown = found[["record_id", "duplicate_of", "certain"]]
    return [(str(a), str(b), bool(c)) for a, b, c in shown.itertuples(index=False, name=None)]


def test_a_record_found_twice() -> None:
    poorer = {**LEAVES, "title": LEAVES["title"].upper(), "authors": "Doe J; Roe R", "doi": "",
              "abstract": "", "database": "Embase"}  # fmt: skip
    found = find_duplicates(table(poorer, ROOTS, LEAVES))
    assert found.to_dict("records") == [
        {
            "record_id": "r0",
            "duplicate_of": "r2",
            "reason": "same title, authors, journal, year, volume, issue, pages",
            "certain": True,
        }
    ]


def test_nothing_to_link() -> None:
    assert links() == []
    assert links(LEAVES) == []
    assert links(LEAVES, ROOTS) == []


def test_three_of_one_point_to_the_fullest() -> None:
    assert links({**LEAVES, "abstract": ""}, {**LEAVES, "doi": ""}, LEAVES) == [
        ("r0", "r2", True),
        ("r1", "r2", True),
    ]


def test_different_numbers_in_pubmed_are_doubtful() -> None:
    found = find_duplicates(table({**LEAVES, "pmid": "11"}, {**LEAVES, "pmid": "12"}))
    assert found["certain"].tolist() == [False]
    assert found["reason"][0].startswith("PubMed has both, as 11 and 12; same title")


def test_different_dois_are_doubtful() -> None:
    """One journal's DOIs are alike, so that bib-dedupe takes them for updates of one report."""
    protocol = {**LEAVES, "title": f"{LEAVES['title']}: study protocol", "doi": "10.1000/leaves.2",
                "year": "2000", "pages": "100-109", "volume": "2"}  # fmt: skip
    found = find_duplicates(table(LEAVES, protocol))
    assert found["certain"].tolist() == [False]
    assert found["reason"][0].startswith("two DOIs, 10.1000/leaves.")
    assert links(LEAVES, {**LEAVES, "doi": LEAVES["doi"].upper()}) == [("r1", "r0", True)]


@pytest.mark.parametrize(
    ("ending", "pages", "certain"),
    [
        (": 24-month outcomes", "", False),
        (": economic evaluation", LEAVES["pages"], False),
        (" in three cities", "77-80", False),
        (" in three cities", "5", True),
        (" in three cities", "", True),
    ],
)
def test_a_title_that_goes_on_is_another_report_or_a_subtitle(
    ending: str, pages: str, certain: bool
) -> None:
    longer = {**LEAVES, "title": LEAVES["title"] + ending, "pages": pages, "doi": ""}
    found = find_duplicates(table(LEAVES, longer))
    assert found["certain"].tolist() == [certain]
    assert found["reason"][0].startswith("one title goes on") is not certain


@pytest.mark.parametrize(
    "title", ["Erratum: {}", "Comment on: {}", "Reply. {}", "{} Part 2", "Protocol for {}"]
)
def test_what_follows_a_report_is_never_certainly_the_report(title: str) -> None:
    other = {**LEAVES, "title": title.format(LEAVES["title"])}
    assert not any(certain for _, _, certain in links(LEAVES, other))


def test_one_doi_with_little_else_in_common_is_doubtful() -> None:
    other = {**ROOTS, "doi": LEAVES["doi"]}
    assert links(LEAVES, other) == [("r1", "r0", False)]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("conference", {"journal": "Tree Days", "volume": "", "number": "", "pages": "12",
                        "year": "2000"}),
        ("preprint", {"journal": "medRxiv", "volume": "", "number": "", "pages": ""}),
        ("registration", {"journal": "ClinicalTrials.gov", "volume": "", "number": "",
                          "pages": "", "authors": "Doe, Jane; Roe, Richard"}),
    ],
)  # fmt: skip
def test_reports_of_one_study_are_no_duplicates(kind: str, changes: dict[str, str]) -> None:
    other = {**LEAVES, "type": kind, "doi": "", "abstract": "", **changes}
    assert links(other, LEAVES) == []
    found = related_reports(table(other, LEAVES, ROOTS))
    assert found[["record_id", "report_of", "relation"]].to_numpy().tolist() == [["r0", "r1", kind]]
    assert "same title, authors" in found["reason"][0]


def test_an_abstract_that_one_database_calls_an_article() -> None:
    # One place in one journal: the databases only name it differently.
    other = {**LEAVES, "type": "conference", "doi": ""}
    assert links(LEAVES, other) == [("r1", "r0", True)]
    assert related_reports(table(LEAVES, other)).empty


def test_a_preprint_is_a_report_of_the_abstract_s_study() -> None:
    abstract = {**LEAVES, "type": "conference", "doi": "", "pages": "S1", "journal": "Tree Days"}
    preprint = {**LEAVES, "type": "preprint", "doi": "", "pages": "", "journal": "medRxiv"}
    found = related_reports(table(preprint, abstract))
    assert found[["record_id", "report_of", "relation"]].to_numpy().tolist() == [
        ["r0", "r1", "preprint"]
    ]


def test_merging_keeps_the_richer_field_and_the_table() -> None:
    records = table(
        {**LEAVES, "authors": "Doe J", "keywords": "leaves"},
        {**LEAVES, "doi": "", "pmid": "11", "database": "Embase", "abstract": "Short."},
        ROOTS,
    )
    before = records.copy()
    found = find_duplicates(records)
    merged = merge_duplicates(records, found)
    pd.testing.assert_frame_equal(records, before)
    assert merged["record_id"].tolist() == ["r0", "r2"]
    row = merged.iloc[0]
    assert row["authors"] == "Doe, Jane; Roe, Richard"
    assert (row["doi"], row["pmid"], row["keywords"]) == ("10.1000/leaves.1", "11", "leaves")
    assert row["abstract"] == LEAVES["abstract"]
    assert (row["found_in"], row["records"]) == ("PubMed; Embase", 2)


def test_dropping_a_link_undoes_it() -> None:
    records = table(LEAVES, {**LEAVES, "abstract": ""}, {**LEAVES, "doi": "", "abstract": ""})
    found = find_duplicates(records)
    assert len(merge_duplicates(records, found)) == 1
    kept = found[found["record_id"] != "r1"]
    assert merge_duplicates(records, kept)["record_id"].tolist() == ["r0", "r1"]
    undone = found.assign(certain=False)
    assert len(merge_duplicates(records, undone)) == 3


def test_links_that_cannot_be() -> None:
    records = table(LEAVES, ROOTS)
    good = pd.DataFrame({"record_id": ["r0"], "duplicate_of": ["r1"], "certain": [True]})
    assert heads_of(records, good) == {"r0": "r1", "r1": "r1"}
    with pytest.raises(DataError, match="there is no record 'r9'"):
        heads_of(records, good.assign(duplicate_of="r9"))
    circle = pd.concat([good, good.assign(record_id="r1", duplicate_of="r0")])
    with pytest.raises(DataError, match="r0, r1 are duplicates of each other in a circle"):
        heads_of(records, circle)
    with pytest.raises(DataError, match="more than one for r0"):
        heads_of(records, pd.concat([good, good]))


def test_ids_that_cannot_be() -> None:
    with pytest.raises(DataError, match="record_id must differ; repeated: 'r0'"):
        find_duplicates(table(LEAVES, ROOTS).assign(record_id="r0"))
    with pytest.raises(DataError, match="some are blank"):
        find_duplicates(table(LEAVES, ROOTS).assign(record_id=["r0", ""]))
    with pytest.raises(DataError, match="no column 'title'"):
        find_duplicates(table(LEAVES).drop(columns="title"))


def test_nothing_is_printed_and_pandas_stays_as_it_was(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def option() -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas 3 deprecates the option, pandas 2 needs it
            return pd.get_option("future.no_silent_downcasting")

    before = option()
    find_duplicates(table(LEAVES, LEAVES), progress=False)
    assert capfd.readouterr() == ("", "")
    assert option() == before
    with warnings.catch_warnings(record=True) as told:
        find_duplicates(table(LEAVES, LEAVES), progress=False)
    assert told == []


def by_bib_dedupe(records: pd.DataFrame) -> tuple[set[frozenset[int]], set[frozenset[int]]]:
    """Return the pairs that bib-dedupe itself compares, and those it calls duplicates."""
    given = records.rename(columns={"authors": "author"}).assign(
        ID=range(len(records)),
        ENTRYTYPE="article",
        author=records["authors"].str.replace("; ", " and ", regex=False),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # bib-dedupe warns when it is imported, too
        from bib_dedupe import verbose_print
        from bib_dedupe.block import block
        from bib_dedupe.match import match
        from bib_dedupe.prep import prep

        verbose_print.verbosity_level = 0
        blocked = block(prep(given, cpu=1), cpu=1)
        matched = match(blocked, cpu=1)
    matched = matched[matched["duplicate_label"] == "duplicate"]
    compared_, same = (
        {frozenset(map(int, pair)) for pair in table[["ID_1", "ID_2"]].to_numpy()}
        for table in (blocked, matched)
    )
    return compared_, same


def by_us(records: pd.DataFrame) -> tuple[set[frozenset[int]], set[frozenset[int]]]:
    ours = compared(records, progress=False)
    both, same = (
        {frozenset(pair) for pair in table[["first", "second"]].to_numpy().tolist()}
        for table in (ours, ours[ours["duplicate"]])
    )
    assert len(both) == len(ours)
    return both, same


def test_the_pairs_are_those_of_bib_dedupe_itself() -> None:
    """Feeding bib-dedupe in pieces changes nothing of what it finds."""
    rows = []
    for place in range(60):
        part = {
            **LEAVES,
            "title": f"{LEAVES['title']} among {'abcdefghij'[place % 10]}-people",
            "volume": str(place % 4),
            "pages": str(place // 2),
            "year": str(2000 + place % 3),
        }
        rows.append({**part, "doi": f"10.1000/{place // 2}" if place % 5 else ""})  # fmt: skip
    records = table(*rows, ROOTS, {**ROOTS, "doi": ""})
    expected = by_bib_dedupe(records)
    assert by_us(records) == expected
    assert len(expected[1]) > 5


@pytest.mark.parametrize("seed", range(3))
def test_fields_are_prepared_as_bib_dedupe_prepares_them(seed: int) -> None:
    """Text by text and without what cannot be there, yet to the last sign."""
    random = Random(seed)
    bits = ["part II of a trial", "effects of walking", "[Review] [33 refs]", " review 12 refs",
            "<i>in vivo</i>", "iii", "IV", "nan", "NA", "", "(1999)", " (2001)", "abstract ", "i",
            "Background", "aims ", "2001 the authors.", " \t\n", "three-dimensional", "a(2)b", "1",
            ". Russian", ". [German]", "twenty one", "&amp;", " & ", "reprint of", "Withdrawn: ",
            "(review)", "erratum in nature. ", ". copyright 2", ". 2001 so", "\x1c"]  # fmt: skip
    people = ["Doe, J.", "van der Berg, A", "Nan, Li", "JONES", "Smith JR", "A Study Group"]

    def some() -> str:
        return random.choice(("", " ")).join(random.sample(bits, random.choice((0, 1, 2, 4))))

    rows = [
        {
            **LEAVES,
            "title": some(),
            "abstract": some() * random.choice((1, 1, 9)),
            "authors": "; ".join(random.sample(people, random.choice((0, 1, 2, 3)))),
            "year": random.choice(("2001", "1899", "")),
            "volume": random.choice(("3", "3 (1)", "2001", "12 suppl 2", "")),
            "number": random.choice(("1", "suppl 2", "12-13", "")),
            "pages": random.choice(("1-9", "e12", "2001", "xii-xv", "8-Nov", "nan", "")),
            "doi": random.choice(("", "10.1000/a-b", "http://dx.doi.org/10.1000/A%2Fb")),
        }
        for _ in range(300)
    ]
    records = table(LEAVES, *rows)
    given = records.rename(columns={"authors": "author"}).assign(
        ID=range(len(records)), ENTRYTYPE="article"
    )
    given["author"] = given["author"].str.replace("; ", " and ", regex=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bib_dedupe import verbose_print
        from bib_dedupe.prep import prep

        verbose_print.verbosity_level = 0
        expected = prep(given, cpu=1).astype(object).fillna("")
    fields = prepared(records, Progress(len(records), "Test", "records", show=False), passes=1)
    for name in set(fields) - {"author_full", "container_title"}:
        assert fields[name].of_records() == expected[name].tolist(), name


@pytest.mark.parametrize("seed", range(4))
def test_words_in_common_are_counted_as_bib_dedupe_counts_them(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Titles with repeated words, of one word, and of none; in batches of any size."""
    random = Random(seed)
    titles = ["Leaves", "leaves leaves leaves", "Editorial", "Roots and roots", "Winter leaves",
              "Winter leaves in spring rain", "Rain", "Autumn storms break branches"]  # fmt: skip
    rows = [
        {
            **LEAVES,
            "title": " ".join(random.sample(titles, random.choice((1, 1, 2)))),
            "authors": random.choice(("Doe, J.", "Roe, R.; Doe, J.")),
            "year": random.choice(("2001", "2002")),
            "volume": random.choice(("3", "4")),
            "number": random.choice(("1", "2", "")),
            "pages": str(random.randrange(40)),
            "doi": "",
            "abstract": "",
        }
        for _ in range(90)
    ]
    records = table(*rows)
    expected = by_bib_dedupe(records)
    assert by_us(records) == expected
    monkeypatch.setattr(pairs, "PAIRS_HELD", 50)
    assert by_us(records) == expected


def test_titles_without_a_letter() -> None:
    blank = {**LEAVES, "title": "¿?", "doi": ""}
    assert links(blank, {**blank, "abstract": ""}, ROOTS) == [("r1", "r0", True)]


@pytest.mark.parametrize("year", ["inf", "1e999", "-1", "in press", ""])
def test_years_that_are_none(year: str) -> None:
    assert links({**LEAVES, "year": year}, {**LEAVES, "year": year}) == [("r1", "r0", True)]
    without = {**LEAVES, "authors": "", "year": year, "pages": "9" * 9000, "volume": "1" * 9000}
    assert len(links(without, without)) <= 1


def test_a_synthetic_search_with_known_duplicates() -> None:
    """No two reports are linked with certainty, not even those of one study by one team."""
    records = corpus(2500).assign(type="article")
    found = find_duplicates(records, progress=False)
    report = dict(zip(records["record_id"], records["report"], strict=True))
    certain = found[found["certain"]]
    assert (certain["record_id"].map(report) == certain["duplicate_of"].map(report)).all()
    # The rest differ in a title cut short, a name misspelled or authors missing: 2 to 3 % of
    # copies each, which bib-dedupe's own rules let through only where all else is the same.
    copies = len(records) - records["report"].nunique()
    assert len(certain) > 0.95 * copies
