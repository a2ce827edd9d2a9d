"""Routes from printed effects that need something beside them, or lead to another measure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthesis.effects.formulas import conversions, correlations, smd
from synthesis.effects.routes.route import (
    OF_DICHOTOMY,
    OF_SCORES,
    Arrays,
    Cells,
    Formula,
    Options,
    Route,
    plain,
)
from synthesis.effects.rows.one_group import RAW_SD
from synthesis.effects.rows.printed_effects import COHENS_D, printed_columns

SIZES = ("n_t", "n_c")
PRINTED_SMD, SE_OF_SMD = printed_columns("smd")
PRINTED_MD, SE_OF_MD = printed_columns("md")


def _d(cells: Cells, options: Options) -> Arrays:
    return smd.from_d(
        cells[COHENS_D],
        *(cells[name] for name in SIZES),
        variance=options.variance,
        correct=options.correct,
        mean=options.mean,
    )


def _g(cells: Cells, options: Options) -> Arrays:
    """Return g as it is printed: the factor is taken out of it first and put back in."""
    n_t, n_c = (cells[name] for name in SIZES)
    J = smd.factor(n_t, n_c, variance=options.variance, correct=options.correct)
    return smd.from_d(
        cells[PRINTED_SMD] / J,
        n_t,
        n_c,
        variance=options.variance,
        correct=options.correct,
        mean=options.mean,
    )


def _form(options: Options) -> str:
    return smd.VARIANCES[smd.pooled_form(options.variance)]


def _d_of_g(cells: Cells) -> np.ndarray:
    n_t, n_c = (cells[name] for name in SIZES)
    return np.asarray(cells[PRINTED_SMD] / smd.small_sample_factor(n_t + n_c - 2))


def _d_as_printed(cells: Cells) -> np.ndarray:
    return cells[COHENS_D]


def _by_sizes(to_d: Callable[[Cells], np.ndarray], printed: str) -> dict[str, Formula]:
    """Return what leads from a standardised difference and sizes to other measures."""

    def uncorrected(cells: Cells) -> Arrays:
        return smd.from_d(to_d(cells), *(cells[name] for name in SIZES), correct=False)

    def odds(cells: Cells, options: Options) -> Arrays:
        return conversions.log_odds_from_smd(*uncorrected(cells), conversion=options.conversion)

    def correlation(measure: str) -> Formula:
        def compute(cells: Cells, _: Options) -> Arrays:
            r, vi = correlations.from_smd(*uncorrected(cells), *(cells[name] for name in SIZES))
            return (np.arctanh(r), vi / (1 - r**2) ** 2) if measure == "fisher_z" else (r, vi)

        return Formula(
            compute,
            f"{printed}; {_R_OF_D}",
            assumes="the two arms are the two values of a variable",
            footnote="Printed SMD converted to a correlation",
        )

    return {
        **{name: correlation(name) for name in ("r", "fisher_z")},
        "or": Formula(
            odds,
            lambda options: f"{printed}; {conversions.CONVERSIONS[options.conversion]}",
            assumes=OF_DICHOTOMY,
            footnote="Printed SMD converted to an odds ratio",
        ),
    }


_R_OF_D = (
    "r = d/√(d² + h), h = m/n_t + m/n_c, m = N − 2; vi by the delta method (Borenstein et al. "
    "2009, ch. 7)"
)

D_AND_SIZES = Route(
    "printed_d",
    (COHENS_D, *SIZES),
    {
        "smd": Formula(
            _d,
            lambda options: (
                f"{'g = J·d' if options.correct else 'd'}, d as printed; {_form(options)}"
            ),
            scores=OF_SCORES,
            fixed_sd="pooled",
            footnote="Effect as printed, standard error from numbers of people",
        ),
    },
)

G_AND_SIZES = Route(
    "printed_g",
    (PRINTED_SMD, *SIZES),
    {
        "smd": Formula(
            _g,
            lambda options: f"g as printed; {_form(options)}",
            scores=OF_SCORES,
            fixed_sd="pooled",
            footnote="Effect as printed, standard error from numbers of people",
        ),
    },
    unless=COHENS_D,
)

OTHERS_OF_D_AND_SIZES = Route(
    "printed_d", (COHENS_D, *SIZES), _by_sizes(_d_as_printed, "d as printed")
)
OTHERS_OF_G_AND_SIZES = Route(
    "printed_g",
    (PRINTED_SMD, *SIZES),
    _by_sizes(_d_of_g, "d = g/J, g as printed"),
    unless=COHENS_D,
)


def _over_raw_sd(cells: Cells, options: Options, of_mean: np.ndarray) -> Arrays:
    """Return the difference over the SD of the scores; of_mean is the variance of d's mean part."""
    n_t, n_c = (cells[name] for name in SIZES)
    J = smd.factor(n_t, n_c, variance=options.variance, correct=options.correct)
    d = cells[PRINTED_MD] / cells[RAW_SD]
    yi, vi = smd.from_d(
        d, n_t, n_c, variance=options.variance, correct=options.correct, mean=options.mean
    )
    scale = J**2 if options.variance == "ls2" else 1.0
    return yi, vi + scale * (of_mean - 1 / n_t - 1 / n_c)


