"""Results chain: inputs to activities, outputs, outcomes and impact."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
    id="results-chain",
    title="Results chain",
    columns=(
        Column("inputs", "Inputs", "input"),
        Column("activities", "Activities", "activity"),
        Column("outputs", "Outputs", "participation"),
        Column("outcomes", "Outcomes", "outcome"),
        Column("impact", "Impact", "impact"),
        Column("assumptions", "Assumptions", "context"),
        Column("risks", "Risks", "context"),
    ),
    source="OECD 2002, Glossary of key terms in evaluation and results based management",
)
