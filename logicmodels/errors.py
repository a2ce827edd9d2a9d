"""What `logicmodels` raises: one base, and beneath it the built-in error each kind resembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logicmodels.text import counted


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a file: where, by which rule, and what to do.

    Attributes
    ----------
    line, column : int
        Counted from 1; 0 where the problem belongs to the file as a whole.
    rule : str
        The rule's name.
    message : str
        What is wrong and what would be right.
    """

    line: int
    column: int
    rule: str
    message: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        where = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{where}{self.message} [{self.rule}]"


class LogicModelError(Exception):
    """Base of every error that `logicmodels` raises on purpose."""


class SpecError(LogicModelError, ValueError):
    """A specification cannot be read; every problem found in it is listed.

    Attributes
    ----------
    problems : tuple of Problem
        In the order of the file.
    """

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(sorted(problems))
        head = f"{source}: {counted(len(self.problems), 'problem')}"
        super().__init__("\n  ".join([head, *map(str, self.problems)]))


class EvidenceError(LogicModelError, ValueError):
    """A table of evidence or actions does not fit its model; it says in which row and why."""


class OptionError(LogicModelError, ValueError):
    """An option has no such value; the message lists those it has."""


class FileError(LogicModelError, OSError):
    """A file cannot be written where it should go."""


class RenderError(LogicModelError, RuntimeError):
    """Graphviz could not draw a figure."""
