"""Every finding of every room about a review, and the plan against what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

from arrowroot.errors import ArrowrootError, SpecError
from arrowroot.text import capitalised, counted, did_you_mean, label, shortened
from synthesis.effects.lint.lint import lint
from synthesis.effects.sheet.numbers import BLANK
from synthesis.labels import differ_in_case_alone, read_labels
from synthesis.review.assessed import words_of
from synthesis.review.contents import Contents
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.forms import PLACEHOLDERS
from synthesis.review.inputs.sheets import compare_studies
from synthesis.review.inputs.strays import strays
from synthesis.review.pages.evidence import off_the_model, wanted_arrows
from synthesis.review.text.prose import check_pictures, check_values
from synthesis.review.text.typed import check_typed
from synthesis.review.text.wording import planned_words

_SEVERITIES = {"error": "error", "warn": "warning", "info": "note"}


def findings_of(review: Contents) -> Iterator[Finding]:
    """Yield everything that was found about a review.

    Parameters
    ----------
    review : Contents
        Read as far as its files allow.
    """
    yield from strays(review.folder)
    yield from _unfilled(review)
    yield from review.extraction.findings
    yield from review.studies.findings
    yield from compare_studies(review.extraction, review.studies)
    yield from _lint(review)
    yield from _effects(review)
    yield from review.tally.findings
    yield from _records(review)
    yield from review.appraisals.findings
    yield from _plan(review)
    yield from _prose(review)
    yield from _model(review)


def _unfilled(review: Contents) -> Iterator[Finding]:
    """Yield what the template of review.yaml holds in place of the review's own words."""
    form = review.declared.form
    lines = review.declared.lines
    for key, text in (("title", form.title), ("people", form.people[0].name)):
        if text in PLACEHOLDERS:
            message = f"{text!r} is still that of the template, and the pages show it."
            yield Finding(
                "warning", "template", "review.yaml", lines.get(key), message, "Enter your own."
            )


def _lint(review: Contents) -> Iterator[Finding]:
    """Yield what the lint of the extraction sheet finds, waived findings aside."""
    rows = review.extraction.rows
    if rows is None:
        return
    file = review.extraction.file
    try:
        found = lint(rows)
    except ArrowrootError as error:
        yield from of_error(error, file, "waiver")
        return
    settled = {"shared-control"} if review.declared.plan.several_arms else set()
    for one in found.to_dict("records"):
        if one["waived"] or one["rule"] in settled:
            continue
        at = None if pd.isna(one["line"]) else int(one["line"])
        where = f"{one['study']}: " if one["study"] else ""
        cell = review.extraction.cell(one["column"], at) if at else ""
        place = f" (cell {cell})" if cell else ""
        yield Finding(
            one["severity"],
            one["rule"],
            file,
            at,
            f"{where}{one['message']}{place}.",
            f"{capitalised(one['reason'].rstrip('.'))}.",
        )


def _effects(review: Contents) -> Iterator[Finding]:
    """Yield rows without an effect, and analyses that could not be run."""
    file = review.extraction.file
    for outcome, held in review.outcome_effects.items():
        if held.error is not None:
            yield from of_error(held.error, file, f"effects-{outcome}")
            continue
        assert held.rows is not None  # noqa: S101
        for row in held.rows[held.rows["yi"].isna()].to_dict("records"):
            reason = str(row.get("reason", "") or "no reason is known")
            yield Finding(
                "warning",
                "no-effect",
                file,
                int(row["line"]),
                f"{row['study']}: no effect on {outcome!r}: {reason.rstrip('.')}.",
                "Enter what is missing, or give the reason in notes.",
            )
    for one in review.analyses.values():
        of = review.outcome_effects.get(one.outcome.id)
        failed = of is not None and of.error is not None
        if one.fit is None and len(one.effects) and not failed:
            line = one.effects["line"].iloc[0] if "line" in one.effects else None
            yield Finding(
                "error",
                "not-pooled",
                file,
                int(line) if line is not None else None,
                f"{one.key}: {one.reason}",
                _instead(one.reason),
            )


def _instead(reason: str) -> str:
    """Return what to write in the plan about an analysis that could not be pooled."""
    if "depend on each other" in reason:
        return "Say in the plan what is done about it: several_results, or several_arms."
    if "ci=" in reason:
        return "The interval is chosen in review.yaml, under plan: model: ci."
    return "See the rows of this analysis in the sheet."


