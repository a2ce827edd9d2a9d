"""The route from numbers of people in ordered categories."""

from __future__ import annotations

import numpy as np

from synthesis.effects.formulas import conversions, ordinal
from synthesis.effects.routes.route import Arrays, Cells, Condition, Formula, Options, Route
from synthesis.effects.sheet.columns import CATEGORIES

NEEDED = (*CATEGORIES["t"], *CATEGORIES["c"])

_ASSUMES = "the odds ratio is the same at every cut between two categories (proportional odds)"
_FOOTNOTE = "From ordered categories (proportional odds)"
_FIT = "proportional odds model of the ordered categories, by maximum likelihood (McCullagh 1980)"


def _counts(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    treated, controls = (
        np.column_stack([cells[name] for name in CATEGORIES[arm]]) for arm in ("t", "c")
    )
    return treated, controls


_OVERLAP = Condition(
    (),
    "in each arm somebody must be in a higher category than somebody of the other arm, or the odds "
    "ratio is infinite: report the counts, or enter what the paper prints",
    lambda cells: ordinal.overlap(*_counts(cells)),
)


def _odds(cells: Cells, _: Options) -> Arrays:
    return ordinal.difference(*_counts(cells))


def _smd(cells: Cells, options: Options) -> Arrays:
    if options.conversion == "probit":
        return ordinal.difference(*_counts(cells), ordinal.NORMAL)
    return conversions.smd_from_log_odds(*_odds(cells, options), conversion=options.conversion)


def _smd_text(options: Options) -> str:
    if options.conversion == "probit":
        return _FIT.replace("proportional odds", "cumulative probit")
    return f"ln OR of the {_FIT}; {conversions.CONVERSIONS[options.conversion]}"


def _converted(conversion: str) -> Formula:
    def compute(cells: Cells, options: Options) -> Arrays:
        return conversions.smd_from_log_odds(*_odds(cells, options), conversion=conversion)

    text = f"ln OR of the {_FIT}; {conversions.CONVERSIONS[conversion]}"
    return Formula(compute, text, (_OVERLAP,), assumes=_ASSUMES, footnote=_FOOTNOTE)


ORDERED = Route(
    "categories",
    NEEDED,
    {
        "or": Formula(
            _odds,
            f"yi = ln OR of the {_FIT}; above 0, the treated are in higher categories",
            (_OVERLAP,),
            assumes=_ASSUMES,
            footnote=_FOOTNOTE,
        ),
        "smd": Formula(
            _smd,
            _smd_text,
            (_OVERLAP,),
            assumes="a normal or logistic latent variable behind the categories, of one spread in "
            "both arms",
            footnote="SMD from ordered categories",
        ),
        "or2d": _converted("logistic"),
        "or2dn": _converted("cox"),
    },
)
