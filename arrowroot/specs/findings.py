"""What a check of files found, in the forms that people and programs read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from arrowroot.display import Shown

LEVELS = {"error": "error", "warning": "warning", "warn": "warning", "note": "note", "info": "note"}
"""SARIF's word for each severity, from what must be corrected to what may be considered."""


class Found(Protocol):
    """One thing that a check found."""

    @property
    def rule(self) -> str:
        """The id of the rule that found it."""

    @property
    def severity(self) -> str:
        """How serious it is: one of the words of `LEVELS`."""


OneFound = TypeVar("OneFound", bound=Found)


class Checked(Shown, Generic[OneFound]):
    """The findings of a check, whose exit code a pipeline can use.

    A subclass gives `severities`, its words from the most serious on, and `findings`.
    """

    severities: ClassVar[Sequence[str]]
    findings: tuple[OneFound, ...]

    def __iter__(self) -> Iterator[OneFound]:
        """Iterate over the findings."""
        return iter(self.findings)

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.findings)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not self.errors()

    @property
    def exit_code(self) -> int:
        """The exit code for a pipeline that runs the check: 1 if there is an error."""
        return 0 if self.ok else 1

    def errors(self) -> tuple[OneFound, ...]:
        """Return the errors."""
        return tuple(one for one in self.findings if one.severity == "error")

    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each severity."""
        held = [one.severity for one in self.findings]
        return {severity: held.count(severity) for severity in self.severities}


def as_json(content: object) -> str:
    """Return findings as the JSON that commands print."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_sarif(rules: Iterable[Mapping[str, Any]], results: Iterable[Mapping[str, Any]]) -> str:
    """Return findings as SARIF 2.1.0, which code hosts show beside the files.

    Parameters
    ----------
    rules : iterable of mapping
        A reportingDescriptor for each rule; ``id`` is needed.
    results : iterable of mapping
        As `sarif_result` gives them.
    """
    driver = {"name": "arrowroot", "rules": list(rules)}
    return as_json(
        {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "results": list(results)}],
        }
    )


def sarif_result(
    one: Found, text: str, file: str, *, line: int | None = None, part: str = ""
) -> dict[str, Any]:
    """Return a finding as a result of SARIF.

    Parameters
    ----------
    one : Found
        Its rule and severity.
    text : str
        What readers see.
    file : str
        The file that it is about.
    line : int, optional
        The line of the file, counted from 1.
    part : str
        The part of what the file describes, such as a box of a model.
    """
    physical: dict[str, Any] = {"artifactLocation": {"uri": file}}
    if line:
        physical["region"] = {"startLine": line}
    place: dict[str, Any] = {"physicalLocation": physical}
    if part:
        place["logicalLocations"] = [{"fullyQualifiedName": part}]
    return {
        "ruleId": one.rule,
        "level": LEVELS[one.severity],
        "message": {"text": text},
        "locations": [place],
    }
