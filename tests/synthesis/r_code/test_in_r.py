"""The scripts run in R, by metafor, to the numbers of the results that wrote them."""

from __future__ import annotations

import pandas as pd
import pytest
import r_scripts

import synthesis as syn

TOLERANCE = 1e-7
"""Relative to the larger of 1 and the number: both sides work in double precision, and R's
iterations are told to stop at 1e-10 or less. I² and the like magnify what is left."""


def allowed(family: str, name: object, quantity: str) -> float:
    """Return how far apart a number may be: `TOLERANCE`, or what is explained here."""
    parts = name if isinstance(name, tuple) else (name,)
    if family == "meta-regressions":
        if "through zero" in parts or parts[-1] in ("~ 0 + ablat", "~ 0 + alloc:ablat"):
            # rma.mv climbs the likelihood itself, whose flat top hides the last digits of tau2.
            return 1e-5
        if parts[0] == "egger2001":
            # Calendar years: metafor's cross-products of a column near 2000 lose digits.
            return 1e-6
    if "selection" in parts:
        # metafor's simplex stops short, BFGS where it stands in even earlier; our log-likelihood
        # is never the lower one (tests of selection_model).
        return 1e-4
    if "excess" in parts and "fit" in parts:
        # metafor integrates over five tau on either side, which leaves out 6e-7 of each power.
        return 2e-5
    return TOLERANCE


@pytest.mark.parametrize("family", r_scripts.FAMILIES)
def test_every_number_is_that_of_r(metafor, family):
    results = metafor.FAMILIES[family]()
    answers = metafor.run(results)
    assert set(answers) == set(results)
    problems = {name: one.problem for name, one in answers.items() if one.problem}
    assert problems == {}
    off = [
        (name, number)
        for name, one in answers.items()
        for number in one.numbers
        if not number.difference <= allowed(family, name, number.quantity)
    ]
    assert off == []
    assert sum(len(one.numbers) for one in answers.values()) > 500


def test_a_wrong_number_is_found(metafor):
    fit = syn.meta_analysis(r_scripts.inputs("bcg"))
    wrong = fit.to_r().replace("0.4459134005713", "0.4559134005713")
    assert wrong != fit.to_r()
    (printed,) = metafor.run_texts([wrong])
    last = printed.strip().splitlines()[-1]
    assert last.startswith("Largest difference")
    assert float(last.split(":")[1].split()[0]) > 1e-4


AWKWARD = [
    'O\'Brien "2001"',
    "back\\slash \\n",
    "two\nlines",
    '"); q(status = 3); c("',
    "# comment",
    "Müller 2001 – naïve",
    "研究 1",
    "\U0001f600 2004",
    "%s %d {x} $y",
    "tab\there",
    "`tick`",
    "NA",
    "TRUE",
    "x\u2028y",
]
"""Made-up labels that a script must carry as they are."""


def awkward() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "study": AWKWARD,
            "yi": [0.1 + 0.05 * (row % 5) + 0.01 * row for row in range(len(AWKWARD))],
            "vi": [0.02 + 0.003 * row for row in range(len(AWKWARD))],
            'group "\\ \n`': ["a\n'x'", 'b"); q()', "c\\"] * 4 + ["c\\", "c\\"],
            "if": range(len(AWKWARD)),
        }
    )


def test_whatever_is_in_a_label_stays_a_label(metafor):
    table = awkward()
    fit = syn.meta_analysis(table)
    column = table.columns[3]
    texts = {
        "fit": fit,
        'section "x"\nq(status = 3)': syn.subgroup_analysis(table, by=column),
        "regression": syn.meta_regression(table, "~ `if`"),
        "robust": syn.robust(syn.three_level(table, cluster=column), cluster=column),
        "test": syn.egger_test(fit),
    }
    answers = metafor.run(texts)
    for name, one in answers.items():
        assert one.problem == "", name
        assert max(number.difference for number in one.numbers) < TOLERANCE
    (joined,) = metafor.run_texts([syn.to_r(texts, also=["leave_one_out", "influence"])])
    assert "PROBLEM" not in joined
    assert "Largest difference" in joined
    written = ", ".join(f"utf8ToInt(studies$study[{row}])" for row in range(1, len(table) + 1))
    code = fit.to_r() + f"\nfor (one in list({written})) cat('CODES', one, '\\n')\n"
    (printed,) = metafor.run_texts([code])
    codes = [line.split()[1:] for line in printed.splitlines() if line.startswith("CODES")]
    read = fit.studies["study"]
    assert ["".join(chr(int(one)) for one in line) for line in codes] == list(read)


@pytest.mark.parametrize(
    "choices",
    [{}, {"tau2": "dl", "ci": "wald"}, {"model": "common"}, {"prediction": "higgins"},
     {"ci": "profile"}, {"tau2": 0.05}],
)  # fmt: skip
def test_a_table_of_analyses(metafor, choices):
    parts = [r_scripts.inputs(name).assign(review=name) for name in ("bcg", "normand1999")]
    table = pd.concat([*parts, parts[0].iloc[:1].assign(review="one"),
                       parts[0].iloc[:2].assign(review="two")])  # fmt: skip
    table["half"] = ["a", "b"] * (len(table) // 2) + ["a"] * (len(table) % 2)
    for by in ("review", ["review", "half"]):
        (printed,) = metafor.run_texts([syn.meta_analyses_to_r(table, by, **choices)])
        assert "PROBLEM" not in printed
        last = printed.strip().splitlines()[-1]
        assert float(last.split(":")[1].split()[0]) < TOLERANCE
        groups = table.groupby(by).ngroups
        assert printed.count("\nestimate [") == groups


def test_one_file_for_a_whole_review(metafor):
    table = r_scripts.with_moderators(r_scripts.inputs("bcg"))
    fit = syn.meta_analysis(table, measure="rr")
    text = syn.to_r(
        {
            "Main": fit,
            "Subgroups": syn.subgroup_analysis(table, by="alloc"),
            "Many models": syn.multiverse(table),
            "Latitude": syn.meta_regression(table, "~ ablat"),
            "Egger": syn.egger_test(fit),
        },
        also=["leave_one_out", "cumulative", "influence", "residuals", "baujat", "blup"],
        order="year",
        missing="say",
    )
    (printed,) = metafor.run_texts([text])
    assert "PROBLEM" not in printed
    for name in ("Main: ", "Main: leave-one-out: ", "Subgroups: ", "Latitude: ", "Egger: "):
        assert f"\n{name}" in printed
    assert "metafor has no function for a multiverse" in text.replace("\n# ", " ")
    assert text.count("The data are those of the section above.") == 6
