"""The convention finder: planted combinations on real data, known printed results, refusals.

The universe against which the finder is held is computed one analysis at a time, through
`effect_sizes` and `meta_analysis`, and printed by Python's own formatting; the finder goes through
arrays and intervals.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis import datasets
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.pooling.engine.tau2 import ESTIMATORS
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.subgroups import subgroup_analysis
from synthesis.reproduce.conventions.search import find_conventions

TAU2 = [name for name in ESTIMATORS if name != "eb"]
CI = ["hksj", "hksj_modified", "wald", "wald_t", "profile"]
PREDICTION = ["as_interval", "cochrane", "higgins", "normal"]
SMD_FORMS = [
    *(
        ("pooled", form, correct)
        for form in ("ls", "ls2", "ub", "av", "revman")
        for correct in "yn"
    ),
    *((sd, "ls", correct) for sd in ("control", "average") for correct in "yn"),
]
PLAIN = {"inputs": "as given", "digits": "rounded", "direction": "as entered"}


def forms(name: str) -> list[tuple[tuple[str, ...], pd.DataFrame]]:
    """Return (measure, variance, correct, sd, zero_cells) and the effects under it."""
    table = datasets.load(name)
    if name in ("borenstein2009", "normand1999"):
        return [
            (
                ("smd", variance, "yes" if correct == "y" else "no", sd, ""),
                effect_sizes(table, "smd", variance=variance, correct=correct == "y", sd=sd),
            )
            for sd, variance, correct in SMD_FORMS
        ]
    if name == "bcg":
        return [
            ((measure, "", "", "", rule), effect_sizes(table, measure, zero_cells=rule))
            for measure in ("or", "rr")
            for rule in ("half", "all")
        ]
    if name == "molloy2014":
        return [
            (("fisher_z", "", "", "", ""), effect_sizes(table, "fisher_z")),
            (("r", "", "", "", ""), effect_sizes(table, "r")),
        ]
    return [(("generic", "", "", "", ""), table)]


def unlike(found: list[tuple[tuple[str, ...], pd.DataFrame]]) -> list:
    """Leave out forms that give the same effects and variances as an earlier one."""
    kept: list[tuple[tuple[str, ...], pd.DataFrame]] = []
    for form, es in found:
        same = [
            other
            for other, before in kept
            if other[0] == form[0]
            and np.allclose(before["yi"], es["yi"], rtol=1e-13, atol=0)
            and np.allclose(before["vi"], es["vi"], rtol=1e-13, atol=0)
        ]
        if not same:
            kept.append((form, es))
    return kept


BACK = {"or": np.exp, "rr": np.exp, "generic": np.exp, "fisher_z": np.tanh}


@cache
def universe(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return choices and results of every combination, one analysis at a time."""
    choices, results = [], []
    for form, es in unlike(forms(name)):
        ways = [("random", tau2, ci) for tau2, ci in product(TAU2, CI)]
        ways += [("common", "none", ci) for ci in ("wald", "wald_t")]
        for model, tau2, ci in ways:
            fit = meta_analysis(
                es,
                model=model,
                tau2="reml" if tau2 == "none" else tau2,
                ci=ci,
                tau2_ci="none",
                prediction="none",
            )
            measure = form[0]
            scales = ["analysis", "back-transformed"] if measure in BACK else ["analysis"]
            definitions = ["from tau2", "from Q"] if model == "random" else ["from Q"]
            for scale, i2 in product(scales, definitions):
                back = BACK[measure] if scale == "back-transformed" else float
                choices.append((*form, model, tau2, ci, scale, i2))
                results.append(
                    {
                        "estimate": float(back(fit.estimate)),
                        "ci_low": float(back(fit.ci[0])),
                        "ci_high": float(back(fit.ci[1])),
                        "tau2": fit.tau2,
                        "std_error": fit.std_error,
                        "i2": fit.i2_q if i2 == "from Q" else fit.i2,
                        "q": fit.q,
                        "p_value": fit.p_value,
                    }
                )
    names = ["measure", "variance", "correct", "sd", "zero_cells"]
    return (
        pd.DataFrame(choices, columns=[*names, "model", "tau2", "ci", "scale", "i2"]),
        pd.DataFrame(results),
    )


