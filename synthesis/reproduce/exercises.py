"""Exercises on real data that check the answer and say which slip was made."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import DataError, FileError
from arrowroot.files import as_path, is_there, where_looked
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis import datasets
from synthesis.reproduce.answer_recipes import Answer, solve
from synthesis.reproduce.printed import Printed, parse
from synthesis.reproduce.slips import slips

FOLDER = Path(__file__).parent / "exercises"
"""The folder of the exercises that come with Arrowroot, one YAML file each."""

_SLACK = 1e-10
"""Tolerance for rounding errors, far below any digit asked for."""
_LARGEST = 1 << 16
"""The largest exercise that is read, in bytes."""
_REFUSE_UNKNOWN_KEYS = {"extra": "forbid"}


@dataclass(frozen=True)
class ExerciseFile:
    """An exercise as given in its YAML file.

    Attributes
    ----------
    title, question, source : str
        What is asked, and where the number is printed.
    dataset, table : str
        The data set, and one of its tables if not the default one.
    digits : int
        How many decimals the answer needs.
    answer : Answer
        How it is computed.
    hints : tuple of str
        Hints, each revealing more than the one before.
    after : str
        What there is to learn, shown with a correct answer.
    """

    __pydantic_config__: ClassVar = _REFUSE_UNKNOWN_KEYS

    title: str
    question: str
    dataset: str
    digits: int
    answer: Answer
    hints: tuple[str, ...]
    source: str = ""
    table: str | None = None
    after: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Checked(Shown):
    """The outcome of an answer.

    Attributes
    ----------
    correct : bool
        Whether it agrees to the requested digits.
    slips : tuple of str
        The slips that give this number; empty if it is right or does not match any known slip.
    message : str
        What to do next; the right number is never in it.
    """

    correct: bool
    slips: tuple[str, ...]
    message: str

    def _title(self) -> str:
        return "Right" if self.correct else "Not yet"

    def _facts(self) -> list[tuple[str, str]]:
        return [("", self.message)]

    def _line(self) -> str:
        return f"{self._title()}: {self.message}"


@dataclass(frozen=True, eq=False, repr=False)
class Exercise(Shown):
    """A question on a real data set.

    Attributes
    ----------
    name : str
        What `exercise` calls it.
    file : ExerciseFile
        The question and how its answer is computed.
    """

    name: str
    file: ExerciseFile

    @property
    def question(self) -> str:
        """What is asked."""
        return self.file.question

    @property
    def data(self) -> pd.DataFrame:
        """The data to work with, a fresh copy."""
        return datasets.load(self.file.dataset, self.file.table)

    @property
    def hints(self) -> int:
        """How many hints there are."""
        return len(self.file.hints)

    def hint(self, step: int = 1) -> str:
        """Return a hint; each step reveals more than the one before.

        Raises
        ------
        DataError
            If there are not that many hints.
        """
        if not isinstance(step, int) or not 1 <= step <= self.hints:
            raise DataError(f"step must lie between 1 and {self.hints}; got {step!r}.")
        return self.file.hints[step - 1]

    def check(self, answer: str | float) -> Checked:
        """Check an answer, and say which common slip it comes from if it is wrong.

        Parameters
        ----------
        answer : str or float
            The number; text keeps its trailing zeros.

        Returns
        -------
        Checked
        """
        given, as_given = _read(answer, self.file.digits)
        right = solve(self.file.answer, self.data)
        if bool(given.holds(right, _SLACK)):
            if given.digits < self.file.digits:
                return Checked(
                    correct=False,
                    slips=("too few digits",),
                    message="Right as far as it goes; give "
                    f"{counted(self.file.digits, 'decimal')}.",
                )
            return Checked(correct=True, slips=(), message=self.file.after or "It agrees.")
        found = [
            slip
            for slip in slips(self.file.answer, self.data)
            if bool(as_given.holds(slip.value, _SLACK))
        ]
        if found:
            messages = list(dict.fromkeys(slip.message for slip in found))
            names = tuple(dict.fromkeys(slip.name for slip in found))
            return Checked(correct=False, slips=names, message=" Or: ".join(messages))
        if bool(given.cut_off().holds(right, _SLACK)):
            return Checked(
                correct=False,
                slips=("cut off",),
                message="The last digit was cut off instead of rounded.",
            )
        return Checked(
            correct=False,
            slips=(),
            message="This does not match any known slip. Look at a hint: hint(1).",
        )

    def _title(self) -> str:
        return self.file.title

    def _facts(self) -> list[tuple[str, str]]:
        columns = ", ".join(self.data.columns)
        facts = [
            ("Question", self.question),
            ("Data", f"{counted(len(self.data), 'row')}: {columns}"),
            ("Answer", f"{counted(self.file.digits, 'decimal')}, to check(...)"),
            ("Hints", f"{self.hints}, from hint(1)"),
        ]
        return [*facts, ("Source", self.file.source)] if self.file.source else facts


def exercise(name: str | os.PathLike[str]) -> Exercise:
    """Return an exercise.

    Parameters
    ----------
    name : str or path
        One of `exercises`, or the path of a teacher's own YAML file.

    Returns
    -------
    Exercise

    Raises
    ------
    OptionError
        If there is no exercise of that name; a near miss is suggested.
    FileError, DataError
        If a file cannot be read or is not an exercise.

    Examples
    --------
    >>> one = exercise("bcg_one_trial")
    >>> one.check(0.411).slips
    ('log not taken',)
    """
    path = as_path(name) if isinstance(name, (str, os.PathLike)) else Path()
    if path.suffix in (".yaml", ".yml"):
        return Exercise(path.stem, _load(path))
    known = {file.stem: file for file in sorted(FOLDER.glob("*.yaml"))}
    chosen = one_of("name", str(name), list(known))
    return Exercise(chosen, _load(known[chosen]))


def exercises() -> pd.DataFrame:
    """Return the exercises that come with Arrowroot: ``name title dataset``."""
    found = [exercise(file.stem) for file in sorted(FOLDER.glob("*.yaml"))]
    rows = [(one.name, one.file.title, one.file.dataset) for one in found]
    return pd.DataFrame(rows, columns=["name", "title", "dataset"])


def _read(answer: str | float, digits: int) -> tuple[Printed, Printed]:
    """Read an answer: with at least the requested decimals, and as it was given.

    A float has lost its trailing zeros, so that 0.5 may mean 0.500; to find a slip, one decimal
    fewer will do.
    """
    if not isinstance(answer, float):
        read = parse(answer, "answer")
        return read, read
    answer = float(answer)  # numpy's floats include their type in their repr
    shown = repr(answer)
    places = len(shown.partition(".")[2]) if "e" not in shown else digits
    full = parse(f"{answer:.{max(places, digits)}f}", "answer")
    return full, parse(f"{answer:.{max(places, digits - 1)}f}", "answer")


def _load(path: Path) -> ExerciseFile:
    from arrowroot.specs.form import read_form

    if not (is_there(path) and path.is_file()):
        raise FileError(
            f"{path.name} does not exist: {where_looked(path)}. exercises() lists those that come"
            " with Arrowroot."
        )
    if path.stat().st_size > _LARGEST:
        raise DataError(f"{path.name} is too large for an exercise (over {_LARGEST:,} bytes).")
    file: ExerciseFile = read_form(path, ExerciseFile, "an exercise")
    one_of(f"{path.name}: dataset", file.dataset, datasets.names())
    return file
