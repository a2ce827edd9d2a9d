"""The columns of an extraction sheet: what each contains, and which values are impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

Holds = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Kind:
    """A kind of number.

    Attributes
    ----------
    rule : str
        What every cell must be, as worded in messages.
    holds : callable
        Takes an array of numbers and returns a boolean array.
    """

    rule: str
    holds: Holds


NUMBER = Kind("must be a number", lambda values: np.isfinite(values))
POSITIVE = Kind("must be > 0", lambda values: values > 0)
SQUARE = Kind("must be >= 0", lambda values: values >= 0)
# Effective numbers, as of cluster trials, need not be whole; receipts point them out.
COUNT = Kind("must be 0 or more", lambda values: (values >= 0) & np.isfinite(values))
SIZE = Kind("must be at least 1", lambda values: (values >= 1) & np.isfinite(values))
CORRELATION = Kind("must lie strictly between -1 and 1", lambda values: np.abs(values) < 1)
# A correlation of exactly 1 or -1 goes on to the formulas: some have a variance for it, and the
# others refuse the row.
OF_MEASUREMENTS = Kind(CORRELATION.rule, lambda values: np.abs(values) <= 1)
LEVEL = Kind("must lie between 0 and 1, as 0.95 does", lambda values: (values > 0) & (values < 1))
SHARE = Kind("must lie between 0 and 1", lambda values: (values >= 0) & (values <= 1))
SIGN = Kind("must be 1 or -1", lambda values: np.abs(values) == 1)
AT_LEAST_ONE = Kind("must be at least 1", lambda values: values >= 1)
AT_LEAST_TWO = Kind("must be at least 2", lambda values: values >= 2)
BELOW_ONE = Kind("must be < 1", lambda values: values < 1)


@dataclass(frozen=True)
class Column:
    """One column that effect sizes are computed from.

    Attributes
    ----------
    name : str
        The heading in the sheet.
    kind : Kind
        What its cells must be.
    meaning : str
        What a reviewer enters in it.
    """

    name: str
    kind: Kind
    meaning: str


def _arms(stem: str, kind: Kind, meaning: str) -> tuple[Column, Column]:
    return (
        Column(f"{stem}_t", kind, f"{meaning}, treatment arm"),
        Column(f"{stem}_c", kind, f"{meaning}, control arm"),
    )


CATEGORIES = {arm: tuple(f"category{level}_{arm}" for level in range(1, 8)) for arm in ("t", "c")}
"""The columns with the numbers of people in ordered categories, by arm, the lowest first."""


def _of_categories() -> Iterator[Column]:
    for level in range(1, 1 + len(CATEGORIES["t"])):
        said = "the lowest of the ordered categories" if level == 1 else f"category {level}"
        yield from _arms(f"category{level}", COUNT, f"Number of participants in {said}")


NUMERIC = {
    column.name: column
    for column in (
        *_arms("n", SIZE, "Number of participants analysed"),
        *_arms("mean", NUMBER, "Mean (after the intervention)"),
        *_arms("sd", POSITIVE, "Standard deviation, not the standard error"),
        *_arms("se", POSITIVE, "Standard error of the mean, where the SD is not printed"),
        *_arms("ci_low", NUMBER, "Lower confidence limit of the mean"),
        *_arms("ci_high", NUMBER, "Upper confidence limit of the mean"),
        *_arms("median", NUMBER, "Median, where the mean is not printed"),
        *_arms("q1", NUMBER, "First quartile"),
        *_arms("q3", NUMBER, "Third quartile"),
        *_arms("min", NUMBER, "Smallest value"),
        *_arms("max", NUMBER, "Largest value"),
        *_arms("mean_pre", NUMBER, "Mean before the intervention"),
        *_arms("sd_pre", POSITIVE, "SD before the intervention"),
        *_arms("mean_change", NUMBER, "Mean change from before to after"),
        *_arms("sd_change", POSITIVE, "SD of the change"),
        *_arms("events", COUNT, "Number of participants with the event, or of events"),
        *_arms("percent", NUMBER, "Percentage with the event, where the number is not printed"),
        *_arms("time", POSITIVE, "Person-time at risk"),
        *_of_categories(),
        *_arms("geo_mean", POSITIVE, "Geometric mean"),
        *_arms("sd_log", POSITIVE, "SD of the natural logarithms"),
        *_arms("r", OF_MEASUREMENTS, "Correlation before and after, where the arms differ in it"),
        Column(
            "r", OF_MEASUREMENTS, "Correlation; for pre-post data, between the two measurements"
        ),
        Column("n", SIZE, "Number of participants, where there is one group; of matched pairs"),
        Column("n_total", SIZE, "Number in both arms, where the arm sizes are not printed"),
        Column("events", COUNT, "Number with the event, or of events, where there is one group"),
        Column("percent", NUMBER, "Percentage with the event, where there is one group"),
        Column("person_time", POSITIVE, "Person-time at risk, where there is one group"),
        Column("mean", NUMBER, "Mean, where there is one group"),
        Column("sd", POSITIVE, "SD, where there is one group"),
        Column("mean_pre", NUMBER, "Mean before, where there is one group"),
        Column("sd_pre", POSITIVE, "SD before, where there is one group"),
        Column("mean_post", NUMBER, "Mean after, where there is one group"),
        Column("sd_post", POSITIVE, "SD after, where there is one group"),
        Column("mean_change", NUMBER, "Mean change, where there is one group"),
        Column("sd_change", POSITIVE, "SD of the change, where there is one group"),
        Column("pairs_both", COUNT, "Matched pairs with the event under both conditions"),
        Column("pairs_t", COUNT, "Matched pairs with the event under treatment alone"),
        Column("pairs_c", COUNT, "Matched pairs with the event under control alone"),
        Column("pairs_neither", COUNT, "Matched pairs without the event"),
        Column("alpha", BELOW_ONE, "Cronbach's alpha"),
        Column("items", AT_LEAST_TWO, "Number of items of the scale, for use with alpha"),
        Column("o_minus_e", NUMBER, "Log-rank test: observed minus expected events, treatment arm"),
        Column("v_logrank", POSITIVE, "Log-rank test: variance of o_minus_e"),
        Column(
            "effect", NUMBER, "Effect as printed; ratios as ratios, unless effect_type is a log"
        ),
        Column(
            "se", POSITIVE, "Standard error of the printed effect; for ratios, of its logarithm"
        ),
        Column("ci_low", NUMBER, "Lower confidence limit of the printed effect"),
        Column("ci_high", NUMBER, "Upper confidence limit of the printed effect"),
        Column("ci_level", LEVEL, "Level of the confidence limits; 0.95 where blank"),
        Column("t", NUMBER, "t of the two arms; with n alone: paired t, or t of a coefficient"),
        Column("f", SQUARE, "F statistic for the comparison of the two arms (1 numerator df)"),
        Column("chi2", SQUARE, "Chi-square of the 2x2 table (1 df, uncorrected)"),
        Column("eta_squared", SHARE, "Eta squared of the two arms (one factor, 1 df)"),
        Column("z_mw", NUMBER, "z of the Mann-Whitney (rank sum) test of the two arms"),
        Column("predictors", COUNT, "Number of predictors in the regression, for use with t and n"),
        Column("r_squared", SHARE, "R squared of the regression, for use with t and n"),
        Column("r_pb", CORRELATION, "Point-biserial correlation of arm with outcome"),
        Column("b", NUMBER, "Regression coefficient of arm, in units of the outcome"),
        Column("beta", NUMBER, "Standardised regression coefficient of arm"),
        Column("sd_y", POSITIVE, "SD of the outcome over all participants, for use with b"),
        Column("sign", SIGN, "1 if the value under treatment is higher, otherwise -1"),
        Column("icc", SHARE, "Intracluster correlation, where clusters were randomised"),
        Column("cluster_size", AT_LEAST_ONE, "Mean number of participants in a cluster"),
        Column("control_shares", AT_LEAST_ONE, "Number of rows that share this control arm"),
        Column("yi", NUMBER, "Effect on the scale of analysis: logarithms of ratios"),
        Column("vi", POSITIVE, "Sampling variance of yi"),
        Column("sei", POSITIVE, "Standard error of yi"),
    )
}
"""Every column that must contain numbers, by name. Other columns may contain anything."""

CHOICES = {
    "favours": ("treatment", "control", "neither"),
    "direction": ("higher", "lower"),
    "cluster_adjusted": ("yes", "no"),
}
"""Columns whose cells must be one of a few words, by name."""

WORDS = {
    "study": "Label of the study, as shown in the forest plot",
    "outcome": "What was measured",
    "instrument": "The scale or questionnaire, where an outcome is measured by several",
    "timepoint": "When it was measured, in words",
    "timepoint_days": "Days to the measurement; months and weeks will do as well",
    "timepoint_weeks": "Weeks to the measurement",
    "timepoint_months": "Months to the measurement",
    "window": "The time window, where it does not follow from the time",
    "comparison": "Which arms, where a study has several",
    "effect_type": "The measure of the printed effect as papers write it: g, d, MD, aOR, log RR",
    "p": "Two-sided p-value as printed: 0.03, <0.05, .000 or NS",
    "direction": "Which is better, higher or lower; lower reverses the sign of the effect",
    "favours": "Which arm the paper says did better: treatment, control or neither",
    "cluster_adjusted": "yes if the printed effect, t, F or p already allows for clustering",
    "icc_source": "Where the intracluster correlation comes from",
    "route": "The route to take for this row, if not the first that is open",
    "prepared": "How the row was prepared, for its receipt",
    "waived": "Lint findings to set aside, by id, separated by spaces",
    "waived_because": "Why they are set aside",
    "notes": "Anything else",
}
"""Text columns, with their meaning."""

WITHIN = (("events_t", "n_t"), ("events_c", "n_c"), ("events", "n"))
"""Pairs of columns of which the first counts part of the second."""

SHARES = (("percent_t", "n_t"), ("percent_c", "n_c"), ("percent", "n"))
"""Pairs of columns of which the first is a percentage of the second."""

ORDERED = (
    ("min_t", "q1_t", "median_t", "q3_t", "max_t"),
    ("min_c", "q1_c", "median_c", "q3_c", "max_c"),
    ("ci_low", "ci_high"),
    ("ci_low_t", "ci_high_t"),
    ("ci_low_c", "ci_high_c"),
)
"""Columns whose cells must not fall from left to right."""

WHAT_AND_WHEN = (
    "outcome",
    "measure_as_reported",
    "scale",
    "instrument",
    "window",
    "timepoint",
    "timepoint_days",
    "timepoint_weeks",
    "timepoint_months",
)
"""Columns that say what was measured and when."""

IDENTITY = (
    *WHAT_AND_WHEN,
    "comparison",
    "arm",
    "subgroup",
    "measure",
    "effect_id",
    "effect_in_study",
    "esid",
)
"""Columns that, with `study`, distinguish rows: a sheet has one row per effect."""

POOLED = ("outcome", "scale", "measure_as_reported")
"""Columns that must agree for two rows to be of one outcome, and so to be pooled."""

ONE_OUTCOME = (*POOLED, "instrument")
"""Columns that must agree for the scores of two rows to be comparable as they are."""
