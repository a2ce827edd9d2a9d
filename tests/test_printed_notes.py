"""Whoever prints a result sees its notes: every class of result, by looking for them."""

from __future__ import annotations

import importlib
import pkgutil

import numpy as np
import pandas as pd
import pytest

import arrowroot
import logicmodels
import synthesis as syn
from arrowroot.display import Shown

PROSE = {"Report", "GapMap", "Comparison", "Stopping"}
"""Classes with notes whose own text, of several lines, already gives them in another form."""


def public_results() -> list[type[Shown]]:
    for package in (arrowroot, syn, logicmodels):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    found, waiting = {}, [Shown]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.partition(".")[0] in ("arrowroot", "synthesis", "logicmodels"):
                found[f"{kind.__module__}.{kind.__qualname__}"] = kind
    return [found[name] for name in sorted(found)]


RESULTS = public_results()


def test_there_are_results_to_look_at() -> None:
    names = {kind.__name__ for kind in RESULTS}
    assert {"MetaAnalysis", "RegressionTest", "Interpretation", "PetPeese", "Report"} <= names


@pytest.mark.parametrize("kind", RESULTS, ids=lambda kind: kind.__name__)
def test_text_and_page_give_the_same_notes(
    kind: type[Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind._notes is Shown._notes or kind.__name__ in PROSE:
        return
    monkeypatch.setattr(kind, "_line", lambda _: "The result.")
    monkeypatch.setattr(kind, "_notes", lambda _: ("A caution.", "Another."))
    result = object.__new__(kind)
    for shown in (str(result), repr(result), f"{result}"):
        assert shown == "The result.\n  Note: A caution.\n  Note: Another."


@pytest.mark.parametrize("kind", RESULTS, ids=lambda kind: kind.__name__)
def test_a_result_with_notes_among_its_fields_shows_them(kind: type[Shown]) -> None:
    fields = getattr(kind, "__dataclass_fields__", {})
    if {"notes", "remarks"} & set(fields) or hasattr(kind, "notes"):
        assert kind._notes is not Shown._notes


@pytest.fixture(scope="module")
def trials() -> pd.DataFrame:
    """Eight synthetic trials with small ones that show more; only their arithmetic matters."""
    se = np.array([0.08, 0.14, 0.18, 0.22, 0.26, 0.3, 0.34, 0.4])
    yi = [-0.05, 0.12, 0.2, 0.41, 0.45, 0.55, 0.78, 0.85]
    table = pd.DataFrame(
        {"study": list("abcdefgh"), "yi": yi, "vi": se**2, "group": list("xy") * 4}
    )
    return table.assign(n_t=np.round(2 / se**2), n_c=np.round(2 / se**2))


ANALYSES = {
    "egger_test": syn.egger_test,
    "rank_test": syn.rank_test,
    "trim_and_fill": syn.trim_and_fill,
    "pet_peese": syn.pet_peese,
    "fail_safe_n": syn.fail_safe_n,
    "selection_model": syn.selection_model,
    "excess_significance": syn.excess_significance,
    "interpret": syn.interpret,
}


@pytest.mark.parametrize("name", ANALYSES)
def test_cautions_are_printed(
    trials: pd.DataFrame, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    result = ANALYSES[name](syn.meta_analysis(trials, measure="smd"))
    print(result)
    printed = capsys.readouterr().out
    assert result.notes
    for note in result.notes:
        assert f"\n  Note: {note}" in printed


def test_subgroups_and_agreement_print_theirs_too(trials: pd.DataFrame) -> None:
    blank = trials.assign(yi=trials["yi"].mask(trials["study"].eq("c")))
    groups = syn.subgroup_analysis(blank, by="group", measure="smd")
    assert groups.notes
    assert all(f"\n  Note: {note}" in str(groups) for note in groups.notes)
    codings = pd.DataFrame(
        {"unit": [1, 1, 2, 2], "coder": ["A", "B"] * 2, "code": ["yes"] * 4}
    )  # synthetic: everyone gives the same code, so that kappa has no value
    agreed = syn.agreement(codings)
    reasons = [why for why in agreed["reason"] if isinstance(why, str)]
    assert reasons
    assert all(f": {why}" in str(agreed) for why in reasons)
    assert "Note" not in str(agreed.drop(columns="reason"))
