"""What comes from the control in the variance of an effect, by route and measure.

`control_parts` says how two effects with one control covary, and gives the sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from synthesis.effects.formulas import conversions, correlations, counts, smd
from synthesis.effects.routes.route import Cells, Options

Parts = tuple[np.ndarray, np.ndarray, str]
Function = Callable[[Cells, Options, np.ndarray], Parts]


def _pooled(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    """Return the parts of a difference over the pooled SD of both arms."""
    n_t, n_c = cells["n_t"], cells["n_c"]
    law = {"revman": "revman", "ub": "ub" if options.correct else "ub, not corrected"}
    J = np.ones_like(n_c)
    if options.variance == "ls2" and options.correct:
        J = smd.small_sample_factor(n_t + n_c - 2)
    slope = yi
    if options.variance == "av":
        slope = np.full_like(yi, smd.mean_effect(yi, n_t + n_c, options.mean))
    return J / np.sqrt(n_c), slope, law.get(options.variance, "2N")


def _smd_of_means(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    n_t, n_c = cells["n_t"], cells["n_c"]
    if options.sd == "control":
        return 1 / np.sqrt(n_c), yi / np.sqrt(2 * n_c), "own"
    if options.sd == "average":
        J = np.ones_like(n_c)
        if options.correct and options.variance != "bonett":
            J = smd.small_sample_factor(n_t + n_c - 2)
        of_control = cells["sd_c"] ** 2
        mean = (cells["sd_t"] ** 2 + of_control) / 2
        root = J * np.sqrt(of_control / (n_c - 1) / mean)
        return root, J * yi * of_control / (mean * np.sqrt(8 * (n_c - 1))), "own"
    return _pooled(cells, options, yi)


def _morris_smd(cells: Cells, _: Options, yi: np.ndarray) -> Parts:
    """Return the parts of Morris's d: of the pooled SD's degrees of freedom, n_c − 1 are shared."""
    df = cells["n_t"] + cells["n_c"] - 2
    factor = smd.small_sample_factor(df) ** 2 * df / (df - 2)
    root = np.sqrt(factor * 2 * (1 - cells["r_c"]) / cells["n_c"])
    return root, yi * np.sqrt((factor - 1) * (cells["n_c"] - 1) / df), "own"


def _odds_of_means(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    scale = conversions.ODDS_PER_SD[options.conversion]
    root, slope, law = _smd_of_means(cells, options, yi / scale)
    return scale * root, scale * slope, law


def _in_sds_of(sd: str) -> Function:
    """Return the parts of a standardised difference whose standardiser is in its name."""

    def parts(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
        return _smd_of_means(cells, replace(options, sd=sd), yi)

    return parts


def _odds_of_d(conversion: str) -> Function:
    """Return the parts of a log odds ratio from d, which is not corrected."""
    scale = conversions.ODDS_PER_SD[conversion]

    def parts(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
        plain = replace(options, variance="ls", correct=False)
        root, slope, law = _pooled(cells, plain, yi / scale)
        return scale * root, scale * slope, law

    return parts


def _point_biserial(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
    """Return the parts of d, by the slope of the correlation on d."""
    n_t, n_c = cells["n_t"], cells["n_c"]
    r = np.tanh(yi) if options.measure == "fisher_z" else yi
    d = r * np.sqrt(correlations.ratio(n_t, n_c) / (1 - r**2))
    by = correlations.of_d_slope(d, n_t, n_c)
    if options.measure == "fisher_z":
        by = by / (1 - r**2)
    return by / np.sqrt(n_c), by * d, "2N"


def _scaled_odds(slope: Callable[[np.ndarray], np.ndarray]) -> Function:
    """Return the parts of a function of the log odds ratio, by its slope at the effect."""

    def parts(cells: Cells, options: Options, yi: np.ndarray) -> Parts:
        root = slope(yi) * np.sqrt(_odds(_table(cells, options.zero_cells)))
        return root, np.zeros_like(root), "none"

    return parts


def _alone(part: Callable[[Cells, Options], np.ndarray]) -> Function:
    """Return the parts of an effect that is not standardised, from its part of the variance."""

    def parts(cells: Cells, options: Options, _: np.ndarray) -> Parts:
        # Of a control of events only, the part is 0, or by rounding just below.
        root = np.sqrt(np.maximum(part(cells, options), 0))
        return root, np.zeros_like(root), "none"

    return parts


def _mean(mean: str, sd: str) -> dict[str, Function]:
    def variance(cells: Cells) -> np.ndarray:
        return np.asarray(cells[sd] ** 2 / cells["n_c"])

    def of_ratio(cells: Cells) -> np.ndarray:
        return np.asarray(variance(cells) / cells[mean] ** 2)

    return {
        "md": _alone(lambda cells, _: variance(cells)),
        "rom": _alone(lambda cells, _: of_ratio(cells)),
        "rom_corrected": _alone(lambda cells, _: of_ratio(cells) + of_ratio(cells) ** 2 / 2),
        "cvr": _alone(lambda cells, _: of_ratio(cells) + _of_spread(cells)),
    }


def _of_spread(cells: Cells) -> np.ndarray:
    return np.asarray(1 / (2 * (cells["n_c"] - 1)))


def _table(cells: Cells, zero_cells: str) -> counts.TwoByTwo:
    names = ("events_t", "n_t", "events_c", "n_c")
    return counts.two_by_two(*(cells[name] for name in names), zero_cells=zero_cells)


def _counted(part: Callable[[counts.TwoByTwo], np.ndarray]) -> Function:
    return _alone(lambda cells, options: part(_table(cells, options.zero_cells)))


def _odds(table: counts.TwoByTwo) -> np.ndarray:
    return np.asarray(1 / table.events_c + 1 / table.others_c)


def _risk(table: counts.TwoByTwo) -> np.ndarray:
    return np.asarray(table.events_c / table.n_c)


def _peto(table: counts.TwoByTwo) -> np.ndarray:
    # O − E = (n_c·e_t − n_t·e_c)/N: of its variance, n_t/N comes from the control.
    return np.asarray(counts.peto_odds_ratio(table)[1] * table.n_t / (table.n_t + table.n_c))


def _probit(table: counts.TwoByTwo) -> np.ndarray:
    from scipy.special import ndtri

    risk = _risk(table)
    return np.asarray(2 * np.pi * risk * (1 - risk) * np.exp(ndtri(risk) ** 2) / table.n_c)


def _smd_of_counts(cells: Cells, options: Options) -> np.ndarray:
    table = _table(cells, options.zero_cells)
    if options.conversion == "probit":
        return _probit(table)
    return _odds(table) / conversions.ODDS_PER_SD[options.conversion] ** 2


def _rate(power: int) -> Function:
    def part(cells: Cells, options: Options) -> np.ndarray:
        zero = (cells["events_t"] == 0) | (cells["events_c"] == 0)
        events = cells["events_c"] + counts.halves(zero, options.zero_cells)
        return np.asarray(1 / events if power < 0 else events / cells["time_c"] ** 2)

    return _alone(part)


_OF_MEANS, _OF_CHANGES = _mean("mean_c", "sd_c"), _mean("mean_change_c", "sd_change_c")

PARTS: Mapping[tuple[str, str], tuple[str, Function]] = {
    ("means", "smd"): ("mean", _smd_of_means),
    ("means", "or"): ("mean", _odds_of_means),
    **{("means", name): ("mean", part) for name, part in _OF_MEANS.items()},
    ("means", "smdh"): ("mean", _in_sds_of("average")),
    ("means", "smd1"): ("mean", _in_sds_of("control")),
    ("means", "smd1h"): ("mean", _in_sds_of("control")),
    ("means", "d2or"): ("mean", _odds_of_d("logistic")),
    ("means", "d2orn"): ("mean", _odds_of_d("cox")),
    **{("means", name): ("mean", _point_biserial) for name in ("point_biserial", "r", "fisher_z")},
    ("geometric_means", "rom"): (
        "geometric mean",
        _alone(lambda cells, _: cells["sd_log_c"] ** 2 / cells["n_c"]),
    ),
    ("variability", "vr"): ("SD", _alone(lambda cells, _: _of_spread(cells))),
    ("change_scores", "md"): ("change", _OF_CHANGES["md"]),
    ("change_scores", "smd"): ("change", _pooled),
    ("pre_post", "smd"): ("change in SDs at baseline", _morris_smd),
    **{
        (name, "smd"): ("mean", _pooled)
        for name in (
            *("t", "f", "eta_squared", "r_pb", "p", "b", "beta"),
            *("printed_md", "printed_d", "printed_g"),
        )
    },
    ("counts", "pbit"): ("count", _counted(_probit)),
    **{
        ("counts", name): (
            "count",
            _counted(lambda table, scale=scale: _odds(table) / scale**2),  # type: ignore[misc]
        )
        for name, scale in (
            ("or2d", conversions.ODDS_PER_SD["logistic"]),
            ("or2dn", conversions.ODDS_PER_SD["cox"]),
        )
    },
    ("counts", "yule_q"): ("count", _scaled_odds(lambda q: (1 - q**2) / 2)),
    ("counts", "yule_y"): ("count", _scaled_odds(lambda y: (1 - y**2) / 4)),
    ("counts", "or"): ("count", _counted(_odds)),
    ("counts", "rr"): ("count", _counted(lambda table: 1 / table.events_c - 1 / table.n_c)),
    ("counts", "rd"): (
        "count",
        _counted(lambda table: _risk(table) * (1 - _risk(table)) / table.n_c),
    ),
    ("counts", "asd"): ("count", _alone(lambda cells, _: 1 / (4 * cells["n_c"]))),
    ("counts", "peto"): ("count", _counted(_peto)),
    ("counts", "smd"): ("count", _alone(_smd_of_counts)),
    ("rates", "irr"): ("rate", _rate(-1)),
    ("rates", "ird"): ("rate", _rate(1)),
    ("rates", "irsd"): ("rate", _alone(lambda cells, _: 1 / (4 * cells["time_c"]))),
}
"""What is measured in the control and its part of the variance, by route and measure.

The others are refused: of a printed standard error, or of a variance entered by the reviewer, no
one knows which part is the control's; in a crossover trial the arms are the same people.
"""
