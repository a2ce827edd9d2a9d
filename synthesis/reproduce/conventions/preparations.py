"""The ways in which one table of studies becomes effects and variances."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from synthesis import checks
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas import counts, smd
from synthesis.effects.shared_controls import divided
from synthesis.labels import read_labels
from synthesis.measures import MEASURES, measure_named
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.readable import bound
from synthesis.pooling.studies import find_measure, split_studies

INPUTS = {
    "as given": None,
    "3 decimals": 3,
    "2 decimals": 2,
}
"""The number of decimals to which effects and standard errors were rounded before pooling."""

OPTIONS: dict[str, tuple[str, ...]] = {
    "measure": tuple(MEASURES),
    "variance": tuple(smd.VARIANCES),
    "correct": ("yes", "no"),
    "sd": (*smd.STANDARDISERS, "separate"),
    "zero_cells": tuple(counts.ZERO_CELLS),
    "no_events": tuple(counts.NO_EVENTS),
    "inputs": tuple(INPUTS),
}
"""The choices made before anything is pooled, each with its options.

The SD is ``"separate"`` where each arm keeps its own, as in a plain mean difference.
"""

_MEANS = ("mean_t", "sd_t", "n_t", "mean_c", "sd_c", "n_c")
_COUNTS = ("events_t", "n_t", "events_c", "n_c")
_FAMILIES = (
    (_MEANS, ("smd", "md", "rom")),
    (_COUNTS, ("or", "rr", "rd", "peto")),
    (("r", "n"), ("fisher_z", "r")),
)
_BITS = 1e-13


@dataclass(frozen=True, eq=False)
class Preparation:
    """Effects and variances, and the choices that gave them.

    Attributes
    ----------
    choices : mapping of str to str
        By `OPTIONS`; empty where a choice does not arise.
    studies : DataFrame
        The studies to pool with ``study yi vi`` and every column of the table.
    """

    choices: Mapping[str, str]
    studies: pd.DataFrame

    @property
    def y(self) -> Array:
        """Effects, shape (k,)."""
        return self.studies["yi"].to_numpy(dtype=float)

    @property
    def v(self) -> Array:
        """Sampling variances, shape (k,)."""
        return self.studies["vi"].to_numpy(dtype=float)

    @property
    def back_n(self) -> float:
        """The sample size with which pooled values are turned back; NaN where none is needed."""
        name = self.choices.get("measure")
        held = bound(measure_named(name), self.studies).n if name else None
        return math.nan if held is None else held


def preparations(
    effects: pd.DataFrame,
    *,
    measure: str | None,
    yi: str,
    vi: str,
    study: str,
    among: Mapping[str, Sequence[str]],
) -> list[Preparation]:
    """Return every way to prepare a table, those that give the same numbers only once.

    Parameters
    ----------
    effects : DataFrame
        With arms (means, counts) or correlations to compute effects from, or with effects and
        variances. Effects are recomputed where the table allows it.
    measure : str, optional
        The effect measure; by default that of the column ``measure``, and without one every
        measure that the columns lead to.
    yi, vi, study : str
        Columns, as in `meta_analysis`.
    among : mapping of str to sequence of str
        Options to which the search is restricted, by choice.
    """
    found: list[Preparation] = []
    for way in _ways(effects, measure, yi=yi, vi=vi, study=study):
        for name, decimals in INPUTS.items():
            choices = {**dict.fromkeys(OPTIONS, ""), **way.choices, "inputs": name}
            if any(choices[one] not in options for one, options in _asked(choices, among)):
                continue
            one = Preparation(choices, _rounded(way.studies, decimals))
            if (one.v > 0).all() and not any(_same(one, other) for other in found):
                found.append(one)
    if not found:
        raise DataError(
            "The table gives no effects under the requested choices. It needs yi and vi, or "
            f"the columns {', '.join(_MEANS)}, or {', '.join(_COUNTS)}, or r and n."
        )
    return found


def _asked(
    choices: Mapping[str, str], among: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the requested options of the choices that apply."""
    return ((name, among[name]) for name in OPTIONS if name in among and choices[name])


def _same(one: Preparation, other: Preparation) -> bool:
    """Return whether two preparations differ by no more than the last bits of a square root."""
    if one.choices["measure"] != other.choices["measure"] or len(one.y) != len(other.y):
        return False
    return bool(
        np.allclose(one.y, other.y, rtol=_BITS, atol=0.0)
        and np.allclose(one.v, other.v, rtol=_BITS, atol=0.0)
    )


def _rounded(studies: pd.DataFrame, decimals: int | None) -> pd.DataFrame:
    if decimals is None:
        return studies
    errors = np.sqrt(studies["vi"].to_numpy(dtype=float)).round(decimals)
    return studies.assign(yi=studies["yi"].round(decimals), vi=errors**2)


