"""Every type of column that pandas has: read for what it says, or refused by name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

import synthesis as syn

# Synthetic effects throughout.
NUMBERS = {
    "integer": [3, 4, 5],
    "unsigned": np.array([3, 4, 5], dtype=np.uint8),
    "half": np.array([3, 4, 5], dtype=np.float16),
    "single": np.array([3, 4, 5], dtype=np.float32),
    "longdouble": np.array([3, 4, 5], dtype=np.longdouble),
    "nullable integer": pd.array([3, 4, 5], dtype="Int64"),
    "nullable float": pd.array([3, 4, 5], dtype="Float64"),
    "sparse": pd.arrays.SparseArray([3.0, 4.0, 5.0]),
    "category": pd.Categorical([3.0, 4.0, 5.0]),
    "category of text": pd.Categorical(["3", "4", "5"]),
    "text": ["3", "4", "5"],
    "string": pd.array(["3", "4", "5"], dtype="string"),
    "objects": pd.Series([3, 4.0, Decimal(5)], dtype=object),
}
NO_NUMBERS = {
    "booleans": [True, False, True],
    "nullable booleans": pd.array([True, False, None], dtype="boolean"),
    "booleans among numbers": pd.Series([True, 0.5, 2], dtype=object),
    "categories of booleans": pd.Categorical([True, False, True]),
    "periods": pd.period_range("2020-01", periods=3, freq="M"),
    "periods as objects": pd.Series(
        list(pd.period_range("2020", periods=3, freq="Y")), dtype=object
    ),
    "dates": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01"]),
    "dates with zones": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01"], utc=True),
    "lengths of time": pd.to_timedelta([1, 2, 3], unit="D"),
    "complex": [1j, 2 + 0j, 3 + 0j],
    "intervals": pd.interval_range(0, 3),
    "lists": pd.Series([[1], [2], [3]], dtype=object),
}
ARMS = pd.DataFrame(
    {"study": list("abc"), "sd_t": 2.0, "n_t": 20, "mean_c": [1.0, 2, 4], "sd_c": 2.0, "n_c": 20}
)


def table(cells: object) -> pd.DataFrame:
    return pd.DataFrame({"study": list("abc"), "yi": cells, "vi": 1.0, "g": list("xxy")})


TAKES: dict[str, Callable[[object], float]] = {
    "meta_analysis": lambda cells: syn.meta_analysis(table(cells), ci="wald").estimate,
    "vi": lambda cells: (
        syn.meta_analysis(table([1.0, 2.0, 4.0]).assign(vi=cells), ci="wald").estimate
    ),
    "meta_analyses": lambda cells: syn.meta_analyses(table(cells), "g", ci="wald")["estimate"]["x"],
    "three_level": lambda cells: float(
        syn.three_level(table(cells), cluster="g").coefficients["estimate"].iloc[0]
    ),
    "effect_sizes": lambda cells: float(
        syn.effect_sizes(ARMS.assign(mean_t=cells), "md")["yi"].sum()
    ),
    "mantel_haenszel": lambda cells: (
        syn.mantel_haenszel(
            pd.DataFrame(
                {"study": list("abc"), "events_t": cells, "n_t": 20, "events_c": 6, "n_c": 20}
            )
        ).estimate
    ),
}


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("function", TAKES)
def test_numbers_of_every_type_are_the_same_numbers(function: str, kind: str) -> None:
    plain = TAKES[function]([3.0, 4.0, 5.0])
    assert TAKES[function](NUMBERS[kind]) == pytest.approx(plain, rel=1e-12)


@pytest.mark.parametrize("kind", NO_NUMBERS)
@pytest.mark.parametrize("function", TAKES)
def test_what_is_no_number_is_refused(function: str, kind: str) -> None:
    with pytest.raises(syn.DataError, match=r"must (be a|contain a finite) number"):
        TAKES[function](NO_NUMBERS[kind])


def test_the_message_shows_the_cell_as_it_was_typed() -> None:
    with pytest.raises(syn.DataError) as caught:
        syn.meta_analysis(table([True, False, True]))
    assert str(caught.value) == (
        "yi: every cell must be a number; got True for study 'a', False for study 'b', True for "
        "study 'c'."
    )


MODERATED = pd.DataFrame(
    {
        "study": list("abcdef"),
        "yi": [0.1, 0.3, 0.5, 0.2, 0.9, 0.4],
        "vi": 0.04,
        "hours": [1, 2, 3, 4, 5, 7],
        "design": list("xxyyxy"),
    }
)


@pytest.mark.parametrize("dtype", ["string", "string[python]", "category", object])
def test_text_of_every_type_is_the_same_moderator(dtype: str) -> None:
    plain = syn.meta_regression(MODERATED, "~ hours + design").coefficients
    typed = MODERATED.astype({"design": dtype})
    pd.testing.assert_frame_equal(
        syn.meta_regression(typed, "~ hours + design").coefficients, plain
    )


def test_converted_tables_are_the_same_tables() -> None:
    converted = MODERATED.convert_dtypes()
    for formula in ("~ hours + design", "~ poly(hours, 2)", "~ C(hours > 3)", "~ log(hours)"):
        pd.testing.assert_frame_equal(
            syn.meta_regression(converted, formula).coefficients,
            syn.meta_regression(MODERATED, formula).coefficients,
        )
    gaps = converted.assign(hours=converted["hours"].where(converted["study"] != "b"))
    assert syn.meta_regression(gaps, "~ poly(hours, 2)").notes == (
        "1 study not pooled: b (hours is blank).",
    )


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        ("periods", "periods"),
        ("periods as objects", "periods"),
        ("dates", "dates"),
        ("dates with zones", "dates"),
        ("lengths of time", "lengths of time"),
        ("complex", "complex numbers"),
        ("intervals", "intervals"),
    ],
)
def test_moderators_that_are_neither_numbers_nor_categories(kind: str, called: str) -> None:
    cells = pd.concat([pd.Series(NO_NUMBERS[kind])] * 2, ignore_index=True)
    with pytest.raises(syn.DataError, match=f"formula: column 'when' has {called}, which are"):
        syn.meta_regression(MODERATED.assign(when=cells), "~ when")


def test_true_and_false_are_a_moderator() -> None:
    flags = [True, False, True, True, False, False]
    plain = syn.meta_regression(MODERATED.assign(late=np.array(flags) * 1.0), "~ late")
    for cells in (flags, pd.array(flags, dtype="boolean")):
        fit = syn.meta_regression(MODERATED.assign(late=cells), "~ late")
        assert fit.coefficients["estimate"].tolist() == pytest.approx(
            plain.coefficients["estimate"].tolist()
        )
        assert fit.predict(pd.DataFrame({"late": [True]}))["estimate"][0] == pytest.approx(
            plain.predict(pd.DataFrame({"late": [1.0]}))["estimate"][0]
        )


def test_tables_of_other_libraries_are_named() -> None:
    class DataFrame:
        """Stands for a data frame of polars, which pandas does not know."""

        __module__ = "polars.dataframe.frame"

        def to_pandas(self) -> pd.DataFrame:
            return MODERATED

    with pytest.raises(syn.DataError) as caught:
        syn.meta_analysis(DataFrame())  # type: ignore[arg-type]
    assert str(caught.value) == (
        "effects: a table, that is a pandas DataFrame, is needed; this is a DataFrame of polars. "
        "Give effects.to_pandas()."
    )
    assert syn.meta_analysis(DataFrame().to_pandas()).k == 6


class TestScales:
    """Effects in other units: the same analysis, or a refusal that says which numbers are taken."""

    def scaled(self, scale: float) -> pd.DataFrame:
        y = np.array([0.1, 0.7, -0.2, 0.4, 1.1, 0.3])
        v = np.array([0.04, 0.08, 0.02, 0.05, 0.3, 0.04])
        return MODERATED.assign(yi=scale * y, vi=scale**2 * v, g=list("ppqqrr"))

    @pytest.mark.parametrize("scale", [1e-34, 1e-20, 1e30, 3e34])
    @pytest.mark.parametrize("tau2", ["reml", "dl", "pm", "ml", "sj", "he", "hs", "dl2"])
    def test_units_change_nothing(self, tau2: str, scale: float) -> None:
        for ci in ("hksj", "wald", "profile"):
            ours, plain = (
                syn.meta_analysis(self.scaled(one), tau2=tau2, ci=ci) for one in (scale, 1.0)
            )
            found = [ours.estimate, *ours.ci, ours.tau2**0.5]
            assert [one / scale for one in found] == pytest.approx(
                [plain.estimate, *plain.ci, plain.tau2**0.5], rel=1e-6
            )
        ours2, plain2 = (
            syn.meta_regression(self.scaled(one), "~ hours", tau2=tau2) for one in (scale, 1.0)
        )
        assert ours2.q_m == pytest.approx(plain2.q_m, rel=1e-6)

    @pytest.mark.parametrize("scale", [1e-100, 1e-36, 1e36, 1e100])
    def test_sizes_that_cannot_be_computed_with(self, scale: float) -> None:
        said = r"vi must be between 1e-70 and 1e\+70; got .* Give the effects in other units"
        for pool in (
            syn.meta_analysis,
            lambda one: syn.meta_regression(one, "~ hours"),
            lambda one: syn.subgroup_analysis(one, "design"),
            lambda one: syn.three_level(one, cluster="g"),
            lambda one: syn.meta_analyses(one, "design"),
            lambda one: syn.multiverse(one),
        ):
            with pytest.raises(syn.DataError, match=said):
                pool(self.scaled(scale))  # type: ignore[operator]

    @pytest.mark.parametrize("variance", [1e-320, 1e308])
    def test_a_variance_out_of_range_is_not_said_to_be_equal_effects(self, variance: float) -> None:
        with pytest.raises(syn.DataError, match="vi must be between 1e-70"):
            syn.meta_analysis(self.scaled(1).assign(vi=variance))

    @pytest.mark.parametrize("effect", [1e-120, -1e40])
    def test_an_effect_out_of_range(self, effect: float) -> None:
        table = self.scaled(1)
        table.loc[2, "yi"] = effect
        with pytest.raises(syn.DataError, match=r"yi must be 0 or between 1e-100 and 1e\+35 in"):
            syn.meta_analysis(table)

    def test_spreads_whose_variance_overflows_give_no_effect(self) -> None:
        sheet = ARMS.assign(mean_t=[3.0, 4, 5], sd_t=1e160, sd_c=1e160)
        with pytest.raises(syn.DataError, match="no finite effect with a finite variance > 0"):
            syn.effect_sizes(sheet, "md")


def test_a_share_is_of_whole_units() -> None:
    with pytest.raises(syn.DataError, match="a proportion needs whole numbers"):
        syn.share_interval(1.5, 3)  # type: ignore[arg-type]


def test_more_replicates_than_there_is_memory_for() -> None:
    codings = pd.DataFrame(
        {"unit": ["a", "a", "b", "b"], "coder": ["x", "y"] * 2, "code": ["p", "p", "q", "p"]}
    )
    with pytest.raises(syn.OptionError, match="bootstrap must be at most 1,000,000"):
        syn.agreement(codings, bootstrap=10**9)
