"""The analyses of a review are run: effects, models, and what the plan names besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from arrowroot.errors import ArrowrootError
from arrowroot.running.kept import kept
from arrowroot.text import counted, label, shortened
from synthesis.effects.dependence import average_within_studies, choose_rows
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.multi_arm import shared_control
from synthesis.labels import read_labels
from synthesis.outcomes import Outcome, Window
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis, subgroup_analysis
from synthesis.review.analyses import Analysis, NotDone, Variant, no_rows
from synthesis.review.inputs.declared import Declared, choices, effect_options
from synthesis.review.inputs.forms import Comparison, EffectsPlan, Plan, Sensitivity

Named = tuple[str, Comparison, Outcome, Window | None]
"""The name of an analysis, and what it is of."""


@dataclass(frozen=True, eq=False)
class Effects:
    """The effects of one outcome, or why there are none.

    Attributes
    ----------
    rows : DataFrame or None
        With `yi`, `vi` and receipts.
    error : ArrowrootError or None
        Why not.
    """

    rows: pd.DataFrame | None
    error: ArrowrootError | None = None


def effects_of(
    rows: pd.DataFrame | None, declared: Declared, plan: EffectsPlan | None = None
) -> dict[str, Effects]:
    """Return the effects of every outcome that has rows, by its id.

    Parameters
    ----------
    rows : DataFrame or None
        The extraction sheet, as `synthesis.review.inputs.sheets` prepares it.
    declared : Declared
        Outcomes and plan.
    plan : EffectsPlan, optional
        What a sensitivity analysis changes about the effects.
    """
    found: dict[str, Effects] = {}
    if rows is None:
        return found
    options = effect_options(plan or declared.plan.effects, declared.plan.effects)
    for outcome in declared.outcomes:
        part, arms = rows[rows["outcome"] == outcome.id], declared.plan.several_arms
        if part.empty:
            continue
        found[outcome.id] = kept(
            "effects", (part, arms, options), partial(_effects, part, arms, options)
        )
    return found


def _effects(part: pd.DataFrame, several_arms: str | None, options: Mapping[str, Any]) -> Effects:
    try:
        if several_arms:
            part = shared_control(part, rule=several_arms)
        return Effects(effect_sizes(part, refused="keep", **options))
    except ArrowrootError as error:
        return Effects(None, error)


def run(
    effects: Mapping[str, Effects], rows: pd.DataFrame | None, declared: Declared
) -> list[Analysis]:
    """Return every analysis that the review declares, in the order of the declaration.

    Parameters
    ----------
    effects : mapping of str to Effects
        From `effects_of`.
    rows : DataFrame or None
        The sheet, for sensitivity analyses that compute the effects in another way.
    declared : Declared
        Comparisons, outcomes and plan.
    """
    again: dict[str, dict[str, Effects]] = {}

    def otherwise(plan: Sensitivity) -> Mapping[str, Effects]:
        if plan.effects is None:
            return effects
        if plan.id not in again:
            again[plan.id] = effects_of(rows, declared, plan.effects)
        return again[plan.id]

    found = []
    for comparison in declared.comparisons:
        for outcome in declared.outcomes:
            for window in outcome.windows or (None,):
                named = (key_of(comparison, outcome, window), comparison, outcome, window)
                held = effects.get(outcome.id)
                if held is not None and held.rows is None:
                    reason = f"The effects could not be computed: {held.error}"
                    found.append(Analysis(*named, no_rows(), None, reason))
                    continue
                rows_of = partial(_rows_of, comparison=comparison, window=window)
                part, plan = rows_of(held), declared.plan
                others = {
                    one.id: rows_of(otherwise(one).get(outcome.id))
                    for one in plan.sensitivity
                    if one.effects is not None
                }
                said = [one.model_dump_json(exclude_unset=True) for one in (comparison, plan)]
                found.append(
                    kept(
                        "analysis",
                        (named[0], outcome, window, said, part, others),
                        partial(_analysis, named, part, others, plan),
                    )
                )
    return found


def key_of(comparison: Comparison, outcome: Outcome, window: Window | None) -> str:
    """Return the name of an analysis, ``"comparison.outcome.window"``."""
    return ".".join(filter(None, (comparison.id, outcome.id, window.id if window else "")))


def _analysis(
    named: Named, part: pd.DataFrame, others: Mapping[str, pd.DataFrame], plan: Plan
) -> Analysis:
    """Return an analysis of its rows; `others` has those with effects computed otherwise."""
    if part.empty:
        return Analysis(*named, part, None, "No study reports this outcome in this window.")
    try:
        pooled, aside = _one_per_study(part, plan)
        fit = meta_analysis(pooled, **choices(plan.model))
    except ArrowrootError as error:
        return Analysis(*named, part, None, str(error))
    not_done: list[NotDone] = []
    return Analysis(
        *named,
        part,
        fit,
        set_aside=aside,
        subgroups=_subgroups(pooled, plan, not_done),
        sensitivity=_sensitivity(part, others, plan, fit, not_done),
        small_studies=_small_studies(fit, plan, not_done),
        not_done=tuple(not_done),
    )


def _rows_of(held: Effects | None, comparison: Comparison, window: Window | None) -> pd.DataFrame:
    if held is None or held.rows is None:
        return no_rows()
    chosen = held.rows["comparison"] == comparison.id
    if window is not None:
        if "window" not in held.rows:  # no row says when
            return held.rows[chosen & False]
        chosen &= held.rows["window"] == window.id
    return held.rows[chosen]


def _one_per_study(part: pd.DataFrame, plan: Plan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to pool, and those that the plan sets aside."""
    several = plan.several_results
    aside = no_rows()
    repeated = part["study"].duplicated(keep=False)
    if several.choose and repeated.any():
        # A study with one result has nothing to choose from.
        choice = choose_rows(part[repeated], several.choose, several.order)
        part = part[~repeated | part.index.isin(choice.kept.index)]
        columns = [name for name in ("study", "line", "reason") if name in choice.set_aside]
        aside = choice.set_aside[columns]
    if several.average is not None and part["study"].duplicated().any():
        averaged = average_within_studies(part, rho=several.average)
        first = part.drop_duplicates("study").set_index("study")
        for column in first.columns:
            if column not in averaged:
                alike = part.groupby("study", sort=False)[column].agg(_is_one)
                values = first[column].where(alike)
                averaged[column] = averaged["study"].map(values)
        part = averaged
    return part, aside


