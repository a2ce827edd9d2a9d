"""Content analysis: where words occur in texts, and what occurs together.

Every count comes from a table of finds that names the unit and the position in its text, so that a
reader can go back from a number to the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.text import shortened
from synthesis import checks
from synthesis.coding.ratings import refuse_blank
from synthesis.labels import as_read, by_label, read_labels


def find_indicators(
    texts: pd.DataFrame,
    indicators: Mapping[str, Sequence[str]],
    *,
    unit: str = "unit",
    text: str = "text",
) -> pd.DataFrame:
    """Find every occurrence of the words and phrases that indicate something.

    Parameters
    ----------
    texts : DataFrame
        One row per unit.
    indicators : mapping of str to sequence of str
        Indicator -> its terms. A term is one or more words; ``*`` stands for any ending or
        beginning of a word: ``respect*`` finds "respectful", ``*kind*`` "unkindness". Capitals
        and the width of spaces do not matter; only whole words are found.
    unit, text : str
        Columns of `texts`.

    Returns
    -------
    DataFrame
        One row per find, in the order of the texts: `unit`, ``indicator``, ``term``, ``found``
        (as written), ``start`` and ``end`` (positions in the text, end excluded). A blank text
        has no finds.

    Raises
    ------
    DataError
        If a column is missing, an indicator has no terms, or a term contains no word.

    Examples
    --------
    >>> texts = pd.DataFrame({"unit": ["A1"], "text": ["Kind, respectful care; care matters."]})
    >>> find_indicators(texts, {"values": ["care", "respect*"]})[["term", "found", "start"]]
           term       found  start
    0  respect*  respectful      6
    1      care        care     17
    2      care        care     23
    """
    patterns = [
        (indicator, term, _pattern(term))
        for indicator, terms in indicators.items()
        for term in _terms(indicator, terms)
    ]
    labels = as_read(checks.column(texts, unit, "unit"))
    finds = []
    for label, written in zip(labels, checks.column(texts, text, "text"), strict=True):
        if not isinstance(written, str):
            continue
        found = [
            (label, indicator, term, match.group(), *match.span())
            for indicator, term, pattern in patterns
            for match in pattern.finditer(written)
        ]
        finds += sorted(found, key=lambda find: find[-2:])
    return pd.DataFrame(finds, columns=[unit, "indicator", "term", "found", "start", "end"])


def keyword_in_context(
    texts: pd.DataFrame,
    term: str,
    *,
    width: int = 40,
    unit: str = "unit",
    text: str = "text",
) -> pd.DataFrame:
    """Show every occurrence of a term with the text before and after it.

    Parameters
    ----------
    texts, unit, text
        As in `find_indicators`.
    term : str
        A word or phrase; ``*`` as in `find_indicators`.
    width : int
        Characters to show on each side.

    Returns
    -------
    DataFrame
        `unit`, ``left``, ``keyword``, ``right``, ``start``: one row per occurrence.

    Examples
    --------
    >>> texts = pd.DataFrame({"unit": ["A1"], "text": ["Give each patient a named nurse."]})
    >>> keyword_in_context(texts, "patient*", width=10).loc[0, "left":"right"].tolist()
    ['Give each ', 'patient', ' a named n']
    """
    if not isinstance(width, int) or width < 0:
        raise OptionError(f"width must be a whole number of characters; got {width!r}.")
    pattern = _pattern(term)
    rows = []
    for label, written in zip(
        as_read(checks.column(texts, unit, "unit")),
        checks.column(texts, text, "text"),
        strict=True,
    ):
        for match in pattern.finditer(written) if isinstance(written, str) else ():
            start, end = match.span()
            left, right = written[max(start - width, 0) : start], written[end : end + width]
            rows.append((label, left, match.group(), right, start))
    return pd.DataFrame(rows, columns=[unit, "left", "keyword", "right", "start"])


def co_occurrence(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    code: str = "code",
    order: Sequence[object] | None = None,
    share: bool = False,
) -> pd.DataFrame:
    """Count the units in which two codes occur together.

    Parameters
    ----------
    codings : DataFrame
        One row for each code (or indicator) found in a unit; repeats within a unit count once.
    unit, code : str
        Its columns.
    order : sequence, optional
        All codes to show, in order; by default those that occur, sorted.
    share : bool
        Give the units with both as a proportion of the units with either (Jaccard's index, 0 to 1;
        NaN where neither occurs) instead of counts.

    Returns
    -------
    DataFrame
        Square and symmetric; the diagonal counts the units that have the code at all.

    Examples
    --------
    >>> codings = pd.DataFrame({"unit": [1, 1, 2], "code": ["care", "staff", "care"]})
    >>> co_occurrence(codings)
    code   care  staff
    code
    care      2      1
    staff     1      1
    """
    codes = as_read(checks.column(codings, code, "code"))
    has = pd.crosstab(as_read(checks.column(codings, unit, "unit")), codes) > 0
    known = sorted(has.columns, key=str)
    if order is not None:
        listed = by_label(order)
        if strangers := [one for one in read_labels(has.columns.to_series()) if one not in listed]:
            raise DataError(f"{code}: not in order: {shortened(strangers)}.")
        has.columns = pd.Index([listed[one] for one in read_labels(has.columns.to_series())])
        known = list(listed.values())
    has = has.reindex(columns=known, fill_value=False)
    held = has.to_numpy(dtype=int)
    both = held.T @ held
    square = pd.Index(known, name=code)
    if not share:
        return pd.DataFrame(both, index=square, columns=square)
    either = both.diagonal()[:, None] + both.diagonal() - both
    jaccard = np.divide(both, either, out=np.full(both.shape, np.nan), where=either > 0)
    return pd.DataFrame(jaccard, index=square, columns=square)


def saturation(
    codings: pd.DataFrame,
    *,
    unit: str = "unit",
    code: str = "code",
    units: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Return how many different codes were seen after each unit, in the order read.

    Parameters
    ----------
    codings : DataFrame
        One row for each code found in a unit.
    unit, code : str
        Its columns.
    units : sequence, optional
        The order in which the units were read, including those without a code; by default the
        order in `codings`.

    Returns
    -------
    DataFrame
        One row per unit: `unit`, ``new`` (codes first seen here, joined by ``; ``), ``seen``
        (different codes so far). A curve that has flattened shows that further units of this kind
        brought nothing new; it says nothing about units of another kind.

    Examples
    --------
    >>> codings = pd.DataFrame({"unit": ["A", "A", "B", "C"], "code": ["x", "y", "x", "z"]})
    >>> saturation(codings)["seen"].tolist()
    [2, 2, 3]
    """
    codes = read_labels(checks.column(codings, code, "code"))
    labels = as_read(checks.column(codings, unit, "unit"))
    refuse_blank(labels)
    codes_of: dict[str, list[str]] = {}
    for where, one in zip(read_labels(labels), codes, strict=True):
        if one:
            codes_of.setdefault(where, []).append(one)
    coded = labels[[bool(one) for one in codes]]
    order = by_label(coded if units is None else units)
    if strangers := [where for where in codes_of if where not in order]:
        raise DataError(f"units: not among those listed: {shortened(strangers)}.")
    seen: dict[str, None] = {}
    rows = []
    for where, typed in order.items():
        new = [one for one in dict.fromkeys(codes_of.get(where, [])) if one not in seen]
        seen.update(dict.fromkeys(new))
        rows.append((typed, "; ".join(new), len(seen)))
    return pd.DataFrame(rows, columns=[unit, "new", "seen"])


def _terms(indicator: str, terms: Sequence[str]) -> Sequence[str]:
    if isinstance(terms, str) or not terms:
        raise DataError(
            f"indicators[{indicator!r}]: give a list of words or phrases; got {terms!r}."
        )
    return terms


def _pattern(term: str) -> re.Pattern[str]:
    """Return a pattern for a term: whole words, any capitals, any space between words."""
    words = term.split() if isinstance(term, str) else []
    if not words or not all(any(map(str.isalnum, word)) for word in words):
        raise DataError(
            f"{term!r} is not a term: a term is one or more words, with * for any letters."
        )
    parts = [r"[\w'’-]*".join(map(re.escape, word.split("*"))) for word in words]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)
