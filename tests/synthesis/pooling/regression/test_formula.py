"""Formulas: what they may say, what they mean, and that nothing else is run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import synthesis as syn

# Synthetic effects; the first three columns are those of the metafor values below.
TABLE = pd.DataFrame(
    {
        "study": list("abcdefgh"),
        "yi": [0.1, 0.2, 0.15, 0.4, 0.3, 0.5, 0.2, 0.6],
        "a": range(1, 9),
        "vi": 0.01,
        "b": [2.0, 1, 5, 3, 6, 4, 8, 1],
        "design": ["rct", "rct", "cohort", "cohort", "rct", "cohort", "rct", "cohort"],
        "quality": [1, 2, 3, 1, 2, 3, 1, 2],
        "risk of bias": [1.0, 3, 2, 4, 5, 6, 2, 1],
        "c.d": [3.0, 1, 4, 1, 5, 9, 2, 6],
        "cluster": list("ppqqrrss"),
    }
)


def terms(formula: str) -> dict[str, float]:
    return syn.meta_regression(TABLE, formula, ci="wald").coefficients["estimate"].to_dict()


def fitted(formula: str) -> list[float]:
    fit = syn.meta_regression(TABLE, formula, ci="wald")
    return list(fit.predict(TABLE)["estimate"])


class TestTransforms:
    def test_a_polynomial_agrees_with_metafor(self) -> None:
        # rma(yi, vi, mods = ~ poly(a, 2)); printed to four digits.
        assert list(terms("~ poly(a, 2)").values()) == pytest.approx(
            [0.3063, 0.3433, -0.0116], abs=5e-5
        )

    @pytest.mark.parametrize(
        ("formula", "same"),
        [
            ("~ poly(a, 2)", "~ a + I(a**2)"),
            ("~ poly(a, 2) + design", "~ design + a + I(a*a)"),
            ("~ center(a)", "~ a"),
            ("~ scale(a) + standardize(b)", "~ a + b"),
            ("~ center(a) * scale(b)", "~ a * b"),
            ("~ sqrt(a)", "~ I(a ** 0.5)"),
            ("~ np.log(a)", "~ log10(a)"),
            ("~ log2(a)", "~ I(log(a) / 2)"),
            ("~ bs(a, degree=2)", "~ a + I(a**2)"),
            ("~ C(design, Treatment('rct'))", "~ design"),
            ("~ C(design, contr.treatment('rct'))", "~ C(design, levels=['rct', 'cohort'])"),
            ("~ I(design == 'rct')", "~ design"),
            ("~ log(`risk of bias`)", "~ {log(`risk of bias`)}"),
            ("~ C(quality)", "~ I(quality == 2) + I(quality == 3)"),
        ],
    )
    def test_two_ways_to_say_one_model(self, formula: str, same: str) -> None:
        # The columns span the same space, so every fitted value is the same.
        assert fitted(formula) == pytest.approx(fitted(same), rel=1e-9)

    @pytest.mark.parametrize(
        ("formula", "same"),
        [
            ("~ poly(a, 2)", "~ a + I(a**2)"),
            ("~ bs(a, degree=2)", "~ a + I(a**2)"),
            ("~ center(a) + scale(b)", "~ a + b"),
            ("~ sqrt(a)", "~ I(a ** 0.5)"),
        ],
    )
    def test_predictions_keep_what_a_transform_was_fitted_to(self, formula: str, same: str) -> None:
        new = pd.DataFrame({"a": [7, 2.5], "b": [1.0, 9.5]})
        ours, plain = (syn.meta_regression(TABLE, one).predict(new) for one in (formula, same))
        columns = ["estimate", "std_error", "pi_low", "pi_high"]
        pd.testing.assert_frame_equal(ours[columns], plain[columns], rtol=1e-8)

    def test_a_spline_ends_where_it_was_fitted(self) -> None:
        fit = syn.meta_regression(TABLE, "~ bs(a, df=4)")
        with pytest.raises(syn.DataError, match="a spline is not defined beyond the lowest and"):
            fit.predict(pd.DataFrame({"a": [9.0]}))

    def test_a_category_that_was_not_fitted(self) -> None:
        fit = syn.meta_regression(TABLE, "~ C(quality)")
        assert fit.predict(pd.DataFrame({"quality": [3]}))["estimate"][0] == pytest.approx(0.325)
        with pytest.raises(syn.DataError, match="new: quality has no category '4' among"):
            fit.predict(pd.DataFrame({"quality": [4]}))

    def test_text_where_a_number_is_predicted_from(self) -> None:
        fit = syn.meta_regression(TABLE, "~ log(a)")
        with pytest.raises(syn.DataError, match="a: every cell must be a number; got 'two'"):
            fit.predict(pd.DataFrame({"a": ["two"]}))

    def test_powers_of_years_do_not_overflow(self) -> None:
        years = TABLE.assign(year=2000 + TABLE["a"])
        power = syn.meta_regression(years, "~ I(year**8)").design.iloc[:, 1]
        assert power.tolist() == pytest.approx([float(year) ** 8 for year in years["year"]])


@pytest.mark.parametrize("formula", ["~ poly(a, 2)", "~ bs(a, df=3)", "~ log(a) + C(quality)"])
def test_blanks_inside_transforms_are_set_aside(formula: str) -> None:
    blank = TABLE.assign(a=TABLE["a"].where(TABLE["study"] != "c"))
    for fit in (
        syn.meta_regression(blank, formula),
        syn.three_level(blank, cluster="cluster", formula=formula),
    ):
        assert fit.k == 7
        assert "(a is blank)" in " ".join(fit.notes)


def test_three_level_models_take_the_same_formulas() -> None:
    one, other = (
        syn.three_level(TABLE, cluster="cluster", formula=formula)
        for formula in ("~ poly(a, 2)", "~ a + I(a**2)")
    )
    assert (one.log_likelihood, one.q_m) == pytest.approx((other.log_likelihood, other.q_m), 1e-6)
    with pytest.raises(syn.OptionError, match=r"np\.savetxt"):
        syn.three_level(TABLE, cluster="cluster", formula="~ np.savetxt('x', a)")


def test_permutations_follow_a_transform() -> None:
    one, other = (
        syn.meta_regression(TABLE, formula).permutation_test(200, seed=3).q_m_p_value
        for formula in ("~ poly(a, 2)", "~ a + I(a**2)")
    )
    assert one == other


@pytest.mark.parametrize(
    ("formula", "instead"),
    [
        ("~ a**2", "I(a**2)"),
        ("~ a^2", "I(a**2)"),
        ("~ (a)**2", "I(a**2)"),
        ("~ b + log(a)**2", "I(log(a)**2)"),
        ("~ `risk of bias`**2", "I(`risk of bias`**2)"),
        ("~ 1/a", "I(1/a)"),
        ("~ 2*a", "I(2*a)"),
        ("~ a*10", "I(a*10)"),
        ("~ a + 2.5", "I(a + 2.5)"),
        ("~ a - b", "I(a - b)"),
        ("~ -a", "I(-a)"),
    ],
)
def test_arithmetic_is_not_taken_for_terms(formula: str, instead: str) -> None:
    with pytest.raises(syn.OptionError) as caught:
        terms(formula)
    assert str(caught.value) == (
        f"formula: in {formula!r} the operators + - * / ** combine terms; they do not calculate. "
        f"For arithmetic write {instead}."
    )
    if "a - " not in formula and "-a" not in formula:
        assert len(terms(f"~ {instead.replace('a + ', '3*a + ')}")) == 2


def test_a_ratio_of_numbers_is_not_taken_for_nested_terms() -> None:
    with pytest.raises(syn.OptionError, match=r"write I\(a / b\); for nested terms a \+ a:b"):
        terms("~ a/b")
    with pytest.raises(syn.OptionError, match=r"write I\(a / log\(b\)\); for nested terms"):
        terms("~ a/log(b)")
    with pytest.raises(syn.OptionError, match=r"For arithmetic write I\(log\(a\)/b\)"):
        terms("~ log(a)/b")
    assert len(terms("~ C(design)/a")) == len(terms("~ design/log(a)")) == 4
    assert list(terms("~ design/a")) == [
        "Intercept",
        "design[T.rct]",
        "design[cohort]:a",
        "design[rct]:a",
    ]


@pytest.mark.parametrize("formula", ["~ a*b - a:b", "~ a - 1", "~ 0 + a", "~ (a + b)**2", "~ c.d"])
def test_what_formulas_of_r_mean_stays(formula: str) -> None:
    expected = {
        "~ a*b - a:b": ["Intercept", "a", "b"],
        "~ a - 1": ["a"],
        "~ 0 + a": ["a"],
        "~ (a + b)**2": ["Intercept", "a", "b", "a:b"],
        "~ c.d": ["Intercept", "c.d"],
    }
    assert list(terms(formula)) == expected[formula]


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        ("~ np.load('x.npy', allow_pickle=True)", r"np\.load\(\) is not a function that"),
        ('~ __import__("os")', r"__import__\(\) is not a function that"),
        ("~ a.max()", r"a\.max\(\) is not a function that"),
        ("~ log(a.values)", "write `a.values` in backticks"),
        ("~ np.sin(a)", r"np\.sin\(\) is not a function"),
        ("~ log(a)(b)", r"log\(a\)\(\) is not a function"),
        ("~ hashed(design, levels=2)", r"hashed\(\) is not a function"),
        ("~ Q('risk of bias')", r"Q\(\) is not a function"),
        ("~ I((lambda: 1)())", "lambda.* is not a function"),
        ("~ I([one for one in a])", "cannot be used"),
        ("~ I(a if a else b)", "cannot be used"),
        ("~ I(a[0])", "cannot be used"),
        ("~ I(f'{a}')", "cannot be used"),
        ("~ I(a := 3)", "cannot be used"),
        ("~ I(*a)", "cannot be used"),
        ("~ I(a and b)", "cannot be used"),
        ("~ I(1 < a < 3)", "Compare two values"),
        ("~ log(a, out=b)", r"log\(\) takes one value"),
        ("~ poly(a, 10**9)", r"Options of poly\(\) are numbers"),
        ("~ poly(a, 10000)", r"At most 50 is possible in poly\(\)"),
        ("~ I(a + 9**9**9)", "Write the number itself"),
        ("~ I(7)", "names no column"),
        ("~ a | b", r"the operator '\|' .* is not used here"),
        ("~ (a + b)**9", "must be a whole number from 1 to 5; got 9"),
        ("~ " + " * ".join(["a", "b", "design"] * 4), "crosses more than 9 terms"),
        ("~ " + " + ".join(["a"] * 2000), "it has 7,999 characters; at most 5,000"),
        ("~ log(a", "cannot be read"),
        ("~ I(" + "(" * 900 + "a" + ")" * 900 + ")", "cannot be read|names no"),
        ("~ 'a'", "cannot be read"),
        ("~ .", "cannot be read"),
        ("yi ~ a", "must name moderators only"),
    ],
)
def test_everything_else_is_refused_in_words(formula: str, named: str) -> None:
    with pytest.raises(syn.OptionError, match=named):
        terms(formula)


def test_nothing_is_written_or_run(tmp_path: Path) -> None:
    there = tmp_path / "written.txt"
    for formula in (
        f"~ np.savetxt('{there}', a)",
        f"~ I(np.savetxt('{there}', a))",
        f"~ C(design, np.savetxt('{there}', a))",
        f"~ {{open('{there}', 'w')}}",
        # What formulaic keeps of a transform is named by its text, inside quotes of its own.
        f"~ C(design, \"'] or open('{there}', 'w') or ['\")",
        "~ C(design, levels=['rct', '\"] or open(`x`)'])",
        f"~ log(`a` + `\" + open('{there}', 'w') + \"`)",
    ):
        with pytest.raises((syn.OptionError, syn.DataError)):
            terms(formula)
        assert not there.exists()


def test_a_column_may_have_the_name_of_a_function_that_is_not_called() -> None:
    named = TABLE.rename(columns={"a": "scale", "b": "np"})
    fit = syn.meta_regression(named, "~ log(scale) + np")
    assert fit.coefficients["estimate"].tolist() == pytest.approx(
        syn.meta_regression(TABLE, "~ log(a) + b").coefficients["estimate"].tolist()
    )
    with pytest.raises(syn.OptionError, match="'scale' is both a column and a function"):
        syn.meta_regression(named, "~ scale(scale)")
    with pytest.raises(syn.OptionError, match="'np' is both a column and a function"):
        syn.meta_regression(named, "~ np.log(np)")


def test_nothing_is_calculated_from_text() -> None:
    with pytest.raises(syn.DataError, match="calculated from column 'design', which is not a col"):
        terms("~ log(design)")
    with pytest.raises(syn.DataError, match="formula: the table has no column 'hours'"):
        terms("~ poly(hours, 2)")
    with pytest.raises(syn.DataError, match=r"formula: I\(a / 0\) must be finite"):
        terms("~ I(a / 0)")


class TestNearlyCollinear:
    """Moderators that differ by little: right, or refused."""

    X = np.random.default_rng(0).normal(size=(3, 24))  # synthetic

    def table(self, apart: float, scale: float = 1.0) -> pd.DataFrame:
        x, e, noise = self.X
        return pd.DataFrame(
            {
                "study": [f"S{row}" for row in range(24)],
                "cluster": [f"c{row // 3}" for row in range(24)],
                "yi": 0.2 * x + 0.5 * e + noise,
                "vi": 0.02 + 0.1 * np.abs(noise),
                "x": scale * x,
                "near": scale * (x + apart * e),
                "e": e,
            }
        )

    @pytest.mark.parametrize("scale", [1.0, 1e60, 1e-60])
    @pytest.mark.parametrize("apart", [1e-3, 1e-6, 1e-7])
    def test_the_test_of_moderators_depends_on_their_space_alone(
        self, apart: float, scale: float
    ) -> None:
        table = self.table(apart, scale)
        ours, plain = (syn.meta_regression(table, f"~ x + {one}") for one in ("near", "e"))
        # Of sixteen digits, collinearity takes log10(1 / apart).
        assert (ours.q_m, ours.tau2) == pytest.approx((plain.q_m, plain.tau2), rel=1e-15 / apart)
        ours3, plain3 = (
            syn.three_level(table, cluster="cluster", formula=f"~ x + {one}")
            for one in ("near", "e")
        )
        assert ours3.q_m == pytest.approx(plain3.q_m, rel=1e-15 / apart)
        factors = ours.variance_inflation()
        assert factors["x"] == pytest.approx(factors["near"], rel=1e-15 / apart)

    @pytest.mark.parametrize("scale", [1.0, 1e60, 1e-60])
    @pytest.mark.parametrize(
        "tau2",
        ["reml", "dl", "pm", "ml", "eb", "sj", "he", "hs", "hs_k", "dl2", "pm_median", 0.1],
    )
    def test_moderators_that_agree_to_nine_digits_are_refused(
        self, tau2: str | float, scale: float
    ) -> None:
        with pytest.raises(syn.EstimationError, match="'near' cannot be distinguished"):
            syn.meta_regression(self.table(1e-9, scale), "~ x + near", tau2=tau2)

    def test_powers_of_years_can_be_told_apart(self) -> None:
        table = self.table(1).assign(year=lambda rows: 1995 + np.arange(24))
        centred = table.assign(year=table["year"] - 2006)
        formula = "~ year + I(year**2)"
        ours, plain = (syn.meta_regression(one, formula) for one in (table, centred))
        assert ours.q_m == pytest.approx(plain.q_m, rel=1e-8)

    @pytest.mark.parametrize("scale", [1e101, 1e-101])
    def test_moderators_beyond_what_can_be_computed(self, scale: float) -> None:
        with pytest.raises(syn.DataError, match=r"x must be between 1e-100 and 1e\+100 in size"):
            syn.meta_regression(self.table(1, scale), "~ x")


def test_hundreds_of_categories_are_the_means_of_their_studies() -> None:
    # Synthetic: 1,200 studies with equal variances in 150 categories.
    rng = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "study": [f"S{row}" for row in range(1200)],
            "group": [f"g{row % 150:03d}" for row in range(1200)],
            "yi": rng.normal(size=1200),
            "vi": 0.1,
        }
    )
    fit = syn.meta_regression(table, "~ 0 + group", ci="wald")
    groups = table.groupby("group")["yi"]
    assert fit.coefficients["estimate"].tolist() == pytest.approx(groups.mean().tolist())
    # With equal variances REML has a closed form: the pooled variance within groups less vi.
    within = float(((table["yi"] - groups.transform("mean")) ** 2).sum()) / (1200 - 150)
    assert fit.tau2 == pytest.approx(within - 0.1, rel=1e-8)
    by_group = syn.meta_regression(table, "~ group", ci="wald")
    overall = table["yi"].mean()
    between = 8 * float(((groups.mean() - overall) ** 2).sum())
    assert by_group.q_m == pytest.approx(between / within, rel=1e-8)
    huge = table.assign(vi=np.where(table.index % 7 == 0, 1e-4, 0.1))  # uneven weights
    dl = syn.meta_regression(huge, "~ group", tau2="dl")
    w = 1 / huge["vi"]
    mean = (w * huge["yi"]).groupby(huge["group"]).sum() / w.groupby(huge["group"]).sum()
    q = float((w * (huge["yi"] - huge["group"].map(mean)) ** 2).sum())
    trace = w.sum() - ((w**2).groupby(huge["group"]).sum() / w.groupby(huge["group"]).sum()).sum()
    assert dl.tau2 == pytest.approx(max((q - 1050) / trace, 0), rel=1e-8)


def test_what_would_take_hours_is_refused() -> None:
    # Synthetic: a column of labels with two studies each.
    rows = np.arange(1600)
    table = pd.DataFrame(
        {"study": [f"S{row}" for row in rows], "lab": [f"g{row // 2}" for row in rows]}
    ).assign(yi=0.1 * (rows % 7), vi=0.1)
    with pytest.raises(syn.EstimationError, match="800 coefficients for 1,600 rows would take"):
        syn.meta_regression(table, "~ lab")


class TestNothingIsLostFromADesign:
    """A term that a library would drop or write over is refused."""

    @pytest.fixture
    def table(self) -> pd.DataFrame:
        """Synthetic studies, for tests only."""
        return pd.DataFrame(
            {
                "study": list("abcdefgh"),
                "yi": [0.1, 0.2, 0.15, 0.4, 0.3, 0.5, 0.2, 0.6],
                "vi": 0.01,
                "a": [1.0, 2, 4, 3, 5, 7, 6, 8],
                "g": list("xyzxyzxy"),
                "c": "all",
            }
        )

    @pytest.mark.parametrize("formula", ["~ Intercept", "~ a + Intercept", "~ g + `g[T.y]`"])
    def test_two_terms_of_one_name(self, table: pd.DataFrame, formula: str) -> None:
        named = {"Intercept": table["a"] ** 2, "g[T.y]": table["a"] ** 2}
        with pytest.raises(syn.OptionError, match=r"would both be called '(Intercept|g.T.y.)'\. "):
            syn.meta_regression(table.assign(**named), formula)

    @pytest.mark.parametrize(
        ("formula", "told"),
        [
            ("~ c", "'c' is the same for every study: all studies have the category 'all' in 'c'"),
            ("~ a + c", "'c' is the same for every study"),
            ("~ a + a:c", "'a:c' is the same for every study"),
        ],
    )
    def test_a_category_of_all_studies(self, table: pd.DataFrame, formula: str, told: str) -> None:
        with pytest.raises(syn.EstimationError, match=told):
            syn.meta_regression(table, formula)

    def test_levels_that_leave_out_a_category_of_the_table(self, table: pd.DataFrame) -> None:
        with pytest.raises(syn.OptionError, match="names levels, but not 'z', which studies have"):
            syn.meta_regression(table, "~ C(g, levels=['y', 'x'])")

    @pytest.mark.parametrize(
        ("formula", "told"),
        [
            ("~ C(g, 'y')", r"For a reference category write C\(g, Treatment\('y'\)\)\."),
            ("~ C(g, Treatment)", r"write C\(g, Treatment\('name'\)\)"),
            ("~ C(g, [1, 2, 3])", "cannot be computed"),
            ("~ I(" + "+".join(["a"] * 900) + ")", "is nested 9.. levels deep; at most 100"),
            ("~ " + "I(" * 150 + "a" + ")" * 150, "levels deep"),
            ("~ poly(a, 0)", "whole number > 0"),
            ("~ poly(a, 2.5)", "whole number > 0"),
            ("~ bs(a, df='x')", "whole number > 0"),
            ("~ bs(a, df=True)", "whole number > 0"),
            ("~ bs(a, degree=-1)", "whole number > 0"),
            ("~ I(g > 'x')", "Text has no order"),
            ("", "names no moderator"),
            ("~ ", "names no moderator"),
            ("~ ``", "names no moderator"),
            ("~ e\u0301", "an accent that is stored apart from its letter"),
        ],
    )
    def test_what_a_library_would_fail_at(
        self, table: pd.DataFrame, formula: str, told: str
    ) -> None:
        with pytest.raises(syn.OptionError, match=told):
            syn.meta_regression(table, formula)

    @pytest.mark.parametrize(
        ("formula", "told"),
        [
            ("~ I(a == 'x')", "column 'a' holds numbers, and is compared with the text 'x'"),
            ("~ I(3 < g)", "column 'g' holds text, and is compared with the number 3"),
            ("~ `2020`", "Its name is not text"),
        ],
    )
    def test_numbers_and_text_are_not_mistaken_for_each_other(
        self, table: pd.DataFrame, formula: str, told: str
    ) -> None:
        with pytest.raises(syn.DataError, match=told):
            syn.meta_regression(table.assign(x=1).rename(columns={"x": 2020}), formula)

    def test_numbers_kept_as_text_are_pointed_out(self, table: pd.DataFrame) -> None:
        text = table.assign(dose=["1,5", "2", "2", "n.r.", "1,5", "2", "n.r.", "2"])
        fit = syn.meta_regression(text, "~ dose")
        said = [note for note in fit.notes if "Column dose is text" in note]
        assert len(said) == 1
        assert "such as '1,5'" in said[0]
        assert not [note for note in syn.meta_regression(text, "~ g").notes if "is text" in note]
        assert not [n for n in syn.meta_regression(text, "~ C(dose)").notes if "is text" in n]

    @pytest.mark.parametrize(
        ("new", "told"),
        [
            ({"a": [1.0, np.nan], "g": ["x", "y"]}, "new: a is blank in row 2. Give a value"),
            ({"a": [1.0, 2.0], "g": ["x", ""]}, "new: g is blank in row 2"),
        ],
    )
    def test_a_blank_in_what_is_predicted(
        self, table: pd.DataFrame, new: dict[str, list[object]], told: str
    ) -> None:
        fit = syn.meta_regression(table, "~ scale(a) + g")
        with pytest.raises(syn.DataError, match=told):
            fit.predict(pd.DataFrame(new))
