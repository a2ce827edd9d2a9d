"""The EPOC taxonomies of interventions as codebooks, from the tables that come with Arrowroot."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from synthesis import checks
from synthesis.coding.codebook import Code, Codebook

CATEGORY, DOMAIN = "(category)", "(domain)"
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


def epoc_2015_partial(table: pd.DataFrame) -> Codebook:
    """Return the parts of EPOC's 2015 revision with a known source, as a codebook of three levels.

    Parameters
    ----------
    table : DataFrame
        ``load("sixcs", "epoc_2015_partial")``: ``domain``, ``category``, ``subcategory``,
        ``definition_own_words``, ``source_url``, ``basis``.

    Returns
    -------
    Codebook
        Ids run ``governance_arrangements``, ``governance_arrangements/<category>``,
        ``governance_arrangements/<category>/<subcategory>``.
    """
    for name in ("domain", "category", "subcategory", "definition_own_words", "source_url"):
        checks.column(table, name, "table")
    codes: dict[str, Code] = {}
    for row in table.fillna("").to_dict("records"):
        levels = [row["domain"], row["category"], row["subcategory"]]
        labels = [label for label in levels if label not in ("", DOMAIN)]
        ids = ["/".join(map(_slug, labels[: depth + 1])) for depth in range(len(labels))]
        for at, label in enumerate(labels):
            codes.setdefault(ids[at], Code(ids[at], label, parent=ids[at - 1] if at else ""))
        codes[ids[-1]] = replace(
            codes[ids[-1]], definition=row["definition_own_words"], source=row["source_url"]
        )
    read = int(checks.column(table, "basis", "table").str.startswith("EPOC 2015 text").sum())
    partial = (
        f"Not the whole taxonomy: a source was found for {len(table)} entries; for {read} of them "
        "it is the text of 2015 or a table that quotes it, for the others the framework of 2014 on "
        "which it was based, whose labels may differ. A code that is missing here need not be "
        "missing from EPOC's taxonomy."
    )
    return Codebook(
        "EPOC taxonomy of health systems interventions (partial)",
        "2015",
        tuple(codes.values()),
        source="Cochrane Effective Practice and Organisation of Care (EPOC), restated",
        gaps=(partial,),
    )


def _gaps(table: pd.DataFrame) -> tuple[str, ...]:
    basis = checks.column(table, "definition_basis", "table")
    read = int((basis == "definition read in source").sum())
    glossed = (
        f"{read} of {len(table)} definitions paraphrase one that was read in a source; for the "
        "others only the name was found, and the definition is our own explanation."
    )
    return (
        glossed,
        "The list under 'Regulatory' was not found, so that category has no codes under it.",
        "'Ownership, accreditation and affiliation' is cut off in the source.",
    )


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
