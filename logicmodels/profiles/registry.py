"""Every profile by the name that specifications use."""

from __future__ import annotations

from logicmodels.profiles import theory_of_change, wisconsin

PROFILES = {
    module.PROFILE.id: module.PROFILE
    for module in (
        theory_of_change,
        wisconsin,
    )
}
