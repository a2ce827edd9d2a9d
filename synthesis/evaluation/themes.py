"""Themes of qualitative evidence: where they come from, and how far each can be trusted."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from arrowroot.text import counted, did_you_mean, label, shortened
from synthesis.coding.ratings import natural
from synthesis.coding.tables import cross_table
from synthesis.evaluation.reading import Rows, refuse_no_model

if TYPE_CHECKING:
    from logicmodels import LogicModel

COMPONENTS = {
    "methodological_limitations": "methodological limitations",
    "coherence": "coherence",
    "adequacy": "adequacy of data",
    "relevance": "relevance",
}
CONCERNS = ("no or very minor", "minor", "moderate", "serious")
CONFIDENCE = ("high", "moderate", "low", "very low")
DIRECTIONS = ("supports", "no difference", "conflicting", "adverse", "not stated")
Ends = tuple[str, str]


@dataclass(frozen=True, eq=False, repr=False)
class Themes(display.Shown):
    """The result of `themes`.

    Attributes
    ----------
    table : DataFrame
        Excerpts by theme and source, with margins named ``total``.
    themes : DataFrame
        One row per theme: ``sources``, ``excerpts``, and, where they were judged, ``finding``,
        the concerns in each of the four components of CERQual with their reasons,
        ``confidence``, ``reason`` and ``direction``.
    excerpts : DataFrame
        Every coded excerpt.
    notes : tuple of str
        What must be said with the result.
    """

    table: pd.DataFrame
    themes: pd.DataFrame
    excerpts: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return `themes`."""
        return self.themes

    def evidence(self, arrows: Mapping[str, Ends | Sequence[Ends]]) -> pd.DataFrame:
        """Return the themes as a table of evidence for the arrows of a logic model.

        Parameters
        ----------
        arrows : mapping
            Theme -> the arrow that it is about, as the ids of its ends, or several arrows.

        Returns
        -------
        DataFrame
            As `LogicModel.with_evidence` takes it: the certainty is the confidence in the
            finding, the reasons are the concerns, ``k`` the number of sources.

        Raises
        ------
        DataError
            If there is no such theme, or nobody has judged the confidence in it.
        """
        known = self.themes.set_index("theme")
        rows = []
        for name, ends in arrows.items():
            theme = label(name)
            if theme not in known.index:
                raise DataError(
                    f"arrows: there is no theme {theme!r}; the themes are "
                    f"{shortened(map(repr, known.index))}.{did_you_mean(theme, known.index)}"
                )
            row: Any = known.loc[theme]
            if not row.get("confidence", ""):
                raise DataError(
                    f"arrows: nobody has judged the confidence in {theme!r}. Judge it in the sheet "
                    "of evaluation_template('cerqual', ...), and give it as confidence=."
                )
            sources = self.excerpts.loc[self.excerpts["theme"] == theme, "source"]
            rows += [
                {
                    "source": source,
                    "target": target,
                    "outcome": f"qualitative: {theme}",
                    "direction": row["direction"] or "not stated",
                    "certainty": row["confidence"],
                    "reasons": "; ".join(_reasons(row)),
                    "k": int(row["sources"]),
                    "search": "done",
                    "citation": ", ".join(dict.fromkeys(sources)),
                }
                for source, target in _pairs(ends, theme)
            ]
        return TextTable(rows)

    def onto(self, model: LogicModel, arrows: Mapping[str, Ends | Sequence[Ends]]) -> LogicModel:
        """Return a logic model whose arrows carry the themes as qualitative evidence.

        Parameters
        ----------
        model : LogicModel
            It is not changed.
        arrows : mapping
            As for `evidence`.

        Returns
        -------
        LogicModel
        """
        refuse_no_model(model)
        return model.with_evidence(self.evidence(arrows))

    def _title(self) -> str:
        return (
            f"{counted(len(self.themes), 'theme')} in "
            f"{counted(self.excerpts['source'].nunique(), 'source')}, "
            f"{counted(len(self.excerpts), 'excerpt')}"
        )

    def _headings(self) -> Sequence[str]:
        return ("Theme", "Sources", "Excerpts", "Confidence", "Because")

    def _rows(self) -> Iterable[Sequence[str]]:
        return [
            (
                str(row["theme"]),
                f"{row['sources']}",
                f"{row['excerpts']}",
                str(row["confidence"]) or "not judged",
                "; ".join(_reasons(row)) if row["confidence"] else "",
            )
            for _, row in self.themes.iterrows()
        ]

    def _line(self) -> str:
        said = [f"{name} ({confidence})" for name, _, _, confidence, _ in self._rows()]
        return f"{self._title()}: {', '.join(said)}"

    def _notes(self) -> Sequence[str]:
        return self.notes


