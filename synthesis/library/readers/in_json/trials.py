"""The JSON of ClinicalTrials.gov (version 2 of its data, since 2023).

The names are those of the register's "Study Data Structure", as listed with their full paths in
``documentation/data/single_fields.md`` of github.com/DesayoEm/Clinexa-ETL-ELT-Pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthesis.library.readers import found
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_json import reading
from synthesis.library.readers.in_json.reading import Node

DATABASE = "ClinicalTrials.gov"

_P = "protocolSection."
_ID, _STATUS = f"{_P}identificationModule.", f"{_P}statusModule."


def is_one(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a study of the register."""
    return isinstance(value.get("protocolSection"), dict)


def read(text: str) -> Contents:
    """Return the studies of a file from ClinicalTrials.gov."""
    return reading.read(text, is_one, _take)


def _take(node: Node, contents: Contents) -> None:
    number = node.get(f"{_ID}nctId")
    official, brief = node.get(f"{_ID}officialTitle"), node.get(f"{_ID}briefTitle")
    registered = node.all(
        f"{_STATUS}studyFirstPostDateStruct.date", f"{_STATUS}studyFirstSubmitDate",
        f"{_STATUS}startDateStruct.date",
    )  # fmt: skip
    told = {
        "": node.all(f"{_P}descriptionModule.briefSummary"),
        "Study type": node.all(f"{_P}designModule.studyType"),
        "Allocation": node.all(f"{_P}designModule.designInfo.allocation"),
        "Conditions": node.all(f"{_P}conditionsModule.conditions"),
        "Interventions": node.all(f"{_P}armsInterventionsModule.interventions.name"),
        "Primary outcomes": node.all(f"{_P}outcomesModule.primaryOutcomes.measure"),
    }
    parts = [
        f"{name}: {'; '.join(of)}" if name else " ".join(of) for name, of in told.items() if of
    ]
    sponsor = node.get(f"{_P}sponsorCollaboratorsModule.leadSponsor.name")
    given: dict[str, str | list[str]] = {
        "title": official or brief,
        "year": found.year(*registered),
        "month": found.month(*registered),
        "journal": DATABASE,
        "url": f"https://clinicaltrials.gov/study/{number}" if number else "",
        "abstract": " ".join(parts),
        "keywords": node.all(f"{_P}conditionsModule.keywords", f"{_P}conditionsModule.conditions"),
        "database": DATABASE,
        "registration": [
            number,
            *node.all(f"{_ID}nctIdAliases", f"{_ID}secondaryIdInfos.id", f"{_ID}orgStudyIdInfo.id"),
        ],
        "accession": number,
        "notes": [
            *([f"Brief title: {brief}"] if official and brief and brief != official else []),
            *([f"Sponsor: {sponsor}"] if sponsor else []),
            *(f"Acronym: {one}" for one in node.all(f"{_ID}acronym")),
        ],
    }
    node.note_unread(contents, depth=3)
    contents.take(given, "trial registry record", line=node.line, raw=node.raw)
