"""Components: parts of an intervention that depend on each other, and what they make together."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="components",
    title="Interdependent components",
    columns=(
        Column("components", "Components", "activity"),
        Column("result", "Result", "impact"),
        Column("context", "Context", "context"),
    ),
    source="Hudson 2015, a bottom-up improvement model, LSE blog",
)
