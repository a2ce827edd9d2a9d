"""Process-orientated logic model: the pathways from an intervention to its outcomes."""

from __future__ import annotations

from logicmodels.profiles.profile import Column, Profile

PROFILE = Profile(
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