def shown(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


CASES = {
    "borenstein2009": {"measure": "smd"},
    "normand1999": {"measure": "smd"},
    "bcg": {},
    "molloy2014": {},
    "baskerville2012": {},
    "raudenbush1985": {},
    "hackshaw1998": {},
}
PLANTED = 8


@pytest.mark.parametrize("name", CASES)
def test_planted_combinations_give_exactly_the_set_that_prints_alike(name: str) -> None:
    rng = np.random.default_rng([8, len(name), ord(name[0])])
    choices, results = universe(name)
    for _ in range(PLANTED):
        planted = int(rng.integers(len(choices)))
        digits = int(rng.integers(2, 4))
        printed = {
            quantity: shown(results[quantity].iloc[planted], 0 if quantity == "i2" else digits)
            for quantity in ("estimate", "ci_low", "ci_high", "i2", "tau2")
        }
        alike = np.ones(len(choices), dtype=bool)
        for quantity, text in printed.items():
            places = 0 if quantity == "i2" else digits
            alike &= (
                results[quantity].map(lambda value, d=places: shown(value, d)) == text
            ).to_numpy()
        among = {**PLAIN, **({"measure": ["or", "rr"]} if name == "bcg" else {})}
        found = find_conventions(
            datasets.load(name), printed, among=among, progress=False, **CASES[name]
        )
        expected = set(choices[alike].itertuples(index=False, name=None))
        columns = [
            found.matches[column] if column in found.matches else pd.Series("", found.matches.index)
            for column in choices.columns
        ]
        got = list(zip(*columns, strict=True))
        assert len(got) == len(set(got))
        assert {
            tuple("analysis" if one == "" and at == 8 else one for at, one in enumerate(row))
            for row in got
        } == expected, (printed, tuple(choices.iloc[planted]))
        assert tuple(choices.iloc[planted]) in expected


def test_the_planted_cases_are_at_least_fifty() -> None:
    assert len(CASES) * PLANTED >= 50


def test_a_combination_of_everything_is_found_in_the_whole_space() -> None:
    # Nothing is kept to: inputs were rounded, digits cut off, the direction flipped.
    es = effect_sizes(datasets.load("bcg"), "rr")
    rough = es.assign(yi=-es["yi"].round(2), vi=np.sqrt(es["vi"]).round(2) ** 2)
    fit = meta_analysis(rough, tau2="pm", ci="wald_t")

    def cut(value: float) -> str:
        return f"{int(value * 1e4) / 1e4:.4f}"

    found = find_conventions(
        datasets.load("bcg"),
        {
            "estimate": cut(fit.estimate),
            "ci_low": cut(fit.ci[0]),
            "tau2": cut(fit.tau2),
            "i2": cut(fit.i2),
        },
        progress=False,
    )
    columns = ["measure", "inputs", "tau2", "ci", "direction", "scale", "i2", "digits"]
    # Paule-Mandel makes Q equal its degrees of freedom, so that Hartung-Knapp's factor is 1 and
    # its interval is the Wald-type one with t quantiles.
    alike = [
        ["rr", "2 decimals", "pm", ci, "flipped", "analysis", "from tau2", "cut off"]
        for ci in ("hksj", "hksj_modified", "wald_t")
    ]
    assert found.searched > 10_000
    assert sorted(found.matches[columns].to_numpy().tolist()) == alike


def test_cut_off_digits_are_told_from_rounded_ones() -> None:
    studies = datasets.load("raudenbush1985")
    printed = {"estimate": "0.083", "q": "35.8"}
    found = find_conventions(studies, printed, among={"model": "random"}, progress=False)
    reml = found.matches[(found.matches["tau2"] == "reml")]
    assert set(reml["digits"]) == {"cut off"}


def test_prediction_intervals_and_their_rules() -> None:
    studies = datasets.load("bcg")
    es = effect_sizes(studies, "rr")
    for rule in PREDICTION:
        fit = meta_analysis(es, ci="hksj", prediction=rule)
        low, high = fit.prediction_interval  # type: ignore[misc]
        found = find_conventions(
            es,
            {"pi_low": f"{low:.4f}", "pi_high": f"{high:.4f}", "std_error": f"{fit.std_error:.5f}"},
            # On these data the modified interval is the unmodified one.
            among={
                **PLAIN,
                "zero_cells": "half",
                "scale": "analysis",
                "ci": ["hksj", "wald", "wald_t"],
            },
            progress=False,
        )
        assert found.matches[["tau2", "ci", "prediction"]].to_numpy().tolist() == [
            ["reml", "hksj", rule]
        ]


@pytest.mark.parametrize("common", [True, False])
@pytest.mark.parametrize("ci", CI)
def test_subgroup_tests_are_those_of_the_subgroup_analysis(common: bool, ci: str) -> None:
    studies = datasets.load("raudenbush1985")
    ours = subgroup_analysis(studies, "setting", common_tau2=common, tau2="dl", ci=ci)
    found = find_conventions(
        studies,
        {"q_between": f"{ours.q_between:.8f}", "q_between_p_value": f"{ours.p_value:.8f}"},
        by="setting",
        among={**PLAIN, "tau2": "dl", "ci": ci, "model": "random"},
        progress=False,
    )
    assert found.matches["subgroup_tau2"].tolist() == ["common" if common else "separate"]


def test_trimming_is_found() -> None:
    studies = datasets.load("egger2001")
    es = effect_sizes(studies, "or")
    fit = meta_analysis(es, tau2="dl", ci="wald")
    filled = trim_and_fill(fit, estimator="r0", side="right", trim_model="common")
    found = find_conventions(
        es,
        {"k0": filled.k0, "filled_estimate": f"{filled.fit.estimate:.6f}"},
        among={**PLAIN, "zero_cells": "half", "scale": "analysis", "tau2": ["dl", "reml"]},
        progress=False,
    )
    assert found.matches[
        ["model", "tau2", "trim_estimator", "trim_side", "trim_model"]
    ].to_numpy().tolist() == [["random", "dl", "r0", "right", "common"]]


def test_the_explanation_names_the_one_choice_that_decides() -> None:
    found = find_conventions(
        datasets.load("borenstein2009"),
        {"estimate": "0.358", "tau2": "0.037", "Q": "12.00", "g Carroll": "0.095"},
        measure="smd",
        progress=False,
    )
    assert found.matches[["variance", "correct", "tau2"]].to_numpy().tolist() == [
        ["ls2", "yes", "dl"]
    ]
    assert "from restricted maximum likelihood to DerSimonian-Laird" in found.explanation
    assert "estimate 0.361 instead of 0.358" in found.explanation
    assert "the interval" in found.notes[0]
    by_choice = found.separating.groupby("choice")["instead"].apply(set)
    assert "reml" in by_choice["tau2"]
    assert by_choice["digits"] == {"cut off"}


def test_the_nearest_are_listed_when_nothing_matches() -> None:
    found = find_conventions(
        datasets.load("baskerville2012"),
        {"estimate": "0.56", "ci_low": "0.43", "ci_high": "0.80"},
        progress=False,
    )
    assert found.matches.empty
    assert found.explanation.startswith("None of ")
    assert found.nearest["missed"].is_monotonic_increasing
    assert found.nearest["missed"].iloc[0] == 1
    assert "Next, look at the data" in found.explanation


def test_a_mean_difference_with_pooled_sd() -> None:
    found = find_conventions(
        datasets.load("normand1999"),
        {"estimate": "-15.12", "ci_low": "-32.67", "ci_high": "2.43", "tau2": "685.20"},
        progress=False,
    )
    assert set(found.matches["measure"]) == {"md"}
    assert set(found.matches["sd"]) == {"pooled"}
    assert found.matches[["tau2", "ci"]].iloc[0].tolist() == ["reml", "wald"]


def test_regressions_and_three_level_models() -> None:
    capped = datasets.load("raudenbush1985")
    capped["weeks"] = capped["weeks"].clip(upper=3)
    found = find_conventions(
        capped,
        {"intercept": "0.407", "slope": "-0.157", "slope std_error": "0.036"},
        formula="~ weeks",
        progress=False,
    )
    assert {"reml", "wald"} <= set(found.matches["tau2"]) | set(found.matches["ci"])
    levels = find_conventions(
        datasets.load("konstantopoulos2011"),
        {"estimate": "0.185", "sigma2 cluster": "0.065", "sigma2 effect": "0.033"},
        cluster="district",
        progress=False,
    )
    assert set(levels.matches["method"]) == {"reml"}
    assert (
        find_conventions(
            datasets.load("assink2016"), {"estimate": "0.427"}, cluster="study", progress=False
        )
        .matches["method"]
        .tolist()[0]
        == "reml"
    )


@pytest.mark.parametrize(
    ("printed", "options", "error", "message"),
    [
        ({}, {}, DataError, "at least one number"),
        ({"estimate": 0.56}, {}, DataError, "must be text"),
        ({"estmate": "0.56"}, {}, OptionError, "Did you mean 'estimate'"),
        ({"p": "1.2"}, {}, DataError, "must lie between 0 and 1"),
        ({"q_between": "3.2"}, {}, OptionError, "needs the column of the subgroups"),
        ({"q_between": "3.2"}, {"by": "colour"}, DataError, "no column 'colour'"),
        ({"estimate": "0.56"}, {"among": {"tau": ["dl"]}}, OptionError, "Did you mean 'tau2'"),
        ({"estimate": "0.56"}, {"among": {"tau2": "dll"}}, OptionError, "Did you mean 'dl'"),
        ({"estimate": "0.56"}, {"among": {"variance": "lss"}}, OptionError, "Did you mean 'ls'"),
        ({"estimate": "0.56"}, {"among": {"tau2": []}}, OptionError, "lists no options"),
        ({"estimate": "0.56"}, {"study": "trial"}, DataError, "no column 'trial'"),
        ({"estimate": "0.56"}, {"cluster": "clinic"}, DataError, "no column 'clinic'"),
        ({"estimate": "0.56"}, {"level": 95}, OptionError, "write 0.95"),
        ({"estimate": "0.56"}, {"measure": "smdd"}, OptionError, "measure must be one of"),
        ({"estimate": "0.56"}, {"among": {"measure": ["rr"]}}, DataError, "gives no effects"),
    ],
)
def test_what_is_refused(
    printed: dict[str, object], options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        find_conventions(datasets.load("baskerville2012"), printed, **options)  # type: ignore[arg-type]


def test_a_common_effect_without_an_interval_of_its_own_is_refused() -> None:
    with pytest.raises(OptionError, match="a common effect has no such interval"):
        find_conventions(
            datasets.load("baskerville2012"),
            {"ci_low": "0.43"},
            among={"model": "common", "ci": "hksj"},
        )


def test_what_is_no_table_or_no_mapping_is_refused() -> None:
    with pytest.raises(DataError, match="effects must be a table"):
        find_conventions([1, 2], {"estimate": "1"})  # type: ignore[arg-type]
    with pytest.raises(DataError, match="printed must name its numbers"):
        find_conventions(datasets.load("bcg"), ["1"])  # type: ignore[arg-type]


def test_a_moderator_that_is_not_there_is_refused() -> None:
    with pytest.raises(DataError, match="nothing"):
        find_conventions(
            datasets.load("baskerville2012"), {"slope": "1"}, formula="~ nothing", progress=False
        )


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_few_studies_are_searched_without_complaint(rows: int) -> None:
    few = datasets.load("baskerville2012").head(rows)
    printed = {"estimate": "1.01", "ci_low": "0.1", "pi_low": "0.1", "i2": "3", "k0": "1"}
    assert find_conventions(few, printed, among={"tau2": "dl"}, progress=False).searched > 0


def test_a_table_without_effects_is_refused() -> None:
    with pytest.raises(DataError, match="no column 'yi'"):
        find_conventions(pd.DataFrame({"study": ["a", "b"]}), {"estimate": "1"})


def test_tables_without_events_left_out():
    # Made up: three trials, and one in which nobody has the event.
    table = pd.DataFrame(
        {
            "study": list("abcd"),
            "events_t": [4, 6, 9, 0],
            "n_t": [40, 52, 61, 118],
            "events_c": [9, 10, 17, 0],
            "n_c": [41, 50, 60, 105],
        }
    )
    fit = meta_analysis(effect_sizes(table.iloc[:3], "or"), ci="wald")
    low, high = np.exp(fit.ci)
    printed = {
        "estimate": f"{np.exp(fit.estimate):.4f}",
        "ci_low": f"{low:.4f}",
        "ci_high": f"{high:.4f}",
    }
    found = find_conventions(table, printed, measure="or")
    assert set(found.matches["no_events"]) == {"leave_out"}
    assert "what is done about tables without events (from kept to left out)" in found.explanation
    # Where every table has events, the choice does not arise.
    assert "no_events" not in find_conventions(table.iloc[:3], printed, measure="or").matches
