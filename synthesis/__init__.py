"""Evidence synthesis: from what trials report to pooled effects that can be checked.

The names below are the public face. Each is loaded when it is first used, so that
``import synthesis`` stays light.
"""

from __future__ import annotations

import importlib
import inspect
from typing import TYPE_CHECKING, Any

from arrowroot import __version__ as __version__
from arrowroot.errors import interrupted
from arrowroot.lab.calls import guarded, guarded_call
from arrowroot.lab.names import unknown_name

if TYPE_CHECKING:
    from arrowroot.errors import ArgumentError as ArgumentError
    from arrowroot.errors import ArrowrootError as ArrowrootError
    from arrowroot.errors import DataError as DataError
    from arrowroot.errors import EstimationError as EstimationError
    from arrowroot.errors import FileError as FileError
    from arrowroot.errors import MissingPackageError as MissingPackageError
    from arrowroot.errors import OptionError as OptionError
    from arrowroot.errors import UnknownNameError as UnknownNameError
    from synthesis.appraisal.certainty.certainty import certainty as certainty
    from synthesis.appraisal.certainty.reasons.rules import CertaintyRules as CertaintyRules
    from synthesis.appraisal.certainty.reported import ReportedEffect as ReportedEffect
    from synthesis.appraisal.certainty.reported import reported_effect as reported_effect
    from synthesis.appraisal.certainty.result import Certainty as Certainty
    from synthesis.appraisal.findings.findings import SummaryOfFindings as SummaryOfFindings
    from synthesis.appraisal.findings.findings import summary_of_findings as summary_of_findings
    from synthesis.appraisal.readings.absolute import AbsoluteEffect as AbsoluteEffect
    from synthesis.appraisal.readings.absolute import AbsoluteEffects as AbsoluteEffects
    from synthesis.appraisal.readings.absolute import absolute_effect as absolute_effect
    from synthesis.appraisal.readings.information_size import (
        optimal_information_size as optimal_information_size,
    )
    from synthesis.appraisal.readings.interpret import interpret as interpret
    from synthesis.appraisal.risk_of_bias.judging import RobJudgement as RobJudgement
    from synthesis.appraisal.risk_of_bias.judging import rob_judgement as rob_judgement
    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias as RiskOfBias
    from synthesis.appraisal.risk_of_bias.sensitivity import (
        sensitivity_by_risk_of_bias as sensitivity_by_risk_of_bias,
    )
    from synthesis.boards.coding import CodingBoard as CodingBoard
    from synthesis.boards.coding import coding_board as coding_board
    from synthesis.boards.duplicates import DuplicateBoard as DuplicateBoard
    from synthesis.boards.duplicates import duplicate_board as duplicate_board
    from synthesis.boards.risk_of_bias import RiskOfBiasBoard as RiskOfBiasBoard
    from synthesis.boards.risk_of_bias import risk_of_bias_board as risk_of_bias_board
    from synthesis.boards.screening import ScreeningBoard as ScreeningBoard
    from synthesis.boards.screening import screening_board as screening_board
    from synthesis.coding.agreement.agreement import agreement as agreement
    from synthesis.coding.agreement.agreement import agreement_by_code as agreement_by_code
    from synthesis.coding.agreement.agreement import agreement_by_pair as agreement_by_pair
    from synthesis.coding.agreement.segments import segment_agreement as segment_agreement
    from synthesis.coding.codebook import Code as Code
    from synthesis.coding.codebook import Codebook as Codebook
    from synthesis.coding.codings import check_codings as check_codings
    from synthesis.coding.codings import coded_units as coded_units
    from synthesis.coding.codings import disagreements as disagreements
    from synthesis.coding.codings import read_codings as read_codings
    from synthesis.coding.codings import uncoded as uncoded
    from synthesis.coding.comparison import CountComparison as CountComparison
    from synthesis.coding.comparison import compare_counts as compare_counts
    from synthesis.coding.comparison import share_interval as share_interval
    from synthesis.coding.consensus import Consensus as Consensus
    from synthesis.coding.consensus import consensus as consensus
    from synthesis.coding.content import co_occurrence as co_occurrence
    from synthesis.coding.content import find_indicators as find_indicators
    from synthesis.coding.content import keyword_in_context as keyword_in_context
    from synthesis.coding.content import saturation as saturation
    from synthesis.coding.epoc import epoc_2002 as epoc_2002
    from synthesis.coding.epoc import epoc_2015_partial as epoc_2015_partial
    from synthesis.coding.refi.codebook import read_qdc as read_qdc
    from synthesis.coding.refi.codebook import write_qdc as write_qdc
    from synthesis.coding.refi.project import QdaProject as QdaProject
    from synthesis.coding.refi.read_project import read_qdpx as read_qdpx
    from synthesis.coding.refi.write_project import write_qdpx as write_qdpx
    from synthesis.coding.sheets import Sheets as Sheets
    from synthesis.coding.sheets import read_sheets as read_sheets
    from synthesis.coding.sheets import write_sheets as write_sheets
    from synthesis.coding.tables import count_matching as count_matching
    from synthesis.coding.tables import cross_table as cross_table
    from synthesis.coding.theory import actions_by_activity as actions_by_activity
    from synthesis.coding.theory import reached_by as reached_by
    from synthesis.coding.theory import with_actions as with_actions
    from synthesis.diagnostics.cumulative import cumulative as cumulative
    from synthesis.diagnostics.directions import effect_directions as effect_directions
    from synthesis.diagnostics.directions import sign_test as sign_test
    from synthesis.diagnostics.in_r import to_r as to_r
    from synthesis.diagnostics.influence import baujat as baujat
    from synthesis.diagnostics.influence import blup as blup
    from synthesis.diagnostics.influence import influence as influence
    from synthesis.diagnostics.influence import influence_limits as influence_limits
    from synthesis.diagnostics.influence import leave_one_out as leave_one_out
    from synthesis.diagnostics.multiverse import multiverse as multiverse
    from synthesis.diagnostics.p_value_functions import p_value_functions as p_value_functions
    from synthesis.diagnostics.profile import tau2_profile as tau2_profile
    from synthesis.diagnostics.small_studies.asymmetry import egger_test as egger_test
    from synthesis.diagnostics.small_studies.asymmetry import peters_test as peters_test
    from synthesis.diagnostics.small_studies.excess import (
        excess_significance as excess_significance,
    )
    from synthesis.diagnostics.small_studies.fail_safe import fail_safe_n as fail_safe_n
    from synthesis.diagnostics.small_studies.pet_peese import pet_peese as pet_peese
    from synthesis.diagnostics.small_studies.rank import rank_test as rank_test
    from synthesis.diagnostics.small_studies.selection import selection_model as selection_model
    from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill as trim_and_fill
    from synthesis.diagnostics.subsets import gosh as gosh
    from synthesis.effects.blank_sheet import template as template
    from synthesis.effects.control_covariance import (
        shared_control_covariance as shared_control_covariance,
    )
    from synthesis.effects.dependence import average_within_studies as average_within_studies
    from synthesis.effects.dependence import choose_rows as choose_rows
    from synthesis.effects.dependence import within_study_covariance as within_study_covariance
    from synthesis.effects.effect_sizes import effect_sizes as effect_sizes
    from synthesis.effects.effect_sizes import routes_to as routes_to
    from synthesis.effects.formulas.designs import combine_arms as combine_arms
    from synthesis.effects.formulas.designs import crossover_difference as crossover_difference
    from synthesis.effects.formulas.designs import crossover_smd as crossover_smd
    from synthesis.effects.formulas.designs import design_effect as design_effect
    from synthesis.effects.lint.lint import lint as lint
    from synthesis.effects.lint.lint import lint_rules as lint_rules
    from synthesis.effects.multi_arm import shared_control as shared_control
    from synthesis.effects.routes.receipts import Receipt as Receipt
    from synthesis.effects.routes.receipts import receipts as receipts
    from synthesis.effects.sensitivity import sensitivity as sensitivity
    from synthesis.effects.sheet.declared import with_outcomes as with_outcomes
    from synthesis.effects.sheet.reading import read_extraction as read_extraction
    from synthesis.effects.sheet.windows import time_windows as time_windows
    from synthesis.evaluation.delphi.delphi import delphi as delphi
    from synthesis.evaluation.delphi.feedback import read_ratings as read_ratings
    from synthesis.evaluation.delphi.printed import check_delphi as check_delphi
    from synthesis.evaluation.delphi.result import Delphi as Delphi
    from synthesis.evaluation.delphi.rule import DelphiRule as DelphiRule
    from synthesis.evaluation.distance.distance import distance_travelled as distance_travelled
    from synthesis.evaluation.distance.result import DistanceTravelled as DistanceTravelled
    from synthesis.evaluation.printed_shares import check_shares as check_shares
    from synthesis.evaluation.templates import evaluation_template as evaluation_template
    from synthesis.evaluation.themes import Themes as Themes
    from synthesis.evaluation.themes import themes as themes
    from synthesis.evaluation.use.concentration import Concentration as Concentration
    from synthesis.evaluation.use.concentration import concentration as concentration
    from synthesis.evaluation.use.printed import check_top_share as check_top_share
    from synthesis.evaluation.value.claims import check_return as check_return
    from synthesis.evaluation.value.rates import DiscountRates as DiscountRates
    from synthesis.evaluation.value.rates import discount_rates as discount_rates
    from synthesis.evaluation.value.result import ValueForMoney as ValueForMoney
    from synthesis.evaluation.value.value import value_for_money as value_for_money
    from synthesis.guide.what_next import NextSteps as NextSteps
    from synthesis.guide.what_next import what_next as what_next
    from synthesis.library.citations import Citations as Citations
    from synthesis.library.duplicates import find_duplicates as find_duplicates
    from synthesis.library.duplicates import merge_duplicates as merge_duplicates
    from synthesis.library.duplicates import related_reports as related_reports
    from synthesis.library.exchange.writing import write_decisions as write_decisions
    from synthesis.library.extraction import extraction_rows as extraction_rows
    from synthesis.library.flow.flow import PrismaFlow as PrismaFlow
    from synthesis.library.flow.flow import prisma_flow as prisma_flow
    from synthesis.library.flow.flow import read_flow as read_flow
    from synthesis.library.notices.table import publication_notices as publication_notices
    from synthesis.library.ranking.ranking import Ranking as Ranking
    from synthesis.library.ranking.ranking import rank_records as rank_records
    from synthesis.library.ranking.stopping import Stopping as Stopping
    from synthesis.library.ranking.stopping import stopping_test as stopping_test
    from synthesis.library.records import Records as Records
    from synthesis.library.records import read_records as read_records
    from synthesis.library.screeners import screening_agreement as screening_agreement
    from synthesis.library.screeners import screening_conflicts as screening_conflicts
    from synthesis.library.screening import Screening as Screening
    from synthesis.library.screening import check_decisions as check_decisions
    from synthesis.library.screening import read_decisions as read_decisions
    from synthesis.library.screening import settle as settle
    from synthesis.library.screening_sheets import write_screening_sheets as write_screening_sheets
    from synthesis.library.studies import studies_of as studies_of
    from synthesis.library.writers import write_records as write_records
    from synthesis.outcomes import Instrument as Instrument
    from synthesis.outcomes import Outcome as Outcome
    from synthesis.outcomes import Window as Window
    from synthesis.outcomes import read_outcomes as read_outcomes
    from synthesis.plots.albatross import albatross as albatross
    from synthesis.plots.baujat import baujat_plot as baujat_plot
    from synthesis.plots.bubble import bubble as bubble
    from synthesis.plots.drapery import drapery as drapery
    from synthesis.plots.drawing.save import save as save
    from synthesis.plots.effect_direction import effect_direction as effect_direction
    from synthesis.plots.evaluation.change import change_plot as change_plot
    from synthesis.plots.evaluation.lorenz import lorenz as lorenz
    from synthesis.plots.evaluation.radar import radar as radar
    from synthesis.plots.evaluation.rounds import delphi_plot as delphi_plot
    from synthesis.plots.evaluation.tornado import tornado as tornado
    from synthesis.plots.forest.forest import forest as forest
    from synthesis.plots.forest.outcomes import outcome_forest as outcome_forest
    from synthesis.plots.forest.pages import forest_pages as forest_pages
    from synthesis.plots.forest.summary import summary_forest as summary_forest
    from synthesis.plots.funnel import funnel as funnel
    from synthesis.plots.gosh import gosh_plot as gosh_plot
    from synthesis.plots.heat import heat as heat
    from synthesis.plots.hover import Hover as Hover
    from synthesis.plots.hover import hover as hover
    from synthesis.plots.influence import influence_plot as influence_plot
    from synthesis.plots.labbe import labbe as labbe
    from synthesis.plots.normal_quantiles import qq_plot as qq_plot
    from synthesis.plots.orchard import orchard as orchard
    from synthesis.plots.profile import profile_plot as profile_plot
    from synthesis.plots.radial import radial as radial
    from synthesis.plots.rob import rob_summary as rob_summary
    from synthesis.plots.rob import rob_traffic_light as rob_traffic_light
    from synthesis.plots.specification import specification_curve as specification_curve
    from synthesis.plots.words import alt_text as alt_text
    from synthesis.pooling.combine import CombinedP as CombinedP
    from synthesis.pooling.combine import combine_p_values as combine_p_values
    from synthesis.pooling.many import meta_analyses as meta_analyses
    from synthesis.pooling.many_in_r import meta_analyses_to_r as meta_analyses_to_r
    from synthesis.pooling.model import meta_analysis as meta_analysis
    from synthesis.pooling.multilevel.results import ThreeLevel as ThreeLevel
    from synthesis.pooling.multilevel.three_level import three_level as three_level
    from synthesis.pooling.regression.meta_regression import meta_regression as meta_regression
    from synthesis.pooling.regression.results import MetaRegression as MetaRegression
    from synthesis.pooling.results import MetaAnalysis as MetaAnalysis
    from synthesis.pooling.robust.results import RobustFit as RobustFit
    from synthesis.pooling.robust.robust import rho_sensitivity as rho_sensitivity
    from synthesis.pooling.robust.robust import robust as robust
    from synthesis.pooling.sparse import mantel_haenszel as mantel_haenszel
    from synthesis.pooling.sparse import peto as peto
    from synthesis.pooling.subgroups import SubgroupAnalysis as SubgroupAnalysis
    from synthesis.pooling.subgroups import subgroup_analysis as subgroup_analysis
    from synthesis.reproduce.claims.check import check_claim as check_claim
    from synthesis.reproduce.conventions.search import find_conventions as find_conventions
    from synthesis.reproduce.exercises import exercise as exercise
    from synthesis.reproduce.exercises import exercises as exercises
    from synthesis.reproduce.flow_check import check_flow as check_flow
    from synthesis.reproduce.ledger import ledger as ledger
    from synthesis.review.review import Review as Review

