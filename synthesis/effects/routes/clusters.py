"""Design effects: to which routes they apply, and what receipts say about clusters.

Means, SDs and counts are never adjusted for clustering, whatever the paper did with them; only
what its analysis gives can be: an effect with its standard error, t, F or p. `cluster_adjusted`
therefore concerns routes from these alone, and a printed effect of the measure asked for is
preferred to raw numbers where the flag is set (Cochrane Handbook 23.1.3).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthesis.effects.formulas import designs
from synthesis.effects.routes.route import Route
from synthesis.effects.rows.clustering import clustering
from synthesis.effects.rows.workings import Workings

GIVEN = ("given", "given_se")
"""Routes whose effect is used as given: clusters and direction must not change it twice."""

PRINTED = "printed"

_FOOTNOTES = {
    "inflate": "Variance increased for clustering",
    "reduce": "Numbers of people reduced for clustering",
}
IGNORED = "Clusters ignored: standard error too small"


def prefer_adjusted(
    workings: Workings, routes: Sequence[Route], is_open: np.ndarray, chosen: np.ndarray
) -> None:
    """Set the printed effect in `chosen` where its analysis allows for clustering."""
    adjusted = workings.once(clustering).adjusted & ~_takes(routes, chosen, GIVEN)
    for at, route in enumerate(routes):
        if route.name == PRINTED:
            chosen[adjusted & is_open[at]] = at


def design_effects(workings: Workings, routes: Sequence[Route], chosen: np.ndarray) -> np.ndarray:
    """Return the design effect to apply to every row, NaN where there is none to apply."""
    said = workings.once(clustering)
    analysed = np.array([*(route.is_analysed for route in routes), False])[chosen]
    done = _takes(routes, chosen, GIVEN) | (said.adjusted & analysed)
    return np.where(done, np.nan, said.effect)


def remark_clusters(
    workings: Workings,
    routes: Sequence[Route],
    chosen: np.ndarray,
    cluster: str,
    measure: str,
) -> None:
    """Say in the receipts what was done about clusters, and what could not be done."""
    _remark_applied(workings, routes, chosen, cluster)
    said = workings.once(clustering)
    given = _takes(routes, chosen, GIVEN)
    analysed = np.array([*(route.is_analysed for route in routes), False])[chosen]
    open_to_doubt = ~given & ~(said.adjusted & analysed)
    for which, missing, name in (
        (said.lacks_icc, "icc", "intracluster correlation"),
        (said.lacks_size, "cluster_size", "cluster size"),
    ):
        workings.remark(
            which & open_to_doubt,
            f"clusters ignored, as {missing} is blank: the standard error is too small; "
            f"assume={{'{missing}': ...}} or sensitivity() takes a value from elsewhere",
            footnote=IGNORED,
            doubt=f"Clusters ignored, as the {name} is not known; standard errors are too small",
        )
    workings.remark(
        said.unknown & open_to_doubt,
        "cluster_adjusted is no, and icc and cluster_size are blank: analysed as if people had "
        "been randomised",
        doubt="Clusters ignored, if there are any: cluster_adjusted is no, and neither the "
        "intracluster correlation nor the cluster size is given",
    )
    workings.remark(
        said.named & ~given & (chosen >= 0),
        "clusters ignored, as the design names them and icc and cluster_size are blank: the "
        "standard error is too small, unless a printed analysis allows for clustering "
        "(cluster_adjusted)",
        footnote=IGNORED,
        doubt="Clusters ignored, as the design names them and neither the intracluster "
        "correlation nor the cluster size is given",
    )
    raw = said.adjusted & ~given & ~analysed & (chosen >= 0)
    workings.remark(
        raw & ~np.isnan(said.effect),
        "cluster_adjusted concerns printed effects, t, F and p, not the raw numbers that this "
        "route takes: they were adjusted here",
    )
    # Where one of the two is given, the remark above has said it already.
    workings.remark(
        raw & np.isnan(said.effect) & ~said.lacks_icc & ~said.lacks_size,
        "clusters ignored: cluster_adjusted concerns printed effects, t, F and p, not the raw "
        "numbers that this route takes, and icc and cluster_size are blank",
        footnote=IGNORED,
        doubt="Clusters ignored, as raw numbers are not adjusted for them; standard errors are "
        "too small",
    )
    filled = ~np.isnan(workings.entered("icc")) | ~np.isnan(workings.entered("cluster_size"))
    workings.remark(
        said.denied & given,
        "clusters ignored: cluster_adjusted is no, and the variance is used as given",
        footnote=IGNORED,
        doubt="Clusters ignored, as the variance is used as given and cluster_adjusted is no",
    )
    workings.remark(
        said.randomised & ~said.adjusted & ~said.denied & given,
        "whether the variance given allows for clustering is not said: cluster_adjusted is blank",
        doubt="Whether the variance given allows for clustering is not said (cluster_adjusted)",
    )
    workings.remark(filled & given, "icc and cluster_size not used: the effect is used as given")
    workings.remark(
        filled & said.adjusted & analysed,
        "icc and cluster_size not used: the paper's analysis allows for clustering",
    )
    if measure == "smd":
        from_tests = np.array([*(route.is_test for route in routes), False])[chosen]
        workings.remark(
            said.adjusted & from_tests,
            "a test that allows for clustering has too large a standard error for an SMD: the "
            "effect is too close to 0",
            doubt="SMD from a test that allows for clustering, and so too close to 0",
        )


def _remark_applied(
    workings: Workings, routes: Sequence[Route], chosen: np.ndarray, cluster: str
) -> None:
    effect = design_effects(workings, routes, chosen)
    sources = workings.words("icc_source").to_numpy()
    icc = workings["icc"]
    for row in np.flatnonzero(~np.isnan(effect) & (chosen >= 0)).tolist():
        by = effect[row]
        source = f", ICC from {sources[row]}" if sources[row] else ""
        at = f"{by:.4g} at an ICC of {icc[row]:g}{source}"
        reducible = routes[chosen[row]].name in designs.REDUCIBLE
        rule = cluster if reducible else "inflate"
        if by == 1:
            workings.remark_row(row, f"clusters: design effect {at}")
        else:
            workings.remark_row(
                row,
                f"clusters: {designs.CLUSTER_RULES[rule]}, {at}",
                footnote=f"{_FOOTNOTES[rule]} (design effect {by:.3g})",
            )


def _takes(routes: Sequence[Route], chosen: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return which rows take one of the routes of these names."""
    return np.isin(chosen, [at for at, route in enumerate(routes) if route.name in names])
