"""The form of ``review.yaml``: which keys there are, and what each must hold."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from arrowroot.specs.form import (
    AnyCase,
    Number,
    Strict,
    Switch,
    Text,
    Whole,
    Words,
    as_number,
    as_text,
)
from arrowroot.text import SAFE_URL

TESTS = ("egger", "peters", "rank", "trim_and_fill", "pet_peese")
"""Small-study tests by name, each with at least as many studies as the plan asks for."""
PLACEHOLDERS = ("Title of the review", "Your name")
"""What the template has in place of a title and of a person."""
_ID = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
Id = Annotated[str, Field(pattern=_ID, max_length=60), BeforeValidator(as_text)]
"""The name of an outcome, a window, a comparison or an analysis, as dotted names contain it."""
Limits = Annotated[list[Number | None], Field(min_length=2, max_length=2)]
"""Two numbers; an empty second one means no end."""


def _as_list(value: Any) -> Any:
    """Return a single text as a list of it: ``subgroups: team`` is ``subgroups: [team]``."""
    return [value] if isinstance(value, str) else value


def _as_entries(value: Any) -> Any:
    """Return a single mapping as a list of it: one tool needs no list."""
    return [value] if isinstance(value, dict) else value


Several = Annotated[list[Text], BeforeValidator(_as_list)]
Boundaries = Annotated[list[Number], BeforeValidator(_as_list)]
"""One number, or up to three."""


class Person(Strict):
    """Somebody who works on the review."""

    name: Text
    role: Words = ""
    affiliation: Words = ""
    orcid: Words = ""
    email: Words = ""


class Registration(Strict):
    """Where the review was registered or its protocol published."""

    id: Words = ""
    url: Annotated[str, Field(pattern=SAFE_URL), BeforeValidator(as_text)] = ""
    date: Words = ""


class Question(Strict):
    """What the review asks."""

    population: Words = ""
    intervention: Words = ""
    comparator: Words = ""
    setting: Words = ""
    designs: Words = ""
    text: Words = ""


class WindowForm(Strict):
    """A time window of follow-up; `synthesis.outcomes.Window`."""

    id: Id
    label: Words = ""
    days: Limits | None = None
    weeks: Limits | None = None
    months: Limits | None = None


class InstrumentForm(Strict):
    """A scale or questionnaire; `synthesis.outcomes.Instrument`."""

    id: Text
    label: Words = ""
    range: Limits | None = None
    mid: Number | None = None
    direction: Words = ""


class OutcomeForm(Strict):
    """An outcome; `synthesis.outcomes.Outcome`."""

    id: Id
    label: Words = ""
    measure: Words = "smd"
    direction: Words = ""
    mid: Number | None = None
    importance: Words = ""
    baseline: Number | None = None
    box: Words = ""
    windows: list[WindowForm] = []
    instruments: list[InstrumentForm] = []


class Comparison(Strict):
    """What is compared with what."""

    id: Id
    label: Words = ""
    treated: Words = "intervention"
    control: Words = "control"
    box: Words = ""

    @property
    def name(self) -> str:
        """The label, or the two arms where there is none."""
        return self.label or f"{self.treated} against {self.control}"


class ModelPlan(Strict):
    """How effects are pooled: the options of `synthesis.meta_analysis`."""

    model: Words = "random"
    tau2: Annotated[float | str, BeforeValidator(as_number)] = "reml"
    ci: Words = ""
    level: Number = 0.95
    prediction: Words = "as_interval"


class EffectsPlan(Strict):
    """How effects are computed: options of `synthesis.effect_sizes`."""

    variance: Words = ""
    correct: Switch | None = None
    sd: Words = ""
    zero_cells: Words = ""
    no_events: Words = ""
    conversion: Words = ""
    cluster: Words = ""
    assume: dict[str, Number] = {}
    impute: Several = []


class SeveralResults(Strict):
    """What is done where one study has several results in one analysis."""

    average: Number | None = None
    choose: Words = ""
    order: Several = []


class Sensitivity(Strict):
    """A named sensitivity analysis: other studies, another model, or other effects."""

    id: Id
    label: Words = ""
    keep: dict[str, Several] = {}
    leave_out: dict[str, Several] = {}
    model: ModelPlan | None = None
    effects: EffectsPlan | None = None

    @property
    def name(self) -> str:
        """The label, or the id where there is none."""
        return self.label or self.id


class SmallStudies(Strict):
    """Tests of small-study effects."""

    from_: Whole = Field(default=10, alias="from")
    tests: Several = ["egger"]


class Plan(Strict):
    """What was decided before the results were known."""

    decided: Words = ""
    model: ModelPlan = ModelPlan()
    effects: EffectsPlan = EffectsPlan()
    several_arms: Literal["combine", "split", ""] = ""
    several_results: SeveralResults = SeveralResults()
    subgroups: Several = []
    sensitivity: list[Sensitivity] = []
    small_studies: SmallStudies = SmallStudies()


class RiskOfBiasForm(Strict):
    """A tool by which risk of bias is judged: options of `synthesis.RiskOfBias.read`."""

    tool: Text = "rob2"
    effect: Words = "assignment"
    design: Words = "parallel"
    studies: dict[str, Several] = {}

    @property
    def is_own(self) -> bool:
        """Whether it is a YAML file of the review's own."""
        return self.tool.lower().endswith((".yaml", ".yml"))

    @property
    def id(self) -> str:
        """What its sheet, its folder and its columns are called by, where there are several."""
        if self.is_own:
            return self.tool.rpartition(".")[0]
        return "rob2_cluster" if (self.tool, self.design) == ("rob2", "cluster") else self.tool


