"""JSON that reads back as the same model, and the published schema of specifications."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import logicmodels
from logicmodels import LogicModel
from logicmodels.profiles.registry import PROFILES
from logicmodels.source.schema import ModelSpec

ROOT = Path(__file__).parents[3]
SHIPPED = Path(logicmodels.__file__).parent / "logic_model.schema.json"
FOUNDING = sorted((ROOT / "data").glob("*/logic_model.yaml"))
KINDS: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
}


def same(one: LogicModel, other: LogicModel) -> bool:
    keys = [
        name
        for name in ModelSpec.model_fields
        if name not in ("spec_version", "headings", "columns")
    ]
    return all(getattr(one, key) == getattr(other, key) for key in keys if key != "profile") and (
        one.profile == other.profile and dict(one.headings or {}) == dict(other.headings or {})
    )


def test_a_model_reads_back_from_its_json(model: LogicModel, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(model.to_json(), encoding="utf-8")
    assert same(LogicModel.read(path), model)
    assert LogicModel.read(path).fingerprint == model.fingerprint
    assert LogicModel.read(path).to_json() == model.to_json()


def test_keys_stand_as_in_a_specification(model: LogicModel) -> None:
    said = json.loads(model.to_json())
    order = [field.alias or name for name, field in ModelSpec.model_fields.items()]
    assert list(said) == [key for key in order if key in said]
    assert said["spec_version"] == 1
    for link in said["links"]:
        assert list(link)[:2] == ["from", "to"]
        assert "feedback" not in link or link["feedback"] is True, "defaults are left out"


def test_hostile_text_comes_back_as_it_is(hostile: str, hostile_model: LogicModel) -> None:
    text = hostile_model.to_json()
    said = json.loads(text)
    assert said["nodes"][0]["label"] == said["title"] == hostile
    assert all(one.isprintable() or one == "\n" for one in text if one < "\U00010000")
    if "\0" not in hostile:
        assert same(LogicModel.from_text(text), hostile_model)


def found(value: Any, schema: Any, top: Any) -> list[str]:
    """Return what breaks a schema: as much of JSON Schema as the published one uses."""
    known = {
        *("$ref", "$schema", "$defs", "title", "description", "default", "allOf", "anyOf", "if"),
        *("then", "type", "enum", "const", "pattern", "minLength", "maxLength", "minItems"),
        *("minimum", "properties", "required", "additionalProperties", "propertyNames", "items"),
    }
    assert set(schema) <= known, set(schema) - known
    wrong = []
    if "$ref" in schema:
        wrong += found(value, top["$defs"][schema["$ref"].removeprefix("#/$defs/")], top)
    for part in schema.get("allOf", ()):
        wrong += found(value, part, top)
    if "anyOf" in schema and all(found(value, part, top) for part in schema["anyOf"]):
        wrong.append(f"{value!r}: none of the forms")
    if "if" in schema and not found(value, schema["if"], top):
        wrong += found(value, schema["then"], top)
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{value!r} is not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        wrong.append(f"{value!r} is not {schema['const']!r}")
    kind = schema.get("type")
    if kind in ("integer", "number"):
        right = isinstance(value, int if kind == "integer" else int | float)
        if not right or isinstance(value, bool) or value < schema.get("minimum", value):
            wrong.append(f"{value!r} is no {kind}, or too small")
    elif kind and not isinstance(value, KINDS[kind]):
        return [*wrong, f"{value!r} is no {kind}"]
    if isinstance(value, str):
        long = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
        if not long or not re.search(schema.get("pattern", ""), value):
            wrong.append(f"{value!r} has not the length or the form")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            wrong.append("too few entries")
        wrong += [one for entry in value for one in found(entry, schema.get("items", {}), top)]
    if isinstance(value, dict):
        named, further = schema.get("properties", {}), schema.get("additionalProperties", {})
        wrong += [f"{key} is missing" for key in schema.get("required", ()) if key not in value]
        for key, entry in value.items():
            wrong += found(key, schema.get("propertyNames", {}), top)
            if key in named:
                wrong += found(entry, named[key], top)
            elif further is False:
                wrong.append(f"unknown key {key}")
            else:
                wrong += found(entry, further, top)
    return wrong


@pytest.mark.pinned
def test_the_shipped_schema_is_that_of_the_code() -> None:
    """To renew it: write ``LogicModel.json_schema()`` there as the message says."""
    text = json.dumps(LogicModel.json_schema(), indent=2, ensure_ascii=False) + "\n"
    assert SHIPPED.read_text(encoding="utf-8") == text, (
        f"json.dumps(LogicModel.json_schema(), indent=2, ensure_ascii=False) into {SHIPPED.name}"
    )


def test_editors_find_words_for_every_key() -> None:
    schema = LogicModel.json_schema()
    forms = {"model": schema, **schema["$defs"]}
    bare = [
        f"{name}.{key}"
        for name, form in forms.items()
        for key, value in form["properties"].items()
        if not value.get("description")
    ]
    assert bare == []
    assert all(form["description"] for form in forms.values())
    for form in forms.values():
        for value in form["properties"].values():
            assert "``" not in value["description"]


@pytest.mark.parametrize("path", FOUNDING, ids=lambda path: path.parent.name)
def test_founding_files_keep_to_the_schema(path: Path) -> None:
    tree = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    schema = LogicModel.json_schema()
    assert found(tree, schema, schema) == []


def test_what_models_export_keeps_to_the_schema(model: LogicModel) -> None:
    schema = LogicModel.json_schema()
    assert found(json.loads(model.to_json()), schema, schema) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"titel": "x"}, "unknown key titel"),
        ({"profile": "wisconson"}, "'wisconson' is not one of"),
        ({"profile": "wisconsin"}, "'interventions' is not one of"),
        ({"headings": {"impacts": "x"}}, "'impacts' is not one of"),
        ({"nodes": []}, "too few entries"),
        ({"spec_version": 2}, "2 is not one of [1, '1']"),
        ({"links": [{"from": "a"}]}, "[{'from': 'a'}]: none of the forms"),
        ({"links": [{"from": "a b", "to": "b"}]}, "'to': 'b'}]: none of the forms"),
        ({"links": ["a to b"]}, "['a to b']: none of the forms"),
        ({"stages": "one"}, "'one': none of the forms"),
        ({"title": ["T"]}, "['T']: none of the forms"),
    ],
)
def test_slips_break_the_schema(change: dict[str, Any], complaint: str) -> None:
    tree = {
        "spec_version": 1,
        "profile": "evidence-pathway",
        "title": "T",
        "nodes": [{"id": "a", "column": "interventions", "label": "A"}],
    }
    schema = LogicModel.json_schema()
    assert found(tree, schema, schema) == []
    assert any(complaint in one for one in found(tree | change, schema, schema))


TYPED = """\
spec_version: "1"
profile: theory-of-change
title: 2027
version: 1.0
date: 2026
source:
nodes:
  - {id: 1, column: activities, label: 12, harm: No, by: 2027}
  - {id: b, column: outcomes, label: true, harm: yes, actions: [{type: x, count: "3"}], note: }
  - {id: c, column: impact, label: C, harm: true}
links:
  - {from: 1, to: [b, c]}
  - {from: 1, to: "b, c"}
  - 1 -> b
  - b → c: they talk
  - {from: b, to: c, evidence: [{estimate: "0.2", k: 3, n: "12", certainty: low}]}
waivers: {C05: in the protocol}
views:
"""


def test_editors_accept_what_people_type() -> None:
    schema = LogicModel.json_schema()
    assert found(YAML(typ="safe").load(TYPED), schema, schema) == []
    faulty = TYPED.replace("by: 2027", "by: soon").replace("harm: yes", "harm: perhaps")
    assert found(YAML(typ="safe").load(faulty), schema, schema) == [
        "'soon': none of the forms",
        "'perhaps': none of the forms",
    ]


def test_every_profile_completes_its_own_columns() -> None:
    rules = LogicModel.json_schema()["allOf"]
    listed = {
        rule["if"]["properties"]["profile"]["const"]: rule["then"]["properties"]["nodes"]["items"][
            "properties"
        ]["column"]["enum"]
        for rule in rules
    }
    assert listed == {
        name: [column.id for column in profile.columns] for name, profile in PROFILES.items()
    }
