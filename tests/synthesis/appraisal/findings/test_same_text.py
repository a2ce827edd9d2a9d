"""The four kinds of file say the same, character for character, whatever is in the labels."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

import synthesis as syn
from arrowroot.sheets import unguarded

AWKWARD = "=1+1 <script>alert(1)</script> | [a](javascript:x) *bold* _it_ `x` & \\ 5%"


def table() -> syn.SummaryOfFindings:
    outcome = syn.Outcome("a", AWKWARD, measure="rr")
    rated = [
        syn.certainty(
            syn.reported_effect("rr", 0.45, ci=(0.18, 1.13), outcome=outcome, studies=8),
            mid=0.75,
            baseline={"low": 0.013, "high": 0.1},
            judged={"imprecision": (-1, f"few events {AWKWARD}")},
            intervention=name,
            comparator="usual care",
        )
        for name in ("care", "telephone calls")
    ]
    return syn.summary_of_findings(rated, title=AWKWARD, population=AWKWARD)


class Text(HTMLParser):
    """The text of a page, a line for each cell, paragraph and break."""

    def __init__(self) -> None:
        super().__init__()
        self.said = ""
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        if tag in ("td", "th", "p", "br", "caption"):
            self.said += "\n"

    def handle_data(self, data: str) -> None:
        self.said += data


def of_html(path: Path) -> list[str]:
    text = Text()
    text.feed(path.read_text("utf-8"))
    assert "script" not in text.tags
    return text.said.splitlines()


def of_markdown(path: Path) -> list[str]:
    text = path.read_text("utf-8")
    assert "<script>" not in text
    lines = re.split(r"\n|<br>|(?<!\\)\|", re.sub(r"(?<!\\)\*\*", "", text))
    return [re.sub(r"\\(.)", r"\1", html.unescape(line)).strip() for line in lines]


def of_workbook(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value]
    assert all(cell.data_type == "s" for cell in cells)
    return [line for cell in cells for line in unguarded(str(cell.value)).split("\n")]


def of_word(path: Path) -> list[str]:
    from docx import Document

    file = Document(str(path))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return [
        line for text in [*cells, *(p.text for p in file.paragraphs)] for line in text.split("\n")
    ]


READERS = {"html": of_html, "md": of_markdown, "xlsx": of_workbook, "docx": of_word}


@pytest.mark.extras
@pytest.mark.parametrize("view", ["findings", "profile"])
@pytest.mark.parametrize("ending", list(READERS))
def test_the_same_text_everywhere(ending: str, view: str, tmp_path: Path) -> None:
    found = table()
    printed = found.printed(view)
    read = READERS[ending](found.save(tmp_path / f"sof.{ending}", view=view))
    held = {re.sub(r"\s+", " ", line).strip() for line in read}
    wanted = [
        *printed.columns,
        *(line for group in printed.groups for row in group.rows for cell in row for line in cell),
        *(group.heading for group in printed.groups),
    ]
    missing = [line for line in wanted if line and re.sub(r"\s+", " ", line).strip() not in held]
    assert missing == []
    everything = "\n".join(held)
    for _, text in (*printed.notes, *printed.facts):
        assert re.sub(r"\s+", " ", text) in everything


def test_the_notebook_says_what_the_page_says(tmp_path: Path) -> None:
    found = table()
    assert found._repr_html_() in found.save(tmp_path / "sof.html").read_text("utf-8")


@pytest.mark.extras
@pytest.mark.parametrize("ending", list(READERS))
def test_the_same_findings_give_the_same_bytes(ending: str, tmp_path: Path) -> None:
    one, other = (table().save(tmp_path / f"{name}.{ending}").read_bytes() for name in "ab")
    assert one == other


def test_the_page_fetches_nothing(tmp_path: Path) -> None:
    page = table().save(tmp_path / "sof.html").read_text("utf-8")
    assert not re.search(r"(src|href)\s*=", page)
    assert "lang='en-GB'" in page


def test_symbols_are_in_every_text_file(tmp_path: Path) -> None:
    for ending in ("html", "md"):
        assert "⊕⊕⊕◯" in table().save(tmp_path / f"s.{ending}").read_text("utf-8")
