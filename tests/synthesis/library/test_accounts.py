"""Every word of an export is in a record, around the records, or in a problem with its line.

The exports are the project's own, and the same references in the formats of other databases
(`reading.exports`); the longer run over their damaged copies is ``validation/reading/run.py``.
"""

from __future__ import annotations

import os
from random import Random

import pytest
from reading.damage import damaged, lost, wrong
from reading.exports import exports

from synthesis.library.readers import accounts
from synthesis.library.readers.detect import READERS, detect
from synthesis.library.readers.found import Contents, Found

CASES = int(os.environ.get("ARROWROOT_FUZZ", "150"))
"""Set the variable for a longer run."""

FORMATS = {
    "pubmed.nbib": ("PubMed", 10),
    "zotero.bib": ("BibTeX", 8),
    "index.ris": ("RIS", 7),
    "endnote.xml": ("EndNote XML", 25),
    "savedrecs.txt": ("Web of Science", 25),
    "scopus.csv": ("CSV", 25),
    "central.csv": ("CSV", 25),
    "zotero.csv": ("CSV", 25),
    "tabs.txt": ("CSV", 25),
    "pubmed.xml": ("PubMed XML", 25),
    "ictrp.xml": ("ICTRP XML", 25),
    "endnote.enw": ("EndNote tags", 25),
    "csl.json": ("CSL-JSON", 25),
    "trials.json": ("ClinicalTrials.gov JSON", 25),
    "openalex.json": ("OpenAlex JSON", 25),
}


def test_every_format_is_among_the_exports() -> None:
    assert exports().keys() == FORMATS.keys()
    assert {form for form, _ in FORMATS.values()} == set(READERS)


@pytest.mark.parametrize("name", FORMATS)
def test_every_word_of_a_sound_export_is_in_a_record_or_around_it(name: str) -> None:
    text = exports()[name]
    form, count = FORMATS[name]
    assert detect(text) == form
    contents = accounts.read(text)
    assert len(contents.found) == count
    assert contents.problems == []
    pieces = [*contents.found, *contents.around]
    assert not lost(text, [one.raw for one in pieces])
    # And what was taken into fields stands in the reference's own text.
    for one in contents.found:
        assert one.fields["year"] in one.raw
        assert one.fields["doi"] in one.raw


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(("end", "step"), [("\n", 97), ("\r\n", 291), ("\r", 291)])
def test_a_file_cut_anywhere_is_accounted_for(name: str, end: str, step: int) -> None:
    text = exports()[name][:2500]
    for at in range(0, len(text), step):
        data = text[:at].replace("\n", end).encode("utf-8")
        assert wrong(data) == "", (name, at)


def test_damaged_exports_are_accounted_for() -> None:
    found = {case: told for case in range(CASES) if (told := wrong(damaged(Random(case))))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        # An encoding that no parser knows, named in the first line.
        '<?xml version="1.0" encoding="UT8" ?><xml><records><record/></records></xml>',
        # A declaration that stands twice, and one behind a blank line.
        '<?xml version="1.0" ?><?xml version="1.0" ?>\n<record>a</record>',
        '\n\n<?xml version="1.0"\n?>\n<xml><records>\n<record><year>2001</year></record>stray'
        "</records></xml>",
        # bibtexparser breaks off within a word, and goes on behind it.
        "@article{bernabei\n@misc{k, title = {a\n@article(b, year=2}\n@comment{x",
    ],
)
def test_what_fuzzing_found(text: str) -> None:
    assert wrong(text.encode("utf-8")) == ""


def test_lines_are_counted_from_the_file_s_beginning() -> None:
    text = '\n\n<?xml version="1.0"\n?>\n<xml><records>\n<record>a</record></records></xml>'
    assert [one.line for one in accounts.read(text).found] == [6]


def test_a_reader_s_own_fault_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(text: str) -> Contents:
        return Contents(found=[Found({}, 1, text.split("\n")[0])])

    monkeypatch.setitem(READERS, "RIS", forgetful)
    contents = accounts.read("TY  - JOUR\nTI  - Leaves\nER  -\n")
    assert [(one.line, one.raw) for one in contents.problems] == [(2, "TI  - Leaves\nER  -")]


def test_a_second_format_in_a_file_is_named() -> None:
    text = "TY  - JOUR\nTI  - Leaves\nER  -\n\n@book{b, title={Roots}}\n"
    (problem,) = accounts.read(text).problems
    assert (problem.line, problem.raw) == (5, "@book{b, title={Roots}}")
    assert problem.message == (
        "text outside any reference; it was not read. It looks like BibTeX: save it as a "
        "separate file."
    )
