"""The form of a YAML file that describes a tool for risk of bias."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from arrowroot.specs.form import Strict, Switch, Text, Words


class QuestionForm(Strict):
    """A signalling question; see `synthesis.appraisal.risk_of_bias.tools.tool.Question`."""

    id: Text
    text: Words = ""
    guidance: Words = ""
    asked_if: list[dict[str, Text]] = Field(default_factory=list)
    no_information: Switch = True
    not_applicable: Switch = False
    free: Switch = False
    like: Words = ""


class DomainForm(Strict):
    """A domain; see `synthesis.appraisal.risk_of_bias.tools.tool.Domain`."""

    code: Text
    about: Text
    kind: Literal["bias", "applicability"] = "bias"
    also: Words = ""
    effect: Literal["", "assignment", "adhering"] = ""
    judgements: list[Text] = Field(default_factory=list)
    questions: list[QuestionForm] = Field(default_factory=list)


class ToolForm(Strict):
    """A tool; see `synthesis.appraisal.risk_of_bias.tools.tool.Tool`."""

    name: Text
    source: Words = ""
    lead: Words = ""
    like: Words = ""
    judgements: list[Text]
    overall: list[Text] = Field(default_factory=list)
    has_overall: Switch = True
    also_drawn: list[Text] = Field(default_factory=list)
    domains: list[DomainForm]
