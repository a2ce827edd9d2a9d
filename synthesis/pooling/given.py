"""Whether what was given as a result is one, and what a message calls it otherwise."""

from __future__ import annotations

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import is_result, thing
from synthesis.checks import GAVE_NOTHING
from synthesis.pooling.results import MetaAnalysis

KINDS = {
    "MetaRegression": "a meta-regression",
    "SubgroupAnalysis": "a subgroup analysis",
    "ThreeLevel": "a three-level fit",
    "RobustFit": "a fit with robust standard errors",
    "Gosh": "the subsets of a gosh analysis",
    "Multiverse": "a multiverse",
}
"""What a message calls results of other functions, by class."""


def pooled_only(fit: object, argument: str = "fit") -> None:
    """Raise an error unless given a result of `meta_analysis`.

    Raises
    ------
    DataError
        Says what was given instead: a table that is not pooled yet, or a result of another model,
        whose moderators or clusters would be ignored.

    Examples
    --------
    >>> pooled_only(pd.DataFrame({"yi": [0.5]}))
    Traceback (most recent call last):
    arrowroot.errors.DataError: fit: a result of meta_analysis is needed; got a table. Pool it ...
    """
    if isinstance(fit, MetaAnalysis):
        return
    got = f"got {kind_of(fit)}."
    if isinstance(fit, pd.DataFrame):
        kept = argument if argument.isidentifier() else "fit"
        got = f"got a table. Pool it first: {kept} = meta_analysis(effects)."
    elif fit is None:
        got = f"got None. {GAVE_NOTHING}"
    elif is_result(fit):
        got = f"got {kind_of(fit)}, which this function does not support."
    raise DataError.of_kind(argument, "a result of meta_analysis", got)


def result_of(given: object, kind: type | tuple[type, ...], argument: str, made_by: str) -> None:
    """Raise an error unless given what a function makes.

    Raises
    ------
    DataError
        Says what is needed, and what was given instead.

    Examples
    --------
    >>> result_of("fit", pd.DataFrame, "contributions", "baujat")
    Traceback (most recent call last):
    arrowroot.errors.DataError: contributions: a result of baujat is needed; got 'fit'.
    """
    if not isinstance(given, kind):
        raise DataError.of_kind(argument, f"a result of {made_by}", f"got {kind_of(given)}.")


def kind_of(fit: object) -> str:
    """Return what a message calls an object that was given as a result.

    Examples
    --------
    >>> kind_of(pd.DataFrame()), kind_of("fit")
    ('a table', "'fit'")
    """
    if isinstance(fit, MetaAnalysis):
        return fit.kind
    return KINDS.get(type(fit).__name__) or thing(fit)


def weighted_only(fit: MetaAnalysis, what: str) -> None:
    """Refuse a fit that adds up two-by-two tables where only weighted effects will do.

    Raises
    ------
    DataError
        Names the fit, and says how its studies can be pooled by their own effects.
    """
    pooled_only(fit)
    if fit.pools_tables:
        raise DataError(
            f"{what} is not defined for {fit.kind}, which adds up tables rather than weighting "
            "the studies' effects. Pool these by themselves first: "
            f"meta_analysis(fit.studies, measure={fit.measure.name!r}, model='common')."
        )
