"""What Arrowroot raises: errors with one base, each also the built-in error it resembles.

Every message names the argument or column, the rule, and the offending studies by label or the
line of the file, so that someone who does not program can correct the sheet from the message
alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from arrowroot.text import counted

_FRAMES = False
"""Whether a notebook shows the frames of our errors."""


def show_tracebacks(show: bool = True) -> None:
    """Show where in the code an error of Arrowroot arose, or only its sentence.

    In a notebook and in IPython, an error of ours is one sentence that says what to do instead: the
    lines of code that led to it are of use to programmers only. In a Python program and in a
    plain Python console, tracebacks are always as Python shows them.

    Parameters
    ----------
    show : bool
        True for the lines of code, False for the sentence alone, as at the start.

    Returns
    -------
    None
        For the errors of this session.

    Examples
    --------
    >>> import arrowroot
    >>> arrowroot.show_tracebacks(True)
    >>> arrowroot.show_tracebacks(False)
    """
    global _FRAMES  # one setting per process, as IPython's own %xmode
    _FRAMES = bool(show)


class ArrowrootError(Exception):
    """Base of every error that Arrowroot raises deliberately."""

    @property
    def _render_traceback_(self) -> Callable[[], list[str]]:
        """What IPython shows instead of a traceback, if an exception has it."""
        if _FRAMES:
            raise AttributeError("_render_traceback_")
        return lambda: [f"{type(self).__name__}: {self._sentence()}"]

    def _sentence(self) -> str:
        """Return what a notebook shows."""
        return str(self)


def interrupted(error: KeyboardInterrupt, name: str) -> None:
    """Let an interruption of one of our functions be shown in one line.

    It stays the same error, so that whatever waits for it still sees it.
    """
    if not _FRAMES:
        said = [f"KeyboardInterrupt: {name} was stopped before it was done."]
        error._render_traceback_ = lambda: said  # type: ignore[attr-defined]


class ArgumentError(ArrowrootError, TypeError):
    """A function was called with arguments that it does not have, or without one it needs."""


class UnknownNameError(ArrowrootError, AttributeError):
    """A module or a result has no such name; the message suggests one."""


class DataError(ArrowrootError, ValueError):
    """A table contains something that cannot be analysed; the message says where and why.

    Attributes
    ----------
    needed : str
        Where an argument is another kind of thing than the function takes: what is needed, such
        as ``"a result of meta_analysis"``. `arrowroot.lab.calls` may know what was mistaken for it.
    """

    needed: str = ""

    @classmethod
    def of_kind(cls, argument: str, needed: str, instead: str) -> Self:
        """Return the error for an argument of another kind, and what was given instead."""
        error = cls(f"{argument}: {needed} is needed; {instead}")
        error.needed = needed
        return error


class EvidenceError(DataError):
    """A table of evidence or actions does not fit its model; it says in which row and why."""


class OptionError(ArrowrootError, ValueError):
    """An option has no such value; the message lists its values."""


class EstimationError(ArrowrootError, ArithmeticError):
    """The data are valid, but the requested model has no finite result for them."""


class FileError(ArrowrootError, OSError):
    """A file is missing, unreadable, not what its name says, or cannot be written."""


class MissingPackageError(ArrowrootError, ImportError):
    """A task needs a package that is not installed; the message names it and its extra."""


class RenderError(ArrowrootError, RuntimeError):
    """Graphviz could not draw a figure."""


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


class SpecError(ArrowrootError, ValueError):
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

    def __reduce__(self) -> tuple[type[Self], tuple[str, tuple[Problem, ...]]]:
        """Return how a copy is made, as `pickle` asks."""
        return type(self), (self.source, self.problems)

    def _sentence(self) -> str:
        if len(self.problems) > 1:
            return str(self)
        only = " ".join(str(self.problems[0]).split())
        return f"{self.source}: {only}"
