"""Forms of the sampling variance by measure, beyond those of the standardised difference."""

from __future__ import annotations

from collections.abc import Mapping

from arrowroot.options import one_of
from synthesis.effects.formulas import smd

OF_MEANS = {
    "ho": "vi with the pooled SD in both arms, assumed equal",
    "av": "vi with the mean coefficients of variation of all rows, weighted by n",
    "avho": "vi with one mean coefficient of variation of all rows and arms, weighted by n",
}

FORMS: Mapping[str, Mapping[str, str]] = {
    "md": {"ho": OF_MEANS["ho"]},
    "rom": OF_MEANS,
    "r": {"av": "vi at the mean correlation of all rows, weighted by n"},
    "r_unbiased": {"ub": "vi unbiased (Hedges 1989)"},
    "point_biserial": {"cs": "vi for people drawn as a whole (Tate 1954)"},
    "smdh": {"bonett": smd.FORMS_OF_OTHER_SDS["average", "bonett"]},
}
"""What the option `variance` changes for other measures than ``"smd"``: metafor's `vtype`.

All rows count for ``"av"`` and ``"avho"``: of correlations and standardised differences with their
signs turned where lower is better. A form that a measure does not have leaves the measure's own as
it is.
"""


def check_form(measure: str, variance: str, sd: str) -> None:
    """Raise an error unless the form exists for the measure, or for standardised differences."""
    if measure == "smd":
        smd.check_form(variance, sd)
        return
    one_of("sd", sd, list(smd.STANDARDISERS))
    one_of("variance", variance, list(dict.fromkeys([*smd.VARIANCES, *FORMS.get(measure, {})])))


def with_form(text: str, measure: str, variance: str) -> str:
    """Return the text of a formula with the form of its variance, where that is not the usual."""
    form = FORMS.get(measure, {}).get(variance)
    return f"{text}; here {form}" if form else text