def themes(
    codings: pd.DataFrame | str | os.PathLike[str],
    *,
    confidence: pd.DataFrame | str | os.PathLike[str] | None = None,
    theme: str = "theme",
    source: str = "source",
    excerpt: str = "excerpt",
) -> Themes:
    """Gather the themes of qualitative studies, and how far each finding can be trusted.

    Parameters
    ----------
    codings : DataFrame or path
        One row per excerpt and theme.
    confidence : DataFrame or path, optional
        One row per theme, judged by people (`synthesis.evaluation_template` writes the sheet
        with lists to choose from): ``theme``, ``finding``, for each component of CERQual
        (``methodological_limitations coherence adequacy relevance``) the concerns and, in a column
        that ends in ``_reason``, why; ``confidence`` with ``confidence_reason``; and
        ``direction``, what it says of its arrow. Nothing is computed from the components:
        confidence is a judgement.
    theme, source, excerpt : str
        Columns of `codings`.

    Returns
    -------
    Themes

    Raises
    ------
    DataError
        For a blank cell, a judgement without its reason, a theme that nobody coded, and other
        faults, with the line.

    References
    ----------
    Lewin 2018, Implement Sci 13(Suppl 1):2 (GRADE-CERQual).

    Examples
    --------
    >>> made_up = pd.DataFrame({"theme": ["trust", "trust", "time"], "source": ["A", "B", "A"],
    ...                         "excerpt": ["I know her.", "She listens.", "Too short."]})
    >>> themes(made_up).table.loc["trust"].tolist()
    [1, 1, 2]
    """
    rows = Rows(
        codings,
        "codings",
        {"theme": theme, "source": source, "excerpt": excerpt},
        needed=("theme", "source", "excerpt"),
        named_by=("source", "theme"),
    )
    rows.unique(
        ("theme", "source", "excerpt"), "Keep one row for each excerpt and theme; delete the other"
    )
    coded = rows.frame[["theme", "source", "excerpt"]].reset_index(drop=True)
    found = (
        coded.groupby("theme", sort=False)
        .agg(sources=("source", "nunique"), excerpts=("excerpt", "size"))
        .reset_index()
    )
    judged, notes = _judged(confidence, list(found["theme"]))
    found = found.merge(judged, on="theme", how="left").fillna(dict.fromkeys(judged.columns, ""))
    order = list(found["theme"])
    sources = sorted(coded["source"].unique(), key=natural)
    table = cross_table(coded, "theme", "source", row_order=order, column_order=sources)
    open_ = list(found.loc[found["confidence"] == "", "theme"])
    if open_ and confidence is not None:
        notes.append(f"The confidence in {shortened(open_)} is not judged.")
    single = list(found.loc[found["sources"] == 1, "theme"])
    if single:
        notes.append(f"From one source only: {shortened(single)}.")
    notes.append(
        "How often a theme was coded is not how much it matters; the counts show where it is from."
    )
    return Themes(table, TextTable(found), TextTable(coded), (*notes, *rows.remarks))


def _judged(
    confidence: pd.DataFrame | str | os.PathLike[str] | None, known: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Read judgements by CERQual; an empty table with the same columns if there are none."""
    reasons = {f"{name}_reason": f"{name}_reason" for name in (*COMPONENTS, "confidence")}
    names = ["theme", "finding", *COMPONENTS, *reasons, "confidence", "direction"]
    if confidence is None:
        return pd.DataFrame(columns=names, dtype=object), []
    rows = Rows(
        confidence,
        "confidence",
        {name: name for name in names},
        needed=("theme", *COMPONENTS, "confidence", "confidence_reason"),
        named_by=("theme",),
    )
    rows.unique(("theme",), "Judge each theme once")
    table = rows.frame.copy()
    for name in names:
        if name not in table:
            table[name] = ""
    rows.refuse(
        "theme",
        ~table["theme"].isin(known),
        "must be a theme of the codings",
        f"The themes are {shortened(map(repr, known))}",
    )
    for name in COMPONENTS:
        table[name] = rows.choices(name, CONCERNS, " concerns")
        reason = f"{name}_reason"
        missing = (table[name] != CONCERNS[0]) & (table[reason] == "")
        rows.refuse(
            name,
            missing,
            f"needs a reason in the column {reason}",
            "Say in a few words what the concern is",
        )
    table["confidence"] = rows.choices("confidence", CONFIDENCE, " confidence")
    if "direction" in rows:
        table["direction"] = rows.choices("direction", DIRECTIONS)
    notes = [
        f"{row['theme']}: confidence is {row['confidence']} in spite of serious concerns about "
        f"{shortened(COMPONENTS[name] for name in COMPONENTS if row[name] == 'serious')}."
        for _, row in table.iterrows()
        if row["confidence"] == "high" and any(row[name] == "serious" for name in COMPONENTS)
    ]
    notes += [
        f"{row['theme']}: confidence is {row['confidence']} without any concern named."
        for _, row in table.iterrows()
        if row["confidence"] != "high" and all(row[name] == CONCERNS[0] for name in COMPONENTS)
    ]
    return table[names].astype(object), notes


def _reasons(row: pd.Series) -> list[str]:
    """Return the concerns of a judged theme and the reason for its confidence, in words."""
    said = [
        f"{row[name]} concerns about {words} ({_inside(row[f'{name}_reason'])})"
        for name, words in COMPONENTS.items()
        if row[name] and row[name] != CONCERNS[0]
    ]
    return [*said, f"GRADE-CERQual: {_inside(row['confidence_reason'])}"]


def _inside(text: str) -> str:
    """Return a reason without the sign that separates reasons."""
    return " ".join(str(text).replace(";", ",").split())


def _pairs(ends: Ends | Sequence[Ends], theme: str) -> list[Ends]:
    one_pair = isinstance(ends, list | tuple) and all(isinstance(end, str) for end in ends)
    several = [ends] if one_pair or not isinstance(ends, list | tuple) else ends
    pairs = []
    for one in several:
        is_pair = isinstance(one, list | tuple) and len(one) == 2
        if not is_pair or not all(isinstance(end, str) for end in one):
            raise DataError(
                f"arrows: {theme!r} needs the ids of both ends of its arrow, such as ('visits', "
                f"'trust'); got {ends!r}."
            )
        pairs.append((str(one[0]), str(one[1])))
    return pairs
