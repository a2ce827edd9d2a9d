"""Sheets of risk of bias read: several files into one list of entries, each result once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from arrowroot.text import label, person
from synthesis.appraisal.risk_of_bias.entries import Entry, read_entries, sources
from synthesis.appraisal.risk_of_bias.findings import Finding
from synthesis.appraisal.risk_of_bias.tools.tool import Tool


@dataclass
class Sheets:
    """What several sheets hold.

    Attributes
    ----------
    entries : list of Entry
        One per study, result and assessor.
    found : list of Finding
        What could not be read.
    items : set of str
        The questions and domains that they have columns for.
    remarks : list of str
        What should be known about the files.
    """

    entries: list[Entry] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)
    items: set[str] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)


def read_sheets(given: Any, tool: Tool, names: Mapping[str, str]) -> Sheets:
    """Read a sheet, or several; see `RiskOfBias.read`.

    Parameters
    ----------
    given : path, DataFrame, or several paths
        The sheets.
    tool : Tool
        Whose questions and domains they hold.
    names : mapping of str to str
        The outcome, window and assessor of rows that name none.
    """
    read = Sheets()
    for name, table, told in sources(given):
        entries, columns = read_entries(name, table, tool, read.found)
        read.entries += entries
        read.items |= set(columns)
        read.remarks += [f"{name}: {one}" for one in told]
    for entry in read.entries:
        for name, said in names.items():
            if not getattr(entry, name):
                setattr(entry, name, label(said))
    read.entries = _once(read.entries, read.found)
    return read


def _once(entries: Sequence[Entry], found: list[Finding]) -> list[Entry]:
    """Return entries of several files, the first of each result and assessor."""
    kept: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        key = (*entry.result, person(entry.assessor))
        if key in kept:
            first = kept[key]
            message = (
                f"this result by this assessor is already in {first.file}, line {first.line}; "
                "the row was not read"
            )
            found.append(entry.finding("repeated", message))
        else:
            kept[key] = entry
    return list(kept.values())


def to_fill_in(tool: Tool, there: AbstractSet[str]) -> frozenset[str]:
    """Return the questions and domains to be filled in: whose questions are asked is to judge."""
    asked = [one.code for one in tool.domains if {each.id for each in one.questions} & there]
    return frozenset({*there, *asked, *(tool.codes[-1:] if asked else [])})
