"""Do the coders agree: five coefficients, their intervals, and what prevents or distorts them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.lab.progress import Progress
from arrowroot.options import seed_of
from arrowroot.text import counted, label
from synthesis.coding import ratings
from synthesis.coding.agreement import caveats, coefficients
from synthesis.coding.agreement.coefficients import Coefficient, distance
from synthesis.coding.agreement.tables import AgreementByCode, AgreementByPair, AgreementTable
from synthesis.coding.codings import read_columns
from synthesis.coding.ratings import NOT_CODED, Ratings
from synthesis.labels import capitals

AT_ONCE = 2_000_000
"""The most units, over all bootstrap samples, that are computed at one time."""

_REPLICATES_AT_MOST = 1_000_000
"""More replicates of a bootstrap are refused: there would be no memory for them."""


def agreement(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    level: str = "nominal",
    categories: Sequence[Hashable] | None = None,
    bootstrap: int = 0,
    confidence: float = 0.95,
    seed: int | None = None,
) -> pd.DataFrame:
    """Return agreement between coders who each gave units one code.

    Parameters
    ----------
    codings : DataFrame
        Long table: one row for each code a coder gave a unit. A blank code, or no row, means
        that this coder did not code this unit.
    unit, coder, code : str
        Columns of `codings`.
    level : {"nominal", "ordinal", "interval", "ratio"}
        Level of measurement, for Krippendorff's alpha. Above the nominal level, rows with
        linear and quadratic weights (Cohen's kappa, Gwet's AC2) are added; distances are then
        steps in the order of the categories (ordinal) or differences of the codes (interval and
        ratio). At the ratio level, for counts and amounts, alpha takes differences in proportion
        to the sum of both codes.
    categories : sequence, optional
        Every category the coders could use, in order. By default the categories of a
        categorical column, else those used. Gwet's coefficients depend on the choice.
    bootstrap : int
        Replicates of the bootstrap over units; 0 gives no intervals.
    confidence : float
        Confidence level of the intervals, between 0 and 1.
    seed : int, optional
        Makes the intervals repeatable: the same codings give the same intervals, in any order of
        their rows.

    Returns
    -------
    DataFrame
        Indexed by ``percent``, ``cohen_kappa``, ``fleiss_kappa``, ``krippendorff_alpha``,
        ``gwet_ac1``; columns ``value``, ``ci_low``, ``ci_high`` (None where there is none) and
        ``reason``: why a value is undefined, or why it must be read with care. With a bootstrap
        also ``failed``, the replicates in which the coefficient was undefined and which the
        interval leaves out. A notebook shows the table rounded; its numbers are not.

        Units and codes that differ only in capitals are listed in ``attrs["notes"]`` and below
        the table in a notebook.

    Raises
    ------
    DataError
        If the table cannot be read as one code per coder and unit; see the message.
    OptionError
        For an unknown level, a negative bootstrap or a confidence outside 0 to 1.

    Notes
    -----
    ``percent`` averages, over units coded at least twice, the proportion of pairs of coders that
    agree. Cohen's kappa is for two coders, on the units coded by both. Fleiss' kappa and Gwet's
    AC1 use every unit in the form that allows for missing codes (Gwet 2014, chapters 2 to 5).

    Examples
    --------
    >>> codings = pd.DataFrame(
    ...     {"unit": [1, 2, 3, 1, 2, 3], "coder": list("aaabbb"), "code": list("xyyxyx")}
    ... )
    >>> agreement(codings)["value"].astype(float).round(3).to_dict()
    {'percent': 0.667, 'cohen_kappa': 0.4, 'fleiss_kappa': 0.333,
     'krippendorff_alpha': 0.444, 'gwet_ac1': 0.333}
    """
    _check_bootstrap(bootstrap, confidence)
    rated = ratings.from_long(
        codings, unit=unit, coder=coder, code=code, level=level, categories=categories
    )
    functions = _coefficients(rated, level)
    table = _values(rated, functions, level)
    if bootstrap:
        _add_intervals(table, functions, len(rated.units), bootstrap, confidence, seed)
    notes = [*_alike(rated), *_pieces(codings, rated)]
    return _shown(AgreementTable(table), bootstrap, confidence, notes)


def agreement_by_code(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    bootstrap: int = 0,
    seed: int | None = None,
) -> pd.DataFrame:
    """Return agreement on each code separately: given to this unit, yes or no.

    A unit may have several codes. A coder who coded a unit, but not with this code, said no; a
    coder without a row for the unit did not look at it.

    Parameters
    ----------
    codings : DataFrame
        Long table, one row per code given; a blank code says "looked, and no code applies".
    unit, coder, code : str
        Columns of `codings`.
    bootstrap, seed
        As in `agreement`.

    Returns
    -------
    DataFrame
        The rows of `agreement` for each code, indexed by ``(code, coefficient)``, with
        ``prevalence``, the proportion of all judgements that said yes.
    """
    codings = read_columns(codings, unit=unit, coder=coder, code=code)
    codings = codings.reset_index(drop=True)  # an index level may have the name of a column
    given = codings[code]
    looked = codings[[unit, coder]].drop_duplicates()
    tables = {}
    for one in sorted(given.dropna().unique(), key=str):
        yes = codings.loc[given == one, [unit, coder]].drop_duplicates().assign(**{code: "yes"})
        judged = looked.merge(yes, how="left", on=[unit, coder]).fillna({code: "no"})
        table = agreement(
            judged,
            unit=unit,
            coder=coder,
            code=code,
            categories=["no", "yes"],
            bootstrap=bootstrap,
            seed=seed,
        )
        table.insert(0, "prevalence", float((judged[code] == "yes").mean()))
        tables[one] = table
    if not tables:
        raise DataError(f"{code}: no code was given to any unit; there is nothing to compare.")
    together = pd.concat(tables, names=[code, "coefficient"])
    notes = [*capitals("Units", codings[unit]), *capitals("Codes", given)]
    return _shown(AgreementByCode(together), bootstrap, 0.95, notes)


def agreement_by_pair(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    coder: str = "coder",
    code: str = "code",
    categories: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Return percent agreement and Cohen's kappa for every pair of coders.

    Parameters
    ----------
    codings, unit, coder, code, categories
        As in `agreement`.

    Returns
    -------
    DataFrame
        One row per pair: ``first``, ``second``, ``units`` (coded by both), ``percent``,
        ``cohen_kappa``, ``reason``.
    """
    rated = ratings.from_long(
        codings, unit=unit, coder=coder, code=code, level="nominal", categories=categories
    )
    rows = []
    for first, second in combinations(range(len(rated.coders)), 2):
        coders = (rated.coders[first], rated.coders[second])
        pair = replace(rated, coders=coders, table=rated.table[[first, second]])
        functions = _coefficients(pair, "nominal")
        table = _values(pair, {name: functions[name] for name in ("percent", "cohen_kappa")})
        rows.append(
            {
                **dict(zip(("first", "second"), coders, strict=True)),
                "units": int((pair.table != NOT_CODED).all(axis=0).sum()),
                **table["value"],
                "reason": table.loc["cohen_kappa", "reason"],
            }
        )
    return _shown(AgreementByPair(rows), 0, 0.95, _alike(rated))


