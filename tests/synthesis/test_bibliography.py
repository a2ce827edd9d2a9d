"""Citations in words: every kind of entry the data sets use, and files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from arrowroot.errors import DataError, FileError
from synthesis.bibliography import citations, cited


def test_a_chapter_names_its_book_editors_edition_and_number() -> None:
    chapter = {
        "author": "Doe, J.",
        "title": "Leaves",
        "year": "2001",
        "editor": "Roe, R. and Poe, P. and Coe, C.",
        "booktitle": "Handbook of trees",
        "edition": "2nd",
        "chapter": "16",
        "publisher": "Wood Press",
    }
    assert cited(chapter) == (
        "Doe, J. (2001). Leaves. In Roe, R., Poe, P., & Coe, C. (Eds.), "
        "Handbook of trees (2nd ed.), ch. 16, Wood Press."
    )


def test_a_body_is_not_taken_for_people() -> None:
    entry = {"author": "{Care and Review Group}", "title": "Checklist", "year": "2002"}
    assert cited(entry) == "Care and Review Group (2002). Checklist."


def test_an_entry_may_lack_everything_but_its_title() -> None:
    assert cited({"title": "Untold"}) == "Untold."


def test_a_page_without_a_year_ends_with_its_address() -> None:
    page = {"author": "Doe, J.", "title": "Trees", "note": "Blog", "url": "https://example.org"}
    assert cited(page) == "Doe, J. Trees. Blog. https://example.org"


def test_citations_come_in_the_order_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "references.bib"
    file.write_text("@misc{a, title = {Élan}}\n@misc{b, title = {Bark}}\n", encoding="utf-8")
    assert citations(file, ["b", "a"]) == ("Bark.", "Élan.")


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "references.bib"
    file.write_text("@misc{a, title = {Acorn}}", encoding="utf-8")
    with pytest.raises(DataError, match=r"references.bib has no entry 'b', 'c'\."):
        citations(file, ["a", "b", "c"])


def test_a_repeated_key_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "references.bib"
    file.write_text("@misc{a, title = {Acorn}}\n@misc{a, title = {Bark}}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"references.bib is not sound BibTeX at line 2\."):
        citations(file, ["a"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"references.bib is missing\."):
        citations(tmp_path / "references.bib", ["a"])
