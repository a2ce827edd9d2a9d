"""Made-up ratings, readings, lines and a made-up model; nothing here is anybody's data."""

from __future__ import annotations

import pandas as pd
import pytest

import synthesis as syn
from logicmodels import LogicModel


@pytest.fixture
def rule() -> syn.DelphiRule:
    return syn.DelphiRule(
        consensus="percent",
        agree=(7, 9),
        at_least=70,
        against=(1, 3),
        under=15,
        rounds=3,
        decided="2026-01-10",
    )


@pytest.fixture
def ratings() -> pd.DataFrame:
    """Two rounds of ten panellists: one leaves, one skips an item, one item is reworded."""
    first = {
        "safety": [7, 7, 8, 8, 9, 9, 6, 5, 7, 2],
        "cost should": [3, 4, 5, 5, 2, 6, 4, 5, 3, 9],
        "cost does": [8, 9, 8, 7, 9, 8, 7, 9, 8, 1],
    }
    second = {
        "safety": [7, 8, 8, 8, 9, 9, 7, None, 7],
        "cost should": [3, 4, 4, 5, 2, 5, 4, 5, 3],
        "cost does": [8, 9, 8, 8, 9, 8, 8, 9, 8],
    }
    rows = [
        {
            "round": number,
            "panellist": f"P{at}",
            "group": "practice" if at % 2 else "policy",
            "item": item,
            "rating": rating,
            "comment": "what is safe?" if (item, at) == ("safety", 7) else "",
            "wording": f"{item} matters" + (" most" if (item, number) == ("safety", 2) else ""),
            "date": f"2026-0{1 + number}-01",
        }
        for number, items in enumerate((first, second), start=1)
        for item, given in items.items()
        for at, rating in enumerate(given)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def readings() -> pd.DataFrame:
    """Five people in two areas: one with a single reading, one without a row in an area."""
    pairs = {
        ("a", "money"): (1, 3),
        ("b", "money"): (2, 2),
        ("c", "money"): (5, 5),
        ("d", "money"): (4, 3),
        ("a", "housing"): (2, 4),
        ("b", "housing"): (1, 2),
        ("c", "housing"): (3, 5),
        ("d", "housing"): (2, 5),
    }
    rows = [
        {
            "person": who,
            "area": area,
            "date": day,
            "score": score,
            "ward": "N" if who < "c" else "S",
        }
        for (who, area), scores in pairs.items()
        for day, score in zip(("2026-01-05", "2026-07-04"), scores, strict=True)
    ]
    rows.append({"person": "e", "area": "money", "date": "2026-01-05", "score": 1, "ward": "S"})
    return pd.DataFrame(rows)


@pytest.fixture
def model() -> LogicModel:
    return LogicModel.from_text("""\
spec_version: 1
profile: theory-of-change
title: Visits (invented)
nodes:
  - {id: visits, column: activities, label: Home visits}
  - {id: falls, column: outcomes, label: Fewer falls}
  - {id: admissions, column: impact, label: Fewer admissions}
  - {id: joy, column: impact, label: Joy}
links:
  - from: visits
    to: falls
    evidence: [{outcome: falls, direction: supports, certainty: moderate, k: 3}]
  - from: falls
    to: admissions
    evidence: [{outcome: admissions, direction: supports, certainty: low, k: 1}]
  - {from: visits, to: joy}
""")


@pytest.fixture
def lines() -> pd.DataFrame:
    common = {"price_year": 2026, "source": "invented", "basis": "invented"}
    gain = {"deadweight": 20, "attribution": 50, "drop_off": 10, "optimism": 25, **common}
    return pd.DataFrame(
        [
            {
                "line": "staff",
                "kind": "cost",
                "stream": "fiscal",
                "who": "council",
                "amount": 1000,
                "low": 800,
                "high": 1500,
                "first_year": 0,
                "last_year": 1,
                "optimism": 10,
                **common,
            },
            {
                "line": "fewer admissions",
                "kind": "benefit",
                "stream": "fiscal",
                "who": "hospital",
                "quantity": 4,
                "unit_value": 1500,
                "low": 3000,
                "high": 9000,
                "first_year": 0,
                "last_year": 2,
                "along": "visits > falls > admissions",
                **gain,
            },
            {
                "line": "confidence",
                "kind": "benefit",
                "stream": "social",
                "who": "patients",
                "amount": 2000,
                "first_year": 1,
                "along": "visits -> falls",
                **gain,
            },
            {
                "line": "benefits claimed",
                "kind": "transfer",
                "stream": "fiscal",
                "who": "patients",
                "payer": "state",
                "amount": 500,
                "first_year": 0,
                **common,
            },
            {"line": "company", "kind": "unmonetised", "stream": "social", "who": "patients"},
        ]
    )


@pytest.fixture
def named() -> dict[str, object]:
    return {"rates": "green-book-2026", "price_base": 2026, "counterfactual": "no visits"}
