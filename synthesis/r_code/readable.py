"""Numbers on the scale that readers see, in R."""

from __future__ import annotations

from synthesis.measures import Measure
from synthesis.r_code.script import Quantity, one
from synthesis.r_code.text import number

_BACK = {
    "log": "exp(x)",
    "fisher_z": "transf.ztor(x)",
    "logit": "transf.ilogit(x)",
    "arcsine": "sin(pmin(pmax(x, 0), pi / 2))^2",
    "square_root": "pmax(x, 0)^2",
    "log_complement": "1 - exp(-x)",
    "root_complement": "1 - (1 - pmin(x, 1))^3",
}
"""As `synthesis.scales` turns values back; metafor's own function where there is one."""

_DOUBLE_ARCSINE = """\
back <- function(x, n = {n}) {{  # Miller 1978; metafor's transf.ipft.hm
  least <- asin(sqrt(1 / (n + 1))) / 2
  x <- pmin(pmax(x, least), pi / 2 - least)
  as.numeric(transf.ipft(x, n))
}}"""

_DOUBLE_ROOT = """\
back <- function(x, time = {n}) {{  # metafor's transf.ift
  u <- pmax(2 * x * sqrt(time), 1)
  ((u - 1 / u) / 2)^2 / time
}}"""


def back(measure: Measure) -> list[str]:
    """Return the lines that define the function ``back`` in R; none where yi is read as it is."""
    if measure.scale == "identity":
        return []
    if measure.needs_n:
        form = _DOUBLE_ARCSINE if measure.scale == "double_arcsine" else _DOUBLE_ROOT
        return form.format(n=number(measure.n)).split("\n")
    return [f"back <- function(x) {_BACK[measure.scale]}"]


def for_readers(measure: Measure, values: dict[str, tuple[str, float | None]]) -> list[Quantity]:
    """Return pooled values turned back, by name: R's expression and the value before."""
    if measure.scale == "identity":
        return []
    found = []
    for name, (code, value) in values.items():
        if value is not None:
            found += one(f"{name} for readers", f"back({code})", float(measure.back(value)))
    return found