def _records(review: Contents) -> Iterator[Finding]:
    """Yield studies whose reports are not among those included."""
    if review.tally.record_ids is None:
        return
    known = set(review.tally.record_ids)
    strangers = [one for one in review.studies.record_ids() if one not in known]
    if strangers:
        yield Finding(
            "warning",
            "record-id",
            review.studies.file,
            None,
            f"There is no record {shortened(map(repr, strangers))} in the exports of the search.",
            "Compare it with the column record_id of the screening sheets.",
        )


def _plan(review: Contents) -> Iterator[Finding]:
    """Yield where what was done is not what was planned."""
    declared = review.declared
    lines, file = declared.lines, "review.yaml"
    if not declared.plan.decided:
        yield Finding(
            "warning",
            "plan-date",
            file,
            lines.get("plan"),
            "The plan does not say when it was decided.",
            "Add decided: with the day, such as 2026-11-30.",
        )
    elif date.fromisoformat(declared.plan.decided) > review.today:
        yield Finding(
            "warning",
            "plan-date",
            file,
            lines.get("plan decided"),
            f"The plan was decided on {declared.plan.decided}, which is still to come.",
            "Correct the day.",
        )
    for what, reason in _planned_and_not_done(review).items():
        part, _, name = what.partition(" ")
        line = lines.get(f"{part} {name}") or lines.get(f"plan {part}") or lines.get("plan")
        slip, text = reason
        yield Finding(
            "error" if slip else "note",
            "plan",
            file,
            line,
            text,
            "Add the column, or correct its name in the plan." if slip else "",
        )
    yield from _doubtful_groups(review)
    yield from _unknown_values(review)
    yield from _words_of_tools(review)
    yield from _without_results(review)


def _doubtful_groups(review: Contents) -> Iterator[Finding]:
    """Yield subgroups that may be one group written in two ways, or none at all."""
    rows = review.extraction.rows
    if rows is None:
        return
    for column in review.declared.plan.subgroups:
        if column not in rows:
            continue  # said where the analyses are run
        labels = read_labels(rows[column])
        of_studies = column in review.studies.table
        file = review.studies.file if of_studies else review.extraction.file
        for spellings in differ_in_case_alone(filter(None, labels)):
            yield Finding(
                "warning",
                "subgroups",
                file,
                None,
                f"{' and '.join(map(repr, spellings))} in the column {column!r} are compared as "
                "different subgroups.",
                "If they are one, spell them the same way.",
            )
        if blanks := dict.fromkeys(one for one in labels if one and one.casefold() in BLANK):
            yield Finding(
                "warning",
                "subgroups",
                file,
                None,
                f"{' and '.join(map(repr, blanks))} in the column {column!r} is compared as a "
                "subgroup of its own.",
                "Leave the cell blank where nothing is reported.",
            )


def _unknown_values(review: Contents) -> Iterator[Finding]:
    """Yield values of sensitivity analyses that no row has: such an analysis changes nothing."""
    rows, declared = review.extraction.rows, review.declared
    if rows is None:
        return
    held = review.appraisals.risk_of_bias
    for plan in declared.plan.sensitivity:
        for column, values in (*plan.keep.items(), *plan.leave_out.items()):
            if column not in rows:
                continue  # said where the analyses are run
            there = dict.fromkeys(filter(None, read_labels(rows[column])))
            there |= dict.fromkeys(words_of(held, column, several=declared.has_several_tools))
            known = {one.casefold() for one in there}
            for value in values:
                if label(value).casefold() not in known:
                    hint = did_you_mean(label(value), list(there))
                    yield Finding(
                        "error",
                        "plan-value",
                        "review.yaml",
                        declared.lines.get(f"sensitivity {plan.id}"),
                        f"The sensitivity analysis {plan.id!r} names {value!r}, which no row has "
                        f"in the column {column!r}.{hint}",
                        f"Enter one of {shortened(map(repr, there))}." if there else "",
                    )


