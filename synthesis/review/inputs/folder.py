"""What stands where in the folder of a review."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from arrowroot.errors import FileError
from arrowroot.files import as_path, is_there, read_bytes, where_looked

BUILD = "build"
SEARCH, SCREENING, TEXT, ASSESSED = "search", "screening", "text", "risk_of_bias"
TABLES = (".xlsx", ".csv")
"""Endings under which a sheet is looked for, the first that is there taken."""
SHEETS = ("extraction", "studies", "risk_of_bias", "certainty")
MODEL = "logic_model.yaml"
FLOW = "flow.csv"
"""Counts in the folder of the search, where the records themselves are not kept."""
DUPLICATES = "duplicates.csv"
"""Links between records, in the folder of the decisions."""
_LARGEST = 200_000_000


@dataclass(frozen=True)
class Folder:
    """The folder of a review.

    Attributes
    ----------
    path : Path
        Where it is.
    """

    path: Path

    @classmethod
    def at(cls, path: str | os.PathLike[str]) -> Folder:
        """Return the folder of a review, which holds ``review.yaml``.

        Raises
        ------
        FileError
            If there is no such folder, or it is not that of a review.
        """
        target = as_path(path)
        if target.name == "review.yaml" and target.is_file():
            raise FileError(
                f"{target}: a review is named by its folder; write {str(target.parent)!r}."
            )
        if not is_there(target):
            looked = where_looked(target).replace("no such file in", "no such folder in")
            raise FileError(f"{target}: {looked}. Begin a review with  arrowroot new {target}")
        if not target.is_dir():
            raise FileError(f"{target}: a review is a folder; this is a file.")
        if not (target / "review.yaml").is_file():
            others = [one.name for one in target.iterdir() if one.stem.lower() == "review"]
            others = [one for one in others if one.lower().endswith((".yml", ".yaml", ".txt"))]
            if (target / "review.yaml").is_dir():
                raise FileError(f"{target}: review.yaml is a folder; it must be a file.")
            if others:
                raise FileError(f"{target}: holds {others[0]!r}; rename it to review.yaml.")
            raise FileError(
                f"{target}: not the folder of a review, since it holds no review.yaml. Begin one "
                f"with  arrowroot new {target}"
            )
        folder = cls(target)
        for path in folder.inputs():
            if not folder.inside(path):
                raise FileError(
                    f"{folder.name(path)}: is a link that leads out of the folder of the review; "
                    "put the file itself there."
                )
        return folder

    @property
    def declaration(self) -> Path:
        """The file that declares the review."""
        return self.path / "review.yaml"

    @property
    def build(self) -> Path:
        """The folder of what is made."""
        return self.path / BUILD

    def sheet(self, name: str) -> Path | None:
        """Return the file of a sheet, or None if there is none.

        Raises
        ------
        FileError
            If there are two, a workbook and a CSV: which of them counts cannot be known.
        """
        there = [self.path / f"{name}{ending}" for ending in TABLES]
        there = [path for path in there if path.is_file()]
        if len(there) > 1:
            raise FileError(
                f"{there[0].name} and {there[1].name} are both there, and only one of them can "
                "count; move the other out of the folder."
            )
        return there[0] if there else None

    def exports(self) -> list[Path]:
        """Return the exports of databases, by name."""
        return [path for path in self._files(SEARCH) if path.name != FLOW]

    def flow_counts(self) -> Path | None:
        """Return the file of typed counts of the search, or None."""
        path = self.path / SEARCH / FLOW
        return path if path.is_file() else None

    def decisions(self) -> list[Path]:
        """Return the files of screening decisions, by name."""
        return [
            path
            for path in self._files(SCREENING)
            if path.suffix.lower() in TABLES and path.name != DUPLICATES
        ]

    def links(self) -> Path:
        """Return the file of links between duplicates, whether or not it is there."""
        return self.path / SCREENING / DUPLICATES

    def texts(self) -> list[Path]:
        """Return the files of prose, by name."""
        return [path for path in self._files(TEXT) if path.suffix.lower() == ".md"]

    def model(self) -> Path | None:
        """Return the file of the logic model, or None."""
        path = self.path / MODEL
        return path if path.is_file() else None

    def assessments(self, tool: str = "") -> list[Path]:
        """Return the files of risk of bias: the sheet, and those of boards, one for each person.

        Parameters
        ----------
        tool : str
            The id of the tool, where the review has several.

        Raises
        ------
        FileError
            If the sheet is there as a workbook and as a CSV.
        """
        sheet = self.sheet(assessed_sheet(tool))
        others = [p for p in self._files(assessed_folder(tool)) if p.suffix.lower() in TABLES]
        return [*([sheet] if sheet else []), *others]

    def all_assessments(self) -> list[Path]:
        """Return every file that may hold judgements of risk of bias, of any tool, by name."""
        found = [self.path / f"{ASSESSED}{ending}" for ending in TABLES]
        found += sorted(p for ending in TABLES for p in self.path.glob(f"{ASSESSED}_*{ending}"))
        folder = self.path / ASSESSED
        inside = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
        for name in (ASSESSED, *(assessed_folder(one) for one in inside)):
            found += [path for path in self._files(name) if path.suffix.lower() in TABLES]
        return [path for path in found if path.is_file()]

    def certainties(self) -> Path | None:
        """Return the sheet of certainty, or None if there is none or it is there twice."""
        try:
            return self.sheet("certainty")
        except FileError:
            return None

    def _files(self, name: str) -> list[Path]:
        folder = self.path / name
        if not folder.is_dir():
            return []
        return sorted(
            path
            for path in folder.iterdir()
            if path.is_file() and not path.name.startswith((".", "~")) and path.stem != "README"
        )

    def inputs(self) -> list[Path]:
        """Return every file that the pages are made from, by name."""
        sheets = [self.path / f"{name}{ending}" for name in SHEETS for ending in TABLES]
        # The logic model, and a tool for risk of bias that review.yaml may name.
        others = sorted(
            path
            for path in self.path.glob("*.yaml")
            if path != self.declaration and not path.name.startswith((".", "~"))
        )
        everything = [
            self.declaration,
            *sheets,
            *others,
            *self._files(SEARCH),
            *self._files(SCREENING),
            *self._files(ASSESSED),
            *self.all_assessments(),
            *self._files(TEXT),
        ]
        return [path for path in dict.fromkeys(everything) if path.is_file()]

    def name(self, path: Path) -> str:
        """Return how a file is called in messages and pages: its path within the folder."""
        return path.relative_to(self.path).as_posix()

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every input, by its name."""
        return {self.name(path): hash_of(path) for path in self.inputs()}

    def inside(self, path: Path) -> bool:
        """Return whether a file is in this folder, wherever links lead."""
        root, target = os.path.realpath(self.path), os.path.realpath(path)
        return os.path.commonpath([root, target]) == root


def assessed_sheet(tool: str = "") -> str:
    """Return the name of the sheet of risk of bias, without its ending: one for each tool."""
    return f"{ASSESSED}_{tool}" if tool else ASSESSED


def assessed_folder(tool: str = "") -> str:
    """Return the folder in which boards keep answers: one for each tool."""
    return f"{ASSESSED}/{tool}" if tool else ASSESSED


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(read_bytes(path, largest=_LARGEST)).hexdigest()
