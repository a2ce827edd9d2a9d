"""The file of a Delphi rule; apart, because the reader of YAML files loads pydantic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from arrowroot.specs.form import Number, Strict, Text, Whole, read_form


class RuleForm(Strict):
    """The keys of the file; `DelphiRule` says what they mean and checks the values."""

    consensus: Text
    rounds: Whole
    decided: Text
    scale: list[Whole] | None = None
    agree: list[Whole] | None = None
    at_least: Number | None = None
    against: list[Whole] | None = None
    under: Number | None = None
    outside: Whole | None = None
    iqr_at_most: Number | None = None
    stable_at: Number | None = None
    of: Text = "rated"
    quantiles: Text = "weibull"


def read_rule(path: Path) -> dict[str, Any]:
    """Return the keys of a rule's file and their values."""
    form = read_form(path, RuleForm, "the rule of a Delphi study")
    return dict(form.model_dump(exclude_none=True))
