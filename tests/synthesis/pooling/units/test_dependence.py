"""Rows of one study: which are dependent, which are one row twice, which only repeat a label.

All tables are synthetic.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import synthesis as syn
from arrowroot.errors import DataError, OptionError

WAYS_OUT = (
    "three_level takes all rows; meta_analysis(..., dependent='ignore') followed by robust(fit, "
    "cluster='study') corrects the standard error; choose_rows keeps one row per study; "
    "average_within_studies takes the mean of each study. If a label stands for several trials, "
    "give each its own. dependent='ignore' pools the rows as if they were independent."
)
OUTCOMES = "the rows of 'A', 'B', 'C' differ in outcome ('low mood', 'worry')"


def two_each(**columns: Any) -> pd.DataFrame:
    """Three synthetic studies of two effects each."""
    effects = {"yi": [0.1, 0.3, 0.2, 0.5, 0.4, 0.2], "vi": 0.04}
    return pd.DataFrame({"study": list("AABBCC"), **effects} | columns)


def outcomes(**columns: Any) -> pd.DataFrame:
    """The same with two outcomes of each study."""
    return two_each(outcome=["low mood", "worry"] * 3, **columns)


def counts(**columns: Any) -> pd.DataFrame:
    """Synthetic counts of two outcomes of each study, and p-values."""
    cells = {"events_t": [1, 2, 3, 4, 5, 6], "n_t": 30, "events_c": [4, 5, 3, 6, 8, 7], "n_c": 31}
    return outcomes(**cells, p=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], review="r", dose=range(6), **columns)


POOLS: dict[str, Callable[..., Any]] = {
    "meta_analysis": syn.meta_analysis,
    "meta_regression": lambda table, **options: syn.meta_regression(table, "~ dose", **options),
    "subgroup_analysis": lambda table, **options: syn.subgroup_analysis(
        table.assign(group=list("xxyyyy")), "group", **options
    ),
    "meta_analyses": lambda table, **options: syn.meta_analyses(table, "review", **options),
    "multiverse": lambda table, **options: syn.multiverse(table, progress=False, **options),
    "mantel_haenszel": syn.mantel_haenszel,
    "peto": syn.peto,
    "combine_p_values": syn.combine_p_values,
}


class TestEveryFunctionThatPools:
    @pytest.mark.parametrize("pool", list(POOLS.values()), ids=list(POOLS))
    def test_refuses_several_outcomes_of_one_study(self, pool: Callable[..., Any]) -> None:
        with pytest.raises(DataError, match=r"rows of one study depend on each other") as caught:
            pool(counts())
        assert "differ in outcome ('low mood', 'worry')" in str(caught.value)

    @pytest.mark.parametrize("pool", list(POOLS.values()), ids=list(POOLS))
    def test_pools_them_when_told_to(self, pool: Callable[..., Any]) -> None:
        result = pool(counts(), dependent="ignore")
        notes = result.attrs["notes"] if isinstance(result, pd.DataFrame) else result.notes
        assert any("pooled as if they were independent" in note for note in notes)

    @pytest.mark.parametrize("pool", list(POOLS.values()), ids=list(POOLS))
    def test_refuses_a_row_that_is_there_twice(self, pool: Callable[..., Any]) -> None:
        table = counts().assign(study=list("ABCDEF")).iloc[[0, 1, 2, 3, 4, 4]]
        with pytest.raises(DataError, match=r"the rows of 'E.*' are equal in every cell"):
            pool(table)

    @pytest.mark.parametrize("pool", list(POOLS.values()), ids=list(POOLS))
    def test_knows_no_other_option(self, pool: Callable[..., Any]) -> None:
        with pytest.raises(OptionError, match="dependent must be one of 'refuse', 'ignore'; got"):
            pool(counts(), dependent="keep")

    @pytest.mark.parametrize("pool", list(POOLS.values()), ids=list(POOLS))
    @pytest.mark.parametrize("blank", ["", "  ", "\u00a0", "\u200b", None, np.nan, pd.NA, pd.NaT])
    def test_refuses_a_study_without_a_name(self, pool: Callable[..., Any], blank: object) -> None:
        table = counts().assign(study=pd.Series([*"ABCDE", blank], dtype=object))
        with pytest.raises(DataError, match=r"study: every effect must name the study .* row 6"):
            pool(table)


class TestRefusal:
    def test_names_studies_columns_values_and_ways_out(self) -> None:
        with pytest.raises(DataError) as caught:
            syn.meta_analysis(outcomes())
        assert str(caught.value) == (
            "study: rows of one study depend on each other and cannot be pooled as separate "
            f"studies: {OUTCOMES}. {WAYS_OUT}"
        )

    @pytest.mark.parametrize(
        "column",
        [
            *("outcome", "window", "timepoint", "timepoint_months", "comparison", "arm", "scale"),
            *("subgroup", "effect_id", "Outcome", "Timepoint (months)", "time point"),
        ],
    )
    def test_whatever_tells_the_rows_of_a_study_apart(self, column: str) -> None:
        with pytest.raises(DataError) as caught:
            syn.meta_analysis(two_each(**{column: [6, 12] * 3}))
        assert f"differ in {column} ('6', '12')" in str(caught.value)

    def test_a_cell_that_is_filled_in_one_row_only(self) -> None:
        table = two_each(outcome=["pain", None, "pain", "pain", "sleep", "sleep"])
        with pytest.raises(DataError, match=r"the rows of 'A' differ in outcome \('pain', blank\)"):
            syn.meta_analysis(table)

    def test_an_outcome_that_differs_in_capitals_is_not_taken_for_the_same(self) -> None:
        with pytest.raises(DataError, match=r"differ in outcome \('Pain', 'pain'\)"):
            syn.meta_analysis(two_each(outcome=["Pain", "pain"] * 3))

    @pytest.mark.parametrize("other", ["pain ", "pain\u00a0", "pa\u200bin"])
    def test_blanks_that_nobody_sees_make_no_difference(self, other: str) -> None:
        fit = syn.meta_analysis(two_each(outcome=["pain", other] * 3))
        assert fit.dependence == "labels"

    @pytest.mark.parametrize("other", ["A ", " A", "A\u00a0", "\u200bA"])
    def test_a_study_is_the_same_however_its_blanks_are_typed(self, other: str) -> None:
        table = outcomes(study=["A", other, *"BCDE"])
        with pytest.raises(DataError, match=r"the rows of 'A' differ in outcome"):
            syn.meta_analysis(table)
        assert syn.meta_analysis(table, dependent="ignore").n_studies == 5

    def test_studies_that_differ_in_capitals_are_two_and_the_result_says_so(self) -> None:
        fit = syn.meta_analysis(outcomes(study=["Lee", "LEE", *"BCDE"]))
        assert fit.n_studies == 6
        assert "differ only in capitals: 'Lee' and 'LEE'" in fit.notes[0]

    def test_rows_that_are_not_pooled_do_not_count(self) -> None:
        table = outcomes(yi=[0.1, np.nan, 0.2, np.nan, 0.4, np.nan])
        fit = syn.meta_analysis(table)
        assert (fit.k, fit.n_studies, fit.dependence) == (3, 3, "none")
        assert "3 effects not pooled" in fit.notes[0]
        table = outcomes(yi=[0.1, 0.3, 0.2, np.nan, np.nan, np.nan])
        assert syn.meta_analysis(table, dependent="ignore").sentence().count("3 effects from 2")

    def test_the_rows_of_another_result_are_recognised(self) -> None:
        fit = syn.meta_analysis(outcomes(), dependent="ignore")
        with pytest.raises(DataError, match="the rows of 'A', 'B', 'C' differ in outcome"):
            syn.meta_analysis(fit.studies)
        assert syn.meta_analysis(fit.studies.iloc[::2]).k_in_words == "3 studies"


class TestRepeats:
    @pytest.mark.parametrize(
        "said",
        [{}, {"notes": ["Table 2", "Table 3"]}, {"comment": ["a", None]}, {"line": [3, 9]}],
    )
    def test_rows_that_say_the_same_of_an_effect_are_one(self, said: dict[str, Any]) -> None:
        table = pd.DataFrame({"study": ["A", "A "], "yi": 0.1, "vi": 0.04, "year": 2001, **said})
        others = pd.DataFrame({"study": ["B", "C"], "yi": [0.2, 0.4], "vi": 0.03, "year": 2002})
        with pytest.raises(DataError) as caught:
            syn.meta_analysis(pd.concat([table, others]))
        assert str(caught.value) == (
            "study: the rows of 'A' are equal in every cell, so that the same effect would count "
            "more than once. Remove the repeats; if they are different studies, give each its own "
            "label. dependent='ignore' pools them as they are."
        )

    def test_capitals_do_not_hide_a_repeat(self) -> None:
        table = two_each(yi=[0.1, 0.1, 0.2, 0.3, 0.4, 0.5], outcome=["Pain", *["pain"] * 5])
        with pytest.raises(DataError, match="the rows of 'A' are equal in every cell"):
            syn.meta_analysis(table)

    def test_any_other_cell_tells_rows_apart(self) -> None:
        table = two_each(yi=0.1, year=range(6)).assign(yi=[0.1, 0.1, 0.2, 0.3, 0.4, 0.5])
        assert syn.meta_analysis(table).dependence == "labels"

    def test_pooled_all_the_same_when_told_to(self) -> None:
        table = two_each(yi=[0.1, 0.1, 0.2, 0.3, 0.4, 0.5])
        fit = syn.meta_analysis(table, dependent="ignore")
        assert fit.k_in_words == "6 effects from 3 studies"
        assert any("'A' are equal in every cell" in note for note in fit.notes)


class TestLabelsAlone:
    def test_are_numbered_and_counted_as_labels(self) -> None:
        fit = syn.meta_analysis(two_each())
        assert (fit.k, fit.n_studies) == (6, 3)
        assert fit.studies["study"].tolist()[:2] == ["A (1)", "A (2)"]
        assert "6 effects under 3 study labels: Effect" in fit.sentence()
        assert fit.notes[0] == (
            "More than one row is labelled 'A', 'B', 'C': 6 effects under 3 study labels. Each row "
            "was pooled as a study of its own; if they are effects of one study, use three_level "
            "or keep one."
        )

    def test_the_estimate_is_that_of_separate_studies(self) -> None:
        apart = syn.meta_analysis(two_each(study=list("abcdef")))
        for table, how in ((two_each(), "refuse"), (outcomes(), "ignore")):
            fit = syn.meta_analysis(table, dependent=how)
            assert (fit.estimate, fit.ci, fit.tau2) == (apart.estimate, apart.ci, apart.tau2)


class TestSharedControls:
    ARMS = pd.DataFrame(
        {
            "study": ["A", "A", "B", "C"],
            "mean_t": [9.0, 10.0, 8.0, 9.0],
            "sd_t": 5.0,
            "n_t": 50,
            "mean_c": [12.0, 12.0, 11.0, 12.5],
            "sd_c": 5.0,
            "n_c": 50,
        }
    )

    def test_rows_are_dependent_though_no_column_tells_them_apart(self) -> None:
        with pytest.raises(DataError) as caught:
            syn.meta_analysis(syn.effect_sizes(self.ARMS))
        assert "studies: the rows of 'A' share a control arm. shared_control combines" in str(
            caught.value
        )

    def test_arms_that_were_combined_are_one_row(self) -> None:
        fit = syn.meta_analysis(syn.effect_sizes(syn.shared_control(self.ARMS)))
        assert fit.k_in_words == "3 studies"

    def test_a_control_that_was_divided_is_not_refused_but_noted(self) -> None:
        sheet = self.ARMS.assign(comparison=["w v c", "x v c", "y v c", "z v c"])
        es = syn.effect_sizes(syn.shared_control(sheet, rule="split"))
        fit = syn.meta_analysis(es)
        assert (fit.k_in_words, fit.dependence) == ("4 effects from 3 studies", "allowed")
        assert (
            "The control arm of 'A' is divided among its rows: a part of their dependence remains "
            "(Cochrane Handbook 23.3.4)." in fit.notes
        )

    def test_other_differences_are_not_hidden_by_a_divided_control(self) -> None:
        sheet = self.ARMS.assign(outcome="mood", control_shares=[2, 2, np.nan, np.nan])
        sheet = pd.concat([sheet, sheet.iloc[:1].assign(outcome="sleep", control_shares=np.nan)])
        with pytest.raises(DataError, match=r"the rows of 'A' differ in outcome \('mood', 'sleep'"):
            syn.meta_analysis(syn.effect_sizes(sheet))


class TestSubgroups:
    PEOPLE = two_each(subgroup=["men", "women"] * 3)

    def test_one_pool_of_several_subgroups_is_refused_with_the_exception_named(self) -> None:
        with pytest.raises(DataError, match="If the subgroups are different people, subgroup_anal"):
            syn.meta_analysis(self.PEOPLE)

    def test_pooled_when_told_to_as_those_of_different_people(self) -> None:
        fit = syn.meta_analysis(self.PEOPLE, dependent="ignore")
        assert fit.notes[0] == (
            "6 effects from 3 studies were pooled as those of different people: the rows of 'A', "
            "'B', 'C' differ in subgroup ('men', 'women')."
        )

    def test_an_analysis_by_subgroup_takes_them_and_names_the_studies(self) -> None:
        result = syn.subgroup_analysis(self.PEOPLE, "subgroup")
        men = syn.meta_analysis(self.PEOPLE.iloc[::2])
        assert result.groups["men"].ci == men.ci
        assert result.groups["men"].k_in_words == "3 studies"
        assert result.overall.k_in_words == "6 effects from 3 studies"
        assert result.overall.dependence == "allowed"
        assert [note for note in result.notes if "share" in note] == [
            "The groups share 3 studies: 'A', 'B', 'C'. The test between the groups, and the "
            "overall result, take their rows as independent; this is right if they are different "
            "people, and wrong if they are the same people or share a control arm."
        ]

    def test_outcomes_within_a_subgroup_are_dependent(self) -> None:
        table = pd.concat([self.PEOPLE.assign(outcome="a"), self.PEOPLE.assign(outcome="b", yi=0)])
        with pytest.raises(DataError, match=r"differ in outcome \('a', 'b'\)"):
            syn.subgroup_analysis(table, "subgroup")

    def test_outcomes_in_different_subgroups_are_not(self) -> None:
        table = self.PEOPLE.assign(outcome=["mood", "worry"] * 3)
        assert len(syn.subgroup_analysis(table, "subgroup").groups) == 2

    def test_groups_of_the_same_people_are_dependent(self) -> None:
        with pytest.raises(DataError, match="the rows of 'A', 'B', 'C' differ in outcome"):
            syn.subgroup_analysis(outcomes(), "outcome")
        both = syn.subgroup_analysis(outcomes(), "outcome", dependent="ignore")
        assert any("The groups share 3 studies" in note for note in both.notes)


class TestManyAnalyses:
    def test_only_rows_of_the_same_analysis_are_compared(self) -> None:
        every = syn.meta_analyses(outcomes(), "outcome")
        assert every["k"].tolist() == every["n_studies"].tolist() == [3, 3]

    def test_the_analysis_is_named(self) -> None:
        table = pd.concat([outcomes(review="r"), two_each(review="q", outcome="pain").iloc[::2]])
        with pytest.raises(DataError, match=r"the rows of 'A \(r\)', 'B \(r\)', 'C \(r\)' differ"):
            syn.meta_analyses(table, "review")
        every = syn.meta_analyses(table, "review", dependent="ignore")
        assert every["k"].tolist() == [6, 3]
        assert every["n_studies"].tolist() == [3, 3]

    def test_nothing_is_known_without_a_column_of_studies(self) -> None:
        table = outcomes(review="r").drop(columns="study")
        assert list(syn.meta_analyses(table, "review").columns)[:2] == ["k", "estimate"]
        assert "n_studies" not in syn.meta_analyses(table, "review")
        with pytest.raises(DataError, match="study: the table has no column 'trial'"):
            syn.meta_analyses(table, "review", study="trial")

    def test_another_column_of_studies(self) -> None:
        table = outcomes(review="r").rename(columns={"study": "trial"})
        with pytest.raises(DataError, match="depend on each other"):
            syn.meta_analyses(table, "review", study="trial")


class TestModelsOfAllRows:
    def test_robust_finds_the_labels_as_they_were_given(self) -> None:
        fit = syn.meta_analysis(outcomes(), dependent="ignore")
        clusters = syn.robust(fit, cluster="study")
        named = syn.robust(fit, cluster=list("AABBCC"))
        assert clusters.n_clusters == 3
        assert clusters.coefficients.equals(named.coefficients)

    def test_also_where_the_labels_are_in_another_column(self) -> None:
        table = outcomes().rename(columns={"study": "trial"})
        fit = syn.meta_analysis(table, study="trial", dependent="ignore")
        assert syn.robust(fit, cluster="study").n_clusters == 3
        assert syn.robust(fit, cluster="trial").n_clusters == 3

    def test_three_levels_need_no_leave(self) -> None:
        assert syn.three_level(outcomes(), cluster="study").n_clusters == 3

    def test_averages_and_choices_leave_one_row_per_study(self) -> None:
        one = syn.average_within_studies(outcomes(), rho=0.5)
        chosen = syn.choose_rows(outcomes(), "outcome", ["worry"]).kept
        for table in (one, chosen):
            assert syn.meta_analysis(table).k_in_words == "3 studies"


class TestWords:
    FIT = syn.meta_analysis(
        outcomes(vi=[0.02, 0.03, 0.04, 0.05, 0.06, 0.07]), measure="smd", dependent="ignore"
    )

    def test_sentence_table_and_note(self) -> None:
        assert "6 effects from 3 studies: SMD" in self.FIT.sentence()
        assert self.FIT.to_frame().loc[0, ["k", "n_studies"]].tolist() == [6, 3]
        assert "6 from 3 studies" in self.FIT._repr_html_()
        apart, dependent, *_ = self.FIT.notes
        assert apart.startswith("Several outcomes are pooled as one: low mood (A (1), B (1),")
        assert dependent.startswith(
            f"6 effects from 3 studies were pooled as if they were independent: {OUTCOMES}."
        )

    def test_regression(self) -> None:
        fit = syn.meta_regression(outcomes(), "~ outcome", dependent="ignore")
        assert (fit.k, fit.n_studies) == (6, 3)
        assert "6 effects from 3 studies: moderators" in fit.sentence()

    def test_multiverse_counts_both(self) -> None:
        every = syn.multiverse(
            outcomes(), subgroups="outcome", dependent="ignore", progress=False
        ).results
        assert every.groupby("subgroup")[["k", "n_studies"]].first().loc["all"].tolist() == [6, 3]
        assert set(every.loc[every["subgroup"] != "all", "n_studies"]) == {3}

    def test_forest_plot_prints_it(self) -> None:
        axes = syn.forest(self.FIT)
        printed = [text.get_text() for text in axes.figure.findobj(Text)]
        assert any(
            "6 effects from 3 studies, pooled as if they were independent" in text
            for text in printed
        )

    @pytest.mark.parametrize(
        "draw",
        [
            *(syn.forest, syn.funnel, syn.radial, syn.drapery, syn.orchard, syn.influence_plot),
            *(syn.qq_plot, lambda fit: syn.gosh_plot(syn.gosh(fit))),
        ],
    )
    def test_alternative_text(self, draw: Callable[..., Any]) -> None:
        assert "6 effects from 3 studies" in syn.alt_text(draw(self.FIT))

    def test_figures_of_separate_studies_say_studies(self) -> None:
        fit = syn.meta_analysis(two_each(study=list("abcdef")))
        assert "Forest plot of 6 studies." in syn.alt_text(syn.forest(fit))

    def test_diagnostics_go_by_effect_and_say_so(self) -> None:
        assert syn.leave_one_out(self.FIT).index.tolist()[:2] == ["A (1)", "A (2)"]
        assert len(syn.influence(self.FIT)) == len(syn.cumulative(self.FIT, order="precision")) == 6
        test = syn.egger_test(self.FIT)
        assert "6 from 3 studies" in test._repr_html_()
        assert any("6 effects from 3 studies as independent" in note for note in test.notes)
        filled = syn.trim_and_fill(self.FIT, side="left")
        assert filled.fit.k == 6 + filled.k0


def test_what_a_source_did_is_searched_whatever_depends() -> None:
    found = syn.find_conventions(outcomes(), printed={"estimate": "0.28"})
    assert len(found.matches) > 0