def _alike(rated: Ratings) -> list[str]:
    """Return notes on units and codes that differ only in capitals."""
    units, codes = (map(label, names) for names in (rated.units, rated.categories))
    return [*capitals("Units", units), *capitals("Codes", codes)]


def _pieces(codings: pd.DataFrame, rated: Ratings) -> list[str]:
    """Return a note where pieces that two coders did not mark exactly alike are not compared."""
    both = int((rated.counts().sum(axis=1) >= 2).sum())
    if both == len(rated.units) or not {"start", "end"} <= set(codings.columns):
        return []
    return [
        f"Compared: {both} of {counted(len(rated.units), 'piece')} of text, those that two coders "
        "marked exactly alike. segment_agreement compares pieces that overlap only partly."
    ]


def _shown(
    table: pd.DataFrame, draws: int, confidence: float, notes: Sequence[str]
) -> pd.DataFrame:
    """Return the table with what its display says about the intervals."""
    table.attrs |= {"draws": draws, "confidence": confidence}
    if notes:
        table.attrs["notes"] = list(notes)
    return table


def _check_bootstrap(replicates: int, confidence: float) -> None:
    if not isinstance(replicates, (int, np.integer)) or replicates < 0:
        raise OptionError(
            f"bootstrap must be a whole number of replicates, 0 for none; got {replicates!r}."
        )
    if replicates > _REPLICATES_AT_MOST:
        raise OptionError(
            f"bootstrap must be at most {_REPLICATES_AT_MOST:,}; got {replicates:,}. A few "
            "thousand replicates give limits to two digits."
        )
    if not 0 < confidence < 1:
        raise OptionError(f"confidence must lie between 0 and 1, as 0.95 does; got {confidence!r}.")


