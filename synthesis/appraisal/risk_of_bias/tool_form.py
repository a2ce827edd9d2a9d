"""The form of a YAML file that describes a tool for risk of bias."""

from __future__ import annotations

from typing import Literal

from arrowroot.specs.form import Strict, Switch, Text, Words


class QuestionForm(Strict):
    """A signalling question; see `synthesis.appraisal.risk_of_bias.tools.Question`."""

    id: Text
    text: Words = ""
    guidance: Words = ""
    asked_if: list[dict[str, Text]] = []
    no_information: Switch = True
    not_applicable: Switch = False
    free: Switch = False
    like: Words = ""


class DomainForm(Strict):
    """A domain; see `synthesis.appraisal.risk_of_bias.tools.Domain`."""

    code: Text
    about: Text
    kind: Literal["bias", "applicability"] = "bias"
    also: Words = ""
    effect: Literal["", "assignment", "adhering"] = ""
    judgements: list[Text] = []
    questions: list[QuestionForm] = []


class ToolForm(Strict):
    """A tool; see `synthesis.appraisal.risk_of_bias.tools.Tool`."""

    name: Text
    source: Words = ""
    lead: Words = ""
    like: Words = ""
    judgements: list[Text]
    overall: list[Text] = []
    has_overall: Switch = True
    also_drawn: list[Text] = []
    domains: list[DomainForm]
