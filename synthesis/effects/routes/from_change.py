"""Routes from measurements before and after, in one group or in two."""

from __future__ import annotations

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

CHANGES = ("mean_change_t", "sd_change_t", "n_t", "mean_change_c", "sd_change_c", "n_c")
PRE_POST = ("mean_change_t", "mean_change_c", "sd_pre_t", "sd_pre_c", "n_t", "n_c", "r")
ONE_GROUP = ("mean_post", "mean_pre", "sd_post", "sd_pre", "n", "r")
ONE_GROUP_BEFORE = ("mean_post", "mean_pre", "sd_pre", "n", "r")

ONE_SIGN = Condition(
    ("mean_post", "mean_pre"),
    "mean_post and mean_pre must have the same sign, and neither be 0, for their ratio",
    lambda cells: cells["mean_post"] * cells["mean_pre"] > 0,
)
FIVE_IN_ALL = Condition(
    ("n_t", "n_c"),
    "n_t + n_c must be > 4 for the variance of Morris's d",
    lambda cells: cells["n_t"] + cells["n_c"] > 4,
)


def _in_sds_of_change(cells: Cells, options: Options) -> Arrays:
    return smd.from_means(
        *(cells[name] for name in CHANGES), variance=options.variance, correct=options.correct
    )


MORRIS = Route(
    "pre_post",
    PRE_POST,
    {
        "smd": plain(
            change.difference_of_changes,
            PRE_POST,
            "difference in mean changes over the pooled SD at baseline (Morris 2008, eq. 8, 25)",
            FIVE_IN_ALL,
            assumes="the same pre-post correlation in both arms",
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
                + smd.described(options.variance, correct=options.correct, sd="pooled")
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
    ONE_GROUP,
    {
        "mean_change": plain(
            change.mean_change,
            ONE_GROUP,
            "yi = mean_post − mean_pre; vi = (SD of the change)²/n",
        ),
        "smcc": plain(
            change.change_in_sds_of_change,
            ONE_GROUP,
            "g = J·change/SD of the change; vi = 1/n + g²/(2n) (Gibbons et al. 1993)",
        ),
        "romc": plain(
            change.ratio_of_change,
            ONE_GROUP,
            "yi = ln(mean_post/mean_pre) (Lajeunesse 2011)",
            ONE_SIGN,
        ),
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
