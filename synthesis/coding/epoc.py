"""The EPOC taxonomies of interventions as codebooks, from the tables that come with Arrowroot."""

from __future__ import annotations

import re

import pandas as pd

from synthesis import checks
from synthesis.coding.codebook import Code, Codebook

CATEGORY = "(category)"
GROUP_IDS = {
    "provider": "provider",
    "patient": "patient",
    "provider oriented": "provider",
    "patient oriented": "patient",
    "structural": "structural",
}


def epoc_2002(table: pd.DataFrame) -> Codebook:
    """Return EPOC's 2002 taxonomy as a codebook of three levels.

    Parameters
    ----------
    table : DataFrame
        ``load("sixcs", "epoc_2002")``: ``category``, ``group``, ``subcategory``,
        ``definition_own_words``, ``source_url``, ``definition_basis``.

    Returns
    -------
    Codebook
        Ids run ``professional``, ``organisational_provider``,
        ``organisational_provider/skill_mix_changes``; its gaps say which definitions were read
        in a source and what is missing.
    """
    for name in ("category", "group", "subcategory", "definition_own_words", "source_url"):
        checks.column(table, name, "table")
    codes: dict[str, Code] = {}
    for row in table.fillna("").to_dict("records"):
        category, group, label = row["category"], row["group"], row["subcategory"]
        parent = category
        if group:
            parent = f"{category}_{GROUP_IDS[group]}"
            words = f"{category.capitalize()}, {group}"
            codes.setdefault(parent, Code(parent, words, parent=category))
        top = label == CATEGORY
        code = Code(
            id=category if top else f"{parent}/{_slug(label)}",
            label=category.capitalize() if top else label,
            definition=row["definition_own_words"],
            parent="" if top else parent,
            source=row["source_url"],
        )
        codes[code.id] = code
    return Codebook(
        "EPOC taxonomy of interventions",
        "2002",
        tuple(codes.values()),
        source="Cochrane Effective Practice and Organisation of Care (EPOC), restated",
        gaps=_gaps(table),
    )


def _gaps(table: pd.DataFrame) -> tuple[str, ...]:
    basis = checks.column(table, "definition_basis", "table")
    read = int((basis == "definition read in source").sum())
    glossed = (
        f"{read} of {len(table)} definitions restate one that was read in a source; for the "
        "others only the name was found, and the definition is a gloss."
    )
    return (
        glossed,
        "The list under 'Regulatory' was not found, so that category has no codes under it.",
        "'Ownership, accreditation and affiliation' is cut off in the source.",
    )


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
