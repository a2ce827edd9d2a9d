"""Routes from measurements before and after, in one group or in two."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthesis.effects.formulas import change, means, smd
from synthesis.effects.routes.route import (
    OF_CHANGE,
    OF_SCORES,
    Arrays,
    Cells,
    Condition,
    Formula,
    Options,
    Route,
    plain,
)
from synthesis.effects.rows.workings import Remark

CHANGES = ("mean_change_t", "sd_change_t", "n_t", "mean_change_c", "sd_change_c", "n_c")
PRE_POST = (
    *("mean_change_t", "mean_change_c", "sd_pre_t", "sd_pre_c", "n_t", "n_c"),
    *("r_t", "r_c"),
)
ONE_GROUP = ("mean_post", "mean_pre", "sd_post", "sd_pre", "n", "r")
ONE_CHANGE = ("mean_change", "sd_change", "n")
ONE_GROUP_BEFORE = ("mean_change", "sd_pre", "n", "r")
ONE_GROUP_BOTH = ("mean_change", "sd_pre", "sd_post", "n", "r")
ONE_GROUP_SDS = ("sd_post", "sd_pre", "n", "r")
PAIRED_T = ("t", "n")

ONE_SIGN = Condition(
    ("mean_post", "mean_pre"),
    "mean_post and mean_pre must have the same sign, and neither be 0, for their ratio "
    "(differences have no such condition: 'mean_change', 'smcc')",
    lambda cells: cells["mean_post"] * cells["mean_pre"] > 0,
)
FIVE_IN_ALL = Condition(
    ("n_t", "n_c"),
    "n_t + n_c must be > 4 for the variance of Morris's d",
    lambda cells: cells["n_t"] + cells["n_c"] > 4,
)


ABOVE_ZERO = Condition(
    ("mean_post", "mean_pre"),
    "mean_post and mean_pre must be > 0 for a coefficient of variation (the ratio of SDs is 'vrc')",
    lambda cells: (cells["mean_post"] > 0) & (cells["mean_pre"] > 0),
)


def _same_correlation(cells: Cells, _: Options) -> Sequence[tuple[np.ndarray, Remark]]:
    return ((cells["r_t"] == cells["r_c"], Remark("the same pre-post correlation in both arms")),)


def _morris(cells: Cells, _: Options) -> Arrays:
    return change.difference_of_changes(*(cells[name] for name in PRE_POST))


def _in_sds_of_change(cells: Cells, options: Options) -> Arrays:
    return smd.from_means(
        *(cells[name] for name in CHANGES),
        variance=smd.pooled_form(options.variance),
        correct=options.correct,
        mean=options.mean,
    )


MORRIS = Route(
    "pre_post",
    PRE_POST,
    {
        "smd": Formula(
            _morris,
            "difference in mean changes over the pooled SD at baseline (Morris 2008, eq. 8, 25)",
            (FIVE_IN_ALL,),
            remarks=_same_correlation,
            scores=OF_SCORES,
            fixed_sd="pooled",
            corrected=True,
            footnote="Difference in changes, in SDs at baseline",
        )
    },
)

CHANGE_SCORES = Route(
    "change_scores",
    CHANGES,
    {
        "md": plain(
            means.mean_difference,
            CHANGES,
            "yi = mean_change_t − mean_change_c; vi = sd_change_t²/n_t + sd_change_c²/n_c",
            footnote="Difference in changes",
        ),
        "smd": Formula(
            _in_sds_of_change,
            lambda options: (
                "means are mean changes, SDs those of the change; "
                + smd.described(
                    smd.pooled_form(options.variance), correct=options.correct, sd="pooled"
                )
            ),
            assumes="in SDs of the change: not to be pooled with effects in SDs of final values "
            "(Cochrane Handbook 10.5.2)",
            scores=OF_CHANGE,
            fixed_sd="pooled",
            footnote="In SDs of the change",
        ),
    },
)

ONE_GROUP_CHANGE = Route(
    "one_group",
    ONE_CHANGE,
    {
        "mean_change": plain(
            change.mean_change,
            ONE_CHANGE,
            "yi = mean_post − mean_pre; vi = (SD of the change)²/n",
        ),
        "smcc": plain(
            change.change_in_sds_of_change,
            ONE_CHANGE,
            "g = J·change/SD of the change; vi = 1/n + g²/(2n) (Gibbons et al. 1993)",
        ),
    },
)

ONE_GROUP_RATIOS = Route(
    "one_group",
    ONE_GROUP,
    {
        "romc": plain(
            change.ratio_of_change,
            ONE_GROUP,
            "yi = ln(mean_post/mean_pre) (Lajeunesse 2011)",
            ONE_SIGN,
        ),
        "cvrc": plain(
            change.variation_ratio_of_change,
            ONE_GROUP,
            "yi = ln CV_post − ln CV_pre (Nakagawa et al. 2015)",
            ABOVE_ZERO,
        ),
    },
)

ONE_GROUP_SPREADS = Route(
    "one_group",
    ONE_GROUP_SDS,
    {
        "vrc": plain(
            change.spread_ratio_of_change,
            ONE_GROUP_SDS,
            "yi = ln(sd_post/sd_pre); vi = (1 − r²)/(n − 1) (Nakagawa et al. 2015)",
        )
    },
)

ONE_GROUP_IN_SDS_BEFORE = Route(
    "one_group",
    ONE_GROUP_BEFORE,
    {
        "smcr": plain(
            change.change_in_sds_before,
            ONE_GROUP_BEFORE,
            "g = J·change/sd_pre; vi = 2(1−r)/n + g²/(2n) (Becker 1988)",
        )
    },
)

ONE_GROUP_IN_SDS = Route(
    "one_group",
    ONE_GROUP_BOTH,
    {
        "smcrh": plain(
            change.change_in_sds_before_not_equal,
            ONE_GROUP_BOTH,
            "g = J·change/sd_pre; vi = J²·(SD of the change²/(sd_pre²(n−1)) + g²/(2(n−1))) "
            "(Bonett 2008)",
        ),
        "smcrp": plain(
            change.change_in_average_sds,
            ONE_GROUP_BOTH,
            "g = J·change/√((sd_pre² + sd_post²)/2), J with 2(n−1)/(1+r²) df; "
            "vi = 2(1−r)/n + g²(1+r²)/(4n) (Cousineau 2020)",
        ),
        "smcrph": plain(
            change.change_in_average_sds_not_equal,
            ONE_GROUP_BOTH,
            "g = J·change/√((sd_pre² + sd_post²)/2), J with 2(n−1)/(1+r²) df; vi not assuming "
            "equal SDs (Bonett 2008)",
        ),
    },
)

ONE_GROUP_T = Route(
    "paired_t",
    PAIRED_T,
    {
        "smcc": plain(
            change.change_from_t,
            PAIRED_T,
            "g = J·t/√n; vi = 1/n + g²/(2n) (Gibbons et al. 1993)",
            assumes="t is that of a paired test, above 0 where values rose",
            footnote="Computed from paired t",
        )
    },
)
