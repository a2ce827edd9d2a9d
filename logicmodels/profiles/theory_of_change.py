"""Theory of change: activities lead to outcomes, outcomes to impact."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="theory-of-change",
    title="Theory of change",
    columns=(
        Column("activities", "Activities", "activity"),
        Column("outcomes", "Outcomes", "outcome"),
        Column("impact", "Impact", "impact"),
        Column("context", "Context", "context"),
    ),
    source="Davidson, in HSMC 2014, figure 2; Breuer et al. 2016, Implement Sci 11:63",
)
