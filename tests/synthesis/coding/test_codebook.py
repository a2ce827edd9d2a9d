"""Codebooks: read, written, checked, and EPOC 2002 from its table."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from arrowroot.errors import DataError, FileError
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.epoc import epoc_2002, epoc_2015_partial
from synthesis.datasets import load

DATA = Path(__file__).parents[3] / "data" / "sixcs"
TYPES = {
    "professional",
    "financial",
    "organisational_provider",
    "organisational_patient",
    "organisational_structural",
    "regulatory",
}
BOOK = Codebook(
    "Who acts",
    "2",
    (
        Code("staff", "Staff", "Anyone employed.", include="agency staff", source="made up"),
        Code("nurse", "Nurses: all", parent="staff", example="'yes', <no> & @home"),
    ),
    source="made up for a test",
    gaps=("Says nothing of volunteers.",),
)


@pytest.fixture
def epoc() -> Codebook:
    return epoc_2002(pd.read_csv(DATA / "epoc_2002.csv", dtype=str))


def test_yaml_there_and_back(tmp_path: Path) -> None:
    assert Codebook.read(BOOK.write(tmp_path / "book.yaml")) == BOOK


def test_csv_there_and_back_keeps_the_codes(tmp_path: Path) -> None:
    back = Codebook.read(BOOK.write(tmp_path / "Who acts.csv"))
    assert back.codes == BOOK.codes
    assert (back.title, back.version) == ("Who acts", "")


def test_epoc_holds_every_code_of_the_two_codings(epoc: Codebook) -> None:
    coding = pd.read_csv(DATA / "coding.csv")
    epoc.check(coding["epoc_code"])
    assert set(coding["epoc_code"]) == TYPES
    # The codings name the financial category without its provider or patient side.
    below = {(above.id, code.label) for code in epoc for above in epoc.path(code.id)}
    below |= {(code.id, "(category)") for code in epoc.children()}
    assert set(zip(coding["epoc_code"], coding["epoc_subcategory"], strict=True)) <= below


def test_epoc_keeps_every_row_and_says_what_is_missing(epoc: Codebook) -> None:
    table = pd.read_csv(DATA / "epoc_2002.csv", dtype=str)
    groups = table["group"].nunique()  # each becomes a code of its own
    assert len(epoc) == len(table) + groups
    assert [code.id for code in epoc.children("regulatory")] == []
    read = (table["definition_basis"] == "definition read in source").sum()
    assert epoc.gaps[0].startswith(f"{read} of {len(table)} definitions paraphrase")
    assert "'Regulatory' was not found" in epoc.gaps[1]


def test_path_and_children(epoc: Codebook) -> None:
    deep = epoc.path("organisational_patient/consumer_participation_in_governance")
    assert [code.label for code in deep] == [
        "Organisational",
        "Organisational, patient oriented",
        "Consumer participation in governance",
    ]
    assert len(epoc.children("organisational_patient")) == 4


def test_epoc_2015_is_partial_and_says_so() -> None:
    table = load("sixcs", "epoc_2015_partial")
    book = epoc_2015_partial(table)
    assert [code.label for code in book.children()] == table["domain"].unique().tolist()
    assert len(table) <= len(book)
    assert "Not the whole taxonomy: a source was found for 42 entries" in book.gaps[0]
    assert set(table["definition_own_words"]) == {code.definition for code in book} - {""}
    path = book.path(
        "governance_arrangements/authority_and_accountability_for_organisations/ownership"
    )
    assert len(path) == 3


def test_unknown_codes_are_refused_with_what_was_meant(epoc: Codebook) -> None:
    with pytest.raises(
        DataError,
        match=r"epoc_code: not in the codebook 'EPOC taxonomy of interventions' 2002: "
        r"'profesional' \(did you mean 'professional'\?\)",
    ):
        epoc.check(["profesional", None], "epoc_code")
    with pytest.raises(
        DataError,
        match=r"'Skill mix changes' \(did you mean 'organisational_provider/skill_mix_changes'",
    ):
        epoc.check(["Skill mix changes"])


def test_it_shows_itself_escaped() -> None:
    book = Codebook("<b>", "1", (Code("a", "<script>"),))
    assert "<script>" not in book._repr_html_()
    assert str(BOOK).splitlines()[0] == "Codebook: Who acts, version 2, 2 codes"
    assert ">Codebook: Who acts, version 2, 2 codes</caption>" in BOOK._repr_html_()


@pytest.mark.extras  # pandas reads HTML with lxml, which an extra brings
def test_a_page_shows_the_rules_and_no_empty_column() -> None:
    book = Codebook(
        "Who",
        "",
        (Code("staff", "Staff", exclude="Visitors."), Code("nurse", "Nurses", parent="staff")),
        source="Own work",
        gaps=("No code for visitors.",),
    )
    page = pd.read_html(io.StringIO(book._repr_html_()))[0]
    assert page.fillna("").to_numpy().tolist() == [
        ["Staff", "Visitors."],
        ["Nurses", ""],
    ]
    assert list(page) == ["Code", "Exclude"]
    assert "padding-left:1.7em'>Nurses" in book._repr_html_()
    assert "<li>Source: Own work</li><li>No code for visitors.</li>" in book._repr_html_()
    assert str(book).splitlines() == [
        "Codebook: Who, 2 codes",
        "  Note: Source: Own work",
        "  Note: No code for visitors.",
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("nurce", "nurse"), ("Nurses", "nurse"), ("nurzes", "nurse"), ("visitor", None)],
)
def test_what_was_probably_meant(written: str, meant: str | None) -> None:
    book = Codebook("Who", "1", (Code("staff", "Staff"), Code("nurse", "Nurses")))
    assert book.suggestion(written) == meant


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        ((Code("a", "A"), Code("a", "B")), "the id 'a' occurs 2 times"),
        ((Code("a", ""),), "code 1 has no label"),
        ((Code("a", "A", parent="b"),), "'a' has the parent 'b', which is not a code"),
        ((Code("a", "A", parent="b"), Code("b", "B", parent="a")), r"\(a under b under a\)"),
    ],
)  # fmt: skip
def test_books_nobody_could_code_with(codes: tuple[Code, ...], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Codebook("Bad", "1", codes)


@pytest.mark.parametrize("codes", [Code("a", "A"), ("a", "b"), "a", None])
def test_codes_that_are_none_are_refused_with_what_to_write(codes: Any) -> None:
    with pytest.raises(DataError, match="its codes must be a list of codes, even if there is only"):
        Codebook("Bad", "1", codes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- just\n- a list", "a codebook must be a mapping with title, version and a list"),
        ("title: x\ncodez: []", "a codebook must be a mapping"),
        ("titel: x\ncodes: []", "unknown key 'titel'.*Did you mean 'title'"),
        ("codes:\n- {id: a, label: A, defintion: x}", "unknown key 'defintion'.*'definition'"),
        ("codes:\n- word", "code 1 must be a mapping"),
        ("gaps: none\ncodes: []", "gaps must be a list"),
        ("codes: [", "line 1, column 9: not YAML"),
        ("codes: []\ncodes: []", "line 2, column 1: the key 'codes' occurs twice in one mapping"),
        ("codes: !!python/object/apply:os.system ['true']", "line 1, column 8: the tag"),
        ("codes: " + "[" * 5000, "nested more than 20 levels deep"),
        ("codes:", "line 1, column 1: codes has no value; list the codes under it"),
        ("codes:\n- {id: a, label: [x, y]}", "line 2, column 18: code 1: label must be text"),
        ("codes:\n- {id: a, label: {x: y}}", "line 2, column 18: code 1: label must be text"),
        ("gaps: [[x]]\ncodes: []", "line 1, column 8: gap 1 must be a sentence"),
        ("title: “A, or B”: x\ncodes: []", "line 1, column 8: curly quotation marks"),
        ("codes:\n- id:a\n  label: A", "line 2, column 3: put a space after the colon of 'id'"),
    ],
)  # fmt: skip
def test_bad_yaml_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=f"book.yaml.*{message}|codebook.*{message}"):
        Codebook.read(path)


@pytest.mark.parametrize(
    "written", ["010", "007", "1_000", "0o14", "1e3", "true", "No", "1.0", "2026-01-01"]
)
def test_a_value_stays_as_it_was_typed(tmp_path: Path, written: str) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(
        f"title: {written}\nversion: {written}\ncodes:\n- {{id: {written}, label: {written}}}\n"
        f"- {{id: b, label: B, parent: {written}}}\ngaps: [{written}]\n",
        encoding="utf-8",
    )
    book = Codebook.read(path)
    assert (book.title, book.version, book.gaps) == (written, written, (written,))
    assert (book.ids[0], book.codes[0].label, book.codes[1].parent) == (written,) * 3
    assert Codebook.read(book.write(tmp_path / "again.yaml")) == book


@pytest.mark.parametrize("text", ["“We talk”", "See note:this " * 20, "Rated # 1", "12", "null"])
def test_text_that_yaml_would_take_otherwise_comes_back(tmp_path: Path, text: str) -> None:
    book = Codebook("T", "1", (Code("a", text.strip(), text.strip()),), gaps=(text.strip(),))
    assert Codebook.read(book.write(tmp_path / "book.yaml")) == book


def test_a_missing_codebook_says_where_it_was_looked_for(tmp_path: Path) -> None:
    BOOK.write(tmp_path / "book.yaml")
    with pytest.raises(FileError, match=r"no such file in .*; did you mean 'book.yaml'\?$"):
        Codebook.read(tmp_path / "bok.yaml")


def test_text_after_a_sign_of_a_comment_is_remarked_on(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text("title: T\ncodes:\n- id: a\n  label: Rated # 1\n", encoding="utf-8")
    assert "line 4: label ends before '# 1'" in Codebook.read(path).remarks[0]


def test_alias_bomb_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    layers = "".join(f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 10)}]\n" for i in range(1, 12))
    path.write_text(
        "b0: &b0 [lol]\n" + layers + "codes: [{id: a, label: *b11}]\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"line 2, column 10: references \(\*b0\) are not allowed"):
        Codebook.read(path)


def test_columns_and_endings(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="unknown columns colour; a codebook has id, label"):
        Codebook.from_frame(BOOK.to_frame().assign(colour="red"), title="x", version="1")
    with pytest.raises(DataError, match="codebook: the table has no column 'label'"):
        Codebook.from_frame(BOOK.to_frame().drop(columns="label"), title="x", version="1")
    with pytest.raises(FileError, match=r"book\.docx: not a table by its name"):
        Codebook.read(tmp_path / "book.docx")
    with pytest.raises(FileError, match=r"book\.docx: codebooks are written as"):
        BOOK.write(tmp_path / "book.docx")
