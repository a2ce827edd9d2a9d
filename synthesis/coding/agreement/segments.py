"""Agreement on pieces of text that coders chose themselves, so that they overlap only partly."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from arrowroot.text import shortened
from synthesis.coding.agreement import coefficients
from synthesis.coding.agreement.caveats import HIGH_PERCENT, LOW_COEFFICIENT
from synthesis.coding.agreement.pieces import (
    Marked,
    Piece,
    joined,
    lengths_of,
    paired,
    read_pieces,
    refuse_beyond,
    shared_characters,
)
from synthesis.coding.agreement.tables import SegmentAgreementTable
from synthesis.coding.ratings import natural
from synthesis.coding.refi.project import QdaProject

ALL_CODES: Final = "(all codes)"
CELLS: Final = ("both", "first_only", "second_only", "neither")
COLUMNS: Final = (
    *("code", "first", "second", *CELLS),
    *("percent", "positive", "overlap", "cohen_kappa", "krippendorff_alpha", "reason"),
)
COUNTS: Final = np.array([[0.0, 2.0], [1.0, 1.0], [1.0, 1.0], [2.0, 0.0]])
"""How many of the two coders said no and yes, in each of the cells."""


def segment_agreement(
    codings: pd.DataFrame | QdaProject,
    *,
    texts: pd.DataFrame | Mapping[str, str | int] | None = None,
    by: str = "character",
    threshold: float = 0.5,
    source: str = "source",
    coder: str = "coder",
    code: str = "code",
    start: str = "start",
    end: str = "end",
) -> pd.DataFrame:
    """Return agreement on the pieces of text that coders marked, for each code and pair of coders.

    `agreement` compares codes of the same unit. Where coders choose the pieces themselves, two
    that mark nearly the same have no unit in common; this compares what their pieces share.

    Parameters
    ----------
    codings : DataFrame or QdaProject
        Long table: one row for each code a coder gave a piece. A row without code, start and end
        says that the coder read this source and found nothing to code. Of a project that
        `read_qdpx` read, the codings and the texts are taken.
    texts : DataFrame or mapping, optional
        The sources: a table with the columns `source` and ``text``, or the text, or its number of
        characters, of each source. Without it, text that neither coder coded is not counted.
    by : {"character", "overlap"}
        Whether each character is judged, with the code or without it; or each piece, which agrees
        if the other coder marked one that overlaps it enough.
    threshold : float
        For ``by="overlap"``: how much two pieces must share to be the same, above 0 and at most 1:
        the number of characters in both, divided by the number in either.
    source, coder, code, start, end : str
        Columns of `codings`: positions count characters from 0, and the end is not included.

    Returns
    -------
    DataFrame
        One row for each code and pair of coders, and one for all codes of a pair together:
        ``both``, ``first_only``, ``second_only``, ``neither`` in characters, or in pieces;
        ``percent`` (of characters, both and neither together; of pieces, those with a
        counterpart); ``positive`` (2 both / (2 both + first only + second only)); ``overlap``
        (both / (both + first only + second only) of characters; of pieces, the mean of the pairs
        that agree); ``cohen_kappa`` and ``krippendorff_alpha``, None for pieces; ``reason``.

    Raises
    ------
    DataError
        If a column is missing, a position is no whole number, a piece ends before it starts or
        lies outside its text, or fewer than two coders coded the same source.
    OptionError
        For an unknown `by` or a threshold outside 0 to 1.

    Notes
    -----
    Only sources that both coders of a pair coded are compared; others are listed in
    ``attrs["notes"]``, and so are codings without positions, such as those of pictures.

    By character, the two-by-two table of each code is that of NVivo's coding comparison; kappa is
    Cohen's, alpha is Krippendorff's with characters as units. Characters are not independent of
    their neighbours, so there are no intervals. By overlap, each piece has one counterpart at
    most, and as many as possible are paired. Kappa needs the number of pieces that nobody marked,
    which cannot be counted; positive agreement, the F measure, does without, and kappa approaches
    it as that number grows (Hripcsak & Rothschild 2005, J Am Med Inform Assoc 12:296).

    Examples
    --------
    >>> codings = pd.DataFrame(
    ...     {"source": "talk", "coder": ["ann", "bob"], "code": "trust", "start": 0, "end": [5, 6]}
    ... )
    >>> by_character = segment_agreement(codings, texts={"talk": 10})
    >>> by_character.loc[0, ["both", "second_only", "neither", "percent"]].tolist()
    [5, 1, 4, 0.9]
    >>> segment_agreement(codings, by="overlap", threshold=0.8).loc[0, "both"]
    1
    """
    one_of("by", by, ("character", "overlap"))
    if isinstance(threshold, bool | str) or not 0 < threshold <= 1:
        raise OptionError(f"threshold must be above 0 and at most 1; got {threshold!r}.")
    if isinstance(codings, QdaProject):
        texts, codings = codings.sources if texts is None else texts, codings.codings
    names = {"source": source, "coder": coder, "code": code, "start": start, "end": end}
    marked = read_pieces(codings, names)
    known = lengths_of(texts, source)
    refuse_beyond(marked, known)
    rows, notes = [], list(marked.notes)
    for pair in combinations(marked.coders, 2):
        shared = [one for one in marked.sources if all((one, who) in marked.read for who in pair)]
        alone = {one for one in marked.sources for who in pair if (one, who) in marked.read} - set(
            shared
        )
        if alone:
            notes.append(
                f"{' and '.join(pair)}: only one of them coded "
                f"{shortened(sorted(alone, key=natural))}, which is left out."
            )
        if not shared:
            continue
        if by == "character" and any(known.get(one) is None for one in shared):
            notes.append(
                f"{' and '.join(pair)}: text that neither coded is not counted in "
                f"{shortened(one for one in shared if known.get(one) is None)}, whose length is "
                "not known; give the texts."
            )
        rows += _pair(marked, pair, shared, known, threshold if by == "overlap" else None)
    if not rows:
        raise DataError(
            f"{source}, {coder}: no source was coded by two coders, so there is nothing to "
            "compare. Give coders the same texts; a row without a code says that a coder found "
            "nothing in one."
        )
    table = SegmentAgreementTable(pd.DataFrame(rows, columns=list(COLUMNS), dtype=object))
    table.attrs |= {"by": by, "threshold": threshold, "notes": list(dict.fromkeys(notes))}
    return table


def _pair(
    marked: Marked,
    pair: tuple[str, ...],
    sources: list[str],
    lengths: Mapping[str, int | None],
    threshold: float | None,
) -> list[dict[str, object]]:
    """Return the rows of two coders."""
    codes = sorted(
        {what for where, who, what in marked.pieces if where in sources and who in pair},
        key=natural,
    )
    if ALL_CODES in codes:
        raise DataError(f"code: a code is called {ALL_CODES!r}, as the row of sums is. Rename it.")
    counted_in: dict[str, list[Piece]] = {one: [] for one in sources}
    for (where, who, _), held in marked.pieces.items():
        if where in counted_in and who in pair:
            counted_in[where] += held
    for one in sources:
        length = lengths.get(one)
        counted_in[one] = joined(counted_in[one] if length is None else [(0, length)])
    rows, sums, shares = [], np.zeros(len(CELLS)), []
    for code in codes:
        cells = np.zeros(len(CELLS))
        own: list[float] = []
        for one in sources:
            first, second = (marked.of(one, who, code) for who in pair)
            if threshold is None:
                cells += shared_characters(first, second, counted_in[one])
            else:
                same = paired(first, second, threshold)
                cells += (len(same), len(first) - len(same), len(second) - len(same), 0)
                own += same
        rows.append(_row(code, pair, cells, None if threshold is None else own))
        sums += cells
        shares += own
    if codes:
        rows.append(_row(ALL_CODES, pair, sums, None if threshold is None else shares))
    return rows


def _row(
    code: str, pair: tuple[str, ...], cells: np.ndarray, shares: list[float] | None
) -> dict[str, object]:
    both, first_only, second_only, _ = cells
    marked = both + first_only + second_only
    positive = 2 * both / (both + marked) if marked else None
    row: dict[str, object] = {
        "code": code,
        **dict(zip(("first", "second"), pair, strict=True)),
        **{name: int(n) for name, n in zip(CELLS, cells, strict=True)},
        "positive": positive,
    }
    if shares is not None:
        return row | {
            "neither": None,
            "percent": positive,
            "overlap": float(np.mean(shares)) if shares else None,
            **dict.fromkeys(("cohen_kappa", "krippendorff_alpha")),
            "reason": (
                "No kappa or alpha: chance agreement needs the number of pieces that neither coder "
                "marked, which cannot be counted."
            ),
        }
    values = {
        "percent": coefficients.percent(COUNTS),
        "cohen_kappa": coefficients.cohen_kappa(np.array([3, 2, 1, 0]), 1 - np.eye(2)),
        "krippendorff_alpha": coefficients.krippendorff_alpha(COUNTS, np.arange(2.0), "nominal"),
    }
    for name, compute in values.items():
        value = float(compute(cells[None, :])[0])
        row[name] = None if np.isnan(value) else value
    return row | {
        "overlap": both / marked if marked else None,
        "reason": _reason(cells, row),
    }


def _reason(cells: np.ndarray, row: Mapping[str, object]) -> str | None:
    both, first_only, second_only, neither = cells
    percent, kappa = row["percent"], row["cohen_kappa"]
    if kappa is None:
        return (
            "Undefined: both coders gave the code to all the text that is counted, so no "
            "disagreement could be expected by chance and agreement cannot be corrected for it."
        )
    if not neither:
        return (
            "No text is counted that neither coder gave the code, so kappa cannot be above 0, "
            "however much they share. Read `positive` and `overlap`."
        )
    if not isinstance(percent, float) or not isinstance(kappa, float):
        return None
    if percent >= HIGH_PERCENT and kappa <= LOW_COEFFICIENT:
        yes = (2 * both + first_only + second_only) / (2 * cells.sum())
        which, share = ("without", 1 - yes) if yes < 0.5 else ("with", yes)
        return (
            f"Prevalence paradox: the coders agree on {percent:.1%} of characters, yet kappa is "
            f"{kappa:.3f}, because {share:.1%} of all judgements are '{which} the code', which "
            "chance alone would make agree. Read `positive` and `overlap`, which leave out the "
            "text that neither coded."
        )
    return None
