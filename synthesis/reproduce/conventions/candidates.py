"""Every analysis of every preparation, side by side: choices in columns, results in arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import pandas as pd

from arrowroot.errors import EstimationError, OptionError
from arrowroot.lab.progress import Progress
from synthesis.diagnostics.small_studies import trim_fill
from synthesis.labels import read_labels
from synthesis.pooling.engine.batch import MODELS, Choices, Pooled, pool, pool_ragged
from synthesis.pooling.engine.intervals import CI_METHODS
from synthesis.pooling.engine.tau2 import ESTIMATORS, estimate
from synthesis.pooling.engine.weighted import Array, Design
from synthesis.pooling.model import meta_analysis
from synthesis.reproduce.conventions.preparations import Preparation
from synthesis.reproduce.conventions.quantities import OF_SUBGROUPS, OF_TRIMMING, Wanted

OPTIONS: dict[str, tuple[str, ...]] = {
    "model": MODELS,
    # Empirical Bayes has the same root as Paule-Mandel, so it is searched and named once.
    "tau2": tuple(name for name in ESTIMATORS if name != "eb"),
    "ci": CI_METHODS,
    "prediction": ("as_interval", "cochrane", "higgins", "normal"),
    "subgroup_tau2": ("separate", "common"),
    "trim_estimator": tuple(trim_fill.ESTIMATORS),
    "trim_side": trim_fill.SIDES,
    "trim_model": MODELS,
}
"""The choices of analysis, each with its options, the default first."""

DEFAULTS = {
    "model": "random",
    "tau2": "reml",
    "ci": "hksj",
    "prediction": "as_interval",
    "subgroup_tau2": "separate",
    "trim_estimator": "l0",
    "trim_side": "left",
    "trim_model": "random",
}
"""The defaults of `meta_analysis`, `subgroup_analysis` and `trim_and_fill`."""

_OF_COMMON = ("wald", "wald_t")


@dataclass(frozen=True, eq=False)
class Grid:
    """Results of many analyses.

    Attributes
    ----------
    choices : DataFrame
        One row per analysis, one column per choice.
    results : mapping of str to ndarray, shape (rows,)
        Results on the scale of analysis, by name.
    """

    choices: pd.DataFrame
    results: Mapping[str, Array]


def searched(
    wanted: Sequence[Wanted], among: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the options of those choices that the printed results depend on.

    A choice on which none of them depends stays at its default and is not reported.
    """
    matters = frozenset().union(*(one.depends_on() for one in wanted))
    return {
        name: tuple(among.get(name, options))
        for name, options in OPTIONS.items()
        if name in matters
    }


def analyses(options: Mapping[str, Sequence[str]], level: float) -> Iterator[Choices]:
    """Yield the ways to pool; under a common effect there is no tau2 and no rescaled interval."""

    def of(name: str) -> Sequence[str]:
        return options.get(name, (DEFAULTS[name],))

    for model in of("model"):
        if model == "random":
            for tau2, ci, prediction in product(of("tau2"), of("ci"), of("prediction")):
                yield Choices(model, tau2, ci, prediction, level)
        else:
            fitting = [name for name in of("ci") if name in _OF_COMMON]
            for ci in fitting if "ci" in options else ["wald"]:
                yield Choices(model, ci=ci, prediction="none", level=level)


def grid(
    prepared: Sequence[Preparation],
    options: Mapping[str, Sequence[str]],
    wanted: Sequence[Wanted],
    *,
    by: str | None,
    level: float,
    progress: bool,
) -> Grid:
    """Pool every preparation in every way.

    Parameters
    ----------
    prepared : sequence of Preparation
        The studies in every form.
    options : mapping of str to sequence of str
        The options of each choice that matters, from `searched`.
    wanted : sequence of Wanted
        What is printed; costly results that are not printed are left out.
    by : str, optional
        Column of the subgroups.
    level : float
        Level of every interval.
    progress : bool
        Whether to show a progress bar once two seconds have passed.
    """
    import synthesis.pooling.engine.estimator  # noqa: F401  # loading it is slow, and not part of the progress

    extensions = _extensions(prepared, options, wanted, by)
    ways = list(analyses(options, level))
    if not ways:
        raise OptionError(
            "among: a common effect has no such interval; add ci='wald' or ci='wald_t'."
        )
    parts: list[Grid] = []
    with Progress(len(ways), "Conventions", "analyses", show=progress) as bar:
        for way in ways:
            grown = [_pooled(prepared, way)]
            for extension in extensions:
                grown = [_extended(one, *more) for one in grown for more in extension(way)]
            parts += grown
            bar.update()
    choices = pd.concat([part.choices for part in parts], ignore_index=True)
    results = {
        name: np.concatenate([part.results[name] for part in parts]) for name in parts[0].results
    }
    for one in wanted:
        if one.is_effect:
            effects = np.array([_effect_of(one.name, each) for each in prepared])
            results[one.column] = np.tile(effects, len(parts))
    kept = [name for name in choices.columns if name in options or name not in OPTIONS]
    return Grid(choices[kept], results)


_More = tuple[dict[str, str], dict[str, Array]]
"""Further choices, and the results under them."""


