"""The routes to an effect size, in order of preference."""

from __future__ import annotations

from synthesis.effects.routes import from_arms, from_change, from_counts, from_statistics
from synthesis.effects.routes.route import Route

ROUTES: tuple[Route, ...] = (
    from_statistics.GIVEN,
    from_statistics.GIVEN_SE,
    from_arms.MEANS,
    from_arms.CROSSOVER,
    from_arms.VARIABILITY,
    from_counts.COUNTS,
    from_counts.RATES_ROUTE,
    from_counts.PROPORTION,
    from_arms.CORRELATION_ROUTE,
    from_change.MORRIS,
    from_change.CHANGE_SCORES,
    from_change.ONE_GROUP_CHANGE,
    from_change.ONE_GROUP_IN_SDS_BEFORE,
    *from_statistics.PRINTED,
    from_statistics.MEANS_AND_T,
    from_statistics.SMD_OF_PRINTED_DIFFERENCE,
    from_statistics.T_TEST,
    from_statistics.F_TEST,
    from_statistics.POINT_BISERIAL,
    from_counts.SMD_OF_COUNTS,
    from_statistics.SMD_OF_PRINTED_ODDS,
    from_statistics.CHI_SQUARE,
    from_statistics.COEFFICIENT,
    from_statistics.STANDARDISED_COEFFICIENT,
    from_statistics.MEANS_AND_P,
    from_statistics.P_VALUE,
    from_arms.ODDS_OF_MEANS,
    from_statistics.ODDS_OF_PRINTED_SMD,
)
"""Every route, the preferred ones first.

Numbers that the reviewer has computed come first, because they were entered on purpose; then what
was measured in each arm, before what a paper derived from it; among the latter, effects with their
own standard error before test statistics. A bare p-value comes last: it says least about what was
tested.
"""
