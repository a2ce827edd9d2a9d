"""From the rows of a sheet to yi, vi and a receipt: each row by the first route open to it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.frames import TextTable
from arrowroot.options import one_of
from arrowroot.text import capitalised
from synthesis.effects.formulas import conversions, counts, designs
from synthesis.effects.lint.findings import remark_waivers
from synthesis.effects.lint.in_use import doubt_directions, doubt_printed, refuse_scores
from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.routes.choice import NO_ROUTE, choose, needs_in_words, open_routes
from synthesis.effects.routes.clusters import GIVEN
from synthesis.effects.routes.derivation import derive, flip, other_routes, with_mean
from synthesis.effects.routes.disagreement import disagreements
from synthesis.effects.routes.forms import check_form
from synthesis.effects.routes.receipts import write_receipts
from synthesis.effects.routes.route import Options
from synthesis.effects.rows.completion import complete
from synthesis.effects.rows.imputation import IMPUTABLE, halve_total, impute_from_others
from synthesis.effects.rows.workings import Workings
from synthesis.effects.sheet.columns import NUMERIC
from synthesis.effects.sheet.declared import Declaration, declare, outcomes_of
from synthesis.effects.sheet.problems import Problems
from synthesis.effects.sheet.reading import checked
from synthesis.labels import read_labels
from synthesis.measures import measure_named, plain_name
from synthesis.outcomes import Declared

REFUSALS = ("raise", "keep")

_IN_WORDS = {"r": "r", "icc": "ICC", "cluster_size": "Cluster size", "ci_level": "Level"}
"""Columns that are often assumed, as a reader of a figure knows them."""


def effect_sizes(
    sheet: pd.DataFrame | str | os.PathLike[str],
    measure: str | None = None,
    *,
    outcomes: Declared | None = None,
    variance: str = "ls",
    correct: bool = True,
    sd: str = "pooled",
    zero_cells: str = "half",
    no_events: str = "keep",
    conversion: str = "logistic",
    cluster: str = "inflate",
    assume: Mapping[str, float] | None = None,
    impute: Sequence[str] = (),
    refused: str = "raise",
) -> pd.DataFrame:
    """Compute the effect and its sampling variance for every row of an extraction sheet.

    Each row takes the first route, in the order of `synthesis.effects.routes.catalogue.ROUTES`,
    whose columns are filled in or can be worked out; a cell in the column `route` chooses another.
    A row without any route is refused, with what each route is missing: nothing is dropped.

    Parameters
    ----------
    sheet : DataFrame or path
        The extraction sheet, from `read_extraction` or any table with a column `study`.
    measure : str, optional
        The effect measure, by its name in `synthesis.measures.MEASURES` or by metafor's code for
        it, such as ``"SMD"`` or ``"ZCOR"``, in any case; by default that of the outcomes declared,
        or ``"smd"`` where none are.
    outcomes : Outcome, mapping, or sequence of these, optional
        What the review declares about the outcomes of the sheet, as in `with_outcomes`; by default
        what the sheet was prepared with. Receipts then know the outcome, and scores that their
        instrument cannot give are refused, unless the row waives the finding ``outside-range``.
    variance : {"ls", "ls2", "ub", "av", "revman", "bonett"}
        Form of the variance of a standardised mean difference: ``"ls"``, ``"ls2"``, ``"ub"``,
        ``"av"`` or ``"revman"``; `synthesis.effects.formulas.smd.VARIANCES` gives the formulas.
        With average SDs there is ``"bonett"`` besides ``"ls"``; for other measures
        `synthesis.effects.routes.forms.FORMS` lists the forms.
    correct : bool
        Whether a standardised mean difference is corrected for small samples (Hedges' g).
    sd : {"pooled", "control", "average"}
        What a standardised mean difference is divided by: ``"pooled"``, ``"control"`` or
        ``"average"``.
    zero_cells : {"half", "all", "reciprocal", "none"}
        What is added where a count is zero: ``"half"``, ``"all"``, ``"reciprocal"`` or
        ``"none"``; `synthesis.effects.formulas.counts.ZERO_CELLS` says what they mean. Peto's odds
        ratio and arcsine differences are defined without, and nothing is added for them.
    no_events : {"keep", "leave_out"}
        What is done about tables in which nobody, or everybody, has the event in both arms, which
        contain no information on a ratio: ``"keep"`` them with what `zero_cells` adds, as
        metafor's ``escalc`` does, or ``"leave_out"``, as RevMan and R's meta do. Rows left out stay
        in the table with `yi` and `vi` NaN and the reason in the column `reason`, and pooled
        results list them in `excluded`. It concerns odds, risk and rate ratios, and odds ratios
        converted to SMDs; differences keep such tables, and Peto's odds ratio, which has no value
        there, always leaves them out.
    conversion : {"logistic", "cox", "probit"}
        How odds ratios and SMDs are converted into each other: ``"logistic"``, ``"cox"``, or, from
        counts to SMDs, ``"probit"``.
    cluster : {"inflate", "reduce"}
        What is done about rows that give `icc` and `cluster_size` without `cluster_adjusted`:
        ``"inflate"`` the variance or ``"reduce"`` the numbers of people.
    assume : mapping of str to float, optional
        Numbers to use where a column is blank, such as ``{"r": 0.5}``; receipts say so.
    impute : sequence of {"sd", "r", "n"}
        What may be imputed where it is missing: ``"sd"`` and ``"r"`` from the other rows of the
        same outcome, ``"n"`` by halving `n_total`; receipts say so.
    refused : {"raise", "keep"}
        ``"raise"`` an error if rows have no effect, or ``"keep"`` them with `yi` and `vi` NaN
        and the reason in the column `reason`.

    Returns
    -------
    DataFrame
        The sheet with the columns `yi` and `vi` (ratios as logarithms), `measure`, `route` and
        `receipt`; `flipped` too if the sheet has a column `direction`, and `reason` if rows were
        left out or refused rows kept.

    Raises
    ------
    OptionError
        If an option has no such value.
    DataError
        If rows have no route, cells have impossible values, or a printed effect lies outside its
        own interval and the row does not waive the finding; one line for each problem.

    Examples
    --------
    >>> arms = pd.DataFrame({"study": ["Carroll", "Grant"], "mean_t": [94, 98], "sd_t": [22, 21],
    ...     "n_t": [60, 65], "mean_c": [92, 92], "sd_c": [20, 22], "n_c": [60, 65]})
    >>> effect_sizes(arms, "smd")[["study", "yi", "vi", "measure", "route"]].round(4)
         study      yi      vi measure  route
    0  Carroll  0.0945  0.0334     smd  means
    1    Grant  0.2774  0.0311     smd  means
    """
    if measure is not None:
        measure_named(measure)
    one_of("zero_cells", zero_cells, list(counts.ZERO_CELLS))
    one_of("conversion", conversion, [*conversions.CONVERSIONS, "probit"])
    one_of("cluster", cluster, list(designs.CLUSTER_RULES))
    one_of("refused", refused, REFUSALS)
    one_of("no_events", no_events, list(counts.NO_EVENTS))
    for name in impute:
        one_of("impute", name, IMPUTABLE)
    es = _without_computed(checked(sheet))
    declared = _declared(es, outcomes)
    es = declared.sheet if declared else es
    measure = measure_named(measure or _measure_of(declared)).name
    check_form(measure, variance, sd)
    options = Options(measure, variance, bool(correct), sd, zero_cells, conversion, no_events)
    problems, unusable = Problems(es), Problems(es)
    _same_measure(es, measure, problems)
    workings = Workings(es, declared)
    if "n" in impute:
        halve_total(workings)
    complete(workings, measure)
    if assume:
        # What can be derived comes before what is assumed, and may be derived from it in turn.
        _assume(workings, assume)
        complete(workings, measure)
    impute_from_others(workings, impute)

    routes = [route for route in ROUTES if measure in route.formulas]
    is_open = open_routes(workings, routes)
    chosen = choose(workings, routes, is_open, measure, unusable=unusable, problems=problems)
    problems.raise_any()
    remark_waivers(workings)
    _remark_preparation(workings)
    impossible = doubt_printed(workings, routes, chosen, measure, unusable)
    impossible |= refuse_scores(workings, routes, chosen, unusable)
    options = with_mean(workings, routes, np.where(impossible, NO_ROUTE, chosen), options)
    derived = derive(workings, routes, chosen, options, cluster, unusable)
    derived.yi[impossible] = derived.vi[impossible] = np.nan
    if refused == "raise":
        unusable.raise_any()
    doubt_directions(workings, routes, chosen, measure_named(measure))
    apart = disagreements(es, routes, chosen, is_open, options, workings, derived.vi)
    flipped = flip(workings, routes, chosen, derived, measure_named(measure))

    es["yi"], es["vi"] = derived.yi, derived.vi
    es["measure"] = measure
    names = np.array([*(route.name for route in routes), "none"], dtype=object)
    es["route"] = names[np.where(np.isnan(derived.yi), NO_ROUTE, chosen)]
    if "direction" in es:
        es["flipped"] = flipped
    others = other_routes(workings, routes, is_open, chosen, options)
    reasons = {**derived.left_out, **unusable.by_row()}
    written = write_receipts(
        workings,
        routes,
        chosen,
        options,
        others=others,
        apart=apart,
        refusals=reasons,
        parts=derived.parts,
    )
    if declared:
        pairs = zip(written, declared.outcomes, strict=True)
        written = [replace(receipt, outcome=outcome) for receipt, outcome in pairs]
    es["receipt"] = pd.Series(written, index=es.index, dtype=object)
    if refused == "keep" or reasons:
        es["reason"] = [reasons.get(row, "") for row in range(len(es))]
    return es


def routes_to(measure: str) -> pd.DataFrame:
    """Return the routes to a measure.

    Parameters
    ----------
    measure : str
        The effect measure.

    Returns
    -------
    DataFrame
        In order of preference: `route`, `needs`, `formula`.

    Examples
    --------
    >>> routes_to("fisher_z")["route"].tolist()[:4]
    ['given', 'given_se', 'correlation', 'printed']
    """
    measure = measure_named(measure).name
    options = Options(measure)
    rows = [
        (
            route.name,
            ", ".join(needs_in_words(route)),
            route.formulas[measure].described(options),
        )
        for route in ROUTES
        if measure in route.formulas
    ]
    return TextTable(rows, columns=["route", "needs", "formula"])


def _declared(es: pd.DataFrame, outcomes: Declared | None) -> Declaration | None:
    """Return what is declared for the rows, or None; refuse rows that contradict it."""
    known = outcomes_of(es, outcomes)
    if not known:
        return None
    declared = declare(es, known)
    declared.problems.raise_any("Correct the sheet, or declare what it contains.")
    return declared


def _measure_of(declared: Declaration | None) -> str:
    """Return the one measure of the outcomes of a sheet."""
    rows = declared.outcomes if declared else []
    measures = list(dict.fromkeys(one.measure for one in rows if one))
    if len(measures) > 1:
        listed = ", ".join(map(repr, measures))
        raise DataError(
            f"outcomes: the rows are of outcomes with several measures ({listed}). Compute each "
            "from its own rows, or name one measure for all."
        )
    return measures[0] if measures else "smd"


def _without_computed(es: pd.DataFrame) -> pd.DataFrame:
    """Blank the effects that an earlier call computed, so that they are computed again."""
    if "receipt" in es and "reason" in es:
        es = es.drop(columns="reason")
    if "receipt" in es and "route" in es:
        computed = ~es["route"].isin(GIVEN)
        es.loc[computed, ["yi", "vi"]] = np.nan
    return es


def _remark_preparation(workings: Workings) -> None:
    """Put into the receipts how rows were prepared, with a footnote on arms that were combined."""
    if "prepared" not in workings.sheet:
        return
    said = read_labels(workings.sheet["prepared"])
    arms = [""] * len(said)
    if "arms_combined" in workings.sheet:
        arms = read_labels(workings.sheet["arms_combined"])
    for row, (text, combined) in enumerate(zip(said, arms, strict=True)):
        if text:
            footnote = f"Arms combined: {combined}" if combined else ""
            workings.remark_row(row, text, footnote=footnote)


def _same_measure(es: pd.DataFrame, measure: str, problems: Problems) -> None:
    """Refuse a given yi of another measure: its scale is not the one requested."""
    if "measure" in es and "yi" in es:
        named = np.array([plain_name(name) for name in read_labels(es["measure"])])
        other = es["yi"].notna().to_numpy() & (named != "") & (named != measure)
        problems.add(
            f"measure of a given yi must be {measure!r}, as requested "
            "(or leave yi blank, and it is computed)",
            es["measure"],
            other,
        )


def _assume(workings: Workings, assume: Mapping[str, float]) -> None:
    for name, value in assume.items():
        one_of("a column in assume", name, list(NUMERIC))
        if not NUMERIC[name].kind.holds(np.array(value, dtype=float)):
            raise OptionError(f"assume: {name} {NUMERIC[name].kind.rule}; got {value!r}.")
        everywhere = np.full(workings.size, float(value))
        known_as = _IN_WORDS.get(name) or capitalised(NUMERIC[name].meaning.split(",")[0])
        workings.fill(
            name,
            everywhere,
            [],
            f"{name} = {value:g} assumed",
            is_guess=True,
            footnote=f"{known_as} = {value:g} assumed",
        )