def _adjusted(cells: Cells, options: Options) -> Arrays:
    return _over_raw_sd(cells, options, (cells[SE_OF_MD] / cells[RAW_SD]) ** 2)


def _adjusted_without_se(cells: Cells, options: Options) -> Arrays:
    return _over_raw_sd(cells, options, 1 / cells["n_t"] + 1 / cells["n_c"])


def _adjusted_text(options: Options) -> str:
    factor = "g = J·d" if options.correct else "not corrected, g = d and J = 1"
    return (
        f"d = the printed mean difference over the SD of the scores, not that of the residuals; "
        f"{factor}; {_form(options)}, with (se/SD)² in the place of 1/n_t + 1/n_c (What Works "
        "Clearinghouse 2022, app. E; Cochrane Handbook 6.5.2.3)"
    )


OVER_RAW_SD = Route(
    "printed_md_over_sd",
    (PRINTED_MD, SE_OF_MD, RAW_SD, *SIZES),
    {
        "smd": Formula(
            _adjusted,
            _adjusted_text,
            scores=OF_SCORES,
            fixed_sd="pooled",
            footnote="Printed mean difference over the SD of the scores",
        )
    },
)

OVER_RAW_SD_WITHOUT_SE = Route(
    "printed_md_over_sd_only",
    (PRINTED_MD, RAW_SD, *SIZES),
    {
        "smd": Formula(
            _adjusted_without_se,
            lambda options: (
                "d = the printed mean difference over the SD of the scores; "
                f"{'g = J·d' if options.correct else 'not corrected'}; {_form(options)}"
            ),
            assumes="the variance is that of a difference without adjustment: conservative where "
            "covariates explain a part of the outcome",
            scores=OF_SCORES,
            fixed_sd="pooled",
            footnote="Printed mean difference over the SD of the scores",
        )
    },
)

SMD_OF_PRINTED_R = Route(
    "printed_r",
    printed_columns("r"),
    {
        "smd": plain(
            lambda r, se: correlations.to_smd(r, se**2),
            printed_columns("r"),
            "d = 2r/√(1 − r²); vi = 4·se²/(1 − r²)³ (Borenstein et al. 2009, eq. 7.5, 7.6)",
            assumes="two arms of one size behind the correlation; not corrected for small samples",
            footnote="Printed correlation converted to an SMD",
        )
    },
)


def _r_of_smd(measure: str) -> Formula:
    def compute(cells: Cells, _: Options) -> Arrays:
        yi, se, n_t, n_c = (cells[name] for name in (PRINTED_SMD, SE_OF_SMD, *SIZES))
        r, vi = correlations.from_smd(yi, se**2, n_t, n_c)
        return (np.arctanh(r), vi / (1 - r**2) ** 2) if measure == "fisher_z" else (r, vi)

    return Formula(
        compute,
        _R_OF_D,
        assumes="the two arms are the two values of a variable",
        footnote="Printed SMD converted to a correlation",
    )


R_OF_PRINTED_SMD = Route(
    "printed_smd",
    (PRINTED_SMD, SE_OF_SMD, *SIZES),
    {name: _r_of_smd(name) for name in ("r", "fisher_z")},
)
