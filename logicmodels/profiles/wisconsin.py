"""The logic model of the University of Wisconsin-Extension."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="wisconsin",
    title="University of Wisconsin-Extension logic model",
    columns=(
        Column("situation", "Needs and priorities", "situation", group="Situation"),
        Column("inputs", "What we invest", "input", group="Inputs"),
        Column("activities", "Activities", "activity", "What we do", group="Outputs"),
        Column("participation", "Participation", "participation", "Whom we reach", group="Outputs"),
        Column("short", "Short term", "outcome", group="Outcomes – impact"),
        Column("medium", "Medium term", "outcome", group="Outcomes – impact"),
        Column("long", "Long term", "impact", group="Outcomes – impact"),
        Column("assumptions", "Assumptions", "context"),
        Column("external", "External factors", "context"),
    ),
    source="Taylor-Powell & Henert 2008, Developing a logic model: teaching and training guide",
)
