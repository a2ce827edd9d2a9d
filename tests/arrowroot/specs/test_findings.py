from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from arrowroot.specs.findings import LEVELS, Checked, as_sarif, sarif_result
from logicmodels.rules.report import Report
from logicmodels.rules.rule import SEVERITIES as OF_MODELS
from synthesis.review.findings import SEVERITIES as OF_REVIEWS
from synthesis.review.findings import Findings


@dataclass(frozen=True)
class Slip:
    """A finding, made up for these tests."""

    rule: str
    severity: str


class Slips(Checked[Slip]):
    severities = ("error", "warn")

    def __init__(self, *findings: Slip) -> None:
        self.findings = findings

    def _title(self) -> str:
        return "Slips"


@pytest.mark.parametrize(
    ("severities", "code", "counts"),
    [
        ((), 0, {"error": 0, "warn": 0}),
        (("warn",), 0, {"error": 0, "warn": 1}),
        (("warn", "error", "warn"), 1, {"error": 1, "warn": 2}),
    ],
)
def test_an_error_alone_changes_the_exit_code(severities, code: int, counts) -> None:
    found = Slips(*(Slip("A1", one) for one in severities))
    assert (found.exit_code, found.ok, found.counts()) == (code, not code, counts)
    assert (len(found), [one.severity for one in found]) == (len(severities), list(severities))
    assert [one.severity for one in found.errors()] == ["error"] * code


@pytest.mark.parametrize("kind", [Report, Findings])
def test_models_and_reviews_have_the_same_findings(kind: type[Checked]) -> None:
    assert issubclass(kind, Checked)
    for name in ("ok", "exit_code", "errors", "counts", "__iter__", "__len__"):
        assert getattr(kind, name) is getattr(Checked, name), name


def test_every_severity_has_a_level_of_sarif() -> None:
    assert {LEVELS[one] for one in (*OF_MODELS, *OF_REVIEWS)} == {"error", "warning", "note"}
    assert [LEVELS[one] for one in OF_MODELS] == [LEVELS[one] for one in OF_REVIEWS]


def test_sarif_has_a_line_or_a_part_only_where_there_is_one() -> None:
    slip = Slip("A1", "warn")
    (run,) = json.loads(
        as_sarif(
            [{"id": "A1"}],
            [
                sarif_result(slip, "Two’s", "a.yaml", line=4),
                sarif_result(slip, "Whole", "a.yaml", part="node a"),
            ],
        )
    )["runs"]
    first, second = run["results"]
    assert (first["ruleId"], first["level"], first["message"]) == (
        "A1",
        "warning",
        {"text": "Two’s"},
    )
    uri = {"uri": "a.yaml"}
    assert first["locations"] == [
        {"physicalLocation": {"artifactLocation": uri, "region": {"startLine": 4}}}
    ]
    assert second["locations"] == [
        {
            "physicalLocation": {"artifactLocation": uri},
            "logicalLocations": [{"fullyQualifiedName": "node a"}],
        }
    ]
