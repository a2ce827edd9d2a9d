"""Execute the notebooks in order and replace the old report with the new one."""

from __future__ import annotations

import shutil
from collections.abc import Hashable
from pathlib import Path

import pandas as pd
from tqdm import tqdm

from arrowroot.errors import FileError
from synthesis.report import execute, page
from synthesis.report.swap import replacing

MARK = '<meta name="generator" content="Arrowroot'
"""Part of every cover page; a folder without it is not a report, and is never replaced."""


def build(
    notebooks: Path,
    out: Path,
    *,
    seconds: float = 600.0,
    ledger: pd.DataFrame | None = None,
    review: Path | None = None,
) -> int:
    """Execute every notebook of a folder and write the report.

    Nothing is written to `out` before the last notebook has run to its end.

    Parameters
    ----------
    notebooks : Path
        Folder of ``.ipynb`` files, taken in the order of their names.
    out : Path
        Folder of the report; an older report there is replaced.
    seconds : float, default 600
        How long one notebook may take.
    ledger : DataFrame, optional
        Printed numbers beside ours, from `synthesis.reproduce.ledger`, for the cover.
    review : Path, optional
        The pages of a review: they are taken into the report, and the cover leads to them.

    Returns
    -------
    int
        How many notebooks the report has.

    Raises
    ------
    FileError
        If there are no notebooks, one is not a notebook, or `out` contains something else.
    NotebookError
        If a notebook does not run to its end.
    """
    paths = sorted(notebooks.glob("*.ipynb"))
    if not paths:
        raise FileError(
            f"{notebooks}: no notebooks there. Run this from Arrowroot's own folder, or name the "
            "notebooks' folder with --notebooks."
        )
    _refuse_other_folder(out)
    if review is not None and not (review / "index.html").is_file():
        raise FileError(f"{review}: no pages of a review there; make them with  arrowroot build.")
    pages = _executed(paths, seconds)
    with replacing(out.resolve()) as fresh:
        for before, this, after in zip([None, *pages], pages, [*pages[1:], None], strict=False):
            html = page.render("page.html", page=this, before=before, after=after)
            (fresh / f"{this.name}.html").write_text(html, encoding="utf-8")
        (fresh / "index.html").write_text(
            page.render("cover.html", pages=pages, ledger=_rows(ledger), review=review is not None),
            encoding="utf-8",
        )
        if review is not None:
            shutil.copytree(review, fresh / "review")
    return len(pages)


def _rows(ledger: pd.DataFrame | None) -> list[dict[Hashable, object]]:
    """Return the ledger's rows, the data set and analysis named only where they change."""
    if ledger is None:
        return []
    shown = ledger.fillna("").rename(columns=str)
    same = shown[["dataset", "analysis"]].eq(shown[["dataset", "analysis"]].shift()).all(axis=1)
    return [dict(row) for row in shown.assign(again=same).to_dict("records")]


def _executed(paths: list[Path], seconds: float) -> list[page.Page]:
    pages = []
    cells = [sum(cell.cell_type == "code" for cell in execute.read(path).cells) for path in paths]
    with tqdm(total=sum(cells), unit="cell", leave=False) as progress:
        for path in paths:
            progress.set_description(path.stem)
            notebook = execute.run(path, seconds=seconds, on_cell=progress.update)
            pages.append(page.from_notebook(notebook, path))
    return pages


def _refuse_other_folder(out: Path) -> None:
    if not out.exists():
        above = next(folder for folder in out.absolute().parents if folder.exists())
        if not above.is_dir():
            raise FileError(f"{out}: cannot be a folder, since {above.name} is a file.")
        return
    cover = out / "index.html"
    is_report = cover.is_file() and MARK in cover.read_text(encoding="utf-8", errors="replace")
    if not out.is_dir() or (any(out.iterdir()) and not is_report):
        raise FileError(
            f"{out}: contains something that is not one of our reports, and would be replaced. "
            "Name an empty or a new folder with --out."
        )