def _is_one(cells: pd.Series) -> bool:
    """Return whether the rows of a study agree in a column."""
    return len({label(cell) for cell in cells}) == 1


def _subgroups(
    part: pd.DataFrame, plan: Plan, not_done: list[NotDone]
) -> dict[str, SubgroupAnalysis]:
    found = {}
    for by in plan.subgroups:
        what = f"subgroups {by}"
        if by not in part:
            reason = f"there is no column {by!r} in the extraction sheet or in the studies."
            not_done.append(NotDone(what, reason, is_slip=True))
            continue
        try:
            found[by] = subgroup_analysis(part, by=by, **choices(plan.model))
        except ArrowrootError as error:
            not_done.append(NotDone(what, str(error).removeprefix("by: ")))
    return found


def _sensitivity(
    rows: pd.DataFrame,
    others: Mapping[str, pd.DataFrame],
    plan: Plan,
    fit: MetaAnalysis,
    not_done: list[NotDone],
) -> dict[str, Variant]:
    found = {}
    for one in plan.sensitivity:
        what, part = f"sensitivity {one.id}", others.get(one.id, rows)
        try:
            lacking = [name for name in (*one.keep, *one.leave_out) if name not in part]
            if lacking:
                listed = shortened(map(repr, lacking))
                reason = f"there is no column {listed} in the extraction sheet or in the studies."
                ends = tuple(f".{name}" for name in lacking)
                if near := [name for name in part.columns if str(name).endswith(ends)]:
                    reason += f" With several tools for risk of bias, write {' or '.join(near)}."
                not_done.append(NotDone(what, reason, is_slip=True))
                continue
            pooled, _ = _one_per_study(part[_chosen(part, one)], plan)
            if pooled.empty or not pooled["yi"].notna().any():
                not_done.append(NotDone(what, "no study is left."))
                continue
            options = choices(one.model, plan.model) if one.model else choices(plan.model)
            varied = meta_analysis(pooled, **options)
        except ArrowrootError as error:
            not_done.append(NotDone(what, str(error)))
            continue
        names = set(read_labels(varied.studies["study"]))
        out = dict.fromkeys(read_labels(fit.studies["study"]))
        found[one.id] = Variant(one, varied, tuple(name for name in out if name not in names))
    return found


def _chosen(part: pd.DataFrame, plan: Sensitivity) -> pd.Series:
    """Return which rows a sensitivity analysis pools."""
    chosen = pd.Series(data=True, index=part.index)
    for wanted, keeps in ((plan.keep, True), (plan.leave_out, False)):
        for column, values in wanted.items():
            legal = {label(value).casefold() for value in values}
            there = [one.casefold() in legal for one in read_labels(part[column])]
            chosen &= pd.Series(there, index=part.index) == keeps
    return chosen


def _small_studies(fit: MetaAnalysis, plan: Plan, not_done: list[NotDone]) -> dict[str, Any]:
    from synthesis.diagnostics.small_studies import asymmetry, pet_peese, rank, trim_fill

    tests: dict[str, Callable[[MetaAnalysis], Any]] = {
        "egger": asymmetry.egger_test,
        "peters": asymmetry.peters_test,
        "rank": rank.rank_test,
        "trim_and_fill": trim_fill.trim_and_fill,
        "pet_peese": pet_peese.pet_peese,
    }
    found: dict[str, Any] = {}
    small = plan.small_studies
    for name in small.tests:
        what = f"small_studies {name}"
        if fit.k < small.from_:
            there = f"{'is' if fit.k == 1 else 'are'} {counted(fit.k, 'effect')}"
            reason = f"there {there}, and the plan asks for {small.from_} or more."
            not_done.append(NotDone(what, reason))
            continue
        try:
            found[name] = tests[name](fit)
        except ArrowrootError as error:
            not_done.append(NotDone(what, str(error)))
    return found
