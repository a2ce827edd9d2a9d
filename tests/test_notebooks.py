"""The notebooks: sound, stored without output, and executed from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> Any:
    return nbformat.reads(path.read_text("utf-8"), as_version=4)


def test_there_are_notebooks_in_reading_order() -> None:
    numbers = [int(path.name.split("_")[0]) for path in NOTEBOOKS]
    assert numbers[:6] == [0, 1, 2, 3, 4, 5]
    assert numbers == sorted(set(numbers))


@each_notebook
def test_a_notebook_is_valid(path: Path) -> None:
    nbformat.validate(read(path))


@each_notebook
def test_a_notebook_is_stored_without_output(path: Path) -> None:
    for cell in read(path).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@each_notebook
def test_a_notebook_opens_with_its_title_and_a_paragraph(path: Path) -> None:
    opening = read(path).cells[0]
    assert opening.cell_type == "markdown"
    assert re.match(r"# \S.*\n\n\w", opening.source)


@each_notebook
def test_a_notebook_has_no_tex(path: Path) -> None:
    """The report is read offline and without scripts, so nothing there could set TeX."""
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\$\$|\\(frac|hat|sum|sqrt|begin|tau|mu)\b", cell.source)


def test_every_notebook_runs_to_its_end(report: Any) -> None:
    assert report.returncode == 0, report.stderr.split("\r")[-1]
    pages = {page.stem for page in report.folder.glob("*.html")} - {"index"}
    assert pages == {path.stem for path in NOTEBOOKS}


def test_the_run_says_where_the_result_is(report: Any) -> None:
    assert report.stdout == (
        f"Report of {len(NOTEBOOKS)} notebooks: {report.folder / 'index.html'}\n"
    )


@each_notebook
def test_no_cell_warns(path: Path, report: Any) -> None:
    page = (report.folder / f"{path.stem}.html").read_text("utf-8")
    assert 'class="stderr"' not in page