def _words_of_tools(review: Contents) -> Iterator[Finding]:
    """Yield tools none of whose own words a sensitivity analysis by overall judgement names."""
    held = [one for one in review.appraisals.risk_of_bias if one.studies and one.tool.overall]
    for plan in review.declared.plan.sensitivity if len(held) > 1 else ():
        for values, what in ((plan.keep, "are all left out"), (plan.leave_out, "all stay")):
            named = {label(one).casefold() for one in values.get("overall", ())}
            for one in held if named else ():
                if not named & set(one.tool.overall):
                    yield Finding(
                        "warning",
                        "plan-tool",
                        "review.yaml",
                        review.declared.lines.get(f"sensitivity {plan.id}"),
                        f"The sensitivity analysis {plan.id!r} names no judgement of "
                        f"{one.tool.name}, so its studies {what}.",
                        f"Its words are {', '.join(map(repr, one.tool.overall))}; tools are not "
                        "translated into each other.",
                    )


def _planned_and_not_done(review: Contents) -> dict[str, tuple[bool, str]]:
    """Return what was not done in some or all analyses, each with one reason."""
    left: dict[tuple[str, str], list[str]] = {}
    slips: dict[tuple[str, str], bool] = {}
    for one in review.analyses.values():
        for part in one.not_done:
            left.setdefault((part.what, part.reason), []).append(one.key)
            slips[part.what, part.reason] = part.is_slip
    found: dict[str, tuple[bool, str]] = {}
    for (what, reason), keys in left.items():
        words = capitalised(planned_words(what, review.declared.plan))
        text = f"{words} was planned and not done ({', '.join(keys)}): {reason}"
        before = found.get(what, (False, ""))
        found[what] = (before[0] or slips[what, reason], f"{before[1]} {text}".strip())
    return found


def _without_results(review: Contents) -> Iterator[Finding]:
    lines = review.declared.lines
    empty: dict[str, list[str]] = {}
    for one in review.analyses.values():
        if not len(one.effects) and one.fit is None and review.extraction.rows is not None:
            empty.setdefault(one.outcome.id, []).append(one.key)
    for outcome, keys in empty.items():
        held = review.outcome_effects.get(outcome)
        if held is not None and held.error is not None:
            continue
        yield Finding(
            "note",
            "no-study",
            "review.yaml",
            lines.get(f"outcome {outcome}"),
            f"No study reports {shortened(keys)}; the pages say so.",
        )


def _prose(review: Contents) -> Iterator[Finding]:
    # Without the sheet no value exists; what is wrong with the sheet is said already.
    unread = review.extraction.rows is None
    for prose in review.prose:
        found = check_values(prose, review.values)
        yield from (one for one in found if not (unread and one.rule == "value"))
        yield from check_pictures(prose, review.folder)
        yield from check_typed(prose, list(review.analyses.values()))
    yield from review.prose_findings


def _model(review: Contents) -> Iterator[Finding]:
    """Yield what the check of the logic model finds, which changes with few cells of a sheet."""
    path = review.folder.model()
    if path is None:
        return
    yield from review.findings_on_the_model(
        wanted_arrows(review), lambda: list(_of_model(review, path))
    )


def _of_model(review: Contents, path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the logic model: what its check calls errors each, the rest in one.

    None of it stops an analysis, so that none is an error of the review.
    """
    if error := review.model_error:
        # It may be in a file that one of the boxes opens into.
        file = error.source if isinstance(error, SpecError) else path.name
        yield from of_error(error, file, "logic-model")
        return
    for (source, target), keys in off_the_model(review):
        yield Finding(
            "note",
            "no-arrow",
            path.name,
            None,
            f"There is no arrow from {source!r} to {target!r}, so the logic model does not show "
            f"{shortened(keys)}.",
            "Add the arrow, or name the boxes with box: in review.yaml.",
        )
    report = review.model.check() if review.model is not None else ()
    others = 0
    for one in report:
        if one.severity == "error":
            # A box opens into a file of its own, which is named before the part of it.
            file, colon, part = one.where.partition(": ")
            if not (colon and file.endswith((".yaml", ".yml"))):
                file, part = path.name, one.where
            yield Finding("warning", one.rule, file, None, f"{part}: {one.message}")
        else:
            others += 1
    if others:
        yield Finding(
            "note",
            "logic-model",
            path.name,
            None,
            f"{counted(others, 'remark')} on the logic model.",
            f"See them with  arrowroot check {path.name}",
        )
