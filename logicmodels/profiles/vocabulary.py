"""What the columns of different profiles have in common, and where their terms differ.

Every column is listed by what it contains according to its source. Two columns correspond if they
contain the same; a column without a counterpart in another profile corresponds to nothing, rather
than to the most similar one.
"""

from __future__ import annotations

from collections.abc import Mapping

from logicmodels.profiles.registry import PROFILES

MEANINGS: Mapping[str, Mapping[str, str]] = {
    "situation": {"wisconsin": "situation"},
    "what is invested": {"wisconsin": "inputs", "results-chain": "inputs"},
    "what is done": {
        "theory-of-change": "activities",
        "wisconsin": "activities",
        "results-chain": "activities",
        "evidence-pathway": "interventions",
        "process": "intervention",
        "system": "intervention",
        "driver-diagram": "ideas",
    },
    "what it leads to at once": {"wisconsin": "participation", "results-chain": "outputs"},
    "first outcomes": {
        "theory-of-change": "outcomes",
        "wisconsin": "short",
        "results-chain": "outcomes",
        "evidence-pathway": "short",
        "process": "intermediate",
        "system": "intermediate",
        "driver-diagram": "secondary",
    },
    "intermediate outcomes": {
        "theory-of-change": "outcomes",
        "wisconsin": "medium",
        "results-chain": "outcomes",
        "evidence-pathway": "intermediate",
        "process": "intermediate",
        "system": "intermediate",
        "driver-diagram": "primary",
    },
    "final outcomes": {
        "theory-of-change": "impact",
        "wisconsin": "long",
        "results-chain": "impact",
        "evidence-pathway": "long",
        "process": "outcomes",
        "system": "outcomes",
        "driver-diagram": "aim",
        "components": "result",
    },
    "assumptions": {"wisconsin": "assumptions", "results-chain": "assumptions"},
    "surroundings": {
        "theory-of-change": "context",
        "wisconsin": "external",
        "evidence-pathway": "applicability",
        "process": "context",
        "system": "context",
        "components": "context",
    },
}
"""Columns by what they contain and by profile, in the order of the arrows."""

REMARKS = (
    "Wisconsin counts what is done (activities) and whom it reaches (participation) together as"
    " outputs; a theory of change and the OECD's results chain separate activities from outputs.",
    "The OECD's outputs are the products, goods and services that result from an intervention; they"
    " share a row with Wisconsin's participation, though one names things and the other people.",
    "A column that is in two rows, such as the outcomes of a theory of change, goes to the first"
    " of them for which the other profile has a column.",
    "Drivers are listed with outcomes because change ideas act on them, and they act on the aim.",
)
"""Remarks that the table needs."""


def counterparts(source: str, target: str) -> dict[str, str]:
    """Return the columns of one profile with the corresponding ones of another.

    Parameters
    ----------
    source, target : str
        Names of profiles.

    Returns
    -------
    dict of str to str
        Columns without a counterpart are left out.

    Examples
    --------
    >>> counterparts("theory-of-change", "wisconsin")
    {'activities': 'activities', 'outcomes': 'short', 'impact': 'long', 'context': 'external'}
    """
    found: dict[str, str] = {}
    for columns in MEANINGS.values():
        if source in columns and target in columns:
            found.setdefault(columns[source], columns[target])
    return found


def vocabulary_table() -> str:
    """Return the table of columns as Markdown, with remarks and sources."""
    head = ["it contains", *PROFILES]
    rows = [
        [meaning, *(_heading(name, columns.get(name)) for name in PROFILES)]
        for meaning, columns in MEANINGS.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    table = [f"| {' | '.join(line)} |" for line in lines]
    remarks = [f"- {remark}" for remark in REMARKS]
    alone = [
        f"- {profile.title}: {', '.join(_alone(name))}."
        for name, profile in PROFILES.items()
        if _alone(name)
    ]
    sources = [f"- `{name}`: {profile.source}." for name, profile in PROFILES.items()]
    parts = (
        table,
        remarks,
        ["Without a counterpart anywhere:", "", *alone],
        ["Sources:", "", *sources],
    )
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _heading(profile: str, column: str | None) -> str:
    return f"`{column}` {PROFILES[profile].column(column).heading}" if column else "–"


def _alone(profile: str) -> list[str]:
    """Return the headings of columns that are in no row of the table."""
    held = {columns[profile] for columns in MEANINGS.values() if profile in columns}
    return [column.heading for column in PROFILES[profile].columns if column.id not in held]
