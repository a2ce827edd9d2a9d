"""An analysis repeated without the results at risk of bias."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from synthesis.appraisal.risk_of_bias.results import judged_in
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL, Tool
from synthesis.appraisal.risk_of_bias.words import level
from synthesis.diagnostics.studies import labels, pooled_table, repeated
from synthesis.pooling.given import pooled_only

if TYPE_CHECKING:
    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
    from synthesis.pooling.results import MetaAnalysis

ALL = "All studies"
_BY = {OVERALL: "By the overall judgement"}


def sensitivity_by_risk_of_bias(
    fit: MetaAnalysis,
    rob: RiskOfBias | Sequence[RiskOfBias],
    *,
    outcome: str | None = None,
    window: str | None = None,
) -> pd.DataFrame:
    """Repeat an analysis without the results at risk of bias.

    Parameters
    ----------
    fit : MetaAnalysis
        The analysis of all studies.
    rob : RiskOfBias or sequence of them
        Judgements of its studies; several where the studies needed several tools, such as RoB 2
        for individually and for cluster-randomised trials. Rows by domain need a single tool.
    outcome, window : str, optional
        Which result was judged; by default as the studies of the analysis say, or the only one.

    Returns
    -------
    DataFrame
        Indexed by ``analysis``: all studies; low risk only; low risk or some concerns; low risk in
        each domain. ``by`` says which judgement counts, ``k`` how many effects are left,
        ``estimate`` to ``pi_high`` are those of `leave_one_out`, with the choices of `fit`;
        ``left_out`` names who left, by judgement, and ``note`` says so where one or no
        study is left. `summary_forest` draws it.

    Raises
    ------
    DataError
        If nothing is judged, a study is judged with two tools, or assessors have not settled.

    Examples
    --------
    >>> from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
    >>> from synthesis.pooling.model import meta_analysis
    >>> table = pd.DataFrame({"study": ["A", "B", "C"], "yi": [0.1, 0.3, 0.8], "vi": [0.04] * 3})
    >>> judged = pd.DataFrame({"study": ["A", "B", "C"], "overall": ["low", "low", "high"]})
    >>> rob = RiskOfBias.read(judged, tool="rob2")
    >>> found = sensitivity_by_risk_of_bias(meta_analysis(table, ci="wald"), rob)
    >>> found.loc["Low risk only", "left_out"], int(found.loc["Low risk only", "k"])
    ('high: C', 2)
    """
    pooled_only(fit)
    tools = [rob] if not isinstance(rob, Sequence) else list(rob)
    if not tools:
        raise DataError("rob: no judgements were given.")
    judged = judged_in(fit, tools, outcome, window)
    rows = [(ALL, "", judged["study"].map(lambda _: True).to_numpy(dtype=bool), OVERALL)]
    codes = _codes([one.tool for one in tools], judged)
    for code, heading in codes:
        levels = judged[code].map(level).to_numpy(dtype=int)
        rows.append((f"Low risk{_where(code)} only", heading, levels == 0, code))
        if code == OVERALL:
            words = _middle([one.tool for one in tools])
            rows.append((f"Low risk or {words}", heading, (levels >= 0) & (levels <= 1), code))
    return _table(fit, judged, rows)


def _where(code: str) -> str:
    return "" if code == OVERALL else f" in {code}"


def _codes(tools: Sequence[Tool], judged: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the codes by which to select, with headings: those that somebody has judged."""
    found = [(OVERALL, _BY[OVERALL])] if OVERALL in judged.columns else []
    if len(tools) == 1:
        found += [(one.code, f"{one.code}: {one.about}") for one in tools[0].biases]
    found = [(code, heading) for code, heading in found if judged[code].notna().any()]
    if not found:
        raise DataError(
            "rob: nothing is judged of the studies of this analysis. Where proposals are there, "
            "rob.accepted(assessor) takes them as judgements; rob.check(fit) compares the studies."
        )
    return found


def _middle(tools: Sequence[Tool]) -> str:
    """Return the words for what is neither low nor high in these tools."""
    words = [one for tool in tools for one in tool.overall if level(one) == 1]
    return " or ".join(dict.fromkeys(words)) or "some concerns"


def _table(
    fit: MetaAnalysis,
    judged: pd.DataFrame,
    rows: Sequence[tuple[str, str, np.ndarray, str]],
) -> pd.DataFrame:
    kept = [np.flatnonzero(chosen) for _, _, chosen, _ in rows]
    sizes = np.array([len(places) for places in kept])
    some = sizes > 0
    places = np.concatenate([one for one in kept if len(one)])
    index = pd.Index([name for name, *_ in rows], name="analysis")
    pooled = repeated(fit, sizes[some], places)
    table = pooled_table(fit, pooled, sizes[some], places, index[some]).reindex(index)
    table["k"] = sizes
    names = labels(fit)
    table.insert(0, "by", [by for _, by, _, _ in rows])
    table["left_out"] = [
        _left_out(np.array(names, dtype=object)[~chosen], judged[code][~chosen])
        for _, _, chosen, code in rows
    ]
    table["note"] = [_note(size) for size in sizes]
    return TextTable(table)


def _left_out(names: np.ndarray, judgements: pd.Series) -> str:
    """Name who left, from the mildest judgement to none."""
    by: dict[str, list[str]] = {}
    for name, judgement in zip(names, judgements, strict=True):
        by.setdefault(judgement or "not judged", []).append(str(name))
    order = sorted(by, key=lambda one: (one == "not judged", level(one)))
    return "; ".join(f"{one}: {', '.join(by[one])}" for one in order)


def _note(size: int) -> str:
    if size == 0:
        return "no study is left: nothing to pool"
    return "one study is left: its own result, nothing pooled" if size == 1 else ""
