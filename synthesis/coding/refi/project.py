"""What a REFI-QDA project contains, as tables, with all else it holds kept to be written again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from arrowroot import display
from synthesis.coding.codebook import Codebook

SHOWN_AT_MOST = 10


@dataclass(frozen=True, eq=False, repr=False)
class QdaProject(display.Shown):
    """The contents of a REFI-QDA project.

    Attributes
    ----------
    title, origin : str
        What the project is called, and the program that wrote it.
    codebook : Codebook
        Its codes.
    codings : DataFrame
        One row per code given: ``unit``, ``coder``, ``code`` (an id of `codebook`), ``source``,
        ``place`` (in words), ``start`` and ``end`` (characters of the source's text, end
        excluded; missing where it is no text), ``text`` (what was coded; missing where it could
        not be read), ``note``, ``time``. Two coders share a unit where they marked exactly the
        same piece; `segment_agreement` compares pieces that overlap only partly.
    sources : DataFrame
        ``source``, ``kind``, ``text``: one row per document.
    problems : DataFrame
        ``source``, ``place``, ``problem``: codings and texts that could not be read.
    besides : tuple of str
        What else the project holds, such as cases and variables: `write_qdpx` writes it again.
    file : Path, optional
        Where it was read from.
    """

    title: str
    origin: str
    codebook: Codebook
    codings: pd.DataFrame
    sources: pd.DataFrame
    problems: pd.DataFrame
    besides: tuple[str, ...] = ()
    file: Path | None = None

    def _title(self) -> str:
        return f"REFI-QDA project: {self.title}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        coders = self.codings["coder"].value_counts(sort=False)
        return [
            ("Written by", self.origin or "(not named)"),
            ("Codes", str(len(self.codebook))),
            ("Sources", str(len(self.sources))),
            ("Codings", ", ".join(f"{who} {n}" for who, n in coders.items()) or "none"),
            ("Problems", str(len(self.problems))),
        ]

    def _notes(self) -> Sequence[str]:
        notes = [
            f"{one['source']}, {one['place']}: {one['problem']}."
            for one in self.problems.head(SHOWN_AT_MOST).to_dict("records")
        ]
        if rest := len(self.problems) - len(notes):
            notes.append(f"And {rest} more, in `problems`.")
        if self.besides:
            notes.append(
                f"Not in these tables, but written again by write_qdpx: {', '.join(self.besides)}."
            )
        if self.sources["text"].str.contains("\r\n|[\U00010000-\U0010ffff]", na=False).any():
            notes.append(
                "Programs count line ends and characters such as emoji differently. Compare the "
                "`text` of a few codings with what was marked."
            )
        return notes
