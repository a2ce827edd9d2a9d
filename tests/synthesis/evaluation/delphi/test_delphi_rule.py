"""The rule of a Delphi study: in words, in a file, hashed, and refused where it is impossible."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import synthesis as syn
from arrowroot.errors import ArrowrootError

PERCENT = {"consensus": "percent", "agree": (7, 9), "at_least": 75, "rounds": 3}


def made(**changed: Any) -> syn.DelphiRule:
    return syn.DelphiRule(**{**PERCENT, "decided": "2026-01-10", **changed})


def test_it_is_a_sentence() -> None:
    assert made(of="round", stable_at=15).sentence() == (
        "Consensus: at least 75% of everyone who took part in the round rate it 7 to 9. At most 3 "
        "rounds, fewer if at most 15% of paired ratings moved since the last round. Agreed on "
        "2026-01-10."
    )
    assert "IPR greater than IPRAS" in str(
        made(consensus="rand_ucla", at_least=None)  # the threshold has no meaning there
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"at_least": 70},
        {"rounds": 2},
        {"agree": (6, 9)},
        {"decided": "2026-01-11"},
        {"of": "round"},
        {"stable_at": 10},
        {"quantiles": "linear"},
    ],
)
def test_every_change_changes_the_fingerprint(changed: dict[str, Any]) -> None:
    assert made().fingerprint == made().fingerprint
    assert made(**changed).fingerprint != made().fingerprint


@pytest.mark.parametrize(
    "rule",
    [
        made(),
        made(against=(1, 3), under=12.5, stable_at=0, of="round", quantiles="linear"),
        made(consensus="iqr", agree=None, at_least=None, iqr_at_most=1.5, scale=(1, 5)),
        made(consensus="median_band", agree=None, at_least=None, outside=4),
    ],
)
def test_it_comes_back_from_its_file(rule: syn.DelphiRule, tmp_path: Path) -> None:
    path = rule.write(tmp_path / "rule.yaml")
    assert syn.DelphiRule.read(path) == rule
    assert syn.DelphiRule.read(path).fingerprint == rule.fingerprint
    head = path.read_text("utf-8").splitlines()[:2]
    assert head == [f"# {rule.sentence()}", f"# Fingerprint: {rule.fingerprint}"]


def test_a_slip_in_the_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rule.yaml"
    path.write_text("consensus: percent\nrounds: three\ndecided: 2026-01-10\natleast: 70\n")
    with pytest.raises(ArrowrootError) as caught:
        syn.DelphiRule.read(path)
    assert "line 2" in str(caught.value)
    assert re.search("line 4.*at_least", str(caught.value))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"consensus": "majority"}, "consensus must be one of"),
        ({"decided": "10/01/2026"}, "such as '2026-05-04'"),
        ({"rounds": 0}, "rounds must be a whole number from 1"),
        ({"at_least": None}, "also needs at_least"),
        ({"at_least": 170}, "at_least must be a percentage"),
        ({"agree": (9, 7)}, "the lower first"),
        ({"agree": (7, 10)}, "must lie on the scale, 1 to 9; got 7 to 10"),
        ({"against": (1, 3)}, "against and under belong together"),
        ({"against": (5, 7), "under": 15}, "must not overlap"),
        ({"outside": 4}, "outside has no meaning with consensus='percent'"),
        ({"consensus": "rand_ucla", "at_least": None, "scale": (0, 9)}, "from 1 to 9"),
        ({"scale": (3, 3), "agree": (3, 3)}, "at least two ratings"),
        ({"quantiles": "spss"}, "quantiles must be one of"),
        ({"stable_at": -1}, "stable_at must be a percentage"),
    ],
)
def test_an_impossible_rule_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ArrowrootError, match=re.escape(said)):
        made(**changed)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(syn.OptionError, match=r"must end in .yaml; got 'rule.docx'"):
        made().write(tmp_path / "rule.docx")
