"""Every profile by the name that specifications use."""

from __future__ import annotations

from logicmodels.profiles import (
    components,
    driver_diagram,
    evidence_pathway,
    process,
    results_chain,
    system,
    theory_of_change,
    wisconsin,
)

PROFILES = {
    module.PROFILE.id: module.PROFILE
    for module in (
        theory_of_change,
        wisconsin,
        results_chain,
        evidence_pathway,
        process,
        system,
        driver_diagram,
        components,
    )
}
