"""The pages of a review made anew: what has changed, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import DataError, FileError
from arrowroot.files import read_bytes
from arrowroot.sheets import table_text
from arrowroot.text import counted
from synthesis.report.swap import replacing, restore
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.inputs import stamp
from synthesis.review.inputs.folder import BUILD, Folder
from synthesis.review.pages.figures import Drawing, drawings
from synthesis.review.pages.tables import tables

Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False, repr=False)
class Built(Shown):
    """What was made.

    Attributes
    ----------
    page : Path
        Where the pages begin.
    made, unchanged : tuple of str
        Files that are new or differ from the last ones, and those that are the same.
    drawn : int
        How many figures were drawn.
    findings : Findings
        What the check found, errors that are still open included.
    """

    page: Path
    made: tuple[str, ...]
    unchanged: tuple[str, ...]
    drawn: int
    findings: Findings

    def sentence(self) -> str:
        """Return what was made in one sentence."""
        made = f"{counted(len(self.made), 'file')} made" if self.made else "nothing to make"
        return f"{self.page}: {made}, {len(self.unchanged):,} unchanged."

    def _title(self) -> str:
        return self.sentence()

    def _line(self) -> str:
        return self.sentence()

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [("Made", ", ".join(self.made) or "nothing"), ("Check", self.findings.sentence())]


def build(
    review: Contents,
    findings: Findings,
    *,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Built:
    """Make the pages of a review; see `synthesis.review.review.Review.build`."""
    folder = review.folder
    refuse_other(folder)
    if review.extraction.rows is None:
        last = ", and those of the last time are as they were" if folder.build.is_dir() else ""
        raise DataError(
            f"No pages were made{last}.\n"
            + "\n".join(f"  {one}" for one in review.extraction.findings)
        )
    restore(folder.build)
    with replacing(folder.build) as draft:
        before = stamp.Stamp(outputs={}) if fresh else stamp.read_stamp(folder) or stamp.Stamp()
        writer = _Writer(draft, folder.build, before, progress)
        drawn = [(one, writer.drawing(one)) for one in drawings(review)]
        for name, table in tables(review, findings):
            writer.write(name, table_text(_plain(table)).encode("utf-8"))
        _others(review, writer)
        # Pages come last, since they hold the figures.
        from synthesis.review.pages.site import pages

        for name, html in pages(review, findings, drawn):
            writer.write(name, html.encode("utf-8"))
        made = stamp.Stamp(inputs=review.hashes, outputs=writer.outputs)
        (draft / stamp.FILE).write_text(made.to_json(), encoding="utf-8")
        old = {name: held["sha256"] for name, held in before.outputs.items()}
        same = [name for name, held in writer.outputs.items() if old.get(name) == held["sha256"]]
    return Built(
        folder.build / "index.html",
        tuple(name for name in writer.outputs if name not in set(same)),
        tuple(same),
        writer.drawn,
        findings,
    )


def _others(review: Contents, writer: _Writer) -> None:
    """Write the R script, and the summary of findings for other programs."""
    from synthesis.review.pages.in_r import FILE, analyses_in_r

    if code := analyses_in_r(review):
        writer.write(FILE, code.encode("utf-8"))
    if review.appraisals.certainties:
        from synthesis.review.pages.documents import documents

        for name, held in documents(review):
            writer.write(name, held)


def refuse_other(folder: Folder) -> None:
    """Raise an error if ``build/`` holds what `build` did not make, and would replace."""
    place = folder.build
    if place.is_symlink():
        raise FileError(f"{place}: is a link to another place; delete it, and build again.")
    if not place.exists() or (place / stamp.FILE).is_file():
        return
    if not place.is_dir() or any(place.iterdir()):
        raise FileError(
            f"{place}: holds something that was not made by  arrowroot build  and would be "
            f"replaced. Move it out of {BUILD}/."
        )


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose cells are numbers and text."""
    return table.map(
        lambda cell: cell if isinstance(cell, str | int | float) or pd.isna(cell) else str(cell)
    )


class _Writer:
    """Writes files into the draft, and takes from the last build what is still the same."""

    def __init__(
        self, draft: Path, last: Path, before: stamp.Stamp, progress: Progress | None
    ) -> None:
        self.outputs: dict[str, dict[str, str]] = {}
        self.drawn = 0
        self._draft, self._last, self._before = draft, last, before
        self._progress = progress or (lambda _: None)

    def write(self, name: str, held: bytes, **more: str) -> None:
        """Write one file."""
        path = self._draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held)
        self.outputs[name] = {"sha256": hashlib.sha256(held).hexdigest(), **more}

    def drawing(self, one: Drawing) -> bytes:
        """Draw a figure, unless the one of the last build has the same key."""
        held = self._kept(one)
        if held is None:
            self._progress(one.file)
            held = one.draw()
            self.drawn += 1
        self.write(one.file, held, key=one.key)
        return held

    def _kept(self, one: Drawing) -> bytes | None:
        known = self._before.outputs.get(one.file, {})
        path = self._last / one.file
        if known.get("key") != one.key or not path.is_file():
            return None
        held = read_bytes(path)
        return held if hashlib.sha256(held).hexdigest() == known.get("sha256") else None
