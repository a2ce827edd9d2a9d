"""One person's answers, on a board and in its file: saved after each one, nothing lost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from arrowroot.errors import ArrowrootError, DataError
from arrowroot.text import counted, person, shortened
from synthesis.boards.choices import Answer
from synthesis.boards.decision_file import KeptFile, Row


class Form(Protocol):
    """How the answers on one kind of board are stored in its file."""

    columns: tuple[str, ...]
    """The columns of the file."""
    by: tuple[str, str]
    """The column that says who decided, and who decides here."""

    def key(self, row: Row) -> str:
        """Return which item a row is about."""

    def rows(self, key: str, answer: Answer) -> list[Row]:
        """Return an answer as rows of the file."""

    def check(self, rows: Sequence[Row]) -> None:
        """Raise an error if rows, about any items, are not valid in the file."""

    def answer(self, rows: Sequence[Row]) -> Answer:
        """Return the answer given by the rows of one item; raise an error if they are invalid."""


class Answers:
    """Answers that are written to a file whenever one changes.

    Parameters
    ----------
    keys : sequence of str
        All items, in the order in which to write them.
    form : Form
        How they are stored in the file.
    path : path
        The file; its content is read, and rows about other items stay in it.

    Attributes
    ----------
    saved : str
        When an answer was last saved, in ISO 8601; empty before that.
    trouble : str
        Why the last answer could not be saved.
    changes : int
        How often an answer has changed, so that what is counted need not be counted again.
    elsewhere : list of Row
        Rows of the file about items that are not here.
    """

    def __init__(self, keys: Sequence[str], form: Form, path: str | Path) -> None:
        self._keys = list(keys)
        self._known = frozenset(keys)
        self._form = form
        self._file = KeptFile(path, form.columns, getattr(form, "added", ()))
        self._answers: dict[str, Answer] = {}
        self._unsaved: set[str] = set()
        self.changes = 0
        self.elsewhere: list[Row] = []
        self.saved = ""
        self.trouble = ""
        self._read()

    def __getitem__(self, key: str) -> Answer:
        """Return the answer about an item, empty if there is none."""
        return self._answers.get(key, Answer())

    @property
    def path(self) -> Path:
        """Where they are kept."""
        return self._file.path

    @property
    def remarks(self) -> tuple[str, ...]:
        """What should be known about the file as it was last read."""
        return self._file.remarks

    @property
    def unsaved(self) -> int:
        """How many answers exist only here, because they could not be saved."""
        return len(self._unsaved)

    @property
    def held(self) -> list[str]:
        """The items whose answers exist only here, in their order."""
        return [key for key in self._keys if key in self._unsaved] if self._unsaved else []

    @property
    def kept(self) -> int:
        """How many items have a choice in the file."""
        given = sum(bool(answer.marks) for answer in self._answers.values())
        return given - sum(bool(self[key].marks) for key in self._unsaved)

    def put(self, key: str, answer: Answer) -> None:
        """Keep an answer, and save it; if that fails, `trouble` says why."""
        self._answers[key] = answer
        self._unsaved.add(key)
        self.changes += 1
        self._write()

    def save_again(self) -> None:
        """Apply what could not be saved to the current content of the file."""
        unsaved = {key: self._answers[key] for key in self._unsaved}
        try:
            # A file that has disappeared says nothing about the answers it contained.
            if not self._file.missing:
                self._read()
        except ArrowrootError as error:
            self._report(error)
            return
        self._answers |= unsaved
        self.changes += 1
        self._write()

    def rows(self) -> list[Row]:
        """Return the answers as rows of the file."""
        return [
            row
            for key in self._keys
            if not self[key].empty
            for row in self._form.rows(key, self[key])
        ]

    def _write(self) -> None:
        try:
            self._file.write([*self.rows(), *self.elsewhere])
        except ArrowrootError as error:
            self._report(error)
        else:
            self._unsaved.clear()
            self.saved = now()
            self.trouble = ""

    def _report(self, error: ArrowrootError) -> None:
        held = counted(self.unsaved, "change")
        self.trouble = f"Not saved: {error} {held} kept here while the kernel runs."

    def _read(self) -> None:
        rows = self._file.read()
        by_key: dict[str, list[Row]] = {}
        elsewhere = []
        try:
            self._refuse_others(rows)
            for row in rows:
                key = self._form.key(row)
                if key in self._known:
                    by_key.setdefault(key, []).append(row)
                else:
                    elsewhere.append(row)
            self._form.check([row for given in by_key.values() for row in given])
            answers = {key: self._form.answer(given) for key, given in by_key.items()}
        except ArrowrootError as error:
            raise DataError(f"{self.path.name}: {error}") from None
        self._answers, self.elsewhere = answers, elsewhere
        self.changes += 1

    def _refuse_others(self, rows: Sequence[Row]) -> None:
        column, name = self._form.by
        if others := sorted({row[column] for row in rows if person(row[column]) != person(name)}):
            raise DataError(
                f"contains decisions by {shortened(map(repr, others))}. People decide "
                f"without seeing each other's decisions: give {name!r} a separate file."
            )


def now() -> str:
    """Return the time, in ISO 8601."""
    # In UTC, so that decisions made in two places sort by when they were made.
    return datetime.now(UTC).isoformat(timespec="seconds")
