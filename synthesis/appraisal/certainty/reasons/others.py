"""Publication bias, indirectness, and the reasons to rate up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from arrowroot.display import number, p_value
from arrowroot.errors import ArrowrootError, DataError
from arrowroot.options import thing
from arrowroot.text import one_line
from synthesis.appraisal.certainty.body import ARMS, Body
from synthesis.appraisal.certainty.levels import UP, Proposal
from synthesis.appraisal.certainty.reasons.imprecision import relative_risk
from synthesis.appraisal.certainty.reasons.rules import CertaintyRules
from synthesis.diagnostics.small_studies.asymmetry import egger_test, peters_test
from synthesis.diagnostics.small_studies.regression_test import RegressionTest
from synthesis.diagnostics.studies import known_sizes

LARGE = ((5.0, 2), (2.0, 1))
"""Risk ratios beyond which an effect is very large and large, and their levels."""

_TESTS = "Cochrane Handbook 13.3.5.4: ten studies or more; GRADE guidelines 5"


def publication_bias(body: Body, rules: CertaintyRules) -> Proposal:
    """Propose how far to rate down for publication bias, by a test where there are enough studies.

    Egger's test; with standard errors without the effect in them for standardised mean
    differences whose arms are known, and Peters's for ratios of risks and odds.
    """
    rule = (
        f"one level where a test of small-study effects gives p < {rules.asymmetry_p:g}, from "
        f"{rules.tests_from} studies"
    )
    if body.fit is None:
        return Proposal(None, "the effects of the studies are not at hand", rule, _TESTS)
    if body.fit.k < rules.tests_from:
        return Proposal(
            None,
            f"{body.fit.k_in_words}: too few for a test; consider the search, registered trials "
            "without results and who paid",
            rule,
            _TESTS,
        )
    try:
        found = _test(body)(body.fit)
    except ArrowrootError as error:
        return Proposal(None, f"no test was possible: {one_line(str(error))}", rule, _TESTS)
    suspected = found.p_value < rules.asymmetry_p
    reason = f"{found.name}: p {p_value(found.p_value)}, {found.k_in_words or f'{found.k} studies'}"
    return Proposal(-1 if suspected else 0, reason, rule, _TESTS)


def _test(body: Body) -> Callable[[Any], RegressionTest]:
    if body.kind in ("or", "rr") and known_sizes(body.pooled) is not None:
        return peters_test
    if body.kind == "smd" and set(ARMS) <= set(body.pooled.studies.columns):
        return lambda fit: egger_test(fit, predictor="modified_se")
    return egger_test


def indirectness(applicability: Any) -> Proposal:
    """Return no proposal, and what a table of applicability says, where one is given."""
    rule = "always a person's judgement: how far people, treatments and outcomes are those asked"
    source = "GRADE guidelines 8 (2011)"
    rows = applicability_rows(applicability)
    if not rows:
        return Proposal(None, "needs a person's judgement", rule, source)
    said = "; ".join(
        f"for {row['target']}: {row['domain']} {row['judgement']} ({row['reason']})" for row in rows
    )
    who = "the logic model says" if hasattr(applicability, "to_records") else "of applicability"
    return Proposal(None, f"needs a person's judgement; {who}: {said}", rule, source)


def applicability_rows(applicability: Any) -> list[dict[str, str]]:
    """Return the judgements of an applicability table as plain rows.

    Raises
    ------
    DataError
        If it is no such table.
    """
    if applicability is None:
        return []
    names = ("target", "domain", "judgement", "reason")
    needed = (
        "applicability: the result of model.applicability() is needed, or rows with "
        f"{', '.join(map(repr, names))}"
    )
    is_rows = isinstance(applicability, Iterable) and not isinstance(applicability, str)
    if not is_rows and not hasattr(applicability, "to_records"):
        raise DataError(f"{needed}; got {thing(applicability)}.")
    rows = (
        applicability.to_records() if hasattr(applicability, "to_records") else list(applicability)
    )
    found = []
    for row in rows:
        if not hasattr(row, "get") or any(name not in row for name in names):
            raise DataError(f"{needed}.")
        found.append({name: one_line(str(row[name])) for name in names})
    return found


def rating_up(
    body: Body, start: str, *, rated_down: bool, risk: float | None
) -> dict[str, Proposal]:
    """Propose whether to rate up, for evidence that starts low and is not rated down."""
    source = "GRADE guidelines 9 (2011); ACIP GRADE handbook, chapter 9"
    rule = (
        "one level for a risk ratio above 2 or below 0.5, two above 5 or below 0.2, where its "
        "interval excludes no effect and nothing is rated down"
    )
    person = "always a person's judgement"
    if start == "high":
        why = "evidence that starts high is not rated up"
        return {
            domain: Proposal(0, why, rule if domain == UP[0] else person, source) for domain in UP
        }
    found = {
        domain: Proposal(None, "needs a person's judgement", person, source) for domain in UP[1:]
    }
    ratio = relative_risk(body, risk)
    if ratio is None:
        why = (
            "give the baseline risk, to read the effect as a risk ratio"
            if body.kind in ("or", "hr")
            else "no rule for this measure"
        )
        return {UP[0]: Proposal(None, why, rule, source), **found}
    value, low, high = ratio
    away = max(value, 1 / value)
    levels = next((many for above, many in LARGE if away > above), 0)
    reason = f"risk ratio {number(value)} ({number(low)} to {number(high)})"
    if levels and not (low > 1 or high < 1):
        levels, reason = 0, f"{reason}, whose interval includes no effect"
    elif levels and rated_down:
        levels, reason = 0, f"{reason}, but the evidence is rated down"
    return {UP[0]: Proposal(levels, reason, rule, source), **found}
