"""Evidence-based pathway: what a review found, from kinds of intervention to long-term impact."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="evidence-pathway",
    title="Evidence-based logic model",
    columns=(
        Column("interventions", "Interventions", "activity", "By type"),
        Column("short", "Short-term outcomes", "outcome"),
        Column("moderators", "Moderators and mediators", "input"),
        Column("intermediate", "Intermediate outcomes", "outcome"),
        Column("long", "Long-term impact", "impact"),
        Column("applicability", "What bears on applicability", "context"),
    ),
    source="Baxter et al. 2014, BMC Med Res Methodol 14:62",
)
