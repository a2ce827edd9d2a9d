"""What scripts say, how they are put together, and what cannot be written; no R is needed."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import r_scripts

import arrowroot
import synthesis as syn
from arrowroot.errors import OptionError
from synthesis.pooling.engine.tau2 import ESTIMATORS
from synthesis.r_code.text import comment, names, number, string, vector

GOLDEN = Path(__file__).parent / "golden"


def table() -> pd.DataFrame:
    """Made-up effects of six trials."""
    return pd.DataFrame(
        {
            "study": ["A 2001", 'B "two"', "C", "D", "E", "F"],
            "yi": [0.1, 0.35, -0.2, 0.6, 0.25, 0.4],
            "vi": [0.04, 0.02, 0.05, 0.09, 0.01, 0.03],
            "dose": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            "risk of bias": ["low", "high"] * 3,
            "team": ["t1", "t1", "t2", "t2", "t3", "t3"],
        }
    )


def fit(**choices) -> syn.MetaAnalysis:
    return syn.meta_analysis(table(), measure="smd", **choices)


WRITTEN = {
    "meta_analysis": lambda: fit().to_r(),
    "by_hand": lambda: fit(ci="profile", prediction="higgins", tau2="dl2").to_r(),
    "meta_regression": lambda: syn.meta_regression(table(), "~ dose + `risk of bias`").to_r(),
    "subgroups": lambda: syn.subgroup_analysis(table(), by="risk of bias", ci="wald").to_r(),
    "three_level": lambda: syn.robust(
        syn.three_level(table(), cluster="team", rho=0.4), cluster="team"
    ).to_r(),
    "several": lambda: syn.to_r(
        {"All trials": fit(model="common"), "Egger": syn.egger_test(fit(model="common"))},
        also=["leave_one_out"],
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_script_is_written_as_before(name):
    # The last digits of a number, and with them where a line of numbers ends, depend on the
    # machine; what a script says does not.
    def rounded(text: str) -> str:
        short = re.sub(r"-?\d+\.\d+(e-?\d+)?", lambda found: f"{float(found[0]):.6g}", text)
        return re.sub(r",\n +", ", ", short).replace(arrowroot.__version__, "VERSION")

    path = GOLDEN / f"{name}.R"
    assert rounded(WRITTEN[name]()) == rounded(path.read_text("utf-8")), (
        "look at it, and write it anew"
    )


def test_every_script_is_ascii_and_stands_alone():
    for make in WRITTEN.values():
        text = make()
        assert text.isascii()
        assert text.endswith("\n")
        assert "read." not in text
        assert "source(" not in text


def test_the_numbers_of_the_data_are_whole():
    y = 0.1 + 0.2, 1 / 3, -1e-17, 123456789.123456789
    code = vector(y)
    assert [float(one) for one in code[2:-1].split(", ")] == list(y)
    assert [number(one) for one in (None, float("nan"), float("inf"), 2.0, True)] == [
        *("NA", "NA", "Inf", "2", "TRUE")
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('a"b', r'"a\"b"'),
        ("a\\b", r'"a\\b"'),
        ("a\nb\tc\r", r'"a\nb\tc\r"'),
        ("é", r'"\u00e9"'),
        ("\U0001f600", r'"\U0001f600"'),
        ("\x00\ud800", r'"\ufffd\ufffd"'),
        ("\u202e", r'"\u202e"'),
    ],
)
def test_text(text, code):
    assert string(text) == code


def test_comments_and_names():
    assert comment("one\nq()\u2028two") == ["# one q() two"]
    assert all(line.startswith("# ") for line in comment("word " * 100))
    assert names(["if", "a b", "x1", "dose", "TRUE"], ["dose"]) == {
        "if": "x2",
        "a b": "x3",
        "x1": "x1",
        "dose": "x4",
        "TRUE": "x5",
    }


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("~ dose", "~ dose"),
        ("~ 0 + dose", "~ 0 + dose"),
        ("~ `risk of bias`", "~ x1"),
        ("~ dose * `risk of bias`", "~ dose + x1 + dose:x1"),
        ("~ C(team, Treatment('t2'))", '~ relevel(team, "t2")'),
        ("~ I(dose**2 / 3)", "~ I((dose^2) / 3)"),
        ("~ poly(dose, 2)", "~ poly(dose, 2)"),
        ("~ center(dose)", "~ I(dose - mean(dose))"),
        ("~ np.log(dose)", "~ log(dose)"),
    ],
)
def test_formulas_in_the_words_of_r(formula, code):
    regression = syn.meta_regression(table(), formula)
    assert f"mods = {code}, " in " ".join(regression.to_r().split())


@pytest.mark.parametrize(
    "formula", ["~ bs(dose, df=3)", "~ C(team, contr.sum)", "~ standardize(dose)", "~ I(dose > 3)"]
)
def test_other_formulas_column_by_column(formula):
    text = syn.meta_regression(table(), formula).to_r()
    assert "mods = ~ x1" in text
    assert "R's own formulas code" in text
    assert "x1 is " in text


def test_without_an_intercept_it_is_said_why_rma_mv_is_used():
    text = syn.meta_regression(table(), "~ 0 + dose").to_r()
    assert "spread <- rma.mv(" in text
    assert "subtracts the mean of the effects" in text.replace("\n# ", " ")
    with pytest.raises(OptionError, match=r"tau2='dl' without an intercept.*Use tau2='reml'"):
        syn.meta_regression(table(), "~ 0 + dose", tau2="dl").to_r()


def test_what_was_left_out_and_what_depends_is_said():
    gaps = table().assign(yi=lambda rows: rows["yi"].where(rows.index > 0))
    assert "# Not pooled: A 2001 (yi is blank)." in syn.meta_analysis(gaps).to_r()
    twice = table().assign(study=["A", "A", "B", "B", "C", "C"], outcome=["x", "y"] * 3)
    text = syn.meta_analysis(twice, dependent="ignore").to_r()
    assert "6 effects from 3 studies are pooled as if they were independent" in text.replace(
        "\n# ", " "
    )


REFUSED = {
    "multiverse": (lambda: syn.multiverse(table()), "a multiverse.*meta_analysis"),
    "gosh": (lambda: syn.gosh(fit()), "these subsets.*gosh"),
    "sign test": (lambda: syn.sign_test(pd.Series(["positive"] * 4)), "binom.test"),
    "combined": (lambda: syn.combine_p_values(table().assign(p=0.03)), "poolr"),
    "shuffled": (
        lambda: syn.meta_regression(table(), "~ dose").permutation_test(50, seed=1),
        "50 random shuffles.*permutest",
    ),
    "trimmed": (lambda: syn.trim_and_fill(fit(tau2="dl2")), "trim and fill.*'dl2'.*tau2='dl'"),
    "given": (lambda: syn.trim_and_fill(fit(tau2=0.1)), "trim and fill.*a given tau2"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_metafor_does_not_have_is_refused_in_words(name):
    make, message = REFUSED[name]
    result = make()
    with pytest.raises(OptionError, match=rf"(?s)^to_r: metafor has no function for .*{message}"):
        result.to_r()
    with pytest.raises(OptionError, match=r"^Sensitivity: to_r: metafor has no"):
        syn.to_r({"Sensitivity": result})
    text = syn.to_r({"Main": fit(), "Sensitivity": result}, missing="say")
    assert "# ---- Sensitivity ----\n\n# to_r: metafor has no function for" in text
    assert "worst <- which.max(differences)" in text
    assert "worst <-" not in syn.to_r({"Sensitivity": result}, missing="say")


def test_what_is_no_result_is_refused():
    with pytest.raises(OptionError, match="no result to write"):
        syn.to_r({})
    with pytest.raises(OptionError, match="got 'fit'"):
        syn.to_r("fit")
    with pytest.raises(OptionError, match=r"a table does not know.*leave_one_out"):
        syn.to_r(syn.leave_one_out(fit()))
    with pytest.raises(OptionError, match="also must be one of 'leave_one_out'"):
        syn.to_r(fit(), also=["gosh"])
    with pytest.raises(OptionError, match="missing must be one of 'refuse', 'say'"):
        syn.to_r(fit(), missing="no")


@pytest.mark.parametrize(
    ("choices", "also", "message"),
    [
        ({"tau2": "dl2"}, "influence", "influence of each study of a fit with 'dl2'"),
        ({"ci": "profile"}, "leave_one_out", "leave-one-out of a fit with 'profile'"),
        ({"model": "common"}, "blup", "under a common effect"),
    ],
)
def test_repeated_analyses_that_metafor_does_not_have(choices, also, message):
    with pytest.raises(OptionError, match=message):
        syn.to_r({"Main": fit(**choices)}, also=[also])
    assert message in syn.to_r({"Main": fit(**choices)}, also=[also], missing="say").replace(
        "\n# ", " "
    )


def test_two_studies_cannot_be_repeated():
    two = syn.meta_analysis(table().iloc[:2])
    with pytest.raises(OptionError, match="of 2 studies"):
        syn.to_r(two, also=["leave_one_out"])


def test_the_lists_of_the_tests_hold_what_they_say():
    assert len(r_scripts.datasets()) == 10
    assert set(r_scripts.TAU2[:-1]) == set(ESTIMATORS)
