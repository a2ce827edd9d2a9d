"""The tables of a review as files, at full precision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from synthesis.effects.routes.receipts import Receipt
from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings


def tables(review: Contents, findings: Findings) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield every table with the name of its file, within ``build/``."""
    analyses = list(review.analyses.values())
    yield "tables/results.csv", results(analyses)
    if review.declared.plan.sensitivity:
        yield "tables/sensitivity.csv", sensitivity(analyses)
    if review.declared.plan.subgroups:
        yield "tables/subgroups.csv", subgroups(analyses)
    for one in analyses:
        if len(one.effects):
            yield f"tables/{one.key}.studies.csv", studies(one, review)
    held = review.appraisals.risk_of_bias
    if held:
        parts = [one.table.assign(tool=one.tool.name) for one in held]
        several = review.declared.has_several_tools
        yield (
            "tables/risk_of_bias.csv",
            pd.concat(parts, ignore_index=True) if several else held[0].table,
        )
    if review.appraisals.certainties:
        yield "tables/certainty.csv", certainty(review)
        summary = review.appraisals.summary(review.declared)
        assert summary is not None  # noqa: S101
        yield "tables/summary_of_findings.csv", summary.to_frame()
    if review.studies.file:
        yield "tables/characteristics.csv", review.studies.table
    yield "tables/findings.csv", findings.to_frame()
    if review.flow is not None:
        yield "tables/flow.csv", review.flow.to_frame()


def _named(one: Analysis) -> dict[str, object]:
    return {
        "analysis": one.key,
        "comparison": one.comparison.name,
        "outcome": one.outcome.label,
        "window": one.window.label if one.window else "",
    }


def _result(one: Analysis) -> dict[str, object]:
    assert one.fit is not None  # noqa: S101
    return dict(one.fit.to_frame().iloc[0])


def results(analyses: Sequence[Analysis]) -> pd.DataFrame:
    """Return every analysis in one row, those without a result with the reason."""
    rows = []
    for one in analyses:
        found = {} if one.fit is None else _result(one)
        people = {"participants": one.participants}
        rows.append({**_named(one), **people, **found, "reason": one.reason})
    return pd.DataFrame(rows)


def sensitivity(analyses: Sequence[Analysis]) -> pd.DataFrame:
    """Return the main result and every sensitivity analysis, one row each."""
    rows = []
    for one in analyses:
        if one.fit is None:
            continue
        rows.append({**_named(one), "sensitivity": "", "left_out": "", **_result(one)})
        for key, variant in one.sensitivity.items():
            left = {"sensitivity": key, "left_out": "; ".join(variant.left_out)}
            rows.append({**_named(one), **left, **dict(variant.fit.to_frame().iloc[0])})
    return pd.DataFrame(rows)


def certainty(review: Contents) -> pd.DataFrame:
    """Return every reason of every rating of certainty, one row each."""
    parts = []
    for key, rated in review.appraisals.certainties.items():
        part = rated.domains.drop(columns="judged")
        part.insert(0, "level", rated.level)
        part.insert(0, "status", rated.status)
        named = _named(review.analyses[key])
        for name in reversed(named):
            part.insert(0, name, str(named[name]))
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def subgroups(analyses: Sequence[Analysis]) -> pd.DataFrame:
    """Return the result of every subgroup, one row each, with the test between the groups."""
    rows = []
    for one in analyses:
        for by, groups in one.subgroups.items():
            test = {"q_between": groups.q_between, "df": groups.df, "p_between": groups.p_value}
            rows += [
                {**_named(one), "by": by, "group": name, **test, **dict(fit.to_frame().iloc[0])}
                for name, fit in groups.groups.items()
            ]
    return pd.DataFrame(rows)


def studies(one: Analysis, review: Contents) -> pd.DataFrame:
    """Return the rows of an analysis with effect, weight, formula and where they come from."""
    held = one.effects.copy()
    receipts = held.pop("receipt") if "receipt" in held else pd.Series(dtype=object)
    held.insert(0, "file", review.extraction.file)
    if one.fit is not None and one.fit.k == len(held) and not held["study"].duplicated().any():
        weights = dict(zip(one.fit.studies["study"], one.fit.weights, strict=True))
        held["weight"] = held["study"].map(weights)
    for name in ("formula", "inputs"):
        held[name] = [getattr(one, name) if isinstance(one, Receipt) else "" for one in receipts]
    return held.dropna(axis="columns", how="all")
