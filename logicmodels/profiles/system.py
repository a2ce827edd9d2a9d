"""System-based logic model: the system in which an intervention takes place."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="system",
    title="System-based logic model",
    columns=(
        Column("participants", "Participants", "situation"),
        Column("intervention", "Intervention", "activity", "Theory, design, delivery"),
        Column("implementation", "Implementation", "participation"),
        Column("intermediate", "Intermediate outcomes", "outcome"),
        Column("outcomes", "Health and other outcomes", "impact"),
        Column("context", "Context", "context"),
    ),
    source="Rohwer et al. 2017, J Clin Epidemiol 83:37; Rehfuess et al. 2018",
)
