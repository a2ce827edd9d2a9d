"""Effects as a review prints them."""

from __future__ import annotations

import pytest

import synthesis as syn
from arrowroot.errors import DataError, OptionError


def test_a_reported_effect_is_rated_as_printed() -> None:
    given = syn.reported_effect("rr", 0.45, ci=(0.18, 1.13), outcome="DVT", studies=8)
    found = syn.certainty(given, mid=0.8)
    assert found.body.printed() == pytest.approx((0.45, 0.18, 1.13))
    table = found.domains.set_index("domain")
    for domain in ("risk of bias", "inconsistency", "publication bias"):
        assert table.loc[domain, "proposed"] == "no proposal"
    assert table.loc["imprecision", "levels"] == -2 + 1  # 0.8 is inside, 1.25 is not


def test_no_number_is_printed() -> None:
    given = syn.reported_effect("smd", outcome="Cost", conclusion="no significant difference")
    found = syn.certainty(given)
    assert found.what_happens == ("No number is printed: no significant difference.")
    assert any("nothing can be said of the size" in note for note in found.notes)
    assert given.to_frame()["effect"].isna().all()
    assert "not printed" in str(given)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"measure": "smd"}, OptionError, "give effect, or conclusion"),
        ({"measure": "smd", "ci": (0, 1)}, OptionError, "ci goes with an effect"),
        ({"measure": "rr", "effect": -0.2}, DataError, "not its logarithm"),
        ({"measure": "smd", "effect": 2, "ci": (0, 1)}, DataError, "2 lies outside"),
        ({"measure": "smd", "effect": "a"}, OptionError, "must be numbers"),
        ({"measure": "smd", "effect": 1, "ci": 3}, OptionError, "a pair"),
        ({"measure": "smd", "effect": 1, "studies": 1.5}, OptionError, "studies must be a whole"),
        ({"measure": "smd", "effect": 1, "participants": -1}, OptionError, "at least 0"),
        ({"measure": "proportion", "effect": 0.2}, OptionError, "compares no two groups"),
    ],
)
def test_what_is_refused(given: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        syn.reported_effect(outcome="x", **given)  # type: ignore[arg-type]
