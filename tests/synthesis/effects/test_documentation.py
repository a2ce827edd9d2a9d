"""The page on the extraction sheet names every column, route and rule, as the code has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from synthesis.effects.columns import NUMERIC, WORDS
from synthesis.effects.lint import lint_rules
from synthesis.effects.routes import routes_to

PAGE = (Path(__file__).parents[3] / "docs" / "extraction_sheet.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*NUMERIC, *WORDS])
def test_columns(name):
    meaning = NUMERIC[name].meaning if name in NUMERIC else WORDS[name]
    assert f"| `{name}` | {meaning} |" in PAGE


@pytest.mark.parametrize("measure", ["smd", "md", "or", "rr", "irr", "fisher_z", "logit"])
def test_routes_in_their_order(measure):
    rows = [
        f"| `{route.route}` | {route.needs} | {route.formula} |"
        for route in routes_to(measure).itertuples()
    ]
    assert "\n".join(rows) in PAGE


def test_rules():
    for rule in lint_rules().itertuples():
        assert f"| `{rule.rule}` | {rule.severity} | {rule.reason} |" in PAGE
