"""Routes from matched pairs, or from the same people under both conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from synthesis.effects.formulas import counts, pairs
from synthesis.effects.routes.route import Arrays, Cells, Condition, Formula, Options, Route
from synthesis.effects.rows.workings import Remark

PAIRS = ("pairs_both", "pairs_t", "pairs_c", "pairs_neither")
MARGINS = ("events_t", "events_c", "n", "r")
MARGINS_BY_ARM = ("events_t", "n_t", "events_c", "n_c", "r")

_HALF = Remark(counts.ZERO_CELLS["half"], footnote="Corrected for a count of zero")


def _table(cells: Cells) -> pairs.Pairs:
    return pairs.Pairs(*(cells[name] for name in PAIRS))


def _zeros(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
    if options.zero_cells == "all":
        everywhere = np.full(cells["pairs_t"].shape, fill_value=True)
        return ((everywhere, Remark(counts.ZERO_CELLS["all"])),)
    return ((_table(cells).has_zero & (options.zero_cells == "half"), _HALF),)


_NO_INFORMATION = Remark(
    "no pair, or every pair, has the event, or no pair differs: no information on a ratio",
    footnote="No information on a ratio",
    doubt="Kept without information on a ratio (pairs that do not differ)",
)


def _silent(cells: Cells) -> np.ndarray:
    """Return where nobody, or everybody, has the event under both conditions."""
    differ = cells["pairs_t"] + cells["pairs_c"]
    return np.asarray((differ == 0) & ((cells["pairs_both"] == 0) | (cells["pairs_neither"] == 0)))


def _none_differ(cells: Cells) -> np.ndarray:
    return np.asarray(cells["pairs_t"] + cells["pairs_c"] == 0)


def _of_pairs(
    function: Callable[[pairs.Pairs], Arrays],
    text: str,
    silent: Callable[[Cells], np.ndarray] | None = None,
) -> Formula:
    def compute(cells: Cells, options: Options) -> Arrays:
        return function(pairs.corrected(_table(cells), options.zero_cells))

    def remarks(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
        said = _zeros(cells, options)
        return said if silent is None else (*said, (silent(cells), _NO_INFORMATION))

    return Formula(compute, text, remarks=remarks, silent=silent)


MATCHED = Route(
    "pairs",
    PAIRS,
    {
        "mprd": _of_pairs(
            pairs.risk_difference,
            "yi = (pairs_t − pairs_c)/n; vi of dependent shares (Fleiss 1981)",
        ),
        "mprr": _of_pairs(
            pairs.risk_ratio,
            "yi = ln of the ratio of the two risks; vi of dependent shares",
            silent=_silent,
        ),
        "mpor": _of_pairs(
            pairs.odds_ratio,
            "yi = ln of the ratio of the two odds; vi of dependent shares (Zou 2007)",
            silent=_silent,
        ),
        "mporc": _of_pairs(
            pairs.conditional_odds_ratio,
            "yi = ln(pairs_t/pairs_c); vi = 1/pairs_t + 1/pairs_c",
            silent=_none_differ,
        ),
        "mppeto": _of_pairs(
            pairs.peto_odds_ratio,
            "yi = (O − E)/V, vi = 1/V, V = (pairs_t + pairs_c)/4 (Yusuf et al. 1985)",
            silent=_none_differ,
        ),
    },
)

_AS_MANY = Condition(
    ("n_t", "n_c"),
    "n_t and n_c must be equal: they are the same people, or pairs",
    lambda cells: cells["n_t"] == cells["n_c"],
)
_WITHIN = Condition(
    ("events_t", "events_c", "n"),
    "events_t and events_c must not exceed n",
    lambda cells: (cells["events_t"] <= cells["n"]) & (cells["events_c"] <= cells["n"]),
)
_FROM_MARGINS = (
    "yi = ln of the ratio of the two odds; vi = that of separate groups − 2·r·n/√(product of the "
    "cells) (Zou 2007)"
)


def _of_margins(size: str) -> Callable[[Cells, Options], Arrays]:
    def compute(cells: Cells, options: Options) -> Arrays:
        return pairs.odds_ratio_of_margins(
            *(cells[name] for name in ("events_t", "events_c", size, "r")),
            zero_cells=options.zero_cells,
        )

    return compute


def _zero_margins(size: str) -> Callable[[Cells, Options], Sequence[tuple[np.ndarray, Remark]]]:
    def remarks(cells: Cells, options: Options) -> Sequence[tuple[np.ndarray, Remark]]:
        at_an_end = [
            (cells[name] == 0) | (cells[name] == cells[size]) for name in ("events_t", "events_c")
        ]
        return ((np.any(at_an_end, axis=0) & (options.zero_cells == "half"), _HALF),)

    return remarks


MATCHED_MARGINS = Route(
    "margins",
    MARGINS,
    {"mporm": Formula(_of_margins("n"), _FROM_MARGINS, (_WITHIN,), remarks=_zero_margins("n"))},
)
MATCHED_MARGINS_BY_ARM = Route(
    "margins_by_arm",
    MARGINS_BY_ARM,
    {
        "mporm": Formula(
            _of_margins("n_t"), _FROM_MARGINS, (_AS_MANY,), remarks=_zero_margins("n_t")
        )
    },
)
