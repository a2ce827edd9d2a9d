"""Results as one R script, with the analyses that are repeated study by study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from arrowroot.options import one_of
from synthesis.diagnostics.cumulative import cumulative
from synthesis.diagnostics.influence import baujat, blup, influence, leave_one_out, residuals
from synthesis.pooling.results import MetaAnalysis
from synthesis.r_code import repeated
from synthesis.r_code.script import InR, Section, script

_FUNCTIONS = {
    "leave_one_out": leave_one_out,
    "influence": influence,
    "residuals": residuals,
    "baujat": baujat,
    "blup": blup,
}


class Repeated(InR):
    """A repeated analysis that is run when the script comes to it."""

    def __init__(self, fit: MetaAnalysis, kind: str, order: str | Sequence[str] = "date") -> None:
        self.fit, self.kind, self.order = fit, kind, order

    def r_section(self) -> Section:
        """Return the analysis as a section."""
        if self.kind == "cumulative":
            return repeated.section(self.fit, self.kind, cumulative(self.fit, self.order))
        repeated.refuse(self.fit, self.kind)
        return repeated.section(self.fit, self.kind, _FUNCTIONS[self.kind](self.fit))


def to_r(
    results: object,
    *,
    also: Sequence[str] = (),
    order: str | Sequence[str] = "date",
    missing: str = "refuse",
) -> str:
    r"""Write one R script with which metafor runs several analyses to the same numbers.

    Parameters
    ----------
    results : result, or mapping of str to result
        What has ``to_r()``; with names, each becomes a section under its name.
    also : sequence of {"leave_one_out", "cumulative", "influence", "residuals", "baujat", "blup"}
        What is written, beside each meta-analysis, of the functions that return a table.
    order : str or sequence of str
        The order of a cumulative meta-analysis, as in `cumulative`.
    missing : {"refuse", "say"}
        Whether a result that metafor does not have is refused, or a comment in its place says so.

    Returns
    -------
    str
        Save it as ``analysis.R`` and run ``Rscript analysis.R``. It ends by printing what R finds
        beside what Arrowroot found, and the largest difference.

    Raises
    ------
    OptionError
        No result; an option has no such value; metafor has no such analysis.

    Examples
    --------
    >>> import pandas as pd
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> text = to_r({"Main analysis": meta_analysis(table)}, also=["leave_one_out"])
    >>> print("\n".join(line for line in text.splitlines() if line.startswith("# ----")))
    # ---- Main analysis ----
    # ---- Main analysis: leave-one-out ----
    """
    if isinstance(also, str):
        also = [also]
    for one in also:
        one_of("also", one, list(repeated.KINDS))
    named = dict(results) if isinstance(results, Mapping) else {"": results}
    written: dict[str, object] = {}
    for name, result in named.items():
        written[str(name)] = result
        if isinstance(result, MetaAnalysis):
            for one in also:
                title = repeated.KINDS[one]
                title = f"{name}: {title[0].lower()}{title[1:]}" if name else title
                written[title] = Repeated(result, one, order)
    if len(written) > 1 and "" in written:
        written = {name or "Meta-analysis": result for name, result in written.items()}
    return script(written, missing=missing)
