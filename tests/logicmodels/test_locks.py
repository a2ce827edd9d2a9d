"""What was locked stays locked: by records that grow, and from before there were schemes.

Models and results are invented. The locks without a scheme were computed by the last version that
wrote them, from the same text.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
import pytest

from logicmodels import Assumption, Claim, Link, LogicModel, Node
from logicmodels.locks import SCHEME, lock, opens
from logicmodels.questions.comments import is_shown, shown

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented, to try locks)
nodes:
  - id: a1
    column: activities
    label: "Visits: 'weekly', “warm”"
    items: [Pflege, "it's two"]
    who: patients
    by: 2026-06
    indicators: [visits kept]
    note: seen twice
    short: Visits
    url: https://example.org/visits
  - {id: o1, column: outcomes, label: Earlier reporting, harm: true}
  - {id: i1, column: impact, label: Better health}
links:
  - from: a1
    to: o1
    because: Patients learn warning signs.
    mechanism: trust
    role: contributory
    theory: programme
    assumptions: [{text: Visits are kept., owner: nurses, status: untested}, {text: Letters arrive}]
    evidence:
      - {outcome: reporting, estimate: 0.26, k: 3, n: 412, direction: supports, citation: S 2019}
  - {from: o1, to: i1, mutual: true, assumptions: [{text: Care is free}]}
  - {from: i1, to: a1, feedback: true, no_assumption_because: it is seen}
"""
MODEL = LogicModel.from_text(TEXT)
CLAIM = MODEL.links[0].evidence[0]
ODD = Claim(
    estimate=2,
    ci_low=-0.5,
    ci_high=1e-07,
    measure="O'R",
    k=0,
    n=10**6,
    direction="no difference",
    certainty="very low",
)


@dataclass(frozen=True)
class WiderNode(Node):
    """A box of a later release, with a field that today's has not."""

    colour: str = ""


@dataclass(frozen=True)
class WiderLink(Link):
    """An arrow of a later release."""

    lag: float = 0.0


@dataclass(frozen=True)
class WiderClaim(Claim):
    """A claim of a later release."""

    tau2: float | None = None


def said(record: Node | Link | Claim) -> dict[str, object]:
    return {one.name: getattr(record, one.name) for one in fields(record)}


def later(**more: object) -> LogicModel:
    """Return the model made of a later release's records."""
    nodes = tuple(WiderNode(**said(node) | more) for node in MODEL.nodes)  # type: ignore[arg-type]
    links = tuple(WiderLink(**said(link)) for link in MODEL.links)  # type: ignore[arg-type]
    return replace(MODEL, nodes=nodes, links=links)


@pytest.mark.parametrize(
    ("model", "now", "before"),
    [
        (MODEL, "v1:1cb4b43d7e07", "6ae8fce8bfe1"),
        (replace(MODEL, nodes=MODEL.nodes[:1], links=()), "v1:265b175eed46", "e6968a386d54"),
        (
            replace(MODEL, nodes=MODEL.nodes[:2], links=MODEL.links[:1]),
            "v1:29034d300b4e",
            "4151a5616382",
        ),
        (
            replace(MODEL, nodes=list(MODEL.nodes[1:]), links=[]),  # type: ignore[arg-type]
            "v1:fde4f3319276",
            "a5084c368f26",
        ),
    ],
    ids=["whole", "one box", "one arrow", "lists"],
)
def test_a_model_is_known_by_its_lock_and_by_the_old_one(
    model: LogicModel, now: str, before: str
) -> None:
    assert model.fingerprint == now
    for written in (now, before):
        assert replace(model, locked=written).is_as_locked
        other = replace(model.nodes[0], label="Another")
        changed = replace(model, locked=written, nodes=(other, *model.nodes[1:]))
        assert not changed.is_as_locked


@pytest.mark.parametrize(
    ("claim", "now", "before"),
    [
        (CLAIM, "v1:13bd381ed72a", "2b01b5432f9e"),
        (Claim(), "v1:44136fa355b3", "c170eb6a6b48"),
        (ODD, "v1:8f54444111df", "329849f5b42d"),
    ],
    ids=["result", "nothing", "odd"],
)
def test_a_result_is_known_by_its_lock_and_by_the_old_one(
    claim: Claim, now: str, before: str
) -> None:
    assert claim.fingerprint == now
    for written in (now, before):
        assert not replace(claim, snapshot=written).is_stale
        assert replace(claim, snapshot=written, estimate=0.3).is_stale


@pytest.mark.parametrize(
    ("name", "words", "now", "before"),
    [
        ("a1", "Activities: Home visits", "v1:35336c83ce91", "d083faac28a0"),
        ("a1 -> o1", "it's “so”", "v1:1db92f3c22f9", "88beb1f07386"),
    ],
)
def test_what_a_sheet_showed_is_known_by_its_lock_and_by_the_old_one(
    name: str, words: str, now: str, before: str
) -> None:
    assert shown(name, words) == now
    for written in (now, before):
        assert is_shown(written, name, words)
        assert not is_shown(written, name, f"{words}!")
        assert not is_shown(written, "i1", words)


