"""Themes of made-up interviews, judged by CERQual's components, on the arrows of a model."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError
from logicmodels import LogicModel

CODED = pd.DataFrame(
    {
        "theme": ["trust", "trust", "trust", "time"],
        "source": ["Oak", "Elm", "Elm", "Oak"],
        "excerpt": ["I know her.", "She listens.", "She came back.", "Too short."],
    }
)
JUDGED = {
    "theme": "trust",
    "finding": "People trust a nurse whom they know.",
    "methodological_limitations": "minor",
    "methodological_limitations_reason": "sampling unclear; one site",
    "coherence": "no or very minor",
    "adequacy": "moderate",
    "adequacy_reason": "two studies",
    "relevance": "no or very minor",
    "confidence": "moderate",
    "confidence_reason": "thin but consistent",
    "direction": "supports",
}


def judged(**changed: Any) -> pd.DataFrame:
    return pd.DataFrame([{**JUDGED, **changed}])


def test_theme_by_source() -> None:
    found = syn.themes(CODED)
    assert found.table.loc["trust"].to_dict() == {"Elm": 2, "Oak": 1, "total": 3}
    assert found.table.loc["total", "total"] == 4
    rows = found.themes.set_index("theme")
    assert rows[["sources", "excerpts"]].to_numpy().tolist() == [[2, 3], [1, 1]]
    assert "From one source only: time." in str(found)
    assert "not judged" in str(found)


def test_onto_an_arrow(model: LogicModel) -> None:
    found = syn.themes(CODED, confidence=judged())
    carried = found.onto(model, {"trust": [("visits", "falls"), ("visits", "joy")]})
    claims = {
        (link.source, link.target): link.evidence[-1] for link in carried.links if link.evidence
    }
    claim = claims["visits", "joy"]
    assert (claim.outcome, claim.direction, claim.certainty, claim.k) == (
        "qualitative: trust",
        "supports",
        "moderate",
        2,
    )
    assert claim.citation == "Oak, Elm"
    assert claim.reasons == (
        "minor concerns about methodological limitations (sampling unclear, one site)",
        "moderate concerns about adequacy of data (two studies)",
        "GRADE-CERQual: thin but consistent",
    )
    assert claims["visits", "falls"].outcome == "qualitative: trust"
    assert "supported, moderate certainty, 2 studies" in str(carried.gap_map())


def test_a_direction_that_nobody_stated(model: LogicModel) -> None:
    found = syn.themes(CODED, confidence=judged(direction=""))
    table = found.evidence({"trust": ("visits", "joy")})
    assert table["direction"].tolist() == ["not stated"]


def test_judgements_that_look_odd_are_kept_and_said() -> None:
    high = judged(confidence="high", adequacy="serious")
    said = str(syn.themes(CODED, confidence=high))
    assert "confidence is high in spite of serious concerns about adequacy of data" in said
    none = dict.fromkeys(("methodological_limitations", "adequacy"), "no or very minor")
    low = str(syn.themes(CODED, confidence=judged(confidence="low", **none)))
    assert "confidence is low without any concern named" in low


def test_what_nobody_judged_goes_onto_no_arrow(model: LogicModel) -> None:
    found = syn.themes(CODED, confidence=judged())
    assert "The confidence in time is not judged." in str(found)
    with pytest.raises(syn.DataError, match="nobody has judged the confidence in 'time'"):
        found.onto(model, {"time": ("visits", "joy")})
    with pytest.raises(syn.DataError, match="Did you mean 'trust'"):
        found.evidence({"trsut": ("visits", "joy")})
    with pytest.raises(syn.DataError, match="the ids of both ends of its arrow"):
        found.evidence({"trust": "visits"})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"theme": "turst"}, "theme must be a theme of the codings; got 'turst'"),
        ({"adequacy": "some"}, "adequacy must be one of 'no or very minor'"),
        ({"adequacy_reason": ""}, "adequacy needs a reason in the column adequacy_reason"),
        ({"confidence": "sure"}, "confidence must be one of 'high'"),
        ({"confidence_reason": ""}, "confidence_reason must be filled in"),
        ({"direction": "+"}, "direction must be one of 'supports'"),
        ({"relevance": None}, "relevance must be filled in"),
    ],
)
def test_a_judgement_that_cannot_be(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        syn.themes(CODED, confidence=judged(**changed))


def test_codings_that_cannot_be() -> None:
    with pytest.raises(syn.DataError, match="excerpt must be filled in; got a blank cell in row 0"):
        syn.themes(CODED.assign(excerpt=["", *CODED["excerpt"][1:]]))
    with pytest.raises(syn.DataError, match="the same theme, source and excerpt occurs again"):
        syn.themes(pd.concat([CODED, CODED.head(1)]))


def test_sources_stand_in_the_order_of_their_numbers() -> None:
    many = pd.DataFrame(
        {"theme": "trust", "source": [f"Interview {at}" for at in (10, 2, 1)], "excerpt": "x"}
    )
    assert list(syn.themes(many).table)[:3] == ["Interview 1", "Interview 2", "Interview 10"]
