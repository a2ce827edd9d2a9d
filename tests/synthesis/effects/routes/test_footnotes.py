"""What a reader of a figure is told about a row, who does not know the columns."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.sheet.columns import NUMERIC

ARM_C = {"mean_c": 10.0, "sd_c": 5.0, "n_c": 45}
ARMS = {"mean_t": 12.0, "sd_t": 4.0, "n_t": 40, **ARM_C}
SIZES = {"n_t": 40, "n_c": 45}
BEFORE = {"mean_pre_t": 10.0, "sd_pre_t": 4.0, "mean_pre_c": 10.0, "sd_pre_c": 5.0}
QUARTILES = {"q1_t": 9.0, "median_t": 12.0, "q3_t": 15.0}
SHARES = {"percent_t": 15, "n_t": 200, "events_c": 50, "n_c": 200}

CASES = [
    (ARMS, "smd", {}, ()),
    ({**ARM_C, "mean_t": 12.0, "se_t": 0.63, "n_t": 40}, "md", {}, ("SD from standard error",)),
    (
        {**ARM_C, "mean_t": 12.0, "ci_low_t": 10.7, "ci_high_t": 13.3, "n_t": 40},
        "md",
        {},
        ("SD from confidence interval",),
    ),
    (
        {**ARM_C, **QUARTILES, "n_t": 40},
        "md",
        {},
        ("Mean and SD estimated from median and quartiles",),
    ),
    (
        {**ARM_C, **QUARTILES, "n_t": 40, "mean_t": 12.1},
        "md",
        {},
        ("SD estimated from median and quartiles",),
    ),
    (
        {**ARM_C, "min_t": 2.0, "median_t": 12.0, "max_t": 22.0, "n_t": 40},
        "md",
        {},
        ("Mean and SD estimated from median and range",),
    ),
    (
        {**ARM_C, **QUARTILES, "min_t": 2.0, "max_t": 22.0, "n_t": 40},
        "md",
        {},
        ("Mean and SD estimated from median, quartiles and range",),
    ),
    (SHARES, "or", {}, ("Events from percentage",)),
    (
        {**ARMS, **BEFORE},
        "md",
        {"assume": {"r": 0.5}, "route": "change_scores"},
        (
            "Difference in changes",
            "SD of change from SDs before and after and their correlation",
            "r = 0.5 assumed",
        ),
    ),
    (
        {"t": 2.1, "n_total": 90},
        "smd",
        {"impute": ["n"]},
        ("Computed from t", "Arms assumed to be of equal size"),
    ),
    (
        {"p": "<0.05", "sign": 1, **SIZES},
        "smd",
        {},
        ("Computed from p", "p < 0.05 taken as 0.05"),
    ),
    ({"f": 4.4, "sign": 1, **SIZES}, "smd", {}, ("Computed from F",)),
    ({"chi2": 4.4, "sign": 1, **SIZES}, "smd", {}, ("Computed from chi-squared",)),
    ({"r_pb": 0.2, **SIZES}, "smd", {}, ("Computed from a correlation",)),
    ({"b": 2.0, "sd_y": 5.0, **SIZES}, "smd", {}, ("Computed from a regression coefficient",)),
    ({"effect": 0.4, "se": 0.2, "effect_type": "smd"}, "smd", {}, ("Effect as printed",)),
    (
        {"effect": 0.4, "se": 0.2},
        "smd",
        {},
        ("Effect as printed", "Kind of printed effect not stated"),
    ),
    (
        {"effect": 0.4, "p": "0.045", "effect_type": "smd"},
        "smd",
        {},
        ("Effect as printed", "Standard error from p"),
    ),
    (
        {"effect": 2.0, "ci_low": 1.0, "ci_high": 4.0, "effect_type": "or"},
        "smd",
        {},
        (
            "Printed odds ratio converted to an SMD",
            "Standard error from confidence interval",
        ),
    ),
    (
        {"effect": 2.0, "se": 0.9, "effect_type": "md", **SIZES},
        "smd",
        {},
        ("Computed from the printed mean difference",),
    ),
    ({**SHARES, "events_t": 30}, "smd", {}, ("SMD from counts of people with the event",)),
    (ARMS, "or", {}, ("Odds ratio from means",)),
    (
        {**ARMS, **BEFORE, "r": 0.6},
        "smd",
        {"route": "pre_post"},
        ("Difference in changes, in SDs at baseline",),
    ),
    (
        {"mean_t": 3.8, "mean_c": 0.0, "p": "0.008", "n_t": 25, "n_c": 22},
        "md",
        {},
        ("Standard error from p",),
    ),
    ({"yi": 0.3, "vi": 0.04}, "smd", {}, ()),
]


@pytest.mark.parametrize(("cells", "measure", "options", "footnotes"), CASES)
def test_footnotes(cells, measure, options, footnotes):
    options = dict(options)
    sheet = pd.DataFrame([{"study": "A", **cells, "route": options.pop("route", "")}])
    told = effect_sizes(sheet, measure, **options).loc[0, "receipt"].footnotes
    assert set(told) == set(footnotes)
    assert len(told) == len(footnotes)


def test_borrowed_sds():
    sheet = pd.DataFrame(
        [{"study": "A", **ARMS}, {"study": "B", **{k: v for k, v in ARMS.items() if k != "sd_t"}}]
    )
    told = effect_sizes(sheet, impute=["sd"])["receipt"]
    assert told[0].footnotes == ()
    assert told[1].footnotes == ("SD imputed from other studies",)


def test_footnotes_are_for_readers_of_figures():
    said = {formula.footnote for route in ROUTES for formula in route.formulas.values()} - {""}
    said |= {text for *_, footnotes in CASES for text in footnotes}
    for text in said:
        assert text[0].isupper() or text.startswith(("p ", "r ")), text
        assert not text.endswith("."), text
        assert len(text) <= 70, text
        assert "_" not in text, text
        assert not re.search(rf"\b({'|'.join(name for name in NUMERIC if '_' in name)})\b", text)
