"""Claims: exact ranges behind printed numbers, and verdicts that never wrong a true result."""

from __future__ import annotations

import math
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.reproduce.claims.check import check_claim
from synthesis.reproduce.claims.feasible import Range
from synthesis.reproduce.claims.implied import Reported, implied

TRUTHS = 100_000
AT_ONCE = 10_000


def rounded(values: np.ndarray, digits: np.ndarray) -> Range:
    """Return the interval that values printed with so many digits stand for."""
    unit = 10.0**-digits
    centre = np.round(values / unit) * unit
    return Range(centre - unit / 2, centre + unit / 2)


def random_truths(
    rng: np.random.Generator, n: int, level: float, df: float | None, shown: tuple[str, ...]
) -> tuple[Reported, dict[str, np.ndarray]]:
    """Return synthetic results as a paper would print them, and the truth behind them."""
    reference = stats.norm if df is None else stats.t(df)
    se = 10 ** rng.uniform(-2.5, 1.0, n)
    estimate = se * rng.normal(0, 3, n)
    c = reference.ppf(1 - (1 - level) / 2)
    truth = {
        "estimate": estimate,
        "std_error": se,
        "statistic": estimate / se,
        "ci_low": estimate - c * se,
        "ci_high": estimate + c * se,
        "p_value": 2 * reference.sf(np.abs(estimate / se)),
    }
    digits = rng.integers(1, 5, n)
    p_digits = rng.integers(2, 5, n)
    printed = {
        "estimate": rounded(estimate, digits),
        "ci_low": rounded(truth["ci_low"], digits),
        "ci_high": rounded(truth["ci_high"], digits),
        "se": rounded(se, digits),
        "size": rounded(np.abs(truth["statistic"]), np.full(n, 2)),
        "p": rounded(truth["p_value"], p_digits),
    }
    for name in ("se", "size", "p"):
        printed[name] = Range(np.maximum(printed[name].low, 0), printed[name].high)
    printed["p"] = Range(printed["p"].low, np.minimum(printed["p"].high, 1))
    return Reported(**{name: printed[name] for name in shown}), truth


SHOWN = (
    ("estimate", "ci_low", "ci_high"),
    ("estimate", "ci_low", "ci_high", "p"),
    ("estimate", "se"),
    ("estimate", "se", "size"),
    ("estimate", "p"),
    ("ci_low", "ci_high"),
    ("ci_low", "ci_high", "size", "p"),
    ("estimate", "ci_low", "ci_high", "se", "size", "p"),
    ("se", "p"),
    ("estimate", "size"),
)


def test_no_truth_is_ever_called_impossible() -> None:
    rng = np.random.default_rng(20150717)
    seen = 0
    for shown in SHOWN:
        for df in (None, 4.0):
            n = TRUTHS // (len(SHOWN) * 2)
            reported, truth = random_truths(rng, n, 0.95, df, shown)
            found = implied(reported, level=0.95, df=df)
            for name, value in truth.items():
                range_ = getattr(found, name)
                # The slack is for the last bits of sums taken in another order.
                slack = 1e-8 * np.maximum(1e-3, np.abs(value))
                inside = (range_.low <= value + slack) & (range_.high >= value - slack)
                assert inside.all(), (shown, df, name, np.flatnonzero(~inside)[:3])
            seen += n
    assert seen == TRUTHS


def test_ranges_are_reached_not_merely_bounds() -> None:
    # A fine grid over the estimates and standard errors that print alike finds no more extreme
    # result than the corners do, and comes close to each of them.
    e, s = np.meshgrid(np.linspace(0.065, 0.075, 401), np.linspace(0.030, 0.042, 2001))
    c = NormalDist().inv_cdf(0.975)
    low, high = e - c * s, e + c * s
    same = (np.abs(low) <= 0.005) & (high >= 0.135) & (high <= 0.145)
    p = 2 * stats.norm.sf(e / s)[same]
    found = check_claim("0.07", ("0.00", "0.14"))
    assert found.p_value[0] <= p.min() <= found.p_value[0] + 2e-4
    assert found.p_value[1] - 2e-4 <= p.max() <= found.p_value[1]


def test_printed_results_are_judged_without_a_false_impossible() -> None:
    rng = np.random.default_rng(36)
    for _ in range(1500):
        digits, ratio = int(rng.integers(1, 4)), bool(rng.integers(2))
        se = 10 ** rng.uniform(-1.5, 0.0)
        effect = se * rng.normal(0, 2.5)
        limits = effect - 1.959963984540054 * se, effect + 1.959963984540054 * se
        read = math.exp if ratio else float
        p = 2 * NormalDist().cdf(-abs(effect / se))
        claim = "significant" if p < 0.05 else "not significant"
        text = [f"{read(value):.{digits}f}" for value in (effect, *limits)]
        found = check_claim(
            text[0],
            (text[1], text[2]),
            p=f"{p:.3f}" if rng.integers(2) else None,
            z=f"{abs(effect / se):.2f}" if rng.integers(2) else None,
            null=1.0 if ratio else 0.0,
            claim=claim,
        )
        assert found.verdict != "impossible", (text, p)
        assert found.p_value[0] - 1e-9 <= p <= found.p_value[1] + 1e-9


def test_the_founding_case_cannot_be_decided() -> None:
    row = datasets.load("case_management").iloc[0]
    found = check_claim(row["estimate"], (row["ci_low"], row["ci_high"]), claim="significant")
    corners = []
    for a, b in product((-0.005, 0.005), repeat=2):
        low, high = 0.0 + a, 0.14 + b
        z = (low + high) / (high - low) * NormalDist().inv_cdf(0.975)
        corners.append(2 * NormalDist().cdf(-abs(z)))
    assert found.verdict == "undecidable"
    assert found.p_value == pytest.approx((min(corners), max(corners)), rel=1e-9)
    assert "some below 0.05, some not" in found.notes[1]
    assert "the lower limit is printed as 0.00".lower() in found.notes[2].lower()
    assert "between 0.035 and 0.069" in str(found)


