"""Findings about the numbers that effects rest on: they go into receipts, or refuse the row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthesis.effects.lint import agreement, arms, printed
from synthesis.effects.lint.declared import direction_against_declared, outside_range
from synthesis.effects.lint.findings import Rule, waivers
from synthesis.effects.lint.taken import by_means, by_others
from synthesis.effects.lint.together import conflicts
from synthesis.effects.routes.clusters import GIVEN
from synthesis.effects.routes.route import Route
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.problems import Problems
from synthesis.measures import MEASURES, Measure

OUTSIDE = "effect-outside-ci"

DOUBTS = {
    OUTSIDE: "Printed effect or mean outside its own interval",
    "variance-as-se": "Printed standard error and interval contradict each other",
    "ci-off-centre": "Printed effect not in the middle of its interval",
    "p-against-ci": "Printed p-value and interval contradict each other",
    "p-against-se": "Printed p-value and standard error contradict each other",
    "sd-against-se": "Printed SD and standard error contradict each other",
    "t-against-p": "Printed t and p-value contradict each other",
    "t-against-effect": "Printed t and effect contradict each other",
    "sign": "Entries of the row point in opposite directions",
    "percent": "Printed percentage does not fit the number of people",
    "t-against-f": "Printed t and F contradict each other",
    "sei-against-vi": "Variance and standard error contradict each other",
    "se-against-n": "Printed standard error smaller than the numbers of people allow",
    "change-against-means": "Mean change and means contradict each other",
}
"""What a pooled result says about printed numbers that contradict each other, by rule."""


_COMPARED = (
    *("effect", "t", "vi", "se_t", "se_c", "ci_low_t", "ci_low_c", "min_t", "min_c"),
    *("mean_change_t", "mean_change_c", "sign", "favours", "percent_t", "percent_c", "percent"),
)
"""Columns without which no printed numbers can contradict each other."""


_RULES = (*printed.RULES, *agreement.RULES, arms.sign, arms.percent)


def doubt_printed(
    workings: Workings,
    routes: Sequence[Route],
    chosen: np.ndarray,
    measure: str,
    unusable: Problems,
) -> np.ndarray:
    """Put contradictions among the printed numbers that rows rest on into their receipts.

    An effect outside its own interval cannot be right, and its row is refused unless it waives
    the finding.

    Parameters
    ----------
    workings : Workings
        The cells; remarks for the receipts are added to them.
    routes : sequence of Route
        The routes to the measure.
    chosen : ndarray of int
        The position of the route that each row takes.
    measure : str
        The measure: what a printed effect without `effect_type` is taken to be.
    unusable : Problems
        Collects what is said about rows that are refused.

    Returns
    -------
    ndarray of bool
        The rows refused.
    """
    refused = np.zeros(workings.size, dtype=bool)
    if not any(name in workings.sheet for name in _COMPARED):
        return refused
    as_printed = _typed(workings, measure)
    waived = waivers(workings.sheet)
    with np.errstate(all="ignore"):
        findings = [(rule, finding) for rule in _RULES for finding in rule.find(as_printed)]
    for rule, finding in findings:
        row = finding.row
        if chosen[row] < 0 or not _rests_on(routes[chosen[row]], finding.column, rule):
            continue
        said = f"{finding.column}: {finding.message}"
        is_waived = bool(waived[row].get(rule.name))
        if rule.name == OUTSIDE and not is_waived:
            refused[row] = True
            unusable.add_row(
                row,
                said,
                f"correct the cell; or write {OUTSIDE} in waived, and why in waived_because",
            )
        elif rule.name == OUTSIDE or not is_waived:
            doubt = DOUBTS[rule.name]
            workings.remark_row(row, said, footnote=doubt, doubt=doubt)
    return refused


def _typed(workings: Workings, measure: str) -> Workings:
    """Return the cells as printed, with the measure asked for where `effect_type` is blank."""
    sheet = workings.sheet
    if "effect" in sheet and MEASURES[measure].scale in ("identity", "log"):
        words = workings.words("effect_type")
        sheet = sheet.assign(effect_type=words.mask(words == "", measure).astype(object))
    return Workings(sheet)


def _rests_on(route: Route, column: str, rule: Rule) -> bool:
    """Return whether an effect by the route would change with the numbers of a finding."""
    if column in ("mean_t", "mean_c", "sd_t", "sd_c"):
        return any(name in route.needs for name in (f"mean{column[-2:]}", f"sd{column[-2:]}"))
    if column.startswith("mean_change"):
        return column in route.needs
    if column.startswith("percent"):
        return column.replace("percent", "events") in route.needs
    if column == "favours":
        return any(name.startswith("mean_") for name in route.needs)
    if rule.name == "sign":
        return column in route.needs
    if column == "vi":
        return route.name in GIVEN
    tests = {"t-against-p": ("t", "p"), "t-against-f": ("t", "f")}
    if rule.name in tests:
        return any(name in route.needs for name in tests[rule.name])
    return any("printed " in name for name in route.needs)


def refuse_scores(
    workings: Workings, routes: Sequence[Route], chosen: np.ndarray, unusable: Problems
) -> np.ndarray:
    """Refuse rows that rest on scores which their declared instrument cannot give.

    Returns
    -------
    ndarray of bool
        The rows refused; one that waives the finding is doubted instead.
    """
    refused = np.zeros(workings.size, dtype=bool)
    waived = waivers(workings.sheet)
    with np.errstate(all="ignore"):
        findings = list(outside_range.find(workings))
    for finding in findings:
        row = finding.row
        if chosen[row] < 0 or not _rests_on_scores(routes[chosen[row]], finding.column):
            continue
        said = f"{finding.column}: {finding.message}"
        if waived[row].get(outside_range.name):
            doubt = "Scores outside the declared range of their instrument"
            workings.remark_row(row, said, footnote=doubt, doubt=doubt)
        else:
            refused[row] = True
            unusable.add_row(
                row,
                said,
                "correct the cell or the range declared; or write "
                f"{outside_range.name} in waived, and why in waived_because",
            )
    return refused


def _rests_on_scores(route: Route, column: str) -> bool:
    """Return whether a route starts from means or SDs of the arm of a finding."""
    end = column[-2:] if column.endswith(("_t", "_c")) else ""
    return any(
        name.startswith(("mean", "sd")) and name.endswith(end) and name != "sd_y"
        for name in route.needs
    )


def doubt_directions(
    workings: Workings, routes: Sequence[Route], chosen: np.ndarray, measure: Measure
) -> None:
    """Put directions that do not fit those of other rows into the receipts.

    Measures of one group have no direction, and rows that waive a finding are not doubted.
    """
    if "direction" not in workings.sheet or np.isnan(measure.null):
        return
    at = conflicts(workings, chosen >= 0, by_means(routes, chosen), by_others(routes, chosen))
    waived = waivers(workings.sheet)
    against = np.zeros(workings.size, dtype=bool)
    if workings.declared:
        against[[one.row for one in direction_against_declared.find(workings)]] = True
    for rule, which, text in (
        (
            direction_against_declared.name,
            against & (chosen >= 0),
            "Direction is not the one declared for the outcome",
        ),
        ("two-directions", at.two, "One outcome declared in two directions"),
        (
            "direction-in-part",
            at.undeclared,
            "No direction declared, though it is for other rows of the outcome",
        ),
        (
            "direction-of-counts",
            at.beside,
            "Counts, printed effects or tests beside means whose sign is reversed",
        ),
    ):
        doubted = which & np.array([not reasons.get(rule) for reasons in waived])
        said = text[:1].lower() + text[1:]
        workings.remark(doubted, f"{said}: check the sign", footnote=text, doubt=text)