def _ways(
    effects: pd.DataFrame, measure: str | None, *, yi: str, vi: str, study: str
) -> Iterator[Preparation]:
    named = None if measure is None else measure_named(measure).name
    if named is None and "measure" in effects.columns:
        named = find_measure(effects, None).name
    sheet = effects.assign(study=read_labels(checks.column(effects, study, "study")))
    measures = [
        name
        for needs, names in _FAMILIES
        if set(needs) <= set(effects.columns)
        for name in names
        if named in (None, name)
    ]
    computed = False
    for name in measures:
        for choices, table in _computed(sheet, name):
            computed = True
            yield Preparation({"measure": name, **choices}, table)
    if not computed or ({yi, vi} <= set(effects.columns) and "route" not in effects.columns):
        studies, *_ = split_studies(sheet, yi=yi, vi=vi, study="study", dependent="ignore")
        yield Preparation({"measure": named or "generic"}, studies)


def _computed(sheet: pd.DataFrame, measure: str) -> Iterator[tuple[dict[str, str], pd.DataFrame]]:
    """Yield the studies under every form of a measure that all rows allow, and its choices."""
    for choices, options in _forms(measure, has_silent=_has_silent(sheet)):
        try:
            table = effect_sizes(_bare(sheet), measure, refused="keep", **options)
        except DataError:
            continue
        if measure == "md" and choices["sd"] == "pooled":
            table = table.assign(vi=_pooled_variance(sheet))
        whole = np.isfinite(table[["yi", "vi"]].to_numpy(dtype=float)).all(axis=1)
        if not whole.all() and not _may_lack(measure, choices):
            continue
        if whole.sum() >= 2:
            studies = split_studies(
                table.loc[whole], yi="yi", vi="vi", study="study", dependent="ignore"
            ).studies
            yield choices, studies


def _may_lack(measure: str, choices: Mapping[str, str]) -> bool:
    """Return whether the choices themselves leave tables without an effect."""
    leaves_out = choices.get("no_events") == "leave_out"
    return measure == "peto" or leaves_out or choices.get("zero_cells") == "none"


def _bare(sheet: pd.DataFrame) -> pd.DataFrame:
    """Return a sheet without effects, so that they are computed from what was measured."""
    given = ("yi", "vi", "se", "measure", "route", "receipt", "flipped", "reason", "direction")
    return sheet.drop(columns=[name for name in given if name in sheet.columns])


def _has_silent(sheet: pd.DataFrame) -> bool:
    """Return whether nobody, or everybody, has the event in both arms of a table."""
    if not set(_COUNTS) <= set(sheet.columns):
        return False
    numbers = sheet[list(_COUNTS)].apply(pd.to_numeric, errors="coerce")
    events = numbers["events_t"] + numbers["events_c"]
    return bool(((events == 0) | (events == numbers["n_t"] + numbers["n_c"])).any())


def _forms(measure: str, *, has_silent: bool) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Yield the forms of a measure as choices, each with the options of `effect_sizes`."""
    if measure == "smd":
        forms = [("pooled", form) for form in smd.VARIANCES]
        forms += [(sd, "ls") for sd in smd.STANDARDISERS if sd != "pooled"]
        for (sd, form), correct in product(forms, (True, False)):
            words = {"variance": form, "correct": "yes" if correct else "no", "sd": sd}
            yield words, {"variance": form, "correct": correct, "sd": sd}
    elif measure == "md":
        yield {"sd": "separate"}, {}
        yield {"sd": "pooled"}, {}
    elif measure in ("or", "rr") and not has_silent:
        for rule in counts.ZERO_CELLS:
            yield {"zero_cells": rule}, {"zero_cells": rule}
    elif measure in ("or", "rr"):
        for no_events, rule in product(counts.NO_EVENTS, counts.ZERO_CELLS):
            # Where nothing is added, such tables have no effect and are left out either way.
            if (no_events, rule) != ("keep", "none"):
                chosen = {"zero_cells": rule, "no_events": no_events}
                yield chosen, chosen
    else:
        yield {}, {}


def _pooled_variance(sheet: pd.DataFrame) -> Array:
    """Return the variance of mean differences whose arms share one SD."""
    sd_t, n_t, sd_c, n_c = (
        divided(sheet)[name].to_numpy(dtype=float) for name in ("sd_t", "n_t", "sd_c", "n_c")
    )
    return np.asarray(smd.pooled_sd(sd_t, n_t, sd_c, n_c) ** 2 * (1 / n_t + 1 / n_c))