def test_satisfaction_is_significant_whatever_the_rounding() -> None:
    for row in datasets.load("case_management").dropna(subset="estimate").iloc[1:].itertuples():
        found = check_claim(row.estimate, (row.ci_low, row.ci_high), claim="significant")
        assert found.verdict == "consistent"
        opposite = check_claim(row.estimate, (row.ci_low, row.ci_high), claim="not significant")
        assert opposite.verdict == "impossible"


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"estimate": "0.5", "p": "0.04", "claim": "not significant"}, "impossible"),
        ({"estimate": "0.5", "p": "<0.001"}, "consistent"),
        ({"estimate": "0.5", "p": ">0.05"}, "impossible"),
        ({"estimate": "0.5", "p": "<0.05"}, "consistent"),
        ({"estimate": "0.5", "p": "0.05"}, "undecidable"),
        ({"estimate": "0.3", "se": "0.1"}, "undecidable"),
        ({"estimate": "0.30", "se": "0.10"}, "consistent"),
        ({"estimate": "0.30", "se": "0.10", "claim": "significant decrease"}, "impossible"),
        ({"estimate": "-0.30", "se": "0.10", "claim": "significant decrease"}, "consistent"),
        ({"estimate": "0.30", "z": "-3.0"}, "consistent"),
        ({"estimate": "2.0", "t": "2.1", "df": 10}, "impossible"),
        ({"estimate": "2.0", "t": "2.1", "df": 100}, "consistent"),
        ({"ci": ("0.53", "0.91"), "null": 1.0}, "consistent"),
        ({"ci": ("0.83", "1.20"), "null": 1.0, "claim": "no_difference"}, "consistent"),
        ({"estimate": "0.07", "ci": ("0.00", "0.14"), "p": "0.20"}, "impossible"),
        ({"estimate": "0.07", "ci": ("0.00", "0.14"), "claim": None}, "consistent"),
        ({"estimate": "0.20", "ci": ("0.00", "0.14"), "claim": None}, "impossible"),
        ({"estimate": "0.00", "ci": ("0.00", "0.00")}, "undecidable"),
        ({"estimate": "1.2", "ci": ("0.0", "50"), "null": 1.0}, "impossible"),
    ],
)
def test_verdicts(given: dict[str, object], verdict: str) -> None:
    assert check_claim(**given).verdict == verdict  # type: ignore[arg-type]


def test_a_contradiction_is_traced_to_what_could_cause_it() -> None:
    found = check_claim("0.07", ("0.00", "0.14"), p="0.20")
    assert "Without the interval or the p-value, the rest is compatible." in found.notes
    assert all(math.isnan(end) for end in found.p_value)


def test_significance_at_another_level() -> None:
    assert check_claim("0.30", se="0.14").verdict == "consistent"
    assert check_claim("0.30", se="0.14", level=0.99).verdict == "impossible"


def test_no_difference_is_not_proof_of_none() -> None:
    found = check_claim("0.10", ("-0.20", "0.40"), claim="no difference")
    assert found.verdict == "consistent"
    assert "A difference that is not significant is not shown to be absent" in found.notes[-1]
    assert found.notes[-1].endswith("the interval may reach from -0.205 to 0.405.")


def test_the_record_shows_itself() -> None:
    found = check_claim("0.69", ("0.53", "0.91"), null=1.0)
    assert "logarithm" in found.notes[0]
    table = found.to_frame()
    assert table["quantity"].tolist()[0] == "estimate"
    assert table.loc[1, "printed"] == "0.53"
    assert found.ci_low == pytest.approx((0.525, 0.535), abs=0.002)
    assert "<script" not in check_claim("0.1", se="0.1")._repr_html_()


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({}, DataError, "needs an estimate, an interval or a standard error"),
        ({"p": "0.04"}, DataError, "needs an estimate"),
        ({"estimate": 0.07}, DataError, "must be text, as printed"),
        ({"estimate": "0,07"}, DataError, "contains a comma"),
        ({"ci": "0.00 to 0.14"}, DataError, "ci must contain two limits"),
        ({"ci": (None, "0.14")}, DataError, "ci must contain two limits"),
        ({"estimate": "1", "null": "0"}, OptionError, "null must be a number"),
        ({"estimate": "1", "df": "10"}, OptionError, "df must be a number"),
        ({"ci": ("0.14", "0.00")}, DataError, "limits are swapped"),
        ({"estimate": "-0.5", "null": 1.0}, DataError, "must be > 0 on the log scale"),
        ({"estimate": "5%", "ci": ("1", "9")}, DataError, "percent sign"),
        ({"estimate": "1", "se": "-0.1"}, DataError, "se must not be negative"),
        ({"estimate": "1", "z": "2", "t": "2"}, OptionError, "not both"),
        ({"estimate": "1", "t": "2"}, OptionError, "t needs its degrees of freedom"),
        ({"estimate": "1", "z": "2", "df": 4}, OptionError, "z has no degrees of freedom"),
        ({"estimate": "1", "df": -1}, OptionError, "df must be a number > 0"),
        ({"estimate": "1", "claim": "signifcant"}, OptionError, "Did you mean 'significant'"),
        ({"estimate": "1", "scale": "logit"}, OptionError, "scale must be one of"),
        ({"estimate": "1", "scale": "log"}, OptionError, "null must be a number, and > 0"),
        ({"estimate": "1", "level": 95}, OptionError, "write 0.95"),
    ],
)
def test_what_is_refused(given: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        check_claim(**given)  # type: ignore[arg-type]
