"""A model as JSON, and the JSON Schema with which editors complete and check a specification.

The rules of the schema are those of `logicmodels.source.schema`; its descriptions are those of the
records that a specification becomes, so that each is written only once.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

from logicmodels import records
from logicmodels.model import Model
from logicmodels.profiles.profile import Column
from logicmodels.profiles.registry import PROFILES
from logicmodels.source.schema import ModelSpec, plain

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_ENTRY = re.compile(r"^(\w+(?:, \w+)*) : .*$", re.MULTILINE)
_BY_RULE = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
"""Waivers in one line, such as {C05: the reason}."""
_EMPTY = {"type": "null"}
_ARROW = "->|\u2192"
_LINES = (
    {"type": "string", "pattern": _ARROW, "description": "An arrow, as in a -> b."},
    {
        "type": "object",
        "propertyNames": {"pattern": _ARROW},
        "additionalProperties": {"anyOf": [{"type": "string"}, _EMPTY]},
        "description": "An arrow and why it should hold, as in a -> b: reason.",
    },
)
"""Arrows in a line of their own."""
_NAMES = {"from": "source", "to": "target"}
"""Keys that have another name in the records."""
_FURTHER = {
    "ModelSpec": {
        "spec_version": "The version of this format: 1.",
        "title": "What the model is called; printed above its figure.",
        "columns": "Columns of its own, in the order of the arrows, instead of the profile's; a "
        "column of the profile may be named by its id alone.",
        "description": "What it shows, in a sentence or two, for those who cannot see the figure.",
    },
    "AssumptionSpec": {
        "text": "What has to be true.",
        "owner": "Who monitors it.",
        "status": "Whether it was tested.",
    },
    "ChangeSpec": {
        "date": "When it was changed.",
        "text": "What was changed, and why.",
        "version": "The version that resulted.",
        "stage": "The stage at which it was changed.",
    },
    "ActionsSpec": {
        "type": "The type of the actions, such as patient oriented.",
        "count": "How many there are; 0 if they were looked for and none was found.",
    },
    "ProcessSpec": {
        "stakeholders": "How many people took part.",
        "roles": "The roles in which they took part.",
        "methods": "How they worked.",
        "disagreements": "Where they disagreed, and what was done about it.",
        "validation": "How the model was validated.",
    },
    "WaiverSpec": {
        "rule": "The rule's id, such as C02.",
        "reason": "Why it does not apply.",
        "on": "Where: node id, or link id -> id; everywhere if left out.",
    },
}
"""Keys described only here, and those of records so short that their docstring is one line."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a specification; see `LogicModel.json_schema`."""
    schema = ModelSpec.model_json_schema(by_alias=True)
    definitions = schema.pop("$defs")
    _tell(schema, "ModelSpec", Model)
    for name, definition in definitions.items():
        own = Column if name == "ColumnSpec" else getattr(records, name.removesuffix("Spec"))
        _tell(definition, name, own)
    schema["properties"]["links"]["items"] = {"anyOf": [{"$ref": "#/$defs/LinkSpec"}, *_LINES]}
    # Whether a box needs a column depends on the profile.
    definitions["NodeSpec"]["required"].remove("column")
    # A column of the profile may be named by its id alone.
    definitions["ColumnSpec"]["required"] = ["id"]
    schema["properties"]["columns"]["items"] = {
        "anyOf": [{"$ref": "#/$defs/ColumnSpec"}, {"type": "string"}]
    }
    waivers = schema["properties"]["waivers"]
    waivers["anyOf"] = [{"type": "array", "items": waivers.pop("items")}, _BY_RULE]
    del waivers["type"]
    for definition in (schema, *definitions.values()):
        _may_be_empty(definition)
    profile = schema["properties"]["profile"]
    del profile["anyOf"]
    profile |= {"type": "string", "enum": list(PROFILES)}
    return {
        "$schema": DIALECT,
        "title": "Logic model",
        **{key: value for key, value in schema.items() if key != "title"},
        "allOf": [_columns(name) for name in PROFILES],
        "$defs": definitions,
    }


def _may_be_empty(definition: dict[str, Any]) -> None:
    """Let optional keys stand without a value, as in a file that somebody begins to fill in."""
    for key, value in definition["properties"].items():
        if key in definition.get("required", ()):
            continue
        kept = {name: value.pop(name) for name in ("default", "description") if name in value}
        forms = value["anyOf"] if list(value) == ["anyOf"] else [dict(value)]
        value.clear()
        value["anyOf"] = forms if _EMPTY in forms else [*forms, _EMPTY]
        value |= kept


def _tell(definition: dict[str, Any], name: str, record: type) -> None:
    """Describe the keys of a form in the words of its record, and remove pydantic's titles."""
    definition.pop("title", None)
    words = _attributes(record) | _FURTHER.get(name, {})
    for key, value in definition["properties"].items():
        value.pop("title", None)
        said = words.get(_NAMES.get(key, key))
        if said:
            value["description"] = said


def _attributes(record: type) -> dict[str, str]:
    """Return what a docstring's list of attributes says of each."""
    _, _, listed = inspect.cleandoc(record.__doc__ or "").partition("Attributes\n----------\n")
    _, *parts = _ENTRY.split(listed)
    found: dict[str, str] = {}
    for names, said in zip(parts[::2], parts[1::2], strict=True):
        text = " ".join(said.split("\n\n")[0].split()).replace("``", '"').replace('""', '"')
        found |= dict.fromkeys(names.split(", "), text)
    return found


def _columns(profile: str) -> dict[str, Any]:
    """Return the rule that a file of a profile names that profile's columns."""
    names = {"enum": [column.id for column in PROFILES[profile].columns]}
    column: dict[str, Any] = {"properties": {"column": names}}
    if not PROFILES[profile].free:
        column["required"] = ["column"]
    return {
        "if": {
            "properties": {"profile": {"const": profile}, "columns": {"maxItems": 0}},
            "required": ["profile"],
        },
        "then": {"properties": {"nodes": {"items": column}, "headings": {"propertyNames": names}}},
    }


def to_json(model: Model) -> str:
    r"""Return a model as JSON text; see `LogicModel.to_json`.

    Letters of every script are kept. Invisible characters are written as ``\u`` and their number,
    so that readers of YAML, for which JSON is YAML too, read the same text.
    """
    text = json.dumps(plain(model), ensure_ascii=False, indent=2)
    return "".join(map(_seen, text)) + "\n"


def _seen(character: str) -> str:
    if character.isprintable() or character == "\n" or ord(character) > 0xFFFF:
        return character
    return f"\\u{ord(character):04x}"
