"""The form of a specification, for checking and for the published JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=60)]


class Strict(BaseModel):
    """Keys that are not named here are refused, and nothing is converted silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class AssumptionSpec(Strict):
    """What has to hold for a link to work."""

    text: Text
    owner: str = ""
    status: Literal["untested", "supported", "challenged", ""] = ""


class NodeSpec(Strict):
    """A box."""

    id: Id
    column: Text
    label: Text
    items: list[Text] = []
    who: str = ""
    note: str = ""


class LinkSpec(Strict):
    """An arrow."""

    source: Id = Field(alias="from")
    target: Id = Field(alias="to")
    because: str = ""
    mechanism: str = ""
    assumptions: list[AssumptionSpec] = []
    feedback: bool = False


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
    nodes: Annotated[list[NodeSpec], Field(min_length=1)]
    links: list[LinkSpec] = []
