"""What a check found, in the forms that people and programs read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from arrowroot.display import Bold, Cell, html_table
from arrowroot.specs.findings import LEVELS, Checked, as_json, as_sarif, sarif_result
from arrowroot.text import counted
from logicmodels.frames import Tabular
from logicmodels.records import Waiver
from logicmodels.rules.rule import SEVERITIES, Finding, Rule

_COLUMNS = ("rule", "severity", "found", "source")
_FEW = 4
"""How many findings of one rule a notebook shows at once: a draft can break the same rule at
every arrow, and the other rules should still be noticed."""
_MOST = 3
"""How many rules the report begins with, if it has more."""
_AREAS = "SECAPW"
"""Which of two rules of one severity matters more, by their first letter: structure, evidence and
claims before how the model is described, how it was made and how it is worded."""
_KINDS = {"link": "arrow", "node": "box", "column": "column"}


@dataclass(frozen=True, eq=False, repr=False)
class Report(Tabular, Checked[Finding]):
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

    severities = SEVERITIES

    title: str
    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]
    rules: tuple[Rule, ...]
    remarks: tuple[str, ...] = ()

    def to_records(self) -> list[dict[str, str]]:
        """Return the findings as rows."""
        return [asdict(finding) for finding in self.findings]

    @property
    def _columns(self) -> Sequence[str]:
        return [field.name for field in fields(Finding)]

    def to_json(self) -> str:
        """Return the findings and the waived ones as JSON."""
        waived = [{**asdict(finding), "reason": waiver.reason} for finding, waiver in self.waived]
        return as_json({"model": self.title, "findings": self.to_records(), "waived": waived})

    def to_sarif(self, file: str = "logic_model.yaml") -> str:
        """Return the findings as SARIF 2.1.0, which code hosts show beside the file."""
        rules = [
            {
                "id": rule.id,
                "shortDescription": {"text": rule.title},
                "help": {"text": rule.source},
                "defaultConfiguration": {"level": LEVELS[rule.severity]},
            }
            for rule in self.rules
        ]
        found = [_sarif(one, file) for one in self.findings]
        waived = [
            {
                **_sarif(one, file),
                "suppressions": [{"kind": "inSource", "justification": waiver.reason}],
            }
            for one, waiver in self.waived
        ]
        return as_sarif(rules, [*found, *waived])

    def __str__(self) -> str:
        """Return the findings as text, what one rule finds in many places together."""
        rows = [row for findings in self._by_rule() for row in _lines(findings)]
        return self._as_text([*self._most(), *rows], folded=len(rows) < len(self.findings))

    def full(self) -> str:
        """Return the findings as text, one per line."""
        return self._as_text([*self._most(), *map(_line, self.findings)], folded=False)

    def _as_text(self, rows: Sequence[str], *, folded: bool) -> str:
        waived = [f"  waived {line}" for line in self._waived()]
        more = ["  Each finding on its own line: full() or to_frame()."] if folded else []
        remarks = [f"  {remark}" for remark in self.remarks]
        return "\n".join([self._title(), *rows, *waived, *more, *remarks])

    def _most(self) -> list[str]:
        """Return the rules that matter most, if there are more than these."""
        rows = [f"  {number}. {text}" for number, text in enumerate(self._first_rules(), start=1)]
        return ["  What matters most:", *rows, "  All findings:"] if rows else []

    def _first_rules(self) -> list[str]:
        by_rule = self._by_rule()
        if len(by_rule) <= _MOST:
            return []
        titles = {rule.id: rule.title for rule in self.rules}
        ranked = sorted(by_rule, key=_rank)
        return [
            f"{found[0].rule} ({titles.get(found[0].rule, '')}), {_where(found)}: "
            f"{found[0].message}"
            for found in ranked[:_MOST]
        ]

    def _by_rule(self) -> list[list[Finding]]:
        """Return the findings of each rule, in the order of the findings."""
        by_rule: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.findings:
            by_rule.setdefault((finding.rule, finding.severity), []).append(finding)
        return list(by_rule.values())

    def _waived(self) -> list[str]:
        """Return each waiver with its reason and what it set aside."""
        by_waiver: dict[Waiver, list[Finding]] = {}
        for finding, waiver in self.waived:
            by_waiver.setdefault(waiver, []).append(finding)
        return [
            f"{waiver.rule} {_where(found)}: {waiver.reason}" for waiver, found in by_waiver.items()
        ]

    def _title(self) -> str:
        counts = ", ".join(f"{count} {severity}" for severity, count in self.counts().items())
        waived = f", {len(self.waived)} waived" if self.waived else ""
        return f"{self.title}: {counts}{waived}; {len(self.rules)} rules checked"

    def _headings(self) -> Sequence[str]:
        return _COLUMNS

    def _rows(self) -> Sequence[Sequence[Cell]]:
        return [_row(findings) for findings in self._by_rule()]

    def _notes(self) -> Sequence[str]:
        return (*(f"waived {line}" for line in self._waived()), *self.remarks)

    def _repr_html_(self) -> str:
        first = [[str(number), text] for number, text in enumerate(self._first_rules(), start=1)]
        most = html_table("What matters most", ("", "found"), first) if first else ""
        return most + html_table(
            self._title(), self._headings(), self._rows(), notes=self._notes(), folded=_FEW
        )


def _rank(findings: Sequence[Finding]) -> tuple[int, int]:
    first = findings[0]
    area = _AREAS.find(first.rule[:1])
    return SEVERITIES.index(first.severity), len(_AREAS) if area < 0 else area


def _where(findings: Sequence[Finding], more: str = "") -> str:
    """Return the place of one finding, or how many boxes or arrows there are with one."""
    if len(findings) == 1 and not more:
        return findings[0].where
    kinds = {finding.where.partition(" ")[0] for finding in findings}
    kind = _KINDS.get(kinds.pop(), "place") if len(kinds) == 1 else "place"
    places = len({finding.where for finding in findings})
    return f"in {counted(places, more + kind, f'{more}boxes' if kind == 'box' else '')}"


def _line(finding: Finding) -> str:
    return (
        f"  {finding.severity:<5} {finding.rule}  {finding.where}: {finding.message}"
        f" ({finding.source})"
    )


def _lines(findings: Sequence[Finding]) -> list[str]:
    """Return what one rule found: a line for each, or one line for many with the same message."""
    first = findings[0]
    if len(findings) <= _FEW + 1:
        return list(map(_line, findings))
    start = f"  {first.severity:<5} {first.rule}"
    if len({finding.message for finding in findings}) == 1:
        return [f"{start}  {_where(findings)}: {first.message} ({first.source})"]
    rest = findings[_FEW:]
    return [*map(_line, findings[:_FEW]), f"{start}  and {_where(rest, 'more ')} ({first.source})"]


def _row(findings: list[Finding]) -> list[Cell]:
    """Return what one rule found as a row."""
    first = findings[0]
    found: Cell = [(Bold(finding.where), f": {finding.message}") for finding in findings]
    many = f" ({_where(findings)})" if len(findings) > _FEW + 1 else ""
    return [f"{first.rule}{many}", first.severity, found, first.source]


def _sarif(finding: Finding, file: str) -> dict[str, object]:
    text = f"{finding.where}: {finding.message}"
    return sarif_result(finding, text, file, part=finding.where)
