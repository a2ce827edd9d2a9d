"""What a check of a review found, in the forms that people and programs read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from arrowroot.display import Cell, Shown
from arrowroot.errors import ArrowrootError, SpecError
from arrowroot.frames import TextTable
from arrowroot.text import counted

SEVERITIES = ("error", "warning", "note")
"""An error stops the analysis it is about; a warning is probably a slip; a note needs a look."""

COLUMNS = ("severity", "file", "line", "rule", "message", "todo")
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
class Findings(Shown):
    """The findings of a check, the most serious first.

    Attributes
    ----------
    title : str
        The review's.
    findings : tuple of Finding
        Sorted by severity, file and line.
    """

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

    def __iter__(self) -> Iterator[Finding]:
        """Iterate over the findings."""
        return iter(self.findings)

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.findings)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return all(one.severity != "error" for one in self.findings)

    @property
    def exit_code(self) -> int:
        """The exit code of the command: 1 if there is an error."""
        return 0 if self.ok else 1

    def errors(self) -> tuple[Finding, ...]:
        """Return the errors."""
        return tuple(one for one in self.findings if one.severity == "error")

    def to_frame(self) -> pd.DataFrame:
        """Return the findings, one row each: ``severity file line rule message todo``."""
        rows = [[getattr(one, name) for name in COLUMNS] for one in self.findings]
        return TextTable(rows, columns=list(COLUMNS)).astype({"line": "Int64"})

    def to_json(self) -> str:
        """Return the findings as JSON."""
        content = {"review": self.title, "findings": [asdict(one) for one in self.findings]}
        return json.dumps(content, indent=2, ensure_ascii=False)

    def to_sarif(self) -> str:
        """Return the findings as SARIF 2.1.0, which code hosts show beside the files."""
        rules = [{"id": rule} for rule in dict.fromkeys(one.rule for one in self.findings)]
        content = {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": {"name": "arrowroot", "rules": rules}},
                    "results": [_sarif(one) for one in self.findings],
                }
            ],
        }
        return json.dumps(content, indent=2, ensure_ascii=False)

    def sentence(self) -> str:
        """Return how many findings there are of each kind."""
        counts = [
            counted(n, *_WORDS[name])
            for name in SEVERITIES
            if (n := sum(one.severity == name for one in self.findings))
        ]
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


def _sarif(one: Finding) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": one.file}}
    if one.line:
        physical["region"] = {"startLine": one.line}
    text = f"{one.message} {one.todo}".strip()
    return {
        "ruleId": one.rule,
        "level": one.severity,
        "message": {"text": text},
        "locations": [{"physicalLocation": physical}],
    }


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
        Finding("error", rule, file, _line_in(text), _sentence(text), todo.strip())
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
