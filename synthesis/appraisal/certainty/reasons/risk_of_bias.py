"""Risk of bias: how much of the weight is at high risk, and whether those results differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from arrowroot.display import number, p_value
from arrowroot.errors import DataError
from arrowroot.text import label, shortened
from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.certainty.levels import Proposal
from synthesis.appraisal.certainty.reasons.rules import OURS, CertaintyRules
from synthesis.outcomes import Outcome

_WORDS = {
    "low": ("low", "low risk", "low risk of bias", "+"),
    "some concerns": ("some concerns", "some", "unclear", "unclear risk", "moderate", "?"),
    "high": ("high", "high risk", "high risk of bias", "serious", "critical", "very high", "-"),
}
_SOURCE = "Core GRADE 4 (2025): weight of results at high risk, and whether they differ"


def overall_judgements(given: Any, body: Body, windows: Iterable[str]) -> dict[str, str] | None:
    """Return the overall judgement of each study: low, some concerns or high.

    Parameters
    ----------
    given : object
        A mapping of study to judgement; a table with ``study`` and ``judgement`` (or
        ``overall``), where rows may also say ``domain``, ``outcome`` and ``window``; or an object
        with such a table as `judgements`.
    body : Body
        Gives the outcome, where judgements are those of several.
    windows : iterable of str
        Names of the window, where judgements are those of several.

    Raises
    ------
    DataError
        If a column is missing, no row is about the outcome, a word is no judgement, or a study
        has two different ones.
    """
    if given is None:
        return None
    if isinstance(given, Mapping):
        pairs = [(study, word) for study, word in given.items()]
    else:
        table = getattr(given, "judgements", given)
        if not isinstance(table, pd.DataFrame):
            raise DataError(
                "risk_of_bias: a result of RiskOfBias.read is needed, a table with 'study' and "
                f"'judgement', or a mapping of study to judgement; got {type(given).__name__}."
            )
        pairs = _pairs(table, body.outcome, windows)
    found: dict[str, str] = {}
    for study, word in pairs:
        name, judgement = label(study), _judgement(study, word)
        if not judgement:
            continue
        if found.setdefault(name, judgement) != judgement:
            raise DataError(
                f"risk_of_bias: {name!r} is judged both {found[name]!r} and {judgement!r}. Keep "
                "the judgement of the result that was pooled."
            )
    return found


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
    if "proposed" in columns:
        # A person's judgement counts; where there is none yet, the proposal does.
        proposals = rows[columns["proposed"]]
        words = pd.Series(
            [one if label(one) else p for one, p in zip(words, proposals, strict=True)]
        )
    return list(zip(rows[columns["study"]], words, strict=True))


def _judgement(study: object, word: object) -> str:
    plain = label(word).casefold().replace("_", " ")
    if not plain:
        return ""
    for name, words in _WORDS.items():
        if plain in words:
            return name
    listed = ", ".join(map(repr, _WORDS))
    raise DataError(
        f"risk_of_bias: the judgement of {label(study)!r} must be one of {listed}; got {word!r}."
    )


def risk_of_bias(body: Body, judged: Mapping[str, str] | None, rules: CertaintyRules) -> Proposal:
    """Propose how far to rate down for risk of bias."""
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
    words = [judged.get(study, "") for study in studies["study"]]
    weight = {
        word: float(studies["weight"][[one == word for one in words]].sum())
        for word in ("low", "some concerns", "high", "")
    }
    said = [f"{name} {number(weight[name], 0)}%" for name in ("low", "some concerns", "high")]
    reason = f"weight by risk of bias: {', '.join(said)}"
    if weight[""]:
        missing = [s for s, one in zip(studies["study"], words, strict=True) if not one]
        reason += f", not judged {number(weight[''], 0)}% ({shortened(missing)})"
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


def judged_frame(judged: Mapping[str, str] | None, body: Body) -> list[tuple[str, str]]:
    """Return the judgements that count for a fingerprint: those of the studies pooled."""
    if judged is None or body.fit is None:
        return []
    names = set(body.studies()["study"])
    return sorted((study, judged.get(study, "")) for study in names)
