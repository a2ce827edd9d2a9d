"""Pieces of text that coders marked: read from a table, and compared by what they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.errors import DataError
from arrowroot.text import counted, label, shortened
from synthesis import checks
from synthesis.coding.codings import read_columns
from synthesis.coding.ratings import natural, refuse_blank

Piece = tuple[int, int]
"""Where a piece starts and ends, the end not included."""


@dataclass(frozen=True)
class Marked:
    """Who marked which pieces of which source with which code."""

    pieces: dict[tuple[str, str, str], list[Piece]]
    read: set[tuple[str, str]]
    notes: list[str]

    @property
    def sources(self) -> list[str]:
        """All sources, in the order of their names."""
        return sorted({one for one, _ in self.read}, key=natural)

    @property
    def coders(self) -> list[str]:
        """All coders, in the order of their names."""
        return sorted({who for _, who in self.read}, key=natural)

    def of(self, source: str, coder: str, code: str) -> list[Piece]:
        """Return the pieces of a source that a coder gave a code."""
        return self.pieces.get((source, coder, code), [])


def read_pieces(codings: pd.DataFrame, names: Mapping[str, str]) -> Marked:
    """Return the pieces in a table, whose columns have these names."""
    codings = read_columns(codings, unit=names["source"], coder=names["coder"], code=names["code"])
    for argument in ("start", "end"):
        checks.column(codings, names[argument], argument)
    refuse_blank(codings[names["source"]], codings[names["coder"]])
    pieces: dict[tuple[str, str, str], set[Piece]] = {}
    read, without, wrong = set(), 0, []
    cells = zip(*(codings[names[one]] for one in names), strict=True)
    for row, (where, who, what, *ends) in zip(codings.index, cells, strict=True):
        where, who, what = label(where), label(who), label(what)
        read.add((where, who))
        if not any(map(label, ends)):
            without += bool(what)
            continue
        first, last = (_position(one) for one in ends)
        if first is None or last is None or first > last or not what:
            wrong.append(f"row {row} ({label(ends[0]) or '?'} to {label(ends[1]) or '?'})")
        elif first == last:
            without += 1
        else:
            pieces.setdefault((where, who, what), set()).add((first, last))
    if wrong:
        raise DataError(
            f"{names['start']}, {names['end']}: a piece needs a code, a start, and an end that is "
            f"not before it, as whole numbers of characters; wrong in {shortened(wrong)}."
        )
    notes = []
    if without:
        notes.append(
            f"Left out: {counted(without, 'coding')} without characters, such as those of a "
            "picture, of a whole source or of an empty line."
        )
    return Marked({key: sorted(held) for key, held in pieces.items()}, read, notes)


def _position(cell: object) -> int | None:
    read = label(cell)
    return int(read) if read.isascii() and read.isdigit() else None


def lengths_of(
    texts: pd.DataFrame | Mapping[str, str | int] | None, source: str
) -> dict[str, int | None]:
    """Return how many characters each source has, None where it cannot be read."""
    if texts is None:
        return {}
    if isinstance(texts, pd.DataFrame):
        named = checks.column(texts, source, "texts").map(label)
        texts = dict(zip(named, checks.column(texts, "text", "texts"), strict=True))
    lengths: dict[str, int | None] = {}
    for name, held in texts.items():
        if isinstance(held, str):
            lengths[label(name)] = len(held)
        else:
            lengths[label(name)] = _position(held)
    return lengths


def refuse_beyond(marked: Marked, lengths: Mapping[str, int | None]) -> None:
    """Raise an error if a piece ends behind its text."""
    beyond = [
        f"{source} ({first} to {last} of {length:,})"
        for (source, _, _), held in marked.pieces.items()
        if (length := lengths.get(source)) is not None
        for first, last in held
        if last > length
    ]
    if beyond:
        raise DataError(
            f"texts: pieces lie outside their text: {shortened(dict.fromkeys(beyond))}. Give the "
            "texts that were coded."
        )


def shared_characters(
    first: list[Piece], second: list[Piece], counted_in: list[Piece]
) -> np.ndarray:
    """Return how many characters both marked, only the first, only the second, and neither."""
    cells = np.zeros(4)
    if not first and not second:
        cells[-1] = sum(end - start for start, end in counted_in)
        return cells
    cuts = np.unique([*first, *second, *counted_in])
    lengths = np.diff(cuts)
    one, two, here = (_covered(cuts, pieces) for pieces in (first, second, counted_in))
    for at, cell in enumerate((one & two, one & ~two, ~one & two, here & ~one & ~two)):
        cells[at] = lengths[cell].sum()
    return cells


def joined(pieces: list[Piece]) -> list[Piece]:
    """Return the text that is in any of the pieces, as pieces that do not overlap."""
    merged: list[Piece] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _covered(cuts: np.ndarray, pieces: list[Piece]) -> np.ndarray:
    """Return which of the stretches between two cuts lie in a piece."""
    steps = np.zeros(max(len(cuts), 1), dtype=int)
    for first, last in pieces:
        steps[np.searchsorted(cuts, first)] += 1
        steps[np.searchsorted(cuts, last)] -= 1
    return steps.cumsum()[:-1] > 0


def paired(first: list[Piece], second: list[Piece], threshold: float) -> list[float]:
    """Return the overlaps of as many pieces as can be paired, each with one of the other coder."""
    from scipy.optimize import linear_sum_assignment

    if not first or not second:
        return []
    one, two = (np.array(pieces)[:, None, :] for pieces in (first, second))
    two = two.transpose(1, 0, 2)
    shared = np.minimum(one[..., 1], two[..., 1]) - np.maximum(one[..., 0], two[..., 0])
    either = np.maximum(one[..., 1], two[..., 1]) - np.minimum(one[..., 0], two[..., 0])
    overlap = np.clip(shared, 0, None) / either
    enough = overlap >= threshold - 1e-12  # 0.3 may be a hair above 3 of 10
    # One more pair weighs more than any gain in overlap.
    rows, columns = linear_sum_assignment(
        enough * (1 + overlap / (1 + min(overlap.shape))), maximize=True
    )
    return [float(overlap[at]) for at in zip(rows, columns, strict=True) if enough[at]]
