"""The form of a specification, for checking and for the JSON Schema; and a model in that form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from arrowroot.specs.form import (
    AnyCase,
    Number,
    Strict,
    Switch,
    Text,
    Whole,
    Words,
    as_text,
    as_whole,
)
from arrowroot.text import SAFE_URL, trimmed
from logicmodels.model import Model
from logicmodels.source.links import ID_FORM as _ID_FORM

_DAY_FORM = (
    r"^([0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]))?"
    r"|-(0[13-9]|1[0-2])-30|-(0[13578]|1[02])-31)?)?$"
)
"""A year, month or day that a calendar has; leap years are not told apart."""
_ID = {"type": "string", "pattern": _ID_FORM, "maxLength": 60}
_NUMBER = {"type": "integer", "minimum": 0}
_ONE = {"anyOf": [_ID, _NUMBER]}
_IDS = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_-]*(\s*[,;]\s*[A-Za-z0-9_-]+)*$"}
_DAY = {"type": "string", "pattern": _DAY_FORM}
_OF_ID = Field(pattern=_ID_FORM, max_length=60)
Id = Annotated[str, _OF_ID, BeforeValidator(as_text), WithJsonSchema(_ONE)]
"""The name of a box; spreadsheets number them."""
End = Annotated[
    str,
    _OF_ID,
    BeforeValidator(as_text),
    WithJsonSchema({"anyOf": [_IDS, _NUMBER, {"type": "array", "minItems": 1, "items": _ONE}]}),
]
"""Where an arrow begins or ends; several in a file are several arrows (`source.links`)."""
Day = Annotated[
    str,
    Field(pattern=_DAY_FORM),
    BeforeValidator(as_text),
    WithJsonSchema({"anyOf": [_DAY, {"type": "integer", "minimum": 1000}]}),
]
"""A year, a month or a day."""
Format = Annotated[
    Literal[1],
    BeforeValidator(as_whole),
    WithJsonSchema({"enum": [1, "1"]}),
]


def _blank(value: object) -> object:
    """Return an empty text for a cell with nothing in it, or nothing that is visible."""
    return "" if value is None or (isinstance(value, str) and not trimmed(value)) else value


Cell = Annotated[Words, BeforeValidator(_blank)]
"""A cell of a comparison, which may be blank."""


_SIGNS = {
    **dict.fromkeys(("positive", "plus", "same", "more", "s", "\N{FULLWIDTH PLUS SIGN}"), "+"),
    **dict.fromkeys(("negative", "minus", "opposite", "less", "o", "\N{MINUS SIGN}", "–"), "-"),
    **dict.fromkeys(("unclear", "mixed", "depends", "either"), "?"),
}
"""What people write for a polarity."""


def _sign(value: object) -> object:
    return _SIGNS.get(value.strip().lower(), value.strip()) if isinstance(value, str) else value


Polarity = Annotated[Literal["+", "-", "?", ""], BeforeValidator(_sign)]
"""How an effect moves if there is more of its cause."""


LONGEST_LABEL = 80
"""Characters of the label of an arrow."""


Label = Annotated[
    str,
    BeforeValidator(as_text),
    WithJsonSchema({"type": "string", "maxLength": LONGEST_LABEL}),
]
"""A few words printed on an arrow; `source.structure` counts them."""
File = Annotated[
    str,
    BeforeValidator(as_text),
    WithJsonSchema({"type": "string", "pattern": r"^$|^[^/\\:][^\\:]*\.ya?ml$"}),
]
"""A file in the folder of the model or beneath it; `source.structure` looks at each step of it."""


def _per_cent(value: object) -> object:
    text = value.strip() if isinstance(value, str) else value
    return as_whole(text.removesuffix("%").strip()) if isinstance(text, str) else as_whole(text)


Confidence = Annotated[
    int,
    Field(ge=0, le=100),
    BeforeValidator(_per_cent),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": 100},
                {"type": "string", "pattern": r"^\s*(100|[0-9]{1,2})\s*%?\s*$"},
            ]
        }
    ),
]
"""A number from 0 to 100, with or without the sign of per cent."""


class AssumptionSpec(Strict):
    """What has to be true for a link to work."""

    text: Text
    owner: Words = ""
    status: AnyCase[Literal["untested", "supported", "challenged", ""]] = ""


class ClaimSpec(Strict):
    """What evidence says about a link."""

    outcome: Words = ""
    window: Words = ""
    estimate: Number | None = None
    ci_low: Number | None = None
    ci_high: Number | None = None
    measure: Words = ""
    k: Whole | None = None
    n: Whole | None = None
    unit: Words = ""
    direction: AnyCase[
        Literal["supports", "no difference", "conflicting", "adverse", "not stated", ""]
    ] = ""
    certainty: AnyCase[Literal["high", "moderate", "low", "very low", ""]] = ""
    reasons: list[Text] = []
    search: AnyCase[Literal["done", "not searched"]] = "done"
    citation: Words = ""
    snapshot: Words = ""


class ApplicabilitySpec(Strict):
    """How far a finding applies somewhere else, in one respect."""

    target: Text
    domain: AnyCase[Literal["population", "setting", "resources", "system"]]
    judgement: AnyCase[Literal["no important difference", "important difference", "unclear"]]
    reason: Text
    finding: Words = ""
    by: Words = ""
    date: Words = ""


class CommentSpec(Strict):
    """What somebody said about a box or arrow."""

    by: Text
    date: Text
    role: Words = ""
    agree: AnyCase[Literal["yes", "partly", "no", "unsure", ""]] = ""
    text: Words = ""
    suggestion: Words = ""
    shown: Words = ""
    answer: Words = ""


class ActionsSpec(Strict):
    """How many actions of one type support a box."""

    type: Text
    count: Whole = 1


class NodeSpec(Strict):
    """A box."""

    id: Id
    column: Text
    label: Text
    items: list[Text] = []
    who: Words = ""
    by: Day = ""
    indicators: list[Text] = []
    harm: Switch = False
    note: Words = ""
    short: Words = ""
    url: Annotated[str, Field(pattern=SAFE_URL)] = ""
    applicability: list[ApplicabilitySpec] = []
    comments: list[CommentSpec] = []
    actions: list[ActionsSpec] = []
    group: Words = ""
    tags: list[Text] = []
    owner: Words = ""
    acts_on: list[Text] = []
    model: File = ""


class LinkSpec(Strict):
    """An arrow."""

    source: End = Field(alias="from")
    target: End = Field(alias="to")
    because: Words = ""
    mechanism: Words = ""
    role: AnyCase[Literal["necessary", "sufficient", "contributory", ""]] = ""
    theory: AnyCase[Literal["implementation", "programme", ""]] = ""
    assumptions: list[AssumptionSpec] = []
    no_assumption_because: Words = ""
    evidence: list[ClaimSpec] = []
    feedback: Switch = False
    mutual: Switch = False
    applicability: list[ApplicabilitySpec] = []
    comments: list[CommentSpec] = []
    polarity: Polarity = ""
    delay: Switch = False
    label: Label = ""
    confidence: Confidence | None = None


class ColumnSpec(Strict):
    """A column of the model's own."""

    id: Id
    heading: Text
    kind: AnyCase[
        Literal["situation", "input", "activity", "participation", "outcome", "impact", "context"]
    ]
    note: Words = ""
    group: Words = ""
    bar: Switch = False


