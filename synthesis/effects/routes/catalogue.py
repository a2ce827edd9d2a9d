"""The routes to an effect size, in order of preference."""

from __future__ import annotations

from synthesis.effects.routes.route import Route
from synthesis.effects.routes.sources import (
    from_arms,
    from_categories,
    from_change,
    from_counts,
    from_one_group,
    from_pairs,
    from_printed,
    from_statistics,
    from_survival,
)

ROUTES: tuple[Route, ...] = (
    from_statistics.GIVEN,
    from_statistics.GIVEN_SE,
    from_arms.MEANS,
    from_arms.CROSSOVER,
    from_arms.VARIABILITY,
    from_arms.GEOMETRIC_MEANS,
    from_counts.COUNTS,
    from_counts.RATES_ROUTE,
    from_counts.PROPORTION,
    from_counts.RATE_ROUTE,
    from_pairs.MATCHED,
    from_pairs.MATCHED_MARGINS,
    from_pairs.MATCHED_MARGINS_BY_ARM,
    from_one_group.SINGLE_MEAN,
    from_one_group.SINGLE_SD,
    from_one_group.RELIABILITY,
    from_survival.LOG_RANK,
    from_categories.ORDERED,
    from_arms.CORRELATION_ROUTE,
    from_change.MORRIS,
    from_change.CHANGE_SCORES,
    from_change.ONE_GROUP_CHANGE,
    from_change.ONE_GROUP_RATIOS,
    from_change.ONE_GROUP_SPREADS,
    from_change.ONE_GROUP_IN_SDS_BEFORE,
    from_change.ONE_GROUP_IN_SDS,
    *from_statistics.PRINTED,
    from_statistics.MEANS_AND_T,
    from_printed.OVER_RAW_SD,
    from_statistics.SMD_OF_PRINTED_DIFFERENCE,
    from_change.ONE_GROUP_T,
    from_one_group.PARTIAL_CORRELATION,
    from_one_group.SEMIPARTIAL_CORRELATION,
    from_one_group.CORRELATION_OF_T,
    from_one_group.CORRELATION_OF_F,
    from_statistics.T_TEST,
    from_statistics.F_TEST,
    from_statistics.POINT_BISERIAL,
    from_printed.D_AND_SIZES,
    from_printed.G_AND_SIZES,
    from_arms.CROSSOVER_T,
    from_printed.OVER_RAW_SD_WITHOUT_SE,
    from_counts.SMD_OF_COUNTS,
    from_statistics.SMD_OF_PRINTED_ODDS,
    from_statistics.CHI_SQUARE,
    from_statistics.ETA_SQUARED,
    from_statistics.MANN_WHITNEY,
    from_printed.SMD_OF_PRINTED_R,
    from_statistics.COEFFICIENT,
    from_statistics.STANDARDISED_COEFFICIENT,
    from_arms.CORRELATION_OF_MEANS,
    from_printed.R_OF_PRINTED_SMD,
    *from_survival.LOG_RANK_TESTS,
    *from_survival.WITHOUT_VARIANCE,
    from_statistics.MEANS_AND_P,
    from_one_group.CORRELATION_OF_P,
    from_statistics.P_VALUE,
    from_arms.ODDS_OF_MEANS,
    from_statistics.ODDS_OF_PRINTED_SMD,
    from_printed.OTHERS_OF_D_AND_SIZES,
    from_printed.OTHERS_OF_G_AND_SIZES,
)
"""Every route, the preferred ones first.

Numbers that the reviewer has computed come first, because they were entered on purpose; then what
was measured in each arm, before what a paper derived from it; among the latter, effects with their
own standard error before test statistics. A bare p-value comes last: it says least about what was
tested.
"""