_HOMES = {
    "arrowroot.errors": (
        "ArgumentError",
        "ArrowrootError",
        "DataError",
        "EstimationError",
        "FileError",
        "MissingPackageError",
        "OptionError",
        "UnknownNameError",
    ),
    "synthesis.appraisal.certainty.certainty": ("certainty",),
    "synthesis.appraisal.certainty.reported": (
        "ReportedEffect",
        "reported_effect",
    ),
    "synthesis.appraisal.certainty.result": ("Certainty",),
    "synthesis.appraisal.certainty.reasons.rules": ("CertaintyRules",),
    "synthesis.appraisal.findings.findings": (
        "SummaryOfFindings",
        "summary_of_findings",
    ),
    "synthesis.appraisal.readings.absolute": (
        "AbsoluteEffect",
        "AbsoluteEffects",
        "absolute_effect",
    ),
    "synthesis.appraisal.readings.information_size": ("optimal_information_size",),
    "synthesis.appraisal.readings.interpret": ("interpret",),
    "synthesis.appraisal.risk_of_bias.judging": (
        "RobJudgement",
        "rob_judgement",
    ),
    "synthesis.appraisal.risk_of_bias.risk_of_bias": ("RiskOfBias",),
    "synthesis.appraisal.risk_of_bias.sensitivity": ("sensitivity_by_risk_of_bias",),
    "synthesis.boards.coding": (
        "CodingBoard",
        "coding_board",
    ),
    "synthesis.boards.duplicates": (
        "DuplicateBoard",
        "duplicate_board",
    ),
    "synthesis.boards.risk_of_bias": (
        "RiskOfBiasBoard",
        "risk_of_bias_board",
    ),
    "synthesis.boards.screening": (
        "ScreeningBoard",
        "screening_board",
    ),
    "synthesis.coding.agreement.agreement": (
        "agreement",
        "agreement_by_code",
        "agreement_by_pair",
    ),
    "synthesis.coding.agreement.segments": ("segment_agreement",),
    "synthesis.coding.codebook": (
        "Code",
        "Codebook",
    ),
    "synthesis.coding.codings": (
        "check_codings",
        "coded_units",
        "disagreements",
        "read_codings",
        "uncoded",
    ),
    "synthesis.coding.comparison": (
        "CountComparison",
        "compare_counts",
        "share_interval",
    ),
    "synthesis.coding.consensus": (
        "Consensus",
        "consensus",
    ),
    "synthesis.coding.content": (
        "co_occurrence",
        "find_indicators",
        "keyword_in_context",
        "saturation",
    ),
    "synthesis.coding.epoc": (
        "epoc_2002",
        "epoc_2015_partial",
    ),
    "synthesis.coding.refi.codebook": (
        "read_qdc",
        "write_qdc",
    ),
    "synthesis.coding.refi.project": ("QdaProject",),
    "synthesis.coding.refi.read_project": ("read_qdpx",),
    "synthesis.coding.refi.write_project": ("write_qdpx",),
    "synthesis.coding.sheets": (
        "Sheets",
        "read_sheets",
        "write_sheets",
    ),
    "synthesis.coding.tables": (
        "count_matching",
        "cross_table",
    ),
    "synthesis.coding.theory": (
        "actions_by_activity",
        "reached_by",
        "with_actions",
    ),
    "synthesis.diagnostics.small_studies.asymmetry": (
        "egger_test",
        "peters_test",
    ),
    "synthesis.diagnostics.cumulative": ("cumulative",),
    "synthesis.diagnostics.directions": (
        "effect_directions",
        "sign_test",
    ),
    "synthesis.diagnostics.small_studies.excess": ("excess_significance",),
    "synthesis.diagnostics.small_studies.fail_safe": ("fail_safe_n",),
    "synthesis.diagnostics.in_r": ("to_r",),
    "synthesis.diagnostics.influence": (
        "baujat",
        "blup",
        "influence",
        "influence_limits",
        "leave_one_out",
    ),
    "synthesis.diagnostics.multiverse": ("multiverse",),
    "synthesis.diagnostics.p_value_functions": ("p_value_functions",),
    "synthesis.diagnostics.small_studies.pet_peese": ("pet_peese",),
    "synthesis.diagnostics.profile": ("tau2_profile",),
    "synthesis.diagnostics.small_studies.rank": ("rank_test",),
    "synthesis.diagnostics.small_studies.selection": ("selection_model",),
    "synthesis.diagnostics.subsets": ("gosh",),
    "synthesis.diagnostics.small_studies.trim_fill": ("trim_and_fill",),
    "synthesis.effects.blank_sheet": ("template",),
    "synthesis.effects.control_covariance": ("shared_control_covariance",),
    "synthesis.effects.dependence": (
        "average_within_studies",
        "choose_rows",
        "within_study_covariance",
    ),
    "synthesis.effects.formulas.designs": (
        "combine_arms",
        "crossover_difference",
        "crossover_smd",
        "design_effect",
    ),
    "synthesis.effects.lint.lint": (
        "lint",
        "lint_rules",
    ),
    "synthesis.effects.multi_arm": ("shared_control",),
    "synthesis.effects.routes.receipts": (
        "Receipt",
        "receipts",
    ),
    "synthesis.effects.effect_sizes": (
        "effect_sizes",
        "routes_to",
    ),
    "synthesis.effects.sensitivity": ("sensitivity",),
    "synthesis.effects.sheet.reading": ("read_extraction",),
    "synthesis.effects.sheet.windows": ("time_windows",),
    "synthesis.effects.sheet.declared": ("with_outcomes",),
    "synthesis.outcomes": (
        "Instrument",
        "Outcome",
        "Window",
        "read_outcomes",
    ),
    "synthesis.evaluation.delphi.delphi": ("delphi",),
    "synthesis.evaluation.delphi.feedback": ("read_ratings",),
    "synthesis.evaluation.delphi.printed": ("check_delphi",),
    "synthesis.evaluation.delphi.result": ("Delphi",),
    "synthesis.evaluation.delphi.rule": ("DelphiRule",),
    "synthesis.evaluation.distance.distance": ("distance_travelled",),
    "synthesis.evaluation.distance.result": ("DistanceTravelled",),
    "synthesis.evaluation.printed_shares": ("check_shares",),
    "synthesis.evaluation.templates": ("evaluation_template",),
    "synthesis.evaluation.themes": ("Themes", "themes"),
    "synthesis.evaluation.use.concentration": ("Concentration", "concentration"),
    "synthesis.evaluation.use.printed": ("check_top_share",),
    "synthesis.evaluation.value.claims": ("check_return",),
    "synthesis.evaluation.value.rates": ("DiscountRates", "discount_rates"),
    "synthesis.evaluation.value.result": ("ValueForMoney",),
    "synthesis.evaluation.value.value": ("value_for_money",),
    "synthesis.guide.what_next": (
        "NextSteps",
        "what_next",
    ),
    "synthesis.library.citations": ("Citations",),
    "synthesis.library.duplicates": (
        "find_duplicates",
        "merge_duplicates",
        "related_reports",
    ),
    "synthesis.library.flow.flow": (
        "PrismaFlow",
        "prisma_flow",
        "read_flow",
    ),
    "synthesis.library.exchange.writing": ("write_decisions",),
    "synthesis.library.extraction": ("extraction_rows",),
    "synthesis.library.notices.table": ("publication_notices",),
    "synthesis.library.ranking.ranking": ("Ranking", "rank_records"),
    "synthesis.library.ranking.stopping": ("Stopping", "stopping_test"),
    "synthesis.library.records": (
        "Records",
        "read_records",
    ),
    "synthesis.library.screeners": (
        "screening_agreement",
        "screening_conflicts",
    ),
    "synthesis.library.screening": (
        "Screening",
        "read_decisions",
        "check_decisions",
        "settle",
    ),
    "synthesis.library.screening_sheets": ("write_screening_sheets",),
    "synthesis.library.studies": ("studies_of",),
    "synthesis.library.writers": ("write_records",),
    "synthesis.plots.albatross": ("albatross",),
    "synthesis.plots.baujat": ("baujat_plot",),
    "synthesis.plots.bubble": ("bubble",),
    "synthesis.plots.drapery": ("drapery",),
    "synthesis.plots.effect_direction": ("effect_direction",),
    "synthesis.plots.evaluation.change": ("change_plot",),
    "synthesis.plots.evaluation.lorenz": ("lorenz",),
    "synthesis.plots.evaluation.radar": ("radar",),
    "synthesis.plots.evaluation.rounds": ("delphi_plot",),
    "synthesis.plots.evaluation.tornado": ("tornado",),
    "synthesis.plots.forest.forest": ("forest",),
    "synthesis.plots.funnel": ("funnel",),
    "synthesis.plots.gosh": ("gosh_plot",),
    "synthesis.plots.heat": ("heat",),
    "synthesis.plots.hover": (
        "Hover",
        "hover",
    ),
    "synthesis.plots.influence": ("influence_plot",),
    "synthesis.plots.labbe": ("labbe",),
    "synthesis.plots.normal_quantiles": ("qq_plot",),
    "synthesis.plots.orchard": ("orchard",),
    "synthesis.plots.forest.outcomes": ("outcome_forest",),
    "synthesis.plots.forest.pages": ("forest_pages",),
    "synthesis.plots.profile": ("profile_plot",),
    "synthesis.plots.radial": ("radial",),
    "synthesis.plots.rob": (
        "rob_summary",
        "rob_traffic_light",
    ),
    "synthesis.plots.drawing.save": ("save",),
    "synthesis.plots.specification": ("specification_curve",),
    "synthesis.plots.forest.summary": ("summary_forest",),
    "synthesis.plots.words": ("alt_text",),
    "synthesis.pooling.combine": (
        "CombinedP",
        "combine_p_values",
    ),
    "synthesis.pooling.many": ("meta_analyses",),
    "synthesis.pooling.many_in_r": ("meta_analyses_to_r",),
    "synthesis.pooling.model": ("meta_analysis",),
    "synthesis.pooling.multilevel.three_level": ("three_level",),
    "synthesis.pooling.multilevel.results": ("ThreeLevel",),
    "synthesis.pooling.regression.meta_regression": ("meta_regression",),
    "synthesis.pooling.regression.results": ("MetaRegression",),
    "synthesis.pooling.results": ("MetaAnalysis",),
    "synthesis.pooling.robust.robust": (
        "rho_sensitivity",
        "robust",
    ),
    "synthesis.pooling.robust.results": ("RobustFit",),
    "synthesis.pooling.sparse": (
        "mantel_haenszel",
        "peto",
    ),
    "synthesis.pooling.subgroups": (
        "SubgroupAnalysis",
        "subgroup_analysis",
    ),
    "synthesis.reproduce.claims.check": ("check_claim",),
    "synthesis.reproduce.conventions.search": ("find_conventions",),
    "synthesis.reproduce.exercises": (
        "exercise",
        "exercises",
    ),
    "synthesis.reproduce.flow_check": ("check_flow",),
    "synthesis.reproduce.ledger": ("ledger",),
    "synthesis.review.review": ("Review",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = ("datasets", "errors", "measures")

__all__ = sorted([*_HOME_OF, *_MODULES])


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name in _MODULES:
        return importlib.import_module(f"synthesis.{name}")
    if name in _HOME_OF:
        try:
            home = importlib.import_module(_HOME_OF[name])
        except KeyboardInterrupt as stop:
            interrupted(stop, f"loading {name}")
            raise
        value = getattr(home, name)
        if inspect.isfunction(value):
            value = guarded(value)
            setattr(home, name, value)  # where pickle looks for it
        elif inspect.isclass(value):
            guarded_call(value)
        globals()[name] = value
        return value
    raise unknown_name("synthesis", name, __all__)


def __dir__() -> list[str]:
    """List the public names, for completion in notebooks."""
    return __all__
