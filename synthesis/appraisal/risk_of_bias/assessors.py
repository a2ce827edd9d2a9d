"""Several assessors: how far they agree, where they differ, and what they settled on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import label, shortened
from synthesis import checks
from synthesis.appraisal.risk_of_bias.appraisal import Appraised
from synthesis.appraisal.risk_of_bias.entries import CONSENSUS, Entry, is_settled
from synthesis.appraisal.risk_of_bias.tools.tool import Tool
from synthesis.appraisal.risk_of_bias.words import judgement_named
from synthesis.labels import read_labels

BY = ("domain", "question")
_RESULT = ("study", "outcome", "window")


def _codings(appraised: Sequence[Appraised], by: str) -> pd.DataFrame:
    """Return what each assessor gave each result, in the form that coding compares."""
    rows = []
    for held in appraised:
        if is_settled(held.entry):
            continue
        given = held.judgements if by == "domain" else held.answers
        for name, code in given.items():
            rows.append((*held.entry.result, name, held.entry.assessor or "(not named)", code))
    table = pd.DataFrame(rows, columns=[*_RESULT, "item", "coder", "code"])
    units = [_unit(row[:3], row[3]) for row in table.itertuples(index=False, name=None)]
    return table.assign(unit=pd.Series(units, index=table.index, dtype=object))


def _unit(result: Sequence[str], item: str) -> str:
    """Return the name under which coding compares an item of a result."""
    # As a list in JSON, so that labels may contain anything and be blank.
    return json.dumps([*result, item], ensure_ascii=False)


def agreement_of(
    tool: Tool, appraised: Sequence[Appraised], by: str, *, bootstrap: int, seed: int | None
) -> pd.DataFrame:
    """Return agreement by domain or question; see `RiskOfBias.agreement`."""
    from synthesis.coding.agreement.agreement import agreement

    one_of("by", by, BY)
    codings = _codings(appraised, by)
    if len(set(codings["coder"])) < 2:
        raise DataError(
            "agreement needs two assessors; name them in the column 'assessor', or read one file "
            "for each with RiskOfBias.read([...])."
        )
    order = (
        [(code, list(tool.judgements(code))) for code in tool.codes]
        if by == "domain"
        else [(one.id, one.answers) for domain in tool.domains for one in domain.questions]
    )
    tables = {}
    for item, legal in order:
        rows = codings[codings["item"] == item]
        if len(set(rows["coder"])) > 1:
            tables[item] = agreement(
                rows,
                level="ordinal" if by == "domain" else "nominal",
                categories=legal,
                bootstrap=bootstrap,
                seed=seed,
            )
    if not tables:
        raise DataError(f"agreement: no {by} was judged by two assessors.")
    return pd.concat(tables, names=[by, "coefficient"])


def accepted_entries(tool: Tool, appraised: Sequence[Appraised], who: str) -> list[Entry]:
    """Return entries in which what is proposed is judged by a person; see `accepted`."""
    entries = []
    for held in appraised:
        entry = replace(
            held.entry,
            judgements=dict(held.entry.judgements),
            reasons=dict(held.entry.reasons),
            assessor=held.entry.assessor or who,
        )
        for code in tool.codes:
            proposal = held.proposed.get(code)
            if code in entry.judgements or proposal is None or proposal.judgement is None:
                continue
            if proposal.question:
                continue
            entry.judgements[code] = proposal.judgement
            entry.reasons.setdefault(code, f"as proposed, accepted by {who}")
        entries.append(entry)
    return entries


def disagreements_of(appraised: Sequence[Appraised], by: str) -> pd.DataFrame:
    """Return results on which assessors differ; see `RiskOfBias.disagreements`."""
    one_of("by", by, BY)
    codings = _codings(appraised, by)
    settled = {
        _unit(held.entry.result, code)
        for held in appraised
        if is_settled(held.entry)
        for code in held.judgements
    }
    codings = codings[~codings["unit"].isin(settled)]
    columns = [*_RESULT, by]
    if len(set(codings["coder"])) < 2:
        return pd.DataFrame(columns=columns)
    from synthesis.coding.codings import disagreements

    differing = disagreements(codings[["unit", "coder", "code"]])
    places = [json.loads(str(unit)) for unit in differing.index]
    found = pd.DataFrame(places, columns=columns)
    return pd.concat([found, differing.reset_index(drop=True)], axis=1)


def settled_entries(
    tool: Tool, appraised: Sequence[Appraised], decisions: pd.DataFrame | None
) -> list[Entry]:
    """Return what the assessors settled on, one entry per result; see `RiskOfBias.consensus`."""
    from synthesis.coding.consensus import consensus

    codings = _codings(appraised, "domain")
    if codings.empty:
        raise DataError("consensus: nothing has been judged yet.")
    decided = None if decisions is None else _decisions(tool, appraised, decisions)
    settled = consensus(codings[["unit", "coder", "code"]], decided)
    entries: dict[tuple[str, ...], Entry] = {}
    for unit, row in settled.codes.iterrows():
        *result, code = json.loads(str(unit))
        study, outcome, window = result
        entry = entries.setdefault(
            tuple(result), Entry(study, outcome, window, CONSENSUS, line=_line(appraised, result))
        )
        entry.judgements[code] = row["code"]
        reason = f"{row['why']} ({row['how']} by {row['by']})" if row["why"] else ""
        entry.reasons[code] = reason or _reasons(appraised, result, code) or row["how"]
    return list(entries.values())


def _entries_of(appraised: Sequence[Appraised], result: Sequence[str]) -> list[Appraised]:
    return [held for held in appraised if held.entry.result == tuple(result)]


def _line(appraised: Sequence[Appraised], result: Sequence[str]) -> int:
    return min((held.entry.line for held in _entries_of(appraised, result)), default=0)


def _reasons(appraised: Sequence[Appraised], result: Sequence[str], code: str) -> str:
    given = [
        f"{held.entry.assessor}: {reason}" if held.entry.assessor else reason
        for held in _entries_of(appraised, result)
        if (reason := held.entry.reasons.get(code))
    ]
    return "; ".join(dict.fromkeys(given))


def _decisions(tool: Tool, appraised: Sequence[Appraised], decisions: pd.DataFrame) -> pd.DataFrame:
    """Return decisions in the form of coding: unit, code, by, why."""
    checks.is_table(decisions, "decisions")
    for name in ("study", "domain", "judgement", "by", "why"):
        checks.column(decisions, name, "decisions")
    columns = {
        name: read_labels(decisions[name]) if name in decisions.columns else [""] * len(decisions)
        for name in (*_RESULT, "domain", "judgement", "by", "why")
    }
    rows: list[tuple[str, str, str, str]] = []
    unknown = []
    for at in range(len(decisions)):
        row = {name: column[at] for name, column in columns.items()}
        code = tool.code(row["domain"])
        matching = [
            held.entry.result
            for held in appraised
            if held.entry.study == row["study"]
            and all(row[part] in ("", getattr(held.entry, part)) for part in ("outcome", "window"))
        ]
        results = list(dict.fromkeys(matching))
        if code is None or not results:
            unknown.append(f"{row['study'] or '(blank)'} {row['domain'] or '(blank)'}")
            continue
        if len(results) > 1:
            raise DataError(
                f"decisions: {row['study']} has several results; fill in outcome and window."
            )
        told = f"{row['study']} {code}"
        if blank := [name for name in ("judgement", "by", "why") if not row[name]]:
            raise DataError(
                f"decisions: {blank[0]!r} is blank for {told}. A decision must say which "
                "judgement, who decided and why."
            )
        legal = tool.judgements(code)
        named = judgement_named(row["judgement"], legal)
        if named not in legal:
            raise DataError(
                f"decisions: {code} of {row['study']} must be one of "
                f"{', '.join(map(repr, legal))}; got {row['judgement']!r}."
            )
        unit = _unit(results[0], code)
        if unit in [one for one, *_ in rows]:
            raise DataError(f"decisions: more than one for {told}. Keep the last.")
        rows.append((unit, named, label(row["by"]), label(row["why"])))
    if unknown:
        raise DataError(f"decisions: nobody judged {shortened(unknown)}.")
    return pd.DataFrame(rows, columns=["unit", "code", "by", "why"])
