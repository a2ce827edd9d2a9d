"""The form of a specification, for checking and for the JSON Schema; and a model in that form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from arrowroot.text import SAFE_URL
from logicmodels.model import Model

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class Strict(BaseModel):
    """Keys that are not named here are refused, and nothing is converted silently."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, populate_by_name=True
    )


class AssumptionSpec(Strict):
    """What has to be true for a link to work."""

    text: Text
    owner: str = ""
    status: Literal["untested", "supported", "challenged", ""] = ""


class ClaimSpec(Strict):
    """What evidence says about a link."""

    outcome: str = ""
    window: str = ""
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    measure: str = ""
    k: Annotated[int, Field(ge=0)] | None = None
    n: Annotated[int, Field(ge=0)] | None = None
    unit: str = ""
    direction: Literal["supports", "no difference", "conflicting", "adverse", "not stated", ""] = ""
    certainty: Literal["high", "moderate", "low", "very low", ""] = ""
    reasons: list[Text] = []
    search: Literal["done", "not searched"] = "done"
    citation: str = ""
    snapshot: str = ""


class ApplicabilitySpec(Strict):
    """How far a finding applies somewhere else, in one respect."""

    target: Text
    domain: Literal["population", "setting", "resources", "system"]
    judgement: Literal["no important difference", "important difference", "unclear"]
    reason: Text
    finding: str = ""
    by: str = ""
    date: str = ""


class CommentSpec(Strict):
    """What somebody said about a box or arrow."""

    by: Text
    date: Text
    role: str = ""
    agree: Literal["yes", "partly", "no", "unsure", ""] = ""
    text: str = ""
    suggestion: str = ""
    shown: str = ""
    answer: str = ""


class ActionsSpec(Strict):
    """How many actions of one type support a box."""

    type: Text
    count: Annotated[int, Field(ge=0)] = 1


class NodeSpec(Strict):
    """A box."""

    id: Id
    column: Text
    label: Text
    items: list[Text] = []
    who: str = ""
    by: Annotated[str, Field(pattern=r"^([0-9]{4}(-[0-9]{2}){0,2})?$")] = ""
    indicators: list[Text] = []
    harm: bool = False
    note: str = ""
    short: str = ""
    url: Annotated[str, Field(pattern=SAFE_URL)] = ""
    applicability: list[ApplicabilitySpec] = []
    comments: list[CommentSpec] = []
    actions: list[ActionsSpec] = []


class LinkSpec(Strict):
    """An arrow."""

    source: Id = Field(alias="from")
    target: Id = Field(alias="to")
    because: str = ""
    mechanism: str = ""
    role: Literal["necessary", "sufficient", "contributory", ""] = ""
    theory: Literal["implementation", "programme", ""] = ""
    assumptions: list[AssumptionSpec] = []
    no_assumption_because: str = ""
    evidence: list[ClaimSpec] = []
    feedback: bool = False
    mutual: bool = False
    applicability: list[ApplicabilitySpec] = []
    comments: list[CommentSpec] = []


class ViewSpec(Strict):
    """A view that the model defines itself."""

    id: Id
    title: str = ""
    description: str = ""
    columns: list[Text] = []
    nodes: list[Id] = []
    show: Literal["overview", "evidence", "applicability", "implementation", "public"] = "overview"
    theme: Literal["screen", "print", "contrast", ""] = ""


class ChangeSpec(Strict):
    """An entry of the changelog."""

    date: Text
    text: Text
    version: str = ""
    stage: str = ""


class ProcessSpec(Strict):
    """How the model was made."""

    stakeholders: Annotated[int, Field(ge=0)] | None = None
    roles: str = ""
    methods: str = ""
    disagreements: str = ""
    validation: str = ""


class WaiverSpec(Strict):
    """A rule that does not apply."""

    rule: Text
    reason: Text
    on: str = ""


class ModelSpec(Strict):
    """A logic model."""

    spec_version: Literal[1]
    profile: Text
    title: Text
    description: str = ""
    version: str = ""
    date: str = ""
    source: str = ""
    headings: dict[str, Text] = {}
    approach: Literal["a-priori", "staged", "iterative", ""] = ""
    stages: list[Text] = []
    locked: str = ""
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
    cells: list[Text]


class ComparisonSpec(Strict):
    """A table that sets two or three things side by side."""

    spec_version: Literal[1]
    title: Text
    description: str = ""
    version: str = ""
    date: str = ""
    source: str = ""
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
    return _said(model, ModelSpec) | {"spec_version": 1, "profile": model.profile.id}


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
