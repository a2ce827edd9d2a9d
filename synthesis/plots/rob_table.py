"""Tables of risk-of-bias judgements: the domains of each tool, and its possible judgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from arrowroot.text import shortened
from synthesis import checks
from synthesis.appraisal.risk_of_bias.results import judged_in, studies_of
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.appraisal.risk_of_bias.tools.reading import NAMES, tool_named
from synthesis.appraisal.risk_of_bias.tools.tool import Tool
from synthesis.appraisal.risk_of_bias.words import WORDS
from synthesis.labels import complete_labels
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.judgements import JUDGEMENTS, Judgement, judged
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.subgroups import SubgroupAnalysis


@dataclass(frozen=True)
class Template:
    """One tool.

    Attributes
    ----------
    name : str
        As printed in figures.
    domains : mapping of str to str
        What each domain is about, by its code; empty if the table says.
    judgements : tuple of str
        The possible judgements of a domain; empty for all known ones.
    also : mapping of str to str
        Other names by which tables call a domain, by its code.
    optional : tuple of str
        Domains that tables may lack: those of applicability.
    """

    name: str
    domains: Mapping[str, str]
    judgements: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)
    optional: tuple[str, ...] = ()


TEMPLATES = (*NAMES, "generic")
"""The tools, by option name: those of `synthesis.appraisal`, and ``generic``, whose domains are the
table's other columns."""


@cache
def template_named(name: str) -> Template:
    """Return a tool as figures know it, by a name of `TEMPLATES`."""
    return Template("Risk of bias", {}, ()) if name == "generic" else of_tool(tool_named(name))


def of_tool(tool: Tool) -> Template:
    """Return a tool as figures know it."""
    known = {word for code in tool.codes for word in tool.judgements(code)} | set(tool.also_drawn)
    return Template(
        tool.name,
        {one.code: one.about for one in tool.domains},
        tuple(word for word in WORDS if word in known),
        {one.code: one.also for one in tool.domains if one.also},
        tuple(one.code for one in tool.domains if one.kind != "bias"),
    )


@dataclass(frozen=True)
class RobTable:
    """Judgements, read and checked.

    Attributes
    ----------
    template : Template
        The tool.
    studies : list of str
        Study labels.
    domains : dict of str to str
        What each column is about, by its code; the overall judgement is ``"Overall"``.
    judgements : dict of str to list
        By code, one judgement per study; None where a cell is blank.
    told : tuple of str
        Sentences on which result and which studies they are.
    """

    template: Template
    studies: list[str]
    domains: dict[str, str]
    judgements: dict[str, list[Judgement | None]]
    told: tuple[str, ...] = ()

    @property
    def used(self) -> list[Judgement]:
        """The judgements that occur, from the best to the worst, no information last."""
        there = {found for column in self.judgements.values() for found in column}
        return [known for known in JUDGEMENTS if known in there]

    @property
    def blank(self) -> int:
        """How many cells have no judgement."""
        return sum(found is None for column in self.judgements.values() for found in column)

    def notes(self) -> list[str]:
        """Say what the codes of the domains mean."""
        told = [f"{code}: {about}" for code, about in self.domains.items() if about]
        lead = ["Bias in or due to:"] if self.template.domains and told else []
        return [*lead, *told]

    def remarks(self) -> list[str]:
        """Name the studies whose overall judgement is better than that of one of their domains."""
        if OVERALL not in self.judgements:
            return list(self.told)
        milder = []
        for row, study in enumerate(self.studies):
            overall = self.judgements[OVERALL][row]
            worse = [
                f"{code} {found.name}"
                for code, column in self.judgements.items()
                if overall is not None
                and (found := column[row]) is not None
                and found.level > overall.level >= 0
            ]
            if worse and overall is not None:
                milder.append(f"{study} (overall {overall.name}, {', '.join(worse)})")
        if not milder:
            return list(self.told)
        return [*self.told, f"Overall judgement better than that of a domain: {shortened(milder)}."]


OVERALL = "Overall"


def rob_table(
    table: pd.DataFrame | RiskOfBias,
    *,
    tool: str | None = None,
    template: str | None = None,
    study: str,
    domains: Mapping[str, str] | None,
    overall: str | None,
    outcome: str | None = None,
    window: str | None = None,
    fit: MetaAnalysis | None = None,
) -> RobTable:
    """Read a table of judgements, one row per study and one column per domain.

    Parameters
    ----------
    table : DataFrame or RiskOfBias
        The judgements as words, or as they were read from sheets.
    tool, template : str
        A name of `TEMPLATES`, under either option; RiskOfBias brings its own.
    study : str
        Column of the study labels.
    domains : mapping of str to str, optional
        Columns of the domains with what each is about, instead of the template's.
    overall : str, optional
        Column of the overall judgement; by default the one called ``overall``, if there is one.
    outcome, window : str, optional
        Which result of a RiskOfBias.
    fit : MetaAnalysis, optional
        The analysis whose studies are drawn, for a RiskOfBias.

    Raises
    ------
    OptionError
        An unknown template.
    DataError
        A missing column, or a judgement that the tool does not have.
    """
    told: tuple[str, ...] = ()
    if isinstance(table, RiskOfBias):
        known = of_tool(table.tool)
        table, told = _of_result(table, outcome, window, fit)
    else:
        for option, given in (("outcome", outcome), ("window", window)):
            if given is not None:
                raise OptionError(
                    f"{option} chooses among the results of syn.RiskOfBias.read(...); for a plain "
                    "table choose its rows yourself."
                )
        known = template_named(_name(tool, template))
    checks.is_table(table, "study")
    lower = {str(name).lower(): str(name) for name in table.columns}
    if study == "study" and study not in table.columns:
        study = lower.get(study, study)
    named = complete_labels(checks.column(table, study, "study"), "study")
    labels = [clean(name) for name in named]
    if not labels:
        raise DataError("the table has no rows, so there is no judgement to draw.")
    overall = lower.get("overall") if overall is None else overall
    if domains is None:
        domains = known.domains or {
            str(name): "" for name in table.columns if name not in (study, overall)
        }
        columns = {
            code: lower.get(code.lower(), lower.get(known.also.get(code, code).lower(), code))
            for code in domains
        }
        absent = {one for one in known.optional if columns.get(one) not in table.columns}
        columns = {code: name for code, name in columns.items() if code not in absent}
        domains = {code: about for code, about in domains.items() if code not in absent}
    else:
        columns = {code: code for code in domains}
    if overall is not None:
        columns[OVERALL] = overall
    found = {
        code: checks.column(table, name, "overall" if code == OVERALL else f"domain {code}")
        for code, name in columns.items()
    }
    judgements = {clean(code): _read(values, labels, known) for code, values in found.items()}
    about = {clean(code): clean(text) for code, text in domains.items()}
    if overall is not None:
        about[OVERALL] = ""
    return RobTable(known, labels, about, judgements, told)