class ViewSpec(Strict):
    """A view that the model defines itself."""

    id: Id
    title: Words = ""
    description: Words = ""
    columns: list[Text] = []
    nodes: list[Id] = []
    show: AnyCase[Literal["overview", "evidence", "applicability", "implementation", "public"]] = (
        "overview"
    )
    theme: AnyCase[Literal["screen", "print", "contrast", ""]] = ""
    tags: list[Text] = []
    owners: list[Text] = []


class ChangeSpec(Strict):
    """An entry of the changelog."""

    date: Text
    text: Text
    version: Words = ""
    stage: Words = ""


class ProcessSpec(Strict):
    """How the model was made."""

    stakeholders: Whole | None = None
    roles: Words = ""
    methods: Words = ""
    disagreements: Words = ""
    validation: Words = ""


class WaiverSpec(Strict):
    """A rule that does not apply."""

    rule: Text
    reason: Text
    on: Words = ""


class ModelSpec(Strict):
    """A logic model."""

    spec_version: Format
    profile: Text
    title: Text
    description: Words = ""
    version: Words = ""
    date: Words = ""
    source: Words = ""
    columns: list[ColumnSpec] = []
    headings: dict[str, Text] = {}
    approach: AnyCase[Literal["a-priori", "staged", "iterative", ""]] = ""
    stages: list[Text] = []
    locked: Words = ""
    nodes: Annotated[list[NodeSpec], Field(min_length=1)]
    links: list[LinkSpec] = []
    changelog: list[ChangeSpec] = []
    process: ProcessSpec | None = None
    used_for: list[Text] = []
    views: list[ViewSpec] = []
    waivers: list[WaiverSpec] = []


class RowSpec(Strict):
    """A row of a comparison: the respect, and what applies to each thing compared."""

    heading: Text
    cells: list[Cell]


class ComparisonSpec(Strict):
    """A table that sets up to six things side by side."""

    spec_version: Format
    title: Text
    description: Words = ""
    version: Words = ""
    date: Words = ""
    source: Words = ""
    columns: list[Text]
    rows: Annotated[list[RowSpec], Field(min_length=1)]


def plain(model: Model) -> dict[str, Any]:
    """Return what a specification of the model says: mappings, lists, text and numbers.

    Parameters
    ----------
    model : Model
        Any model, including one made in Python.

    Returns
    -------
    dict
        Keys as named and ordered in `ModelSpec`; defaults are left out.
    """
    said = _said(model, ModelSpec) | {"spec_version": 1, "profile": model.profile.id}
    if model.profile.own:
        said["columns"] = [_said(column, ColumnSpec) for column in model.profile.columns]
        said = {key: said[key] for key in _keys(ModelSpec) if key in said}
    if model.profile.free:
        for node in said["nodes"]:
            del node["column"]
    return said


def _keys(form: Any) -> list[str]:
    return [field.alias or name for name, field in form.model_fields.items()]


def _said(record: Any, form: Any) -> dict[str, Any]:
    said = {}
    for name, field in form.model_fields.items():
        value = _value(getattr(record, name, None))
        if field.is_required() or value not in (None, field.default):
            said[field.alias or name] = value
    return said


def _value(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_value(entry) for entry in value]
    if isinstance(value, Mapping):
        return dict(value)
    form = globals().get(f"{type(value).__name__}Spec")
    return value if form is None else _said(value, form)