@pytest.mark.parametrize("locked", ["v1:1cb4b43d7e07", "6ae8fce8bfe1"])
def test_the_check_asks_for_nothing_where_an_old_lock_holds(locked: str) -> None:
    text = TEXT + f"approach: a-priori\nlocked: {locked}\n"
    kept = LogicModel.from_text(text)
    assert "P01" not in [finding.rule for finding in kept.check()]
    assert kept.to_yaml() == text, "a lock is the author's: reading and writing leave it alone"
    broken = LogicModel.from_text(text.replace("Better health", "Good health"))
    assert "P01" in [finding.rule for finding in broken.check()]


def test_a_comment_sheet_from_before_schemes_comes_back(tmp_path: Path) -> None:
    sheet = tmp_path / "old.csv"
    sheet.write_text(
        "id,what the figure says,agree,comment,suggestion,name,role,date,version\n"
        "o1,Outcomes: Earlier reporting,yes,,,Ann,nurse,2026-05-01,c9c5e7f252a9\n"
        "i1,Impact: Health,no,,,Ann,nurse,2026-05-01,d0eb1486e165\n"
        "i1 -> a1,,partly,,,Ann,nurse,2026-05-01,469b5a7d39ae\n",
        "utf-8",
    )
    back = MODEL.read_comments(sheet)
    assert [(row["part"], row["about"]) for row in back.to_records()] == [
        ("o1", "this version"),
        ("i1", "this version"),
        ("i1 -> a1", "this version"),
    ]
    (edited,) = back.not_taken
    assert "is not the original text of the sheet" in edited.message


def test_a_sheet_carries_the_locks_of_today(tmp_path: Path) -> None:
    rows = MODEL.comment_sheet(tmp_path / "new.csv").read_text("utf-8-sig").splitlines()[1:]
    assert all(row.rpartition(",")[2].startswith(SCHEME) for row in rows)


def test_a_record_that_gets_a_field_keeps_its_lock() -> None:
    assert later().fingerprint == MODEL.fingerprint
    assert replace(later(), locked="6ae8fce8bfe1").is_as_locked
    claim = WiderClaim(**said(CLAIM))  # type: ignore[arg-type]
    assert claim.fingerprint == CLAIM.fingerprint
    assert not replace(claim, snapshot="2b01b5432f9e").is_stale


def test_what_a_new_field_says_counts() -> None:
    assert later(colour="red").fingerprint != MODEL.fingerprint
    assert WiderClaim(**said(CLAIM) | {"tau2": 0.1}).fingerprint != CLAIM.fingerprint  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        replace(MODEL, title="Another", version="2", headings={"impact": "Aim"}),
        replace(MODEL, nodes=tuple(replace(one, short="s", url="x") for one in MODEL.nodes)),
        replace(MODEL, links=tuple(replace(one, evidence=(ODD,)) for one in MODEL.links)),
    ],
    ids=["words around it", "how it is shown", "what evidence says"],
)
def test_what_is_said_of_a_model_leaves_its_lock(changed: LogicModel) -> None:
    assert changed != MODEL
    assert changed.fingerprint == MODEL.fingerprint


@pytest.mark.parametrize(
    "changed",
    [
        {"nodes": MODEL.nodes[::-1]},
        {"links": MODEL.links[:-1]},
        {"nodes": (replace(MODEL.nodes[0], items=("Pflege",)), *MODEL.nodes[1:])},
        {"links": (replace(MODEL.links[0], assumptions=()), *MODEL.links[1:])},
    ],
    ids=["order", "an arrow less", "an item less", "no assumption"],
)
def test_another_theory_has_another_lock(changed: dict[str, object]) -> None:
    assert replace(MODEL, **changed).fingerprint != MODEL.fingerprint  # type: ignore[arg-type]


def test_equal_contents_have_one_lock() -> None:
    assert lock({"b": 2.0, "a": [True, None]}) == lock({"a": (True, None), "b": 2})
    assert lock(Claim(estimate=1)) == lock(Claim(estimate=1.0))
    assert lock(Claim(estimate=np.float64(0.5), k=np.int64(3))) == lock(Claim(estimate=0.5, k=3))
    assert lock([1, 2]) != lock([2, 1])
    assert lock(["1"]) != lock([1])
    assert lock(Assumption("a", owner="b")) != lock(Assumption("a", status="b"))


def test_a_lock_of_another_scheme_opens_nothing() -> None:
    assert not opens("v2:1cb4b43d7e07", [], "[]")
    assert not opens("", [], "[]")