def _name(tool: str | None, template: str | None) -> str:
    """Return the tool that was asked for under either option."""
    if tool is not None and template is not None and tool != template:
        raise OptionError(f"tool and template are the same option; got {tool!r} and {template!r}.")
    option, given = ("template", template) if tool is None and template else ("tool", tool)
    return one_of(option, "rob2" if given is None else given, TEMPLATES)


def _of_result(
    rob: RiskOfBias, outcome: str | None, window: str | None, fit: MetaAnalysis | None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the judgements of one result, and what a reader must know of them.

    With an analysis they are those of its studies, in its order; studies of which nothing was
    judged are blank, and studies that are not in it are left out and named.
    """
    if fit is not None:
        asked = list(dict.fromkeys(rob.results_of(fit, outcome, window)))
        if len(asked) > 1:
            raise DataError("outcome: the analysis has several results; name outcome and window.")
        outcome, window = asked[0]
    table = rob.table(outcome, window)
    named = {one for one in rob.outcomes if any(one)}
    one = outcome or (next(iter(named))[0] if len(named) == 1 else "")
    two = window or (next(iter(named))[1] if len(named) == 1 else "")
    whole = "" if one in [known for known, _ in rob.outcomes] else ", judged of studies as a whole"
    told = [f"Result: {', '.join(filter(None, (one, two)))}{whole}."] if one or two else []
    if fit is not None:
        studies = list(dict.fromkeys(studies_of(fit)))
        others = [study for study in table["study"] if study not in studies]
        if others:
            told.append(f"Judged, but not in the analysis: {shortened(others)}.")
        table = table.set_index("study").reindex(studies).rename_axis("study").reset_index()
    return table.astype(object), tuple(told)


def sheets_of(risks: object) -> list[RiskOfBias]:
    """Return judgements that were read from sheets, of one tool or of several."""
    given = list(risks) if isinstance(risks, (list, tuple)) else [risks]
    return [one for one in given if isinstance(one, RiskOfBias)]


def with_risks(
    result: MetaAnalysis | SubgroupAnalysis,
    risks: Sequence[str] | Mapping[str, str] | RiskOfBias | Sequence[RiskOfBias],
) -> tuple[Any, Any]:
    """Return a result whose study table has the judgements of its own outcome and window.

    Parameters
    ----------
    result : MetaAnalysis or SubgroupAnalysis
        What is to be drawn.
    risks : RiskOfBias, several of them, sequence of str or mapping of str to str
        Columns, which are returned as they are, or what was read from sheets. Tools differ in
        their domains, so that of several only the overall judgement is drawn.

    Returns
    -------
    tuple
        The result, and the columns of judgements with their headings.
    """
    tools = sheets_of(risks)
    if not tools:
        return result, risks
    if isinstance(result, SubgroupAnalysis):
        groups = {name: with_risks(fit, risks)[0] for name, fit in result.groups.items()}
        overall, columns = with_risks(result.overall, risks)
        return replace(result, groups=groups, overall=overall), columns
    columns = {
        one.about
        if one.about not in result.studies.columns
        else f"{one.code} {one.about}": one.code
        for one in (tools[0].tool.domains if len(tools) == 1 else ())
    }
    if all(one.tool.overall for one in tools):
        columns[OVERALL] = OVERALL
    elif len(tools) > 1:
        raise DataError(
            "risk_of_bias: of several tools the overall judgements are drawn; one of "
            "these has none. Give one tool."
        )
    held = judged_in(result, tools)
    by_code = {
        code: held[OVERALL.lower() if code == OVERALL else code] for code in columns.values()
    }
    cells = {name: by_code[code].to_numpy() for name, code in columns.items()}
    used = {name: code for name, code in columns.items() if by_code[code].notna().any()}
    return replace(result, studies=result.studies.assign(**cells)), used or columns


def _read(values: pd.Series, labels: list[str], tool: Template) -> list[Judgement | None]:
    found = judged(values, labels, tool.judgements)
    foreign = [
        f"{one.name!r} for study {label!r}"
        for one, label in zip(found, labels, strict=True)
        if one is not None and tool.judgements and one.name not in tool.judgements
    ]
    if foreign:
        legal = ", ".join(map(repr, tool.judgements))
        raise DataError(
            f"{values.name}: {tool.name} allows {legal}; got {shortened(foreign)}. Correct "
            "the cells, or use template='generic'."
        )
    return found
