"""Every analysis of a review as one R script."""

from __future__ import annotations

from synthesis.diagnostics.in_r import to_r
from synthesis.review.contents import Contents
from synthesis.review.text.wording import planned_words

FILE = "analysis.R"


def analyses_in_r(review: Contents) -> str:
    """Return the script with which R's metafor runs every analysis to the same numbers.

    Results that metafor does not have are named in it by a comment. Empty if nothing is pooled.
    """
    named: dict[str, object] = {}
    for key, one in review.analyses.items():
        if one.fit is None:
            continue
        named[key] = one.fit
        for by, groups in one.subgroups.items():
            named[f"{key}, {planned_words(f'subgroups {by}')}"] = groups
        for variant in one.sensitivity.values():
            named[f"{key}, sensitivity: {variant.plan.id}"] = variant.fit
        for name, test in one.small_studies.items():
            named[f"{key}, {planned_words(f'small_studies {name}')}"] = test
    return to_r(named, missing="say") if named else ""