def _extended(plain: Grid, choices: Mapping[str, str], results: Mapping[str, Array]) -> Grid:
    return Grid(plain.choices.assign(**choices), {**plain.results, **results})


def _extensions(
    prepared: Sequence[Preparation],
    options: Mapping[str, Sequence[str]],
    wanted: Sequence[Wanted],
    by: str | None,
) -> list[Callable[[Choices], list[_More]]]:
    """Return functions that add the costly results that are printed.

    Each is computed once for all choices that it does not depend on.
    """
    names = {one.name for one in wanted if not one.is_effect}
    extensions: list[Callable[[Choices], list[_More]]] = []
    if by is not None and names & set(OF_SUBGROUPS):
        tests = cache(lambda way: list(_subgroup_tests(prepared, way, options, by)))
        extensions.append(lambda way: tests(replace(way, prediction="none")))
    if names & set(OF_TRIMMING):
        ci = None if names & {"filled_ci_low", "filled_ci_high"} else "wald"
        fills = cache(lambda way: list(_trimmings(prepared, way, options)))
        extensions.append(lambda way: fills(replace(way, prediction="none", ci=ci or way.ci)))
    return extensions


def _pooled(prepared: Sequence[Preparation], way: Choices) -> Grid:
    sizes = np.array([len(one.y) for one in prepared])
    found = pool_ragged(
        np.concatenate([one.y for one in prepared]),
        np.concatenate([one.v for one in prepared]),
        sizes,
        way,
    )
    random = way.model == "random"
    choices = pd.DataFrame([one.choices for one in prepared]).assign(
        model=way.model,
        tau2=str(way.tau2) if random else "none",
        ci=way.ci,
        prediction=way.prediction,
    )
    back_n = np.array([one.back_n for one in prepared])
    return Grid(choices, {**_results(found), "k": sizes.astype(float), "back_n": back_n})


def _results(found: Pooled) -> dict[str, Array]:
    names = (
        *("estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high", "tau2"),
        *("i2", "i2_q", "h2", "q", "q_p_value", "pi_low", "pi_high"),
    )
    return {**{name: getattr(found, name) for name in names}, "tau": np.sqrt(found.tau2)}


def _effect_of(label: str, prepared: Preparation) -> float:
    rows = np.flatnonzero((prepared.studies["study"] == label).to_numpy())
    return float(prepared.y[rows[0]]) if len(rows) else float("nan")


def _subgroup_tests(
    prepared: Sequence[Preparation], way: Choices, options: Mapping[str, Sequence[str]], by: str
) -> Iterator[_More]:
    """Yield the test between subgroups, with a tau2 for each group and with one for all."""
    for kind in options["subgroup_tau2"] if way.model == "random" else ("none",):
        tests = [_test_between(one, way, by, shared=kind == "common") for one in prepared]
        yield {"subgroup_tau2": kind}, dict(zip(OF_SUBGROUPS, np.array(tests).T, strict=True))


def _test_between(
    prepared: Preparation, way: Choices, by: str, *, shared: bool
) -> tuple[float, float]:
    """Return Q between subgroups and its p-value, as `subgroup_analysis` has it."""
    from scipy.special import chdtrc

    labels = np.array(read_labels(prepared.studies[by]), dtype=object)
    y, v = prepared.y[:, None], prepared.v[:, None]
    groups = [labels == name for name in dict.fromkeys(labels)]
    settled = way
    if shared:
        space = Design(np.array(groups, dtype=float).T)
        tau2 = float(estimate(way.estimator, y, v, space)[0][0])
        settled = replace(way, tau2=tau2)
    fits = [pool(y[group], v[group], settled) for group in groups]
    effects = np.array([fit.estimate[0] for fit in fits])
    weights = np.array([fit.std_error[0] for fit in fits]) ** -2
    centre = (weights * effects).sum() / weights.sum()
    q = float((weights * (effects - centre) ** 2).sum())
    return q, float(chdtrc(len(groups) - 1, q))


def _trimmings(
    prepared: Sequence[Preparation], way: Choices, options: Mapping[str, Sequence[str]]
) -> Iterator[_More]:
    """Yield trim and fill under all its choices; NaN where it does not converge."""
    fits = [
        meta_analysis(
            one.studies[["study", "yi", "vi"]],
            model=way.model,
            tau2=way.tau2,
            ci=way.ci,
            level=way.level,
            prediction="none",
            tau2_ci="none",
        )
        for one in prepared
    ]
    for estimator, side, model in product(
        options["trim_estimator"], options["trim_side"], options["trim_model"]
    ):
        if model == "random" and way.model == "common":
            continue  # the fit names no estimator of tau2 to trim with
        found = np.full((4, len(fits)), np.nan)
        for place, fit in enumerate(fits):
            try:
                filled = trim_fill.trim_and_fill(
                    fit, estimator=estimator, side=side, trim_model=model
                )
            except EstimationError:
                continue
            found[:, place] = filled.k0, filled.fit.estimate, *filled.fit.ci
        chosen = {"trim_estimator": estimator, "trim_side": side, "trim_model": model}
        yield chosen, dict(zip(OF_TRIMMING, found, strict=True))
