"""What the notebook on evidence on arrows says in prose, held against what its own cells make."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

import synthesis as syn
from logicmodels.questions.applicability import SOURCES
from logicmodels.questions.evidence import state

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "06_evidence_on_every_arrow.ipynb"
EXPECTED = [("health", "secondary"), ("secondary", "cost")]
"""The arrows that are the notebook's own."""


@pytest.fixture(scope="module")
def text(text_of: Callable[[str], str]) -> str:
    return text_of(NOTEBOOK.stem)


@pytest.fixture(scope="module")
def made() -> SimpleNamespace:
    """Return everything that the notebook's cells make, run from its own folder."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    names: dict[str, object] = {}
    with pytest.MonkeyPatch.context() as patch, pd.option_context("display.max_colwidth", 50):
        patch.chdir(NOTEBOOK.parent)
        exec(compile(code, NOTEBOOK.name, "exec"), names)
    return SimpleNamespace(**names)


def test_what_it_comes_to(text: str, made: SimpleNamespace) -> None:
    states = Counter(map(state, made.carried.links))
    assert states == {"supported": 2, "no difference": 4, "not searched": 2}
    assert "Six arrows rest on a published comparison. Two of them are supported" in text
    assert "Four show no significant difference. Two more arrows" in text
    assert "Three of the four are unclear." in text
    judged = [one.judgement for one in made.judged.node("cm").applicability]
    assert Counter(judged) == {"unclear": 3, "no important difference": 1}


def test_the_two_arrows_that_are_its_own_are_said_to_be(text: str, made: SimpleNamespace) -> None:
    bare = [link for link in made.carried.links if not link.evidence]
    assert [(link.source, link.target) for link in bare] == EXPECTED
    assert len(made.carried.gap_map().bare) == 2
    assert "Two things about this sketch are our own, and no document states them" in text
    assert "The two arrows that we ourselves expected were never examined" in text


def test_the_rules_that_are_named_found_something(text: str, made: SimpleNamespace) -> None:
    found = {finding.rule for finding in made.prototype.check()}
    for rule in ("C01", "C02", "C04", "C05"):
        assert rule in text
        assert rule in found


def test_every_published_row_is_a_claim(text: str, made: SimpleNamespace) -> None:
    published = syn.datasets.load("case_management")
    claims = [claim for link in made.carried.links for claim in link.evidence]
    assert len(claims) == len(published) == 12
    assert "All 12 rows have been matched to an arrow" in text
    numbers = {(claim.estimate, claim.ci_low, claim.ci_high) for claim in claims}
    assert numbers == {
        (0.07, 0.0, 0.14),
        (0.26, 0.16, 0.36),
        (0.35, 0.04, 0.66),
        (None, None, None),
    }


def test_the_three_cautions(text: str, made: SimpleNamespace) -> None:
    claims = [claim for link in made.carried.links for claim in link.evidence]
    quiet = [claim for claim in claims if claim.direction == "no difference"]
    assert (len(quiet), {claim.estimate for claim in quiet}) == (8, {None})
    assert "For these eight rows no number was printed." in text
    assert {claim.certainty for claim in claims} == {""}
    assert "No arrow has a letter for certainty." in text
    health = syn.check_claim(estimate="0.07", ci=("0.00", "0.14"), null=0.0, claim="significant")
    assert health.verdict == "undecidable"
    assert "from 0.07 [0.00, 0.14] it cannot be decided" in text


def test_what_does_not_exist(text: str, made: SimpleNamespace) -> None:
    assert made.carried.column("moderators") == ()
    assert "The column for moderators and mediators stays empty." in text
    unstated = [
        (link.target, claim.window)
        for link in made.carried.links
        for claim in link.evidence
        if claim.direction == "not stated"
    ]
    assert unstated == [("health", "13 months and more")]
    assert "**health status in the long term**, about which the abstracts say nothing" in text


def test_the_sheet_asks_four_questions_of_every_finding(made: SimpleNamespace) -> None:
    assert len(made.questions) == 6 * 4
    assert set(made.questions["judgement"]) == {""}


def test_the_frameworks_are_those_that_the_questions_come_from(text: str) -> None:
    for source in SOURCES:
        author, year = source.split()[0], source.split("20")[1][:2]
        assert f"{author} 20{year}" in text, source


def test_nobody_was_asked_and_nothing_was_made_up(text: str, made: SimpleNamespace) -> None:
    assert (made.back.taken, made.back.repeated, made.back.not_taken) == (0, 0, ())
    assert made.back.model == made.judged
    assert not made.revised.comments()
    assert made.revised.process.stakeholders == 0
    assert "**Nobody was asked for this notebook, and we do not invent comments.**" in text


def test_the_revised_model_says_what_the_review_printed(made: SimpleNamespace) -> None:
    for link in made.revised.links:
        windows: dict[str, list[str]] = {"0 to 12 months": [], "13 months and more": []}
        for claim in link.evidence:
            for window in windows if claim.window == "short and long" else [claim.window]:
                windows[window].append(claim.direction)
        published = {
            claim.window: [claim.direction]
            for other in made.carried.links
            if (other.source, other.target) == (link.source, link.target)
            for claim in other.evidence
        }
        assert windows == published
        printed = [one for one in link.evidence if one.estimate is not None]
        (same,) = (one for one in made.carried.links if one.target == link.target and one.evidence)
        assert [(one.estimate, one.ci_low, one.ci_high) for one in printed] == [
            (one.estimate, one.ci_low, one.ci_high)
            for one in same.evidence
            if one.estimate is not None
        ]


def test_the_revised_model_carries_the_same_judgements(made: SimpleNamespace) -> None:
    assert made.revised.node("cm").applicability == made.judged.node("cm").applicability


def test_what_changed(text: str, made: SimpleNamespace) -> None:
    removed = [one.where for one in made.changes if one.kind == "removed"]
    assert removed == [f"link {source} -> {target}" for source, target in EXPECTED]
    assert "They were **not refuted**." in text
    assert "not refuted ones" in made.revised.changelog[-1].text
    assert sum(one.kind == "evidence changed" for one in made.changes) == 6
    assert {finding.rule for finding, _ in made.report.waived} == {"S07"}
    assert made.report.ok
