"""Whatever a file holds: our own errors only, and every word of it in a record or a problem."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from reading.damage import unaccounted

from arrowroot.errors import ArrowrootError
from synthesis.library.duplicates import find_duplicates, merge_duplicates
from synthesis.library.flow.flow import prisma_flow
from synthesis.library.readers.detect import READERS, detect
from synthesis.library.readers.found import FIELDS
from synthesis.library.records import COLUMNS, read_records
from synthesis.library.screening import DECISIONS, STAGES
from synthesis.library.writers import write_records

EXAMPLES = int(os.environ.get("ARROWROOT_FUZZ", "40"))
"""Set the variable for a long run."""

fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],  # making a finding smaller takes minutes
    derandomize=EXAMPLES == 40,
    suppress_health_check=list(HealthCheck),
)

RIS = "TY  - JOUR\nAU  - Doe, J\nTI  - Leaves in winter\nPY  - 2001\nDO  - 10.1000/x\nER  - \n"
BIB = '@article{k, title={Leaves {in} winter}, author="Doe, J and Roe, R", year=2001}\n'
NBIB = "PMID- 12\nTI  - Leaves in\n      winter\nAID - 10.1000/x [doi]\n\n"
WOS = "FN x\nVR 1.0\nPT J\nAU Doe, J\n   Roe, R\nTI Leaves\nPY 2001\nER\n\nEF\n"
XML = (
    "<?xml version='1.0'?><xml><records><record><ref-type name='Book'>6</ref-type><titles><title>"
    "<style>Leaves</style></title></titles><dates><year>2001</year></dates></record></records></xml>"
)
CSV = 'Title,Authors,Year,DOI\n"Leaves, in winter","Doe, J; Roe, R",2001,10.1000/x\n'
ENW = "%0 Journal Article\n%A Doe, J\n%T Leaves in\nwinter\n%D 2001\n%R 10.1000/x\n"
PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>"
    "Leaves <i>in</i> winter</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    "</PubmedArticleSet>"
)
TRIAL = (
    "<Trials_downloaded_from_ICTRP><Trial><TrialID>NCT01234567</TrialID><Public_title>Leaves"
    "</Public_title></Trial></Trials_downloaded_from_ICTRP>"
)
STUDY = (
    '{"studies": [{"protocolSection": {"identificationModule": {"nctId": "NCT01234567", '
    '"briefTitle": "Leaves"}}}], "nextPageToken": "x"}'
)
WORK = '[{"id": "https://openalex.org/W1", "title": "Leaves", "publication_year": 2001}]'
CSL = '[{"type": "book", "title": "Leaves", "author": [{"family": "Doe", "given": "J"}]}]\n'
SEEDS = [RIS, BIB, NBIB, WOS, XML, CSV, ENW, PUBMED, TRIAL, STUDY, WORK, CSL]

PIECES = st.sampled_from(
    ["\n", "{", "}", '"', ",", "=", "@", "@book{", "ER  - ", "TY  - ", "PMID- 9", "PT J\n", "#",
     "<record>", "</record>", "<!DOCTYPE x>", "&x;", "\\", "\0", "\r", "\ufeff", "é", "\ue000",
     ";", "  - ", "'=", "TI  - a\n", "title={b} author={c}", "\x1c", "\u2028", "]]>", "%", "[",
     "]", '{"a": ', "%0 Book", "&amp;amp;", "&#10;", "NA", "et al.", "\\textbf{", "~"]
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Return sound exports, mixed, cut, and with things put in where they do not belong."""
    text = "".join(draw(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        text = text[:at] + draw(PIECES | st.text(max_size=4)) + text[end:]
    return text


@seed(1)
@fuzzed
@given(damaged() | st.text(max_size=200))
def test_every_reader_takes_every_text(text: str) -> None:
    for reader in READERS.values():
        contents = reader(text)
        for one in contents.found:
            assert set(one.fields) <= set(FIELDS)
            assert one.line >= 1
            assert not any("\n" in value for value in one.fields.values())


@seed(2)
@fuzzed
@given(damaged() | st.text(max_size=200))
def test_no_word_is_lost(text: str) -> None:
    assert unaccounted(text.replace("\r\n", "\n").replace("\r", "\n")) == ""


@seed(3)
@fuzzed
@given(st.binary(max_size=300) | damaged().map(lambda text: text.encode("utf-8", "replace")))
def test_files_raise_our_errors_only(held: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.txt"
        path.write_bytes(held)
        try:
            records, problems = read_records(path)
        except ArrowrootError:
            return
        assert records.columns.tolist() == list(COLUMNS)
        assert records["record_id"].is_unique
        assert len(records) + len(problems) > 0
        find_duplicates(records, progress=False)


CELLS = st.text(max_size=20)


@seed(4)
@fuzzed
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, CELLS)), min_size=1, max_size=3),
    st.sampled_from([".bib", ".ris", ".csv"]),
)
def test_what_is_written_is_read_again(rows: list[dict[str, str]], ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = pd.DataFrame(rows).assign(record_id=[f"r{n}" for n in range(len(rows))])
        first, _ = read_records(write_records(table, Path(folder) / f"a{ending}"))
        assert len(first) == len(rows)
        # Reading tidies blanks and control signs; what is tidy comes back as it was.
        second, _ = read_records(write_records(first, Path(folder) / f"b{ending}"))
        names = [name for name in FIELDS if name not in ("type", "database")]
        pd.testing.assert_frame_equal(first[names], second[names])


@seed(5)
@fuzzed
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, CELLS)), max_size=6))
def test_duplicates_of_anything(rows: list[dict[str, str]]) -> None:
    table = pd.DataFrame(rows, columns=list(FIELDS))
    table = pd.concat([table, table], ignore_index=True)
    table["record_id"] = [f"r{n}" for n in range(len(table))]
    links = find_duplicates(table, progress=False)
    assert set(links["record_id"]) <= set(table["record_id"])
    certain = links[links["certain"]]
    assert len(merge_duplicates(table, links)) == len(table) - len(certain)


@seed(6)
@fuzzed
@given(
    st.lists(
        st.tuples(
            st.sampled_from([f"r{n}" for n in range(7)]),
            st.sampled_from([*STAGES, "else"]),
            st.sampled_from(["ann", "bob", "consensus", ""]),
            st.sampled_from([*DECISIONS, "perhaps"]),
            st.sampled_from(["", "design", "automation tool"]),
        ),
        max_size=30,
    )
)
def test_any_decisions_make_a_flow(rows: list[tuple[str, ...]]) -> None:
    columns = ["record_id", "stage", "screener", "decision", "reason"]
    records = pd.DataFrame({"record_id": [f"r{n}" for n in range(6)], "title": "x"})
    links = pd.DataFrame({"record_id": ["r1"], "duplicate_of": ["r0"], "certain": [True]})
    flow = prisma_flow(
        records.assign(database=["A", "A", "B", "B", "C", "C"]),
        links,
        pd.DataFrame(rows, columns=columns),
        other={"C": "websites"},
    )
    assert flow.draw().dot
    counts = flow.counts
    assert counts["new_reports"] >= counts["new_studies"] >= 0
    open_ = counts["database_results"] - counts["duplicates"] - counts["records_screened"]
    if open_ - counts["excluded_automatic"] - counts["excluded_other"] != 0:
        assert len(flow.problems) > 0


@pytest.mark.parametrize("text", SEEDS)
def test_the_seeds_are_sound(text: str) -> None:
    contents = READERS[detect(text)](text)
    assert contents.problems == []
    assert contents.found
