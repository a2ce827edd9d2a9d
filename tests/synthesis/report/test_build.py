"""The report as a whole: written in one stroke, the same every time, never over other things."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import FileError
from synthesis.report import swap
from synthesis.report.__main__ import main
from synthesis.report.build import build
from synthesis.report.execute import NotebookError

MakeNotebook = Callable[..., Path]

FIGURE = (
    "import matplotlib.pyplot as plt\n"
    "figure, ax = plt.subplots(figsize=(4, 2))\n"
    "ax.plot([1, 2], [2, 1])\n"
)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}


def test_the_cover_takes_title_and_first_paragraph_from_each_notebook(
    notebook: MakeNotebook, tmp_path: Path
) -> None:
    notebook(
        "1", name="01_one", text="# One & *all*\n\nWho [reads](https://doi.org/1) this.\n\nNo."
    )
    folder = notebook("2", name="02_two", text="# Two\n\n- a list\n\nSecond lead.").parent
    assert build(folder, tmp_path / "out") == 2
    pages = contents(tmp_path / "out")
    assert list(pages) == ["01_one.html", "02_two.html", "index.html"]
    cover = pages["index.html"]
    assert '<h3><a href="01_one.html">One &amp; all</a></h3>' in cover
    assert "<p>Who reads this.</p>" in cover
    assert "<p>Second lead.</p>" in cover
    assert 'rel="next" href="02_two.html"' in pages["01_one.html"]
    assert 'rel="prev" href="01_one.html"' in pages["02_two.html"]


def test_the_ledger_stands_on_the_cover(notebook: MakeNotebook, tmp_path: Path) -> None:
    row = {"dataset": "bcg", "analysis": "<REML>", "quantity": "tau2", "printed": "0.3132"}
    ours = {"value": 0.313243, "verdict": "reproduced", "convention": "REML"}
    ledger = pd.DataFrame([{**row, **ours}, {**row, **ours, "verdict": "differs"}])
    build(notebook("1").parent, tmp_path / "out", ledger=ledger)
    cover = contents(tmp_path / "out")["index.html"]
    assert "1 of 2" in " ".join(cover.split())
    assert cover.count("0.3132</td>") == 2
    assert cover.count("&lt;REML&gt;") == 1
    assert "<td>differs</td>" in cover


def test_two_runs_write_the_same_bytes(notebook: MakeNotebook, tmp_path: Path) -> None:
    folder = notebook(FIGURE, "print({'a', 'b', 'c'})", "__import__('pandas').DataFrame()").parent
    build(folder, tmp_path / "first")
    build(folder, tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_a_page_names_no_address_that_it_would_fetch(
    notebook: MakeNotebook, tmp_path: Path
) -> None:
    build(notebook(FIGURE).parent, tmp_path / "out")
    page = (tmp_path / "out" / "01_made.html").read_text("utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link[^>]+href=\"http|src=\"http|url\(http|@import", page)


def test_a_failing_notebook_leaves_the_old_report(notebook: MakeNotebook, tmp_path: Path) -> None:
    folder = notebook("1").parent
    build(folder, tmp_path / "out")
    before = contents(tmp_path / "out")
    notebook("1 / 0", name="02_fails")
    with pytest.raises(NotebookError, match="02_fails"):
        build(folder, tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["notebooks", "out"]


def test_a_new_report_takes_the_place_of_the_old(notebook: MakeNotebook, tmp_path: Path) -> None:
    path = notebook("1", name="01_old")
    build(path.parent, tmp_path / "out")
    path.rename(path.with_name("01_new.ipynb"))
    build(path.parent, tmp_path / "out")
    assert list(contents(tmp_path / "out")) == ["01_new.html", "index.html"]


def test_a_swap_that_fails_puts_the_old_report_back(
    notebook: MakeNotebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = notebook("1").parent
    build(folder, tmp_path / "out")
    before = contents(tmp_path / "out")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "draft":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        build(folder, tmp_path / "out")
    assert contents(tmp_path / "out") == before


@pytest.mark.parametrize("other", ["notes.txt", "index.html"])
def test_a_folder_that_is_no_report_is_never_replaced(
    notebook: MakeNotebook, tmp_path: Path, other: str
) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / other).write_text("my own work")
    with pytest.raises(FileError, match="contains something that is not one of our reports"):
        build(notebook("1").parent, mine)
    assert (mine / other).read_text() == "my own work"


def test_a_folder_without_notebooks_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no notebooks there"):
        build(tmp_path, tmp_path / "out")


def test_the_command_says_where_the_report_is(
    notebook: MakeNotebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = notebook("1").parent
    assert main(["--notebooks", str(folder), "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert told == f"Report of 1 notebook: {tmp_path / 'out' / 'index.html'}\n"


def test_the_command_says_why_there_is_no_report(
    notebook: MakeNotebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = notebook("1 / 0")
    assert main(["--notebooks", str(path.parent), "--out", str(tmp_path / "out")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.endswith(
        f"No report was written. {path}, code cell 1: ZeroDivisionError: division by zero\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seconds", "nan"], "seconds must be above 0 and at most 604800 (a week); got nan."),
        (["--seconds", "-5"], "seconds must be above 0 and at most 604800 (a week); got -5."),
        (["--out", "x" * 300], f"{'x' * 300}: File name too long."),
        (["--out", "file/report"], "file/report: cannot be a folder, since file is a file."),
        (["--notebooks", "x" * 300], f"{'x' * 300}: File name too long."),
    ],
)
def test_a_request_that_cannot_be_met_is_answered_in_words(
    arguments: list[str],
    message: str,
    notebook: MakeNotebook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    notebook("1")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("not a folder", "utf-8")
    assert main(["--no-ledger", *arguments]) == 1
    told = capsys.readouterr().err
    assert told.splitlines()[-1].startswith(f"No report was written. {message}")
    assert not (tmp_path / "build").exists()


def test_a_page_has_a_list_of_its_contents(notebook: MakeNotebook, tmp_path: Path) -> None:
    text = "# One\n\nLead.\n\n## The *data*\n\nText.\n\n## Results\n\nText."
    build(notebook("1", name="01_one", text=text).parent, tmp_path / "out")
    page = contents(tmp_path / "out")["01_one.html"]
    assert '<li><a href="#section-1">The data</a></li>' in page
    assert '<h2 id="section-2">Results</h2>' in page


def test_the_report_takes_in_a_review(notebook: MakeNotebook, tmp_path: Path) -> None:
    folder = notebook("1").parent
    with pytest.raises(FileError, match="no pages of a review there"):
        build(folder, tmp_path / "out", review=tmp_path)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("a review")
    build(folder, tmp_path / "out", review=tmp_path / "pages")
    assert 'href="review/index.html"' in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert (tmp_path / "out" / "review" / "index.html").read_text() == "a review"
