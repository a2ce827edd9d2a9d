"""Fill in what a paper leaves out, cell by cell, each with a note of how it was worked out."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas import recover
from synthesis.effects.formulas.printed_numbers import parse_p_values
from synthesis.effects.rows.one_group import complete_one_group, spread_of_scores
from synthesis.effects.rows.printed_effects import read_printed
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import CATEGORIES

ARMS = ("t", "c")
SD_OF_CHANGE = "SD of change from SDs before and after and their correlation"
SMALLEST_FOR_QUANTILES = 5
"""Below this size, five numbers are the data themselves, and no quantile formula applies."""


def complete(workings: Workings, measure: str) -> None:
    """Work out every cell that can be worked out from others, in place.

    Parameters
    ----------
    workings : Workings
        The cells of a sheet.
    measure : str
        The measure asked for: what a printed effect without `effect_type` is taken to be.
    """
    # Blank cells are NaN and stay so; outside its range a formula gives NaN, which fills nothing.
    with np.errstate(all="ignore"):
        complete_arms(workings)
        _p_values(workings)
        complete_one_group(workings)
        spread_of_scores(workings)
        _signs(workings)
        read_printed(workings, measure)


def complete_arms(workings: Workings) -> None:
    """Work out what can be known of each arm alone, in place."""
    with np.errstate(all="ignore"):
        for arm in ARMS:
            _arm_moments(workings, arm)
            _arm_events(workings, arm)
        _categories(workings)
        complete_change(workings)


def complete_change(workings: Workings) -> None:
    """Work out correlations, and means and SDs of the change of each arm, in place."""
    with np.errstate(all="ignore"):
        for arm in ARMS:
            workings.fill(f"r_{arm}", workings["r"], ["r"], f"r_{arm} = r, one for both arms")
        for arm in ARMS:
            _correlation(workings, arm)
        _correlation_of_other(workings)
        for arm in ARMS:
            _arm_change(workings, arm)


def _arm_moments(workings: Workings, arm: str) -> None:
    def cell(stem: str) -> np.ndarray:
        return workings[f"{stem}_{arm}"]

    def names(*stems: str) -> list[str]:
        return [f"{stem}_{arm}" for stem in stems]

    n = cell("n")
    workings.fill(
        f"sd_{arm}",
        recover.sd_from_se(cell("se"), n),
        names("se", "n"),
        f"sd_{arm} = se_{arm}·√n_{arm} (Cochrane Handbook 6.5.2.2)",
        footnote="SD from standard error",
    )
    level = workings["ci_level"]
    level = np.where(level > 0, level, 0.95)
    # Beside a geometric mean alone, the limits are those of the geometric mean.
    geometric = ~np.isnan(cell("geo_mean")) & np.isnan(cell("mean"))
    limits = cell("ci_low"), cell("ci_high")
    log_low, log_high = np.log(limits)
    workings.fill(
        f"sd_log_{arm}",
        np.where(geometric, recover.sd_from_ci(log_low, log_high, n, level), np.nan),
        names("ci_low", "ci_high", "n"),
        f"sd_log_{arm} from the logarithms of the confidence limits of the geometric mean, by t "
        f"with n_{arm} − 1 df (Higgins et al. 2008)",
        footnote="SD of logarithms from confidence interval",
    )
    workings.fill(
        f"sd_{arm}",
        np.where(geometric, np.nan, recover.sd_from_ci(*limits, n, level)),
        names("ci_low", "ci_high", "n"),
        f"sd_{arm} from the confidence interval of the mean, by t with n_{arm} − 1 df "
        "(Cochrane Handbook 6.5.2.2)",
        footnote="SD from confidence interval",
    )
    low, q1, median, q3, high = (cell(stem) for stem in ("min", "q1", "median", "q3", "max"))
    needed = np.isnan(cell("mean")) | np.isnan(cell("sd"))
    skewed = needed & recover.is_skewed(low, q1, median, q3, high, n)
    workings.hint(
        skewed,
        f"median_{arm} with quartiles or range of arm {arm} is too skewed for a mean and SD "
        "(test of Shi et al. 2023); report it apart, or ask the authors for means and SDs",
    )
    usable = ~skewed & (n >= SMALLEST_FOR_QUANTILES)
    five = ("min", "q1", "median", "q3", "max")
    for stems, (mean, sd), words, source in (
        (
            five,
            recover.from_five_numbers(low, q1, median, q3, high, n),
            "median, quartiles and range",
            "five numbers (Luo et al. 2018, eq. 15; Shi et al. 2020, eq. 10)",
        ),
        (
            ("q1", "median", "q3"),
            recover.from_quartiles(q1, median, q3, n),
            "median and quartiles",
            "median and quartiles (Luo et al. 2018, eq. 11; Wan et al. 2014, eq. 16)",
        ),
        (
            ("min", "median", "max"),
            recover.from_range(low, median, high, n),
            "median and range",
            "median and range (Luo et al. 2018, eq. 7; Wan et al. 2014, eq. 9)",
        ),
    ):
        neither = np.isnan(cell("mean")) & np.isnan(cell("sd"))
        for stem, spelled, values in (("mean", "Mean", mean), ("sd", "SD", sd)):
            for which, what in ((neither, "Mean and SD"), (~neither, spelled)):
                workings.fill(
                    f"{stem}_{arm}",
                    np.where(usable & which, values, np.nan),
                    names(*stems, "n"),
                    f"{stem}_{arm} estimated from {source}; normality assumed",
                    is_guess=True,
                    footnote=f"{what} estimated from {words}",
                )


def _arm_events(workings: Workings, arm: str) -> None:
    n, percent = workings[f"n_{arm}"], workings[f"percent_{arm}"]
    is_share = (percent >= 0) & (percent <= 100)
    workings.hint(
        ~np.isnan(percent) & ~is_share,
        f"percent_{arm} is not a percentage of people, from 0 to 100",
    )
    workings.hint(is_share & np.isnan(n), f"percent_{arm} gives events only together with n_{arm}")
    workings.fill(
        f"events_{arm}",
        np.where(is_share, np.round(percent / 100 * n), np.nan),
        [f"percent_{arm}", f"n_{arm}"],
        f"events_{arm} = percent_{arm} of n_{arm}, rounded",
        footnote="Events from percentage",
    )


def _categories(workings: Workings) -> None:
    """Leave categories beyond the highest that either arm has without people, in both."""
    given = [[workings.known(name) for name in CATEGORIES[arm]] for arm in ARMS]
    any_given = np.any(given, axis=0)
    higher = np.logical_or.accumulate(any_given[::-1])[::-1]
    ordered = any_given[0] & any_given[1]
    for level in range(2, len(higher)):
        for arm in ARMS:
            workings.fill(
                CATEGORIES[arm][level],
                np.where(ordered & ~higher[level], 0.0, np.nan),
                [],
                "the outcome has as many categories as are filled in",
            )


def _correlation(workings: Workings, arm: str) -> None:
    workings.fill(
        f"r_{arm}",
        recover.correlation_of_change(
            workings[f"sd_pre_{arm}"], workings[f"sd_{arm}"], workings[f"sd_change_{arm}"]
        ),
        [f"sd_pre_{arm}", f"sd_{arm}", f"sd_change_{arm}"],
        f"pre-post r from the three SDs of arm {arm} (Cochrane Handbook 6.5.2.8)",
    )


def _correlation_of_other(workings: Workings) -> None:
    """Take the other arm's correlation where an arm has none of its own."""
    for arm, other in (ARMS, ARMS[::-1]):
        workings.fill(
            f"r_{arm}",
            workings[f"r_{other}"],
            [f"r_{other}"],
            f"pre-post r of arm {arm} taken from arm {other}",
            footnote="Correlation of one arm taken for both",
        )