def _coefficients(rated: Ratings, level: str) -> dict[str, Coefficient]:
    """Return every coefficient by name."""
    counts = rated.counts().astype(float)
    plain = distance(rated.scores, "identity")
    functions = {
        "percent": coefficients.percent(counts),
        "cohen_kappa": _cohen_kappa(rated, plain),
        "fleiss_kappa": coefficients.fleiss_kappa(counts),
        "krippendorff_alpha": coefficients.krippendorff_alpha(counts, rated.scores, level),
        "gwet_ac1": coefficients.gwet_ac(counts, plain),
    }
    if level != "nominal":
        for kind in ("linear", "quadratic"):
            apart = distance(rated.scores, kind)
            functions[f"cohen_kappa_{kind}"] = _cohen_kappa(rated, apart)
            functions[f"gwet_ac2_{kind}"] = coefficients.gwet_ac(counts, apart)
    return functions


def _cohen_kappa(rated: Ratings, apart: np.ndarray) -> Coefficient:
    if len(rated.coders) != 2:
        return lambda weights: np.full(len(weights), np.nan)
    # In the order of their names, so that rounding does not depend on who comes first.
    order = sorted(range(2), key=lambda one: label(rated.coders[one]).casefold())
    first, second = rated.table[order]
    both = (first != NOT_CODED) & (second != NOT_CODED)
    return coefficients.cohen_kappa(
        np.where(both, first * len(rated.categories) + second, NOT_CODED), apart
    )


def _values(
    rated: Ratings, functions: Mapping[str, Coefficient], level: str = "nominal"
) -> pd.DataFrame:
    everyone = np.ones((1, len(rated.units)))
    values: dict[str, float | None] = {}
    for name, compute in functions.items():
        value = float(compute(everyone)[0])
        values[name] = None if np.isnan(value) else value
    reasons = caveats.reasons(values, rated, level)
    table = pd.DataFrame(index=list(values), columns=["value", "ci_low", "ci_high", "reason"])
    for name in values:
        table.loc[name] = [values[name], None, None, reasons.get(name)]
    return table


def _add_intervals(
    table: pd.DataFrame,
    functions: Mapping[str, Coefficient],
    units: int,
    replicates: int,
    confidence: float,
    seed: int | None,
) -> None:
    """Add percentile intervals to the values; samples draw whole units, with replacement."""
    defined = [name for name in functions if table.loc[name, "value"] is not None]
    random = np.random.default_rng(seed_of(seed))
    drawn = np.empty((replicates, len(defined)))
    at_once = max(1, AT_ONCE // units)
    with Progress(replicates, "Bootstrap", "samples") as bar:
        for start in range(0, replicates, at_once):
            weights = np.array(
                [
                    np.bincount(random.integers(units, size=units), minlength=units)
                    for _ in range(start, min(start + at_once, replicates))
                ],
                dtype=float,
            )
            for column, name in enumerate(defined):
                drawn[start : start + at_once, column] = functions[name](weights)
            bar.update(at_once)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    table["failed"] = pd.Series(None, index=table.index, dtype=object)
    for name, sample in zip(defined, drawn.T, strict=True):
        succeeded = sample[~np.isnan(sample)]
        table.loc[name, "failed"] = replicates - succeeded.size
        if succeeded.size:
            low, high = np.quantile(succeeded, tails)
            table.loc[name, ["ci_low", "ci_high"]] = [float(low), float(high)]