class ApplicabilityForm(Strict):
    """How far results apply where they are to be used, in one respect, as somebody judged it."""

    target: Text
    domain: AnyCase[
        Literal[
            "population",
            "intervention",
            "comparator",
            "outcome",
            "setting",
            "resources",
            "system",
        ]
    ]
    judgement: AnyCase[Literal["no important difference", "important difference", "unclear"]]
    reason: Text
    outcomes: Several = []
    comparisons: Several = []


class DesignForm(Strict):
    """Where the certainty of some results starts, if not where that of the others does."""

    design: Text
    outcomes: Several = []
    comparisons: Several = []


class CertaintyForm(Strict):
    """How the certainty of the evidence is rated: options of `synthesis.certainty`."""

    design: Words = "rct"
    designs: list[DesignForm] = []
    thresholds: dict[str, Boundaries] = {}
    applicability: list[ApplicabilityForm] = []

    def options(self, comparison: str, outcome: str) -> dict[str, Any]:
        """Return what of it is about a result, as `synthesis.certainty` takes it."""
        applies = [
            one.model_dump(include={"target", "domain", "judgement", "reason"})
            for one in self.applicability
            if _is_about(one, comparison, outcome)
        ]
        return {
            "design": self.design_of(comparison, outcome),
            "thresholds": self.thresholds.get(outcome, ()),
            "applicability": applies or None,
        }

    def design_of(self, comparison: str, outcome: str) -> str:
        """Return the design that a result starts as: that of the first entry about it."""
        named = (one.design for one in self.designs if _is_about(one, comparison, outcome))
        return next(named, self.design)

    def never_used(self, results: Sequence[tuple[str, str]]) -> list[int]:
        """Return the entries of `designs` that come first for no comparison and outcome."""
        first = {
            next((at for at, one in enumerate(self.designs) if _is_about(one, *result)), None)
            for result in results
        }
        return [at for at in range(len(self.designs)) if at not in first]


def _is_about(one: ApplicabilityForm | DesignForm, comparison: str, outcome: str) -> bool:
    """Return whether an entry is about a result: about all of what it does not name."""
    return outcome in (one.outcomes or [outcome]) and comparison in (
        one.comparisons or [comparison]
    )


class Search(Strict):
    """How what was searched is counted in the flow diagram."""

    databases: dict[str, Text] = {}
    registers: Several = []
    other: dict[str, Text] = {}
    reasons: Several = []


class ReviewForm(Strict):
    """The keys of ``review.yaml``."""

    title: Text
    people: Annotated[list[Person], Field(min_length=1)]
    registration: Registration = Registration()
    date: Words = ""
    notice: Words = ""
    decimal: Literal[".", ","] = "."
    question: Question = Question()
    outcomes: Annotated[list[OutcomeForm], Field(min_length=1)]
    comparisons: Annotated[list[Comparison], Field(min_length=1)]
    plan: Plan = Plan()
    risk_of_bias: Annotated[
        list[RiskOfBiasForm], Field(min_length=1), BeforeValidator(_as_entries)
    ] = [RiskOfBiasForm()]
    certainty: CertaintyForm | None = None
    search: Search = Search()


def forms() -> dict[str, list[str]]:
    """Return every form with its keys, as a file writes them, for the documentation's test."""
    found = {}
    for name, one in globals().items():
        if inspect.isclass(one) and issubclass(one, Strict) and one is not Strict:
            keys = [field.alias or key for key, field in one.model_fields.items()]
            found[name] = keys
    return found
