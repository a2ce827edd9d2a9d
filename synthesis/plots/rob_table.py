"""Tables of risk-of-bias judgements: the domains of each tool, and its possible judgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import shortened
from synthesis import checks
from synthesis.labels import complete_labels
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.judgements import JUDGEMENTS, Judgement, judged


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
    """

    name: str
    domains: Mapping[str, str]
    judgements: tuple[str, ...]
    also: Mapping[str, str] = field(default_factory=dict)


NO_INFORMATION = "no information"
_ROB2 = ("low", "some concerns", "high", NO_INFORMATION)
_ROBINS_I = ("low", "moderate", "serious", "critical", NO_INFORMATION)

TEMPLATES = {
    "rob2": Template(
        "RoB 2",
        {
            "D1": "randomisation process",
            "D2": "deviations from the intended interventions",
            "D3": "missing outcome data",
            "D4": "measurement of the outcome",
            "D5": "selection of the reported result",
        },
        _ROB2,
    ),
    "rob2_cluster": Template(
        "RoB 2 for cluster-randomised trials",
        {
            "D1a": "randomisation process",
            "D1b": "timing of identification or recruitment of participants",
            "D2": "deviations from the intended interventions",
            "D3": "missing outcome data",
            "D4": "measurement of the outcome",
            "D5": "selection of the reported result",
        },
        (*_ROB2, "not applicable"),
        {"D1a": "D1"},
    ),
    "robins_i": Template(
        "ROBINS-I",
        {
            "D1": "confounding",
            "D2": "selection of participants into the study",
            "D3": "classification of interventions",
            "D4": "deviations from the intended interventions",
            "D5": "missing data",
            "D6": "measurement of outcomes",
            "D7": "selection of the reported result",
        },
        _ROBINS_I,
    ),
    "robins_e": Template(
        "ROBINS-E",
        {
            "D1": "confounding",
            "D2": "measurement of the exposure",
            "D3": "selection of participants into the study or analysis",
            "D4": "interventions after exposure",
            "D5": "missing data",
            "D6": "measurement of the outcome",
            "D7": "selection of the reported result",
        },
        ("low", "some concerns", "high", "very high", NO_INFORMATION),
    ),
    "quadas2": Template(
        "QUADAS-2",
        {
            "D1": "patient selection",
            "D2": "index test",
            "D3": "reference standard",
            "D4": "flow and timing",
        },
        ("low", "unclear", "some concerns", "high", NO_INFORMATION),
    ),
    "quips": Template(
        "QUIPS",
        {
            "D1": "participation",
            "D2": "attrition",
            "D3": "measurement of prognostic factors",
            "D4": "measurement of outcomes",
            "D5": "confounding",
            "D6": "statistical analysis and reporting",
        },
        ("low", "moderate", "high", NO_INFORMATION),
    ),
    "generic": Template("Risk of bias", {}, ()),
}
"""The tools, by option name. Sterne et al. 2019, BMJ 366:l4898 (RoB 2); Sterne et al. 2016, BMJ
355:i4919 (ROBINS-I); Higgins et al. 2024, Environ Int 186:108602 (ROBINS-E); Whiting et al. 2011,
Ann Intern Med 155:529-536 (QUADAS-2); Hayden et al. 2013, Ann Intern Med 158:280-286 (QUIPS)."""


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
    """

    template: Template
    studies: list[str]
    domains: dict[str, str]
    judgements: dict[str, list[Judgement | None]]

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
            return []
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
            return []
        return [f"Overall judgement better than that of a domain: {shortened(milder)}."]


OVERALL = "Overall"


def rob_table(
    table: pd.DataFrame,
    *,
    template: str,
    study: str,
    domains: Mapping[str, str] | None,
    overall: str | None,
) -> RobTable:
    """Read a table of judgements, one row per study and one column per domain.

    Parameters
    ----------
    table : DataFrame
        The judgements as words.
    template : str
        A name of `TEMPLATES`.
    study : str
        Column of the study labels.
    domains : mapping of str to str, optional
        Columns of the domains with what each is about, instead of the template's.
    overall : str, optional
        Column of the overall judgement; by default the one called ``overall``, if there is one.

    Raises
    ------
    OptionError
        An unknown template.
    DataError
        A missing column, or a judgement that the tool does not have.
    """
    tool = TEMPLATES[one_of("template", template, list(TEMPLATES))]
    named = complete_labels(checks.column(table, study, "study"), "study")
    labels = [clean(name) for name in named]
    if not labels:
        raise DataError("the table has no rows, so there is no judgement to draw.")
    lower = {str(name).lower(): str(name) for name in table.columns}
    overall = lower.get("overall") if overall is None else overall
    if domains is None:
        domains = tool.domains or {
            str(name): "" for name in table.columns if name not in (study, overall)
        }
        columns = {
            code: lower.get(code.lower(), lower.get(tool.also.get(code, code).lower(), code))
            for code in domains
        }
    else:
        columns = {code: code for code in domains}
    if overall is not None:
        columns[OVERALL] = overall
    found = {
        code: checks.column(table, name, "overall" if code == OVERALL else f"domain {code}")
        for code, name in columns.items()
    }
    judgements = {clean(code): _read(values, labels, tool) for code, values in found.items()}
    about = {clean(code): clean(text) for code, text in domains.items()}
    if overall is not None:
        about[OVERALL] = ""
    return RobTable(tool, labels, about, judgements)


def _read(values: pd.Series, labels: list[str], tool: Template) -> list[Judgement | None]:
    found = judged(values, labels)
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
