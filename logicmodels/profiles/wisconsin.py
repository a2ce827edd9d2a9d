"""The logic model of the University of Wisconsin-Extension."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="wisconsin",
    title="University of Wisconsin-Extension logic model",
    columns=(
        Column("situation", "Situation", "situation"),
        Column("inputs", "Inputs", "input"),
        Column("activities", "Activities", "activity", group="Outputs"),
        Column("participation", "Participation", "participation", group="Outputs"),
        Column("short", "Short term", "outcome", group="Outcomes"),
        Column("medium", "Medium term", "outcome", group="Outcomes"),
        Column("long", "Long term", "impact", group="Outcomes"),
        Column("assumptions", "Assumptions", "context"),
        Column("external", "External factors", "context"),
    ),
    source="Taylor-Powell & Henert 2008, Developing a logic model: teaching and training guide",
)
