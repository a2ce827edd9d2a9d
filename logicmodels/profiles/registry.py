"""The profiles that models can be written in, by the name that specifications use."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

THEORY_OF_CHANGE = Profile(
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
"""Theory of change: activities lead to outcomes, outcomes to impact."""

WISCONSIN = Profile(
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
        Column("evaluation", "Evaluation", "context", bar=True),
    ),
    source="Taylor-Powell & Henert 2008, Developing a logic model: teaching and training guide",
)
"""The logic model of the University of Wisconsin-Extension."""

RESULTS_CHAIN = Profile(
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
"""Results chain: inputs to activities, outputs, outcomes and impact."""

EVIDENCE_PATHWAY = Profile(
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
"""Evidence-based pathway: what a review found, from kinds of intervention to long-term impact."""

PROCESS = Profile(
    id="process",
    title="Process-orientated logic model",
    columns=(
        Column("intervention", "Intervention", "activity"),
        Column("processes", "Processes set off", "participation"),
        Column("intermediate", "Intermediate outcomes", "outcome"),
        Column("outcomes", "Health and other outcomes", "impact"),
        Column("context", "Context", "context"),
    ),
    source="Rohwer et al. 2017, J Clin Epidemiol 83:37; Rehfuess et al. 2018",
)
"""Process-orientated logic model: the pathways from an intervention to its outcomes."""

SYSTEM = Profile(
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
"""System-based logic model: the system in which an intervention takes place."""

DRIVER_DIAGRAM = Profile(
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
"""Driver diagram: an aim, what drives it, and ideas for change; drawn with the aim at left."""

COMPONENTS = Profile(
    id="components",
    title="Interdependent components",
    columns=(
        Column("components", "Components", "activity"),
        Column("result", "Result", "impact"),
        Column("context", "Context", "context"),
    ),
    source="Hudson 2015, a bottom-up improvement model, LSE blog",
)
"""Components: parts of an intervention that depend on each other, and their joint result."""

SYSTEM_MAP = Profile(
    id="system-map",
    title="Causal loop map",
    columns=(Column("variables", "Variables", "participation"),),
    source="Sterman 2000, Business dynamics, chapter 5",
    free=True,
)
"""Causal loop map: variables, and whether more of one makes more or less of another."""

PROFILES = {
    profile.id: profile
    for profile in (
        THEORY_OF_CHANGE,
        WISCONSIN,
        RESULTS_CHAIN,
        EVIDENCE_PATHWAY,
        PROCESS,
        SYSTEM,
        DRIVER_DIAGRAM,
        COMPONENTS,
        SYSTEM_MAP,
    )
}
"""In the order in which they are offered."""
