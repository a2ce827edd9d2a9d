from __future__ import annotations

import re
from pathlib import Path

import pytest

from arrowroot.errors import SpecError
from synthesis.review.inputs.declared import choices, effect_options, read_declared
from synthesis.review.inputs.forms import EffectsPlan, ModelPlan, forms

ROOT = Path(__file__).parents[4]
LEAST = """\
title: T
people: [{name: Ann}]
outcomes: [{id: pain}]
comparisons: [{id: care}]
"""


def read(tmp_path: Path, text: str):
    path = tmp_path / "review.yaml"
    path.write_text(text, "utf-8")
    return read_declared(path)


def test_the_least_that_a_review_declares(tmp_path: Path) -> None:
    declared = read(tmp_path, LEAST)
    assert declared.outcomes[0].measure == "smd"
    assert declared.comparisons[0].name == "intervention against control"
    assert declared.plan.small_studies.from_ == 10
    assert choices(declared.plan.model) == {
        "model": "random",
        "tau2": "reml",
        "level": 0.95,
        "prediction": "as_interval",
    }


def test_an_outcome_is_the_record_that_effects_and_models_know(tmp_path: Path) -> None:
    text = LEAST.replace(
        "{id: pain}",
        "{id: pain, label: Pain, direction: lower, windows: [{id: long, months: [13, null]}],"
        " instruments: [{id: vas, range: [0, 100], mid: 10}]}",
    )
    pain = read(tmp_path, text).outcomes[0]
    assert pain.windows[0].limits == (13.0, float("inf"))
    assert pain.instrument("VAS").range == (0.0, 100.0)


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("title: T\n", ""), 1, "the key 'title' is missing"),
        (("title", "titel"), 1, "unknown key 'titel'; did you mean 'title'?"),
        (("{id: pain}", "{id: pain, direction: up}"), 3, "must be 'higher' or 'lower'; got 'up'"),
        (("{id: pain}", "{id: pain, measure: smdd}"), 3, "'smdd'"),
        (("{id: pain}", "{id: a.b}"), 3, "only letters, digits, - and _; got 'a.b'"),
        (("{id: pain}", "{id: pain}, {id: Pain}"), 3, "already used by entry 1 of outcomes"),
        (("{name: Ann}", ""), 2, "people must contain at least one entry"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, says: str
) -> None:
    with pytest.raises(SpecError) as raised:
        read(tmp_path, LEAST.replace(*change))
    assert line in [one.line for one in raised.value.problems]
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ("decided: 31/01/2026", "decided must be a day, such as 2026-11-30; got '31/01/2026'"),
        ("model: {tau2: remll}", "Did you mean 'reml'?"),
        ("model: {ci: hk}", "ci must be one of"),
        ("effects: {variance: ls3}", "variance must be one of"),
        ("effects: {impute: [mean]}", "impute must be one of"),
        ("small_studies: {tests: [eger]}", "no test 'eger' (did you mean 'egger'?)"),
        ("sensitivity: [{id: a}]", "the sensitivity analysis 'a' changes nothing"),
        ("sensitivity: [{id: a, model: {tau2: q}}]", "tau2 must be one of"),
        ("several_results: {choose: scale}", "choose: scale needs order"),
        ("several_arms: halve", "several_arms must be"),
    ],
)
def test_a_plan_that_no_method_can_follow(tmp_path: Path, plan: str, says: str) -> None:
    with pytest.raises(SpecError, match=re.escape(says)) as raised:
        read(tmp_path, f"{LEAST}plan:\n  {plan}\n")
    assert all(one.line == 6 for one in raised.value.problems)


def test_a_sensitivity_analysis_takes_the_rest_of_its_model_from_the_plan() -> None:
    plan = ModelPlan(tau2="pm", ci="hksj")
    changed = choices(ModelPlan(tau2="dl"), plan)
    assert (changed["tau2"], changed["ci"]) == ("dl", "hksj")
    # Hartung-Knapp is an interval of random effects.
    assert "ci" not in choices(ModelPlan(model="common"), plan)


def test_options_of_effects_are_those_that_are_named() -> None:
    plan = EffectsPlan(variance="ls2", correct=False)
    assert effect_options(plan) == {"correct": False, "variance": "ls2"}
    assert effect_options(EffectsPlan(variance="ub"), plan)["variance"] == "ub"


def test_every_key_is_explained() -> None:
    page = (ROOT / "docs" / "review_folder.md").read_text("utf-8")
    missing = [
        f"{name}: {key}" for name, keys in forms().items() for key in keys if f"`{key}`" not in page
    ]
    assert len(forms()) > 12
    assert missing == [], "explain it in docs/review_folder.md"
