"""Which judgements belong to an analysis: its studies, their weights, its outcome and window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import thing
from arrowroot.text import did_you_mean, label, shortened
from synthesis import checks
from synthesis.appraisal.risk_of_bias.appraisal import Appraised
from synthesis.appraisal.risk_of_bias.entries import Entry
from synthesis.appraisal.risk_of_bias.findings import Finding
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL
from synthesis.labels import read_labels

if TYPE_CHECKING:
    from synthesis.pooling.results import MetaAnalysis


AS_GIVEN = "study_as_given"
"""Where an analysis keeps study labels as they were before repeated ones were numbered."""


def studies_of(fit: MetaAnalysis) -> list[str]:
    """Return the study of each effect of an analysis, as the sheet named it."""
    studies = fit.studies
    labels = read_labels(studies["study"])
    if AS_GIVEN not in studies.columns:
        return labels
    given = read_labels(studies[AS_GIVEN])
    return [one or own for one, own in zip(given, labels, strict=True)]


def weights_by_study(fit: MetaAnalysis) -> dict[str, float]:
    """Return the weight of each study in percent; effects of one study are added up."""
    found: dict[str, float] = {}
    for study, weight in zip(studies_of(fit), fit.weights.to_numpy(dtype=float), strict=True):
        found[study] = found.get(study, 0.0) + float(weight)
    return found


def results_of(
    fit: MetaAnalysis,
    known: Sequence[tuple[str, str]],
    outcome: str | None,
    window: str | None,
) -> list[tuple[str | None, str | None]]:
    """Return the outcome and window of each effect of an analysis, as judgements name them.

    Parameters
    ----------
    fit : MetaAnalysis
        Its studies say so themselves if they have the columns ``outcome`` and ``window``.
    known : sequence of (str, str)
        The results that were judged.
    outcome, window : str, optional
        What was asked for; it stands for every effect.

    Returns
    -------
    list of tuple
        None where nothing says which; there may then be one result only.

    Raises
    ------
    DataError
        If the analysis is of an outcome, or a window, of which nothing was judged.
    """
    parts: list[list[str | None]] = []
    for at, (name, asked) in enumerate((("outcome", outcome), ("window", window))):
        names = list(dict.fromkeys(one[at] for one in known))
        held = [""] * len(fit.studies)
        if name in fit.studies.columns:
            held = read_labels(fit.studies[name])
        declared = [fit.outcome.id, fit.outcome.label] if at == 0 and fit.outcome else []
        if asked is not None:
            parts.append([asked] * len(held))
            continue
        found = []
        for cell in held:
            said = [word for word in (cell, *declared) if word]
            named = next((word for word in said if word in names), None)
            if named is None and said and any(names) and "" not in names:
                raise DataError(
                    f"{name}: the analysis is of {said[0]!r}, and judged was "
                    f"{shortened(map(repr, names))}. If one of them is meant, choose it with "
                    f"rob.for_result({'outcome' if at == 0 else 'outcome, window'})."
                )
            # Judgements that name none stand for any: the analysis then says which it is.
            found.append(said[0] if named is None and said and "" in names else named)
        parts.append(found)
    return list(zip(*parts, strict=True))


def judged_in(
    fit: MetaAnalysis,
    tools: Sequence[Any],
    outcome: str | None = None,
    window: str | None = None,
) -> pd.DataFrame:
    """Return the judgements of each effect, where trials needed several tools.

    Parameters
    ----------
    fit, outcome, window
        As for `RiskOfBias.of_analysis`.
    tools : sequence of RiskOfBias
        Such as RoB 2 for individually and for cluster-randomised trials.

    Raises
    ------
    DataError
        If a study is judged with two tools, or as for `RiskOfBias.table`.
    """
    tables = [one.of_analysis(fit, outcome, window) for one in tools]
    merged = tables[0].copy()
    for other in tables[1:]:
        for name in other.columns[1:]:
            if name not in merged.columns:
                merged[name] = None
            both = merged[name].notna() & other[name].notna()
            if name == OVERALL and both.any():
                twice = shortened(merged.loc[both, "study"])
                raise DataError(f"rob: {twice} judged with two tools; keep one of them.")
            merged[name] = merged[name].where(merged[name].notna(), other[name])
    return merged


def compared(
    analysed: Sequence[str],
    asked: Sequence[tuple[str | None, str | None]],
    judged: Mapping[tuple[str | None, str | None], Sequence[Entry]],
) -> list[Finding]:
    """Return findings on studies that are only analysed, or only judged; see `RiskOfBias.check`."""
    found: dict[str, Finding] = {}
    for study, one in zip(analysed, asked, strict=True):
        studies = list(dict.fromkeys(entry.study for entry in judged[one]))
        if study not in studies:
            near = did_you_mean(study, [each for each in studies if each not in analysed])
            message = f"{study} is in the analysis, but its risk of bias was not judged"
            found[study] = Finding("not-assessed", message + near, study=study)
    for entries in judged.values():
        for entry in entries:
            if entry.study not in analysed:
                message = f"{entry.study} was judged, but is not in the analysis"
                found[entry.study] = entry.finding("not-analysed", message)
    return list(found.values())


def results_in(given: Any) -> list[tuple[str, str, str]]:
    """Return study, outcome and window of each result, each once."""
    if given is None:
        return []
    studies = getattr(given, "studies", given)
    if not isinstance(studies, pd.DataFrame):
        if isinstance(studies, str) or not isinstance(studies, Iterable):
            raise DataError(f"results must be a table or a list of studies; got {thing(studies)}.")
        studies = pd.DataFrame({"study": [label(one) for one in studies]})
    name = AS_GIVEN if AS_GIVEN in studies.columns else "study"
    named = read_labels(checks.column(studies, name, "results"))
    parts = [
        read_labels(studies[part]) if part in studies.columns else [""] * len(named)
        for part in ("outcome", "window")
    ]
    rows = zip(named, *parts, strict=True)
    return [row for row in dict.fromkeys(rows) if row[0]]


def of_result(
    appraised: Sequence[Appraised], outcome: str | None, window: str | None
) -> list[Appraised]:
    """Return the entries of one result; see `RiskOfBias.for_result`."""
    known = list(dict.fromkeys(held.entry.result[1:] for held in appraised))
    wanted = result_named(known, outcome, window)
    best: dict[tuple[str, int], list[Appraised]] = {}
    for held in appraised:
        if closeness := _fits(held.entry, wanted):
            best.setdefault((held.entry.study, closeness), []).append(held)
    chosen = []
    for study in dict.fromkeys(held.entry.study for held in appraised):
        chosen += next((best[study, one] for one in (3, 2, 1) if (study, one) in best), [])
    if not chosen:
        told = " ".join(filter(None, map(repr, filter(None, wanted))))
        raise DataError(f"outcome: nothing was judged for {told}.")
    return chosen


def result_named(
    known: Sequence[tuple[str, str]], outcome: str | None, window: str | None
) -> tuple[str, str]:
    """Return the result that was asked for, if it is one of those judged."""
    names = list(dict.fromkeys(one for one, _ in known))
    if outcome is None:
        if len(names) > 1:
            listed = ", ".join(map(repr, names))
            raise DataError(f"outcome: several were judged ({listed}); name one.")
        outcome = names[0] if names else ""
    given = label(outcome)
    if given not in names and "" not in names:
        listed = ", ".join(map(repr, names))
        hint = did_you_mean(given, names)
        raise DataError(f"outcome must be one of {listed}; got {outcome!r}.{hint}")
    windows = list(dict.fromkeys(two for one, two in known if one in (given, "")))
    if window is None:
        if len(windows) > 1:
            listed = ", ".join(repr(one) for one in windows)
            raise DataError(f"window: several were judged of {given!r} ({listed}); name one.")
        window = windows[0] if windows else ""
    asked = label(window)
    if asked not in windows and "" not in windows:
        listed = ", ".join(map(repr, windows))
        raise DataError(
            f"window must be one of {listed} for {given!r}; got {window!r}."
            + did_you_mean(asked, windows)
        )
    return given, asked


def _fits(entry: Entry, wanted: tuple[str, str]) -> int:
    """Return how closely an entry fits a result: 3 exactly, 2 for any window, 1 for any outcome."""
    outcome, window = wanted
    if entry.outcome == outcome and entry.window == window:
        return 3
    if entry.outcome == outcome and not entry.window:
        return 2
    return 1 if not entry.outcome and entry.window in ("", window) else 0
