"""Driver diagram: an aim, what drives it, and ideas for change; drawn with the aim at left."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="driver-diagram",
    title="Driver diagram",
    columns=(
        Column("ideas", "Change ideas", "activity"),
        Column("secondary", "Secondary drivers", "outcome"),
        Column("primary", "Primary drivers", "outcome"),
        Column("aim", "Aim", "impact"),
        Column("measures", "Measures", "context"),
    ),
    source="Institute for Healthcare Improvement, driver diagrams",
    towards="left",
)
