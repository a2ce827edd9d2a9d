"""Evidence synthesis: from what trials report to pooled effects that can be checked.

The names below are the public face. Each is loaded when it is first used, so that
``import synthesis`` stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthesis.coding.agreement import agreement as agreement
    from synthesis.coding.agreement import agreement_by_code as agreement_by_code
    from synthesis.coding.agreement import agreement_by_pair as agreement_by_pair
    from synthesis.coding.codebook import Codebook as Codebook
    from synthesis.coding.codings import check_codings as check_codings
    from synthesis.coding.codings import coded_units as coded_units
    from synthesis.coding.codings import disagreements as disagreements
    from synthesis.coding.codings import read_codings as read_codings
    from synthesis.coding.comparison import compare_counts as compare_counts
    from synthesis.coding.tables import cross_table as cross_table
    from synthesis.diagnostics.asymmetry import egger_test as egger_test
    from synthesis.diagnostics.asymmetry import peters_test as peters_test
    from synthesis.diagnostics.cumulative import cumulative as cumulative
    from synthesis.diagnostics.influence import baujat as baujat
    from synthesis.diagnostics.influence import blup as blup
    from synthesis.diagnostics.influence import influence as influence
    from synthesis.diagnostics.influence import leave_one_out as leave_one_out
    from synthesis.diagnostics.pet_peese import pet_peese as pet_peese
    from synthesis.diagnostics.rank import rank_test as rank_test
    from synthesis.diagnostics.subsets import gosh as gosh
    from synthesis.effects.routes import effect_sizes as effect_sizes
    from synthesis.effects.sheet import read_extraction as read_extraction
    from synthesis.plots.forest import forest as forest
    from synthesis.pooling.combine import combine_p_values as combine_p_values
    from synthesis.pooling.many import meta_analyses as meta_analyses
    from synthesis.pooling.model import meta_analysis as meta_analysis
    from synthesis.pooling.multilevel import three_level as three_level
    from synthesis.pooling.regression import MetaRegression as MetaRegression
    from synthesis.pooling.regression import meta_regression as meta_regression
    from synthesis.pooling.results import MetaAnalysis as MetaAnalysis
    from synthesis.pooling.robust import rho_sensitivity as rho_sensitivity
    from synthesis.pooling.robust import robust as robust
    from synthesis.pooling.sparse import mantel_haenszel as mantel_haenszel
    from synthesis.pooling.sparse import peto as peto
    from synthesis.pooling.subgroups import SubgroupAnalysis as SubgroupAnalysis
    from synthesis.pooling.subgroups import subgroup_analysis as subgroup_analysis

_HOMES = {
    "synthesis.coding.agreement": (
        "agreement",
        "agreement_by_code",
        "agreement_by_pair",
    ),
    "synthesis.coding.codebook": ("Codebook",),
    "synthesis.coding.codings": (
        "check_codings",
        "coded_units",
        "disagreements",
        "read_codings",
    ),
    "synthesis.coding.comparison": ("compare_counts",),
    "synthesis.coding.tables": ("cross_table",),
    "synthesis.diagnostics.asymmetry": (
        "egger_test",
        "peters_test",
    ),
    "synthesis.diagnostics.cumulative": ("cumulative",),
    "synthesis.diagnostics.influence": (
        "baujat",
        "blup",
        "influence",
        "leave_one_out",
    ),
    "synthesis.diagnostics.pet_peese": ("pet_peese",),
    "synthesis.diagnostics.rank": ("rank_test",),
    "synthesis.diagnostics.subsets": ("gosh",),
    "synthesis.effects.routes": ("effect_sizes",),
    "synthesis.effects.sheet": ("read_extraction",),
    "synthesis.plots.forest": ("forest",),
    "synthesis.pooling.combine": ("combine_p_values",),
    "synthesis.pooling.many": ("meta_analyses",),
    "synthesis.pooling.model": ("meta_analysis",),
    "synthesis.pooling.multilevel": ("three_level",),
    "synthesis.pooling.regression": (
        "MetaRegression",
        "meta_regression",
    ),
    "synthesis.pooling.results": ("MetaAnalysis",),
    "synthesis.pooling.robust": (
        "rho_sensitivity",
        "robust",
    ),
    "synthesis.pooling.sparse": (
        "mantel_haenszel",
        "peto",
    ),
    "synthesis.pooling.subgroups": (
        "SubgroupAnalysis",
        "subgroup_analysis",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = ("datasets", "errors", "measures")

__all__ = sorted([*_HOME_OF, *_MODULES])


def __getattr__(name: str) -> Any:
    """Load a public name from its home."""
    if name in _MODULES:
        return importlib.import_module(f"synthesis.{name}")
    if name in _HOME_OF:
        value = getattr(importlib.import_module(_HOME_OF[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'synthesis' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
