"""Fill in what a paper leaves out of one group, and the spread of the scores of both arms."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas import conversions, recover, smd
from synthesis.effects.rows.workings import Workings

RAW_SD = "SD of the scores"
"""The column of the SD by which a printed mean difference can be divided."""


def complete_one_group(workings: Workings) -> None:
    """Work out what can be known of one group measured once or twice, in place."""
    workings.fill(
        "mean_change",
        workings["mean_post"] - workings["mean_pre"],
        ["mean_post", "mean_pre"],
        "mean_change = mean_post − mean_pre",
    )
    workings.fill(
        "r",
        recover.correlation_of_change(
            workings["sd_pre"], workings["sd_post"], workings["sd_change"]
        ),
        ["sd_pre", "sd_post", "sd_change"],
        "pre-post r from the three SDs (Cochrane Handbook 6.5.2.8)",
    )
    workings.fill(
        "sd_change",
        recover.change_sd(workings["sd_pre"], workings["sd_post"], workings["r"]),
        ["sd_pre", "sd_post", "r"],
        "sd_change from the two SDs and r (Cochrane Handbook 6.5.2.8)",
    )
    workings.fill(
        "sd_change",
        np.abs(workings["mean_change"] / workings["t"]) * np.sqrt(workings["n"]),
        ["mean_change", "t", "n"],
        "sd_change = mean_change·√n/t, t of the paired test",
        footnote="SD of change from paired t",
    )
    of_one = ~(workings.known("n_t") | workings.known("n_c") | workings.known("effect"))
    of_p = conversions.t_from_p(workings["p"], workings["n"] - 1, np.ones(workings.size))
    workings.fill(
        "sd_change",
        np.where(of_one, np.abs(workings["mean_change"] / of_p) * np.sqrt(workings["n"]), np.nan),
        ["mean_change", "p", "n"],
        "sd_change = mean_change·√n/t, t from the p of the paired test with n − 1 df",
        footnote="SD of change from p of the paired test",
    )
    percent, n = workings["percent"], workings["n"]
    is_share = (percent >= 0) & (percent <= 100)
    workings.hint(
        ~np.isnan(percent) & ~is_share, "percent is not a percentage of people, from 0 to 100"
    )
    workings.hint(is_share & np.isnan(n), "percent gives events only together with n")
    workings.fill(
        "events",
        np.where(is_share, np.round(percent / 100 * n), np.nan),
        ["percent", "n"],
        "events = percent of n, rounded",
        footnote="Events from percentage",
    )


def spread_of_scores(workings: Workings) -> None:
    """Work out the SD of single scores, for mean differences that were adjusted, in place.

    The pooled SD of both arms comes first, then that at baseline, then that of one arm.
    """
    n_t, n_c = workings["n_t"], workings["n_c"]
    for stem, words in (("sd", ""), ("sd_pre", " at baseline")):
        names = [f"{stem}_t", f"{stem}_c", "n_t", "n_c"]
        workings.fill(
            RAW_SD,
            smd.pooled_sd(workings[f"{stem}_t"], n_t, workings[f"{stem}_c"], n_c),
            names,
            f"SD of the scores = the pooled SD of both arms{words}",
        )
    for name, words in (
        ("sd_pre", "SD of the scores = sd_pre, at baseline"),
        ("sd_c", "SD of the scores = that of the control arm"),
        ("sd_pre_c", "SD of the scores = that of the control arm at baseline"),
    ):
        workings.fill(RAW_SD, workings[name], [name], words)