def _arm_change(workings: Workings, arm: str) -> None:
    workings.fill(
        f"mean_change_{arm}",
        workings[f"mean_{arm}"] - workings[f"mean_pre_{arm}"],
        [f"mean_{arm}", f"mean_pre_{arm}"],
        f"mean_change_{arm} = mean_{arm} − mean_pre_{arm}",
    )
    workings.fill(
        f"sd_change_{arm}",
        recover.change_sd(workings[f"sd_pre_{arm}"], workings[f"sd_{arm}"], workings[f"r_{arm}"]),
        [f"sd_pre_{arm}", f"sd_{arm}", f"r_{arm}"],
        f"sd_change_{arm} from the two SDs and r (Cochrane Handbook 6.5.2.8)",
        footnote=SD_OF_CHANGE,
    )


def _signs(workings: Workings) -> None:
    by_means = np.sign(workings["mean_t"] - workings["mean_c"])
    workings.fill(
        "sign",
        np.where(by_means == 0, np.nan, by_means),
        ["mean_t", "mean_c"],
        "sign from the means",
    )
    by_shares = np.sign(
        workings["events_t"] / workings["n_t"] - workings["events_c"] / workings["n_c"]
    )
    workings.fill(
        "sign",
        np.where(by_shares == 0, np.nan, by_shares),
        ["events_t", "n_t", "events_c", "n_c"],
        "sign from the proportions with the event",
    )


def _p_values(workings: Workings) -> None:
    if "p" not in workings.sheet:
        return
    p = parse_p_values(workings.sheet["p"])
    workings.put("p", p["exact"].to_numpy())
    below = p["below"].to_numpy()
    for bound in np.unique(below[~np.isnan(below)]).tolist():
        workings.fill(
            "p",
            np.where(below == bound, bound, np.nan),
            [],
            f"p < {bound:g} taken as p = {bound:g}: conservative, the effect is larger",
            is_guess=True,
            footnote=f"p < {bound:g} taken as {bound:g}",
        )
    rounded = p["rounded"].to_numpy()
    for bound in np.unique(rounded[~np.isnan(rounded)]).tolist():
        workings.fill(
            "p",
            np.where(rounded == bound, bound, np.nan),
            [],
            f"p printed as 0, to {_decimals(bound)} decimals, is below {bound:g} and taken as "
            f"p = {bound:g}: conservative, the effect is larger",
            is_guess=True,
            footnote=f"p < {bound:g} taken as {bound:g}",
        )
    workings.hint(
        p["zero"].to_numpy(),
        "p = 0 is a rounded number: enter it as printed, as text (0.000 or .000), or as a bound "
        "(<0.001)",
    )
    workings.hint(
        (p["useless"] & ~p["zero"] & p["rounded"].isna()).to_numpy(),
        "p without a number, or above a bound, gives no effect: look for other results in the "
        "paper, or ask its authors",
    )


def _decimals(bound: float) -> int:
    return round(-np.log10(2 * bound))
