"""Risk of bias: how much of the weight is at high risk, and whether those results differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from arrowroot.display import number, p_value
from arrowroot.errors import DataError
from arrowroot.options import thing
from arrowroot.text import label, shortened
from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.certainty.levels import Proposal
from synthesis.appraisal.certainty.reasons.rules import OURS, CertaintyRules
from synthesis.appraisal.risk_of_bias.results import judged_in
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.appraisal.risk_of_bias.tools.tool import OVERALL
from synthesis.appraisal.risk_of_bias.words import judgement_named, level
from synthesis.outcomes import Outcome

CLASSES = ("low", "some concerns", "high")
"""The judgements that the rule knows, whatever a tool calls them."""
_SOURCE = "Core GRADE 4 (2025): weight of results at high risk, and whether they differ"


def overall_judgements(
    given: Any, body: Body, windows: Iterable[str]
) -> tuple[list[str] | None, list[str]]:
    """Return the overall judgement of each effect, and the studies judged beyond them.

    Parameters
    ----------
    given : object
        What `RiskOfBias.read` returns, or several of them, one for each tool; a mapping of study
        to judgement; or a table with ``study`` and ``judgement`` (or ``overall``), where rows may
        also say ``domain``, ``outcome`` and ``window``.
    body : Body
        Gives the studies, and the outcome where judgements are those of several.
    windows : iterable of str
        Names of the window, where judgements are those of several.

    Returns
    -------
    tuple of (list of str or None, list of str)
        In the order of the effects: low, some concerns, high, or empty; None where nothing was
        given. And the studies that were judged but are not among the effects.

    Raises
    ------
    DataError
        If a column is missing, no row is about the outcome, a word is no judgement, or a study
        has two different ones.
    """
    if given is None:
        return None, []
    tools = list(given) if isinstance(given, (list, tuple)) else [given]
    if tools and all(isinstance(one, RiskOfBias) for one in tools):
        return ([], []) if body.fit is None else _of_tools(tools, body, list(windows))
    found: dict[str, str] = {}
    for study, word in _pairs_of(given, body, windows):
        name, judgement = label(study), _judgement(study, word)
        if judgement and found.setdefault(name, judgement) != judgement:
            raise DataError(
                f"risk_of_bias: {name!r} is judged both {found[name]!r} and {judgement!r}. Keep "
                "the judgement of the result that was pooled, or settle what assessors differ on."
            )
    if body.fit is None:
        return [], []
    studies = list(body.studies()["study"])
    return [found.get(one, "") for one in studies], [one for one in found if one not in studies]


def _of_tools(
    tools: Sequence[RiskOfBias], body: Body, windows: Sequence[str]
) -> tuple[list[str], list[str]]:
    fit = body.pooled
    outcome, window = _asked(tools, body, windows)
    table = judged_in(fit, tools, outcome, window)
    if OVERALL not in table:
        raise DataError(
            "risk_of_bias: this tool has no overall judgement; give one for each study, as a "
            "mapping of study to judgement."
        )
    pairs = zip(table["study"], table[OVERALL], strict=True)
    compared = [one.check(fit, outcome, window) for one in tools]
    beyond = [
        study for found in compared for study in found.loc[found["rule"] == "not-analysed", "study"]
    ]
    return [_judgement(study, word) for study, word in pairs], list(dict.fromkeys(beyond))


def _asked(
    tools: Sequence[RiskOfBias], body: Body, windows: Sequence[str]
) -> tuple[str | None, str | None]:
    """Return outcome and window as they were judged, where the effects do not name them."""
    if any(one.chosen is not None for one in tools):
        return None, None
    known = [result for one in tools for result in one.outcomes]
    studies = body.pooled.studies
    names = [] if body.outcome is None else [body.outcome.label, body.outcome.id]
    found: list[str | None] = [None, None]
    for at, (part, wanted) in enumerate((("outcome", names), ("window", windows))):
        held = list(dict.fromkeys(result[at] for result in known))
        if part in studies.columns and {label(one) for one in studies[part]} <= {*held, ""}:
            continue
        if not wanted:
            continue
        spelled = {one.casefold() for one in wanted}
        named = next((one for one in held if one.casefold() in spelled), None)
        if named is None and any(held) and "" not in held:
            raise DataError(
                f"risk_of_bias: no judgement is about the {part} {wanted[0]!r}; there are "
                f"judgements for {shortened(map(repr, held))}. If one of them is meant, choose it "
                f"with rob.for_result({'outcome' if part == 'outcome' else 'outcome, window'})."
            )
        found[at] = wanted[0] if named is None and any(held) else named or None
    return found[0], found[1]


def _pairs_of(given: Any, body: Body, windows: Iterable[str]) -> Iterable[tuple[Any, Any]]:
    if isinstance(given, Mapping):
        return given.items()
    if not isinstance(given, pd.DataFrame):
        raise DataError(
            "risk_of_bias: a result of RiskOfBias.read is needed, a table with 'study' and "
            f"'judgement', or a mapping of study to judgement; got {thing(given)}."
        )
    return _pairs(given, body.outcome, windows)


def _pairs(
    table: pd.DataFrame, outcome: Outcome | None, windows: Iterable[str]
) -> list[tuple[Any, Any]]:
    columns = {label(name).casefold(): name for name in table.columns}
    column = next((columns[name] for name in ("judgement", "overall") if name in columns), None)
    if "study" not in columns or column is None:
        raise DataError(
            "risk_of_bias: the table needs columns 'study' and 'judgement' (or 'overall'); there "
            f"are {', '.join(map(repr, table.columns))}."
        )
    rows = table
    if "domain" in columns:
        rows = rows[[label(one).casefold() == "overall" for one in rows[columns["domain"]]]]
    names = () if outcome is None else (outcome.id, outcome.label)
    for name, known in (("outcome", names), ("window", windows)):
        wanted = {label(one).casefold() for one in known} - {""}
        if name not in columns or not wanted or rows.empty:
            continue
        held = [label(one) for one in rows[columns[name]]]
        fits = [not one or one.casefold() in wanted for one in held]
        if not any(fits):
            raise DataError(
                f"risk_of_bias: no judgement is about the {name} {next(iter(known))!r}; there are "
                f"judgements for {shortened(dict.fromkeys(map(repr, held)))}. Use the same name, "
                f"or leave the column {name} blank where a judgement holds for all."
            )
        rows = rows[fits]
    words = rows[column]
    return list(zip(rows[columns["study"]], words, strict=True))


def _judgement(study: object, word: object) -> str:
    """Return low, some concerns or high; empty where nothing is judged, or nothing can be."""
    if not label(word):
        return ""
    named = judgement_named(word)
    if named is None:
        listed = ", ".join(map(repr, CLASSES))
        raise DataError(
            f"risk_of_bias: the judgement of {label(study)!r} must be one of {listed}; got "
            f"{word!r}."
        )
    # Serious, critical and the like are of the class high.
    return "" if level(named) < 0 else CLASSES[min(level(named), 2)]


def risk_of_bias(
    body: Body, judged: Sequence[str] | None, beyond: Sequence[str], rules: CertaintyRules
) -> Proposal:
    """Propose how far to rate down for risk of bias.

    Parameters
    ----------
    body : Body
        What is rated.
    judged : sequence of str or None
        The judgement of each effect; None where none was given.
    beyond : sequence of str
        Studies that were judged but not pooled: their names may be misspelt.
    rules : CertaintyRules
        The numbers of the rules.
    """
    rule = (
        f"one level where results at high risk carry at least {rules.high_weight:g}% of the weight "
        f"({OURS}), two where they also differ from the others (p < {rules.differ_p:g}, {OURS}); "
        f"one where they carry less but differ; some concerns counts as {rules.some_concerns} risk "
        f"({OURS})"
    )
    if judged is None:
        return Proposal(None, "no risk-of-bias judgements were given", rule, _SOURCE)
    if body.fit is None:
        return Proposal(None, "the weights of the studies are not at hand", rule, _SOURCE)
    studies = body.studies()
    words = list(judged)
    weight = {
        word: float(studies["weight"][[one == word for one in words]].sum())
        for word in (*CLASSES, "")
    }
    said = [f"{name} {number(weight[name], 0)}%" for name in CLASSES]
    reason = f"weight by risk of bias: {', '.join(said)}"
    if weight[""]:
        missing = [s for s, one in zip(studies["study"], words, strict=True) if not one]
        reason += f", not judged {number(weight[''], 0)}% ({shortened(missing)})"
    if beyond:
        reason += f"; judged, but not pooled: {shortened(beyond)}"
    bad = {"high", "some concerns"} if rules.some_concerns == "high" else {"high"}
    share = sum(weight[word] for word in bad)
    if weight[""] and share < rules.high_weight <= share + weight[""]:
        return Proposal(None, f"{reason}; judge the missing results first", rule, _SOURCE)
    is_bad = np.array([one in bad for one in words])
    p, words_p = _difference(body, studies, is_bad, rules.differ_p)
    if share == 0:
        return Proposal(0, reason, rule, _SOURCE)
    differs = p is not None and p < rules.differ_p
    levels = (-2 if differs else -1) if share >= rules.high_weight else -1 if differs else 0
    if differs and share < rules.high_weight:
        words_p += "; a pooled effect of the others alone would need no rating down for this"
    return Proposal(levels, f"{reason}; {words_p}", rule, _SOURCE)


def _difference(
    body: Body, studies: pd.DataFrame, is_bad: np.ndarray, differ_p: float
) -> tuple[float | None, str]:
    """Return the test between results at high risk and the others, under the tau² of the fit."""
    if not is_bad.any():
        return None, ""
    if is_bad.all():
        return None, "there is no result at low risk to compare with"
    weights = 1 / (studies["vi"].to_numpy(dtype=float) + body.pooled.tau2)
    effects = studies["yi"].to_numpy(dtype=float)
    means, variances = [], []
    for group in (is_bad, ~is_bad):
        total = weights[group].sum()
        means.append(float((weights[group] * effects[group]).sum() / total))
        variances.append(1 / float(total))
    z = (means[0] - means[1]) / math.sqrt(sum(variances))
    p = float(2 * ndtr(-abs(z)))
    bad, good = (number(body.measure.back(mean)) for mean in means)
    way = "differ" if p < differ_p else "do not differ clearly"
    return p, (
        f"results at high risk ({body.measure.abbreviation} {bad}) and the others ({good}) {way}, "
        f"p {p_value(p)}"
    )


def judged_rows(judged: Sequence[str] | None, body: Body) -> list[tuple[str, str]]:
    """Return study and judgement, as a fingerprint needs them."""
    if judged is None or body.fit is None:
        return []
    return sorted(zip(body.studies()["study"], judged, strict=True))
