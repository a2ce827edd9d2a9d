"""What a check of a review found, in the forms that people and programs read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from arrowroot.display import Cell
from arrowroot.errors import ArrowrootError, SpecError
from arrowroot.frames import TextTable
from arrowroot.specs.findings import Checked, as_json, as_sarif, sarif_result
from arrowroot.text import counted

SEVERITIES = ("error", "warning", "note")
"""An error stops the analysis it is about; a warning is probably a slip; a note needs a look."""

COLUMNS = ("severity", "file", "line", "rule", "message", "todo")
_LINE = re.compile(r"^(?:line|row) \d+: ")
"""How a problem begins that names its line, which the finding gives apart."""
_WORDS = {
    "error": ("error", "errors"),
    "warning": ("warning", "warnings"),
    "note": ("note", "notes"),
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    Attributes
    ----------
    severity : str
        One of `SEVERITIES`.
    rule : str
        The id of the rule.
    file : str
        The file of the review, relative to its folder.
    line : int or None
        The line or row of the file, where there is one.
    message : str
        What is wrong, with the numbers.
    todo : str
        What to do about it.
    """

    severity: str
    rule: str
    file: str
    line: int | None
    message: str
    todo: str = ""

    def __str__(self) -> str:
        """Return the finding in one line, as compilers write them."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        todo = f" {self.todo}" if self.todo else ""
        return f"{where}: {self.severity}: {self.message}{todo} [{self.rule}]"


@dataclass(frozen=True, eq=False, repr=False)
class Findings(Checked[Finding]):
    """The findings of a check, the most serious first.

    Attributes
    ----------
    title : str
        The review's.
    findings : tuple of Finding
        Sorted by severity, file and line.
    """

    severities = SEVERITIES

    title: str
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, title: str, found: Iterable[Finding]) -> Findings:
        """Return findings in order, each once."""
        ranks = {name: at for at, name in enumerate(SEVERITIES)}
        unique = dict.fromkeys(found)
        return cls(
            title,
            tuple(sorted(unique, key=lambda one: (ranks[one.severity], one.file, one.line or 0))),
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the findings, one row each: ``severity file line rule message todo``."""
        rows = [[getattr(one, name) for name in COLUMNS] for one in self.findings]
        return TextTable(rows, columns=list(COLUMNS)).astype({"line": "Int64"})

    def to_json(self) -> str:
        """Return the findings as JSON."""
        return as_json({"review": self.title, "findings": [asdict(one) for one in self.findings]})

    def to_sarif(self) -> str:
        """Return the findings as SARIF 2.1.0, which code hosts show beside the files."""
        return as_sarif(
            [{"id": rule} for rule in dict.fromkeys(one.rule for one in self.findings)],
            [
                sarif_result(one, f"{one.message} {one.todo}".strip(), one.file, line=one.line)
                for one in self.findings
            ],
        )

    def sentence(self) -> str:
        """Return how many findings there are of each kind."""
        counts = [counted(n, *_WORDS[name]) for name, n in self.counts().items() if n]
        return f"{self.title}: {', '.join(counts) if counts else 'nothing found'}."

    def __str__(self) -> str:
        """Return every finding on a line of its own, and how many there are."""
        return "\n".join([*map(str, self.findings), self.sentence()])

    def _title(self) -> str:
        return self.sentence()

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [(name, str(getattr(self, name))) for name in ("title",)]

    def _headings(self) -> Sequence[str]:
        return ("Severity", "Where", "What", "What to do")

    def _rows(self) -> Iterable[Sequence[Cell]]:
        for one in self.findings:
            where = f"{one.file}, line {one.line}" if one.line else one.file
            yield (one.severity, where, one.message, one.todo)


def of_error(error: ArrowrootError, file: str, rule: str) -> list[Finding]:
    """Return what an error says as findings, one for each problem in it.

    Parameters
    ----------
    error : ArrowrootError
        With one problem in a sentence, or with several, a line each.
    file : str
        The file it is about.
    rule : str
        Their rule, where the error does not name one.

    Examples
    --------
    >>> from arrowroot.errors import DataError
    >>> [one.line for one in of_error(DataError("a.csv: sd_t must be > 0 (line 4)."), "a.csv", "x")]
    [4]
    """
    if isinstance(error, SpecError):
        return [
            Finding("error", one.rule or rule, file, one.line or None, _sentence(one.message))
            for one in error.problems
        ]
    head, *rest = str(error).splitlines()
    problems = [line.strip()[2:] for line in rest if line.strip().startswith("- ")]
    todo = next((line for line in reversed(rest) if not line.strip().startswith("- ")), "")
    if not problems:
        problems = [head.removeprefix(f"{file}: ")]
    return [
        Finding("error", rule, file, _line_in(text), _sentence(_LINE.sub("", text)), todo.strip())
        for text in problems
    ]


def of_declaration(error: SpecError) -> Findings:
    """Return what is wrong with a ``review.yaml`` that cannot be read, as findings."""
    return Findings.of(error.source, of_error(error, error.source, "declaration"))


def _line_in(text: str) -> int | None:
    found = re.search(r"\b(?:line|row) (\d+)", text)
    return int(found[1]) if found else None


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."
