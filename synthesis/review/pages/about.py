"""How a review was made: the plan against what was done, findings, files and versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from arrowroot.text import capitalised, counted
from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents
from synthesis.review.findings import Findings
from synthesis.review.text.wording import names_of, planned_words

LIBRARIES = ("arrowroot", "pymare", "numpy", "pandas", "scipy")
"""Packages whose versions the numbers may depend on."""


def about(review: Contents, findings: Findings) -> dict[str, Any]:
    """Return what the page shows of plan, findings, files and versions."""
    return {
        "done": list(_done(review)),
        "findings": list(findings),
        "inputs": review.hashes,
        "versions": [(name, version(name)) for name in LIBRARIES],
    }


def _done(review: Contents) -> Iterator[tuple[str, str]]:
    """Yield each part of the plan, and in which analyses it was done or why not."""
    analyses = list(review.analyses.values())
    plan = review.declared.plan
    failed = {one.key: one.reason for one in analyses if one.fit is None}
    yield "Pooling", _state(analyses, failed)
    for what in (
        *(f"subgroups {by}" for by in plan.subgroups),
        *(f"sensitivity {one.id}" for one in plan.sensitivity),
        *(f"small_studies {name}" for name in plan.small_studies.tests),
    ):
        left = {
            one.key: part.reason for one in analyses for part in one.not_done if part.what == what
        }
        yield capitalised(planned_words(what, plan)), _state(analyses, {**failed, **left})


def _state(analyses: Sequence[Analysis], left: Mapping[str, str]) -> str:
    """Return in how many analyses something was done, and why not in the others."""
    done = len(analyses) - len(left)
    names = names_of(analyses)
    reasons: dict[str, list[str]] = {}
    for key, reason in left.items():
        reasons.setdefault(reason, []).append(names[key])
    listed = "".join(f" Not in {'; '.join(held)}: {reason}" for reason, held in reasons.items())
    return f"Done in {done} of {counted(len(analyses), 'analysis', 'analyses')}.{listed}"
