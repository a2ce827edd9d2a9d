"""The XML of WHO's platform of trial registers (ICTRP, "Export results to XML").

A flat element ``Trial`` for each trial, as described with the number of trials that have each
element in a survey of one export of 2026 and in the parser ``jobs/who_ictrp`` that was written
from another; both are public on GitHub, and both give the root ``Trials_downloaded_from_ICTRP``.
"""

from __future__ import annotations

import re

from synthesis.library.readers import found
from synthesis.library.readers.found import Contents
from synthesis.library.readers.in_xml import reading
from synthesis.library.readers.in_xml.reading import Node

DATABASE = "ICTRP"

TOLD = (
    "Study_type", "Study_design", "Phase", "Condition", "Intervention", "Primary_outcome",
    "Secondary_outcome", "Inclusion_Criteria", "Exclusion_Criteria",
)  # fmt: skip
"""What describes a trial; a register has no abstract."""


def read(held: str) -> Contents:
    """Return the trials of an ICTRP file."""
    return reading.read(held, {"Trial": _take})


def _take(node: Node, contents: Contents) -> None:
    registered = node.get("Date_registration") or node.get("Date_registration3")
    # One of the two dates is written without hyphens: 20260920.
    registered = re.sub(r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", registered)
    title, public = node.get("Scientific_title"), node.get("Public_title")
    sponsor = node.get("Primary_sponsor")
    url, more = found.addresses(node.all("web_address", "results_url_link"))
    told = [(name.replace("_", " "), node.get(name)) for name in TOLD]
    given: dict[str, str | list[str]] = {
        "title": title or public,
        "year": found.year(registered),
        "month": found.month(registered),
        "journal": node.get("Source_Register"),
        "url": url,
        "abstract": " ".join(f"{name}: {text}" for name, text in told if text),
        "keywords": re.split(r"[;|]", node.get("Condition")),
        "database": DATABASE,
        "registration": node.all("TrialID", "Secondary_ID"),
        "accession": node.get("TrialID"),
        "notes": [
            *([f"Public title: {public}"] if public and title and public != title else []),
            *([f"Sponsor: {sponsor}"] if sponsor else []),
            *more,
        ],
    }
    node.nodes("Date_registration3", "Internal_Number")
    node.note_unread(contents)
    contents.take(given, "trial registry record", line=node.line, raw=node.raw)
