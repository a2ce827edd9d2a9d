"""Form and record say the same: a field that one has, the other has, with the same default."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from typing import Any

import pytest

from logicmodels import records, side_by_side
from logicmodels.model import Model
from logicmodels.profiles.profile import Column
from logicmodels.source import schema
from logicmodels.source.from_tables import COLUMNS

ELSEWHERE = {
    "ModelSpec": Model,
    "ColumnSpec": Column,
    "RowSpec": side_by_side.Row,
    "ComparisonSpec": side_by_side.SideBySide,
}
ONLY_FORM, ONLY_RECORD = {"spec_version"}, {"origin", "remarks", "opened"}
NOTHING: tuple[Any, ...] = ((), [], {}, None)
"""Lists that are tuples in a record, and headings that a model made in Python has not."""


def default(one: Field[Any]) -> Any:
    return "required" if one.default is MISSING else one.default


FORMS = [
    form for form in schema.Strict.__subclasses__() if form.__module__.startswith("logicmodels.")
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_and_its_record_have_the_same_fields(form: type[schema.Strict]) -> None:
    name = form.__name__
    record = ELSEWHERE.get(name) or getattr(records, name.removesuffix("Spec"))
    held = {one.name: default(one) for one in fields(record) if one.name not in ONLY_RECORD}
    asked = {
        key: "required" if field.is_required() else field.default
        for key, field in form.model_fields.items()
        # Columns of its own become part of the profile.
        if key not in ONLY_FORM and (name, key) != ("ModelSpec", "columns")
    }
    assert asked.keys() == held.keys()
    for key, value in asked.items():
        # A record with links alone, or none, is complete; a file need not say that it has none.
        usual = value in NOTHING and (held[key] in NOTHING or held[key] == "required")
        assert usual or value == held[key], key


@pytest.mark.parametrize(
    ("table", "form"), [("nodes", schema.NodeSpec), ("links", schema.LinkSpec)]
)
def test_the_columns_of_a_table_are_keys_of_a_file(table: str, form: type[schema.Strict]) -> None:
    keys = {field.alias or name for name, field in form.model_fields.items()}
    assert set(COLUMNS[table]) <= keys
