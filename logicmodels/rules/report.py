"""What a check found, in the forms that people and programs read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from arrowroot.display import Bold, Cell, Shown, html_table
from logicmodels.frames import Tabular
from logicmodels.records import Waiver
from logicmodels.rules.rule import SEVERITIES, Finding, Rule

_COLUMNS = ("rule", "severity", "found", "source")
_FEW = 4
"""How many findings of one rule a notebook shows at once: a draft can break the same rule at
every arrow, and the other rules should still be noticed."""
_SARIF_LEVEL = {"error": "error", "warn": "warning", "info": "note"}


@dataclass(frozen=True, eq=False, repr=False)
class Report(Tabular, Shown):
    """The findings of a check, the most severe first.

    Attributes
    ----------
    title : str
        The model's.
    findings : tuple of Finding
        What the rules found.
    waived : tuple of (Finding, Waiver)
        Findings where the model says, with a reason, that the rule does not apply.
    rules : tuple of Rule
        Those that were checked.
    remarks : tuple of str
        Notes on the tables that the model was read from.
    """

    title: str
    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]
    rules: tuple[Rule, ...]
    remarks: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        """Iterate over the findings."""
        return iter(self.findings)

    def __len__(self) -> int:
        """Return how many findings there are."""
        return len(self.findings)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """The exit code for a pipeline that checks the model: 1 if there is an error."""
        return 0 if self.ok else 1

    def counts(self) -> dict[str, int]:
        """Return how many findings there are of each severity."""
        return {
            severity: sum(finding.severity == severity for finding in self.findings)
            for severity in SEVERITIES
        }

    def to_records(self) -> list[dict[str, str]]:
        """Return the findings as rows."""
        return [asdict(finding) for finding in self.findings]

    @property
    def _columns(self) -> Sequence[str]:
        return [field.name for field in fields(Finding)]

    def to_json(self) -> str:
        """Return the findings and the waived ones as JSON."""
        waived = [{**asdict(finding), "reason": waiver.reason} for finding, waiver in self.waived]
        content = {"model": self.title, "findings": self.to_records(), "waived": waived}
        return json.dumps(content, indent=2, ensure_ascii=False)

    def to_sarif(self, file: str = "logic_model.yaml") -> str:
        """Return the findings as SARIF 2.1.0, which code hosts show beside the file."""
        asked: list[dict[str, Any]] = [
            {
                "id": rule.id,
                "shortDescription": {"text": rule.title},
                "help": {"text": rule.source},
                "defaultConfiguration": {"level": _SARIF_LEVEL[rule.severity]},
            }
            for rule in self.rules
        ]
        run = {
            "tool": {"driver": {"name": "arrowroot", "rules": asked}},
            "results": [
                *(_sarif(finding, file) for finding in self.findings),
                *(
                    {
                        **_sarif(finding, file),
                        "suppressions": [{"kind": "inSource", "justification": waiver.reason}],
                    }
                    for finding, waiver in self.waived
                ),
            ],
        }
        content = {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [run],
        }
        return json.dumps(content, indent=2, ensure_ascii=False)

    def __str__(self) -> str:
        """Return the findings as text, one per line."""
        rows = [
            f"  {finding.severity:<5} {finding.rule}  {finding.where}: {finding.message}"
            f" ({finding.source})"
            for finding in self.findings
        ]
        return "\n".join([self._title(), *rows, *(f"  {remark}" for remark in self.remarks)])

    def _title(self) -> str:
        counts = ", ".join(f"{count} {severity}" for severity, count in self.counts().items())
        waived = f", {len(self.waived)} waived" if self.waived else ""
        return f"{self.title}: {counts}{waived}; {len(self.rules)} rules checked"

    def _headings(self) -> Sequence[str]:
        return _COLUMNS

    def _rows(self) -> Sequence[Sequence[Cell]]:
        by_rule: dict[str, list[Finding]] = {}
        for finding in self.findings:
            by_rule.setdefault(finding.rule, []).append(finding)
        return [_row(findings) for findings in by_rule.values()]

    def _notes(self) -> Sequence[str]:
        return self.remarks

    def _repr_html_(self) -> str:
        return html_table(
            self._title(), self._headings(), self._rows(), notes=self._notes(), folded=_FEW
        )


def _row(findings: list[Finding]) -> list[Cell]:
    """Return what one rule found as a row."""
    first = findings[0]
    found: Cell = [(Bold(finding.where), f": {finding.message}") for finding in findings]
    return [first.rule, first.severity, found, first.source]


def _sarif(finding: Finding, file: str) -> dict[str, Any]:
    return {
        "ruleId": finding.rule,
        "level": _SARIF_LEVEL[finding.severity],
        "message": {"text": f"{finding.where}: {finding.message}"},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": file}},
                "logicalLocations": [{"fullyQualifiedName": finding.where}],
            }
        ],
    }
