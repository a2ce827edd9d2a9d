"""What can be done with each kind of object: the calls, in the order in which people need them.

The list says what to type and nothing else: what a call does is the first line of its docstring.
Tests run every call on the data that come with Arrowroot, and compare the list with the functions
that take such an object.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One call.

    Attributes
    ----------
    call : str
        What to type. ``{it}`` is the object; ``{text}``, ``{number}`` and ``{cluster}`` are columns
        of its table: with a few different texts, with numbers, with repeated labels;
        ``{moderator}`` is one of a regression, ``{direction}`` that of an effect.
    needs : tuple of str
        Columns without which it does not apply; ``two people`` are two coders or screeners,
        ``weighted effects`` a fit that does not add up tables, ``tau2`` one of random effects.
    """

    call: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    Attributes
    ----------
    name : str
        What people call it.
    usual : str
        The name of a variable that holds one.
    steps : tuple of Step
        What can be done with it.
    classes : tuple of str
        Names of its classes, if it is an object of ours.
    columns : tuple of str
        The columns that a table of this kind has.
    without : tuple of str
        Columns that it does not have.
    """

    name: str
    usual: str
    steps: tuple[Step, ...]
    classes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def _steps(*calls: str | Step) -> tuple[Step, ...]:
    return tuple(Step(call) if isinstance(call, str) else call for call in calls)


_TWO = ("two people",)
_WEIGHTED = ("weighted effects",)
_RANDOM = ("tau2",)
_COUNTS = ("events_t", "n_t", "events_c", "n_c")

KINDS: Sequence[Kind] = (
    Kind(
        "meta-analysis",
        "fit",
        _steps(
            "{it}.sentence()",
            "{it}.to_frame()",
            "{it}.study_frame()",
            "syn.forest({it})",
            'syn.save(syn.forest({it}), "forest.pdf")',
            "syn.forest_pages({it})",
            "syn.hover(syn.forest({it}))",
            "syn.alt_text({it})",
            "syn.interpret({it}, baseline=0.2)",
            'syn.RiskOfBias.template("risk_of_bias.xlsx", {it})',
            'syn.risk_of_bias_board({it}, assessor="ann", path="risk_of_bias_ann.csv")',
            Step("syn.sensitivity_by_risk_of_bias({it}, rob)", _WEIGHTED),
            Step("syn.certainty({it})", _WEIGHTED),
            Step("{it}.to_r()", _WEIGHTED),
            "syn.leave_one_out({it})",
            'syn.cumulative({it}, order="{number}")',
            Step("syn.influence({it})", _WEIGHTED),
            Step("syn.influence_limits({it})", _WEIGHTED),
            Step("syn.influence_plot({it})", _WEIGHTED),
            "syn.baujat({it})",
            "syn.blup({it})",
            "syn.gosh({it}, subsets=1000, seed=1)",
            "syn.funnel({it})",
            "syn.egger_test({it})",
            Step("syn.peters_test({it})", _COUNTS),
            "syn.rank_test({it})",
            Step("syn.trim_and_fill({it})", _WEIGHTED),
            "syn.pet_peese({it})",
            Step('syn.selection_model({it}, alternative="{direction}")', _WEIGHTED),
            "syn.excess_significance({it})",
            "syn.fail_safe_n({it})",
            "syn.p_value_functions({it})",
            Step("syn.tau2_profile({it})", _RANDOM),
            Step('syn.robust({it}, cluster="{cluster}")'),
            "{it}.share_beyond(0.2)",
            "syn.orchard({it})",
            "syn.drapery({it})",
            "syn.radial({it})",
            "syn.qq_plot({it})",
            Step("syn.profile_plot({it})", _RANDOM),
            Step("syn.labbe({it})", _COUNTS),
        ),
        classes=("MetaAnalysis",),
    ),
    Kind(
        "meta-regression",
        "regression",
        _steps(
            "{it}.sentence()",
            "{it}.to_frame()",
            'syn.bubble({it}, "{moderator}")',
            "{it}.permutation_test(1000, seed=1)",
            "{it}.variance_inflation()",
            "{it}.predict({it}.studies)",
            'syn.robust({it}, cluster="{cluster}")',
        ),
        classes=("MetaRegression",),
    ),
    Kind(
        "subgroup analysis",
        "subgroups",
        _steps(
            "{it}.sentence()",
            "{it}.to_frame()",
            "syn.forest({it})",
            "syn.forest_pages({it})",
            "syn.orchard({it})",
            "syn.alt_text({it})",
        ),
        classes=("SubgroupAnalysis",),
    ),
    Kind(
        "three-level model",
        "levels",
        _steps(
            "{it}.sentence()",
            "{it}.to_frame()",
            "{it}.profile_intervals()",
            'syn.robust({it}, cluster="{cluster}")',
        ),
        classes=("ThreeLevel",),
    ),
    Kind(
        "model with robust standard errors",
        "robust",
        _steps("{it}.sentence()", "{it}.to_frame()"),
        classes=("RobustFit",),
    ),
    Kind(
        "set of subsets",
        "subsets",
        _steps("syn.gosh_plot({it})", "{it}.to_frame()"),
        classes=("Gosh",),
    ),
    Kind(
        "set of analyses, one for each way of analysing",
        "every",
        _steps("syn.specification_curve({it})", "{it}.to_frame()"),
        classes=("Multiverse",),
    ),
    Kind(
        "table of effects",
        "es",
        _steps(
            "syn.meta_analysis({it})",
            'syn.subgroup_analysis({it}, by="{text}")',
            'syn.meta_regression({it}, "~ {number}")',
            'syn.three_level({it}, cluster="{cluster}")',
            'syn.rho_sensitivity({it}, cluster="{cluster}")',
            "syn.multiverse({it})",
            'syn.meta_analyses({it}, by="{text}")',
            Step("syn.receipts({it})", ("receipt",)),
        ),
        columns=("study", "yi", "vi"),
    ),
    Kind(
        "extraction sheet",
        "sheet",
        _steps(
            "syn.lint({it})",
            "syn.read_extraction({it})",
            Step('syn.effect_sizes({it}, "smd")', ("mean_t", "sd_t", "n_t")),
            Step('syn.effect_sizes({it}, "md")', ("mean_t", "sd_t", "n_t")),
            Step('syn.effect_sizes({it}, "rr")', _COUNTS),
            Step('syn.effect_sizes({it}, "or")', _COUNTS),
            Step('syn.mantel_haenszel({it}, measure="or")', _COUNTS),
            Step("syn.peto({it})", _COUNTS),
            Step("syn.time_windows({it})", ("months",)),
        ),
        columns=("study",),
        without=("yi", "record_id", "unit"),
    ),
    Kind(
        "records with the problems found in their files",
        "found",
        _steps("{it}.records", "{it}.problems", "syn.what_next({it}.records)"),
        classes=("Records",),
    ),
    Kind(
        "table of records",
        "records",
        _steps(
            "syn.find_duplicates({it})",
            "syn.related_reports({it})",
            "syn.merge_duplicates({it}, links)",
            'syn.duplicate_board({it}, links, reviewer="ann", path="pairs_ann.csv")',
            'syn.screening_board({it}, stage="title_abstract", screener="ann", path="ann.csv")',
            'syn.write_screening_sheets({it}, ["ann", "bob"], "sheets", stage="title_abstract")',
            "syn.prisma_flow({it}, links, decisions)",
            'syn.extraction_rows({it}, decisions, outcomes=["satisfaction"])',
            'syn.write_records({it}, "records.ris")',
        ),
        columns=("record_id", "title"),
    ),
    Kind(
        "table of links between records",
        "links",
        _steps(
            'syn.duplicate_board(records, {it}, reviewer="ann", path="pairs_ann.csv")',
            "syn.merge_duplicates(records, {it})",
            "syn.prisma_flow(records, {it}, decisions)",
        ),
        columns=("record_id", "duplicate_of", "certain"),
    ),
    Kind(
        "table of screening decisions",
        "decisions",
        _steps(
            "syn.check_decisions({it}, records)",
            Step("syn.screening_agreement({it})", _TWO),
            Step('syn.screening_conflicts({it}, stage="title_abstract")', _TWO),
            Step("syn.settle({it})", _TWO),
            "syn.prisma_flow(records, links, {it})",
            'syn.extraction_rows(records, {it}, outcomes=["satisfaction"])',
        ),
        columns=("record_id", "stage", "decision"),
    ),
    Kind(
        "flow of records",
        "flow",
        _steps("{it}.draw()", "{it}.to_frame()", '{it}.write("flow.csv")'),
        classes=("PrismaFlow",),
    ),
    Kind(
        "table of codings",
        "codings",
        _steps(
            "syn.check_codings({it})",
            Step("syn.agreement({it})", _TWO),
            Step("syn.agreement_by_code({it})", _TWO),
            Step("syn.agreement_by_pair({it})", _TWO),
            Step("syn.disagreements({it})", _TWO),
            Step("syn.consensus({it})", _TWO),
            'syn.cross_table({it}, "code", "coder")',
            'syn.heat(syn.cross_table({it}, "code", "coder"))',
            "syn.co_occurrence({it})",
            "syn.saturation({it})",
        ),
        columns=("unit", "coder", "code"),
    ),
    Kind(
        "codebook",
        "book",
        _steps("{it}.to_frame()", '{it}.write("codebook.yaml")', 'syn.write_qdc({it}, "book.qdc")'),
        classes=("Codebook",),
    ),
    Kind(
        "Delphi study",
        "rounds",
        _steps(
            "{it}.sentence()",
            "syn.delphi_plot({it})",
            '{it}.feedback_sheets("next_round")',
            "{it}.to_frame()",
        ),
        classes=("Delphi",),
    ),
    Kind(
        "comparison of first and last readings",
        "travelled",
        _steps("{it}.sentence()", "syn.change_plot({it})", "syn.radar({it})", "{it}.to_frame()"),
        classes=("DistanceTravelled",),
    ),
    Kind(
        "cost-benefit analysis",
        "value",
        _steps(
            "{it}.sentence()",
            "{it}.one_way()",
            "{it}.switching_values()",
            "{it}.simulate(seed=1)",
            "syn.tornado({it})",
            "{it}.to_frame()",
        ),
        classes=("ValueForMoney",),
    ),
    Kind(
        "analysis of concentration",
        "use",
        _steps("{it}.sentence()", "syn.lorenz({it})", "{it}.to_frame()"),
        classes=("Concentration",),
    ),
    Kind(
        "set of themes",
        "found",
        _steps("{it}.to_frame()", 'syn.heat({it}.table, units="excerpts")'),
        classes=("Themes",),
    ),
    Kind(
        "coding board",
        "board",
        _steps("{it}.codings()"),
        classes=("CodingBoard",),
    ),
    Kind(
        "screening board",
        "board",
        _steps("{it}.decisions()"),
        classes=("ScreeningBoard",),
    ),
    Kind(
        "board of possible duplicates",
        "board",
        _steps("{it}.decisions()", "{it}.links()", "{it}.reports()"),
        classes=("DuplicateBoard",),
    ),
    Kind(
        "risk-of-bias board",
        "board",
        _steps("{it}.risk_of_bias()"),
        classes=("RiskOfBiasBoard",),
    ),
    Kind(
        "set of judgements of risk of bias",
        "rob",
        _steps(
            "{it}.problems",
            "{it}.judgements",
            "{it}.check(fit)",
            '{it}.accepted("ann")',
            Step("{it}.agreement()", _TWO),
            Step("{it}.disagreements()", _TWO),
            Step("{it}.consensus()", _TWO),
            "{it}.table()",
            "syn.rob_traffic_light({it}, fit=fit)",
            "syn.rob_summary({it}, fit=fit)",
            "syn.forest(fit, risk_of_bias={it})",
            "syn.sensitivity_by_risk_of_bias(fit, {it})",
            "syn.certainty(fit, risk_of_bias={it})",
            '{it}.save("risk_of_bias.xlsx")',
            '{it}.write_robvis("robvis.csv")',
        ),
        classes=("RiskOfBias",),
    ),
    Kind(
        "proposal of a judgement",
        "proposal",
        _steps("{it}.judgement", "{it}.path"),
        classes=("RobJudgement",),
    ),
    Kind(
        "effect as a review prints it",
        "reported",
        _steps("syn.certainty({it})", "{it}.to_frame()"),
        classes=("ReportedEffect",),
    ),
    Kind(
        "rating of certainty",
        "rated",
        _steps(
            "{it}.sentence()",
            "{it}.to_frame()",
            "{it}.judgements()",
            'syn.Certainty.template("certainty.xlsx", {it})',
            'syn.Certainty.read("certainty.xlsx")',
            "syn.summary_of_findings([{it}])",
        ),
        classes=("Certainty",),
    ),
    Kind(
        "summary of findings",
        "findings",
        _steps(
            '{it}.save("findings.docx")',
            '{it}.save("findings.html")',
            '{it}.save("profile.xlsx", view="profile")',
            "{it}.profile()",
            "{it}.to_frame()",
            '{it}.template("certainty.xlsx")',
        ),
        classes=("SummaryOfFindings",),
    ),
    Kind(
        "risk-of-bias table",
        "rob",
        _steps("syn.rob_traffic_light({it})", "syn.rob_summary({it})"),
        columns=("study", "D1", "D2"),
    ),
    Kind(
        "logic model",
        "model",
        _steps(
            "{it}.draw()",
            '{it}.draw(view="evidence")',
            '{it}.draw().save("model.svg")',
            "{it}.check()",
            "{it}.describe()",
            "{it}.gap_map()",
            "{it}.diff({it})",
            '{it}.comment_sheet("comments.xlsx")',
            '{it}.applicability_sheet("applicability.csv", targets="elsewhere")',
            "{it}.to_tables()",
            "{it}.to_mermaid()",
            "{it}.to_drawio()",
            "{it}.to_graphml()",
            "{it}.to_pptx()",
            '{it}.write("model.yaml")',
        ),
        classes=("LogicModel",),
    ),
    Kind(
        "figure",
        "ax",
        _steps(
            'syn.save({it}, "figure.pdf")',
            "syn.hover({it})",
            "syn.alt_text({it})",
        ),
        classes=("Axes", "Sheet", "matplotlib.figure.Figure"),
    ),
    Kind(
        "figure of a logic model",
        "figure",
        _steps('{it}.save("model.svg")', '{it}.save("model.pptx")', "{it}.description"),
        classes=("logicmodels.figures.figure.Figure",),
    ),
)
