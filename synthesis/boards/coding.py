"""A board for coding units: the text, the codebook beside it, and nobody else's codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.extras import require
from arrowroot.options import one_of
from arrowroot.text import label
from synthesis import checks
from synthesis.boards.answers import Answers
from synthesis.boards.board import CONFIDENCES, Board
from synthesis.boards.choices import Answer, Choice, Group, Mark
from synthesis.boards.decision_file import Row
from synthesis.boards.highlight import plain
from synthesis.boards.reading import Field, Reading
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.codings import labels_of

COLUMNS = ("unit", "coder", "scheme", "code", "codebook", "confidence", "note", "time")
"""The columns of a board's file and of its codings."""


class _Form:
    """How codings are stored in the file: one row per code, or one without a code for a note."""

    columns: tuple[str, ...] = COLUMNS

    def __init__(self, coder: str, schemes: Mapping[str, Codebook], *, several: bool) -> None:
        self.by = ("coder", coder)
        self._schemes = schemes
        self._several = several

    def key(self, row: Row) -> str:
        return label(row["unit"])

    def rows(self, key: str, answer: Answer) -> list[Row]:
        return [
            {
                "unit": key,
                "coder": self.by[1],
                "scheme": mark.group,
                "code": mark.choice,
                "codebook": mark.version,
                "confidence": answer.confidence,
                "note": answer.note,
                "time": mark.time,
            }
            for mark in answer.marks or (Mark("", "", answer.time),)
        ]

    def check(self, rows: Sequence[Row]) -> None:
        codes: dict[str, list[str]] = {}
        for row in rows:
            if row["code"]:
                codes.setdefault(row["scheme"], []).append(row["code"])
        for scheme, given in codes.items():
            one_of("scheme", scheme, list(self._schemes))
            self._schemes[scheme].check(given)

    def answer(self, rows: Sequence[Row]) -> Answer:
        first = rows[0]
        coded = [row for row in rows if row["code"]]
        for scheme in self._schemes:
            given = [row["code"] for row in coded if row["scheme"] == scheme]
            if len(set(given)) < len(given) or (len(given) > 1 and not self._several):
                raise DataError(
                    f"unit {first['unit']!r} has the codes {', '.join(given)} in {scheme!r}. "
                    "Keep one, or set several=True."
                )
        if first["confidence"] not in CONFIDENCES:
            raise DataError(
                f"confidence of unit {first['unit']!r} must be 1, 2, 3 or blank; got "
                f"{first['confidence']!r}."
            )
        marks = [Mark(row["scheme"], row["code"], row["time"], row["codebook"]) for row in coded]
        latest = max(row["time"] for row in rows)
        return Answer(tuple(marks), first["confidence"], first["note"], latest)


class CodingBoard(Board):
    """Units to code, one at a time; made by `coding_board`."""

    _noun = ("unit", "units")
    _decides = False
    _asks_confidence = True

    def __init__(
        self,
        texts: Mapping[str, tuple[object, str]],
        schemes: Mapping[str, Codebook],
        coder: str,
        path: str | Path,
        *,
        several: bool,
    ) -> None:
        self._texts = texts
        self._coder = coder
        form = _Form(coder, schemes, several=several)
        groups = [_group(scheme, book, several=several) for scheme, book in schemes.items()]
        super().__init__(list(texts), groups, Answers(list(texts), form, path))

    def codings(self) -> pd.DataFrame:
        """Return the codes given, one row per code.

        Returns
        -------
        DataFrame
            ``unit``, ``coder``, ``scheme``, ``code``, ``codebook`` (title and version),
            ``confidence``, ``note``, ``time``; units as given, in their order.
        """
        rows = [
            {**row, "unit": self._texts[row["unit"]][0]}
            for row in self._answers.rows()
            if row["code"]
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _title(self) -> str:
        return f"Coding by {self._coder}"

    def _reading(self, key: str) -> Reading:
        return Reading((key,), (Field("", (plain(self._texts[key][1]),)),))


def coding_board(
    units: pd.DataFrame,
    schemes: Codebook | Mapping[str, Codebook],
    *,
    coder: str,
    path: str | Path,
    unit: str = "unit",
    text: str = "text",
    several: bool = False,
) -> CodingBoard:
    """Create a board for coding units in JupyterLab.

    One unit at a time with the codebook beside it, operated by keys (press ``?`` on the board).
    Every key press is saved; creating the board again resumes where you stopped. The board never
    sees other coders' codes.

    Parameters
    ----------
    units : DataFrame
        One row per unit. Nothing but its label and its text reaches the board.
    schemes : Codebook or mapping of str to Codebook
        What to code with; several schemes by name. A single codebook is the scheme ``code``.
    coder : str
        Who codes.
    path : path
        The CSV in which the codings are kept, one for each coder.
    unit, text : str
        Columns of `units`: the label and what the coder reads.
    several : bool
        Whether a unit may have several codes of one scheme.

    Returns
    -------
    CodingBoard
        Is displayed as the last line of a cell; its ``codings()`` gives the codings.

    Raises
    ------
    DataError
        If labels are blank or repeat, or the file contains something else: the codings of another
        coder, or codes that are not in the codebook.
    FileError
        If the file cannot be read.
    MissingPackageError
        If the packages of the extra `lab` are not installed.
    """
    require("coding_board", "anywidget", "traitlets")
    labels = labels_of(units, unit)
    texts = checks.column(units, text, "text")
    if not labels:
        raise DataError("units: there are no units to code.")
    read = {
        one: (given, "" if pd.isna(words) else str(words))
        for one, given, words in zip(labels, units[unit], texts, strict=True)
    }
    if not label(coder):
        raise DataError("coder: say who codes.")
    named = {"code": schemes} if isinstance(schemes, Codebook) else dict(schemes)
    if not named:
        raise DataError("schemes: give at least one codebook to code with.")
    return CodingBoard(read, named, label(coder), path, several=several)


def _group(scheme: str, book: Codebook, *, several: bool) -> Group:
    choices = tuple(
        Choice(code.id, code.label, depth=len(book.path(code.id)) - 1, about=_about(code))
        for code in _in_tree_order(book)
    )
    return Group(
        scheme, scheme.replace("_", " "), choices, several, f"{book.title} {book.version}".strip()
    )


def _in_tree_order(book: Codebook, parent: str = "") -> list[Code]:
    """Return the codes, each followed by those under it."""
    return [
        one for child in book.children(parent) for one in (child, *_in_tree_order(book, child.id))
    ]


def _about(code: Code) -> tuple[tuple[str, str], ...]:
    told = (
        ("Definition", code.definition),
        ("Include", code.include),
        ("Exclude", code.exclude),
        ("Example", code.example),
        ("Source", code.source),
    )
    return tuple((heading, text) for heading, text in told if text)
