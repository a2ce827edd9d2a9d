"""Pairs of records that could be duplicates, compared field by field with bib-dedupe's rules.

bib-dedupe prepares the fields, decides which pairs are worth comparing, compares them and knows
which differences matter (Wagner 2024, https://github.com/CoLRev-Environment/bib-dedupe). This
module feeds it: in pieces of bounded size, in this process, silently, without network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from arrowroot.lab.progress import Progress
from arrowroot.process import unheard
from synthesis.library.readers.fields.letters import folded
from synthesis.library.readers.fields.people import ET_AL
from synthesis.library.readers.found import BETWEEN
from synthesis.library.records import as_text

if TYPE_CHECKING:
    pass

Keep = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Takes the positions of first and second records and says which pairs are of interest."""

RECORDS_AT_ONCE, PAIRS_AT_ONCE = 1000, 20_000
PAIRS_HELD = 2_000_000
LONGEST = {
    "title": 1000,
    "author": 2000,
    "abstract": 4000,
    "container_title": 500,
    **dict.fromkeys(("volume", "number", "pages", "doi"), 200),
}
"""Characters of a field that are used; numpy would give every record the room of the longest."""

SIMILARITIES = (
    "title",
    "author",
    "container_title",
    "year",
    "volume",
    "number",
    "pages",
    "abstract",
    "doi",
)


def compared(
    records: pd.DataFrame,
    *,
    keep: Keep | None = None,
    also: Sequence[str] = (),
    progress: bool = True,
) -> pd.DataFrame:
    """Return the pairs of records that share enough to be compared, with their similarity.

    Parameters
    ----------
    records : DataFrame
        From `read_records`.
    keep : callable, optional
        Which of those pairs to compare; all by default.
    also : sequence of str
        A key of each record; those that have the same one are compared whatever they share.
    progress : bool
        Whether to show a progress bar once two seconds have passed.

    Returns
    -------
    DataFrame
        ``first`` and ``second``, positions in `records`; `SIMILARITIES`, from 0 to 1;
        ``duplicate``, whether bib-dedupe calls the pair a duplicate.
    """
    columns = ["first", "second", *SIMILARITIES, "duplicate"]
    # Records are prepared, put beside others, and compared; each counts once, when all is done.
    with Progress(len(records), "Duplicates", "records", show=progress, passes=3) as bar:
        prepared = _prepared(records, bar)
        first, second = _candidates(prepared, bar, also)
        if keep is not None:
            wanted = keep(first, second)
            first, second = first[wanted], second[wanted]
        pieces = []
        for begin in range(0, len(first), PAIRS_AT_ONCE):
            piece = slice(begin, begin + PAIRS_AT_ONCE)
            pieces.append(_likeness(prepared, first[piece], second[piece])[columns])
            n, end, total = len(records), begin + len(first[piece]), len(first)
            bar.update(n * end // total - n * begin // total)
    if not pieces:
        return pd.DataFrame(columns=columns).astype({"first": int, "second": int})
    return pd.concat(pieces, ignore_index=True)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep bib-dedupe from printing, warning, and changing pandas for everybody.

    Its settings are the process's own, so it is entered for a piece of the records at a time.
    """
    with unheard(package="bib_dedupe"):
        _import_bib_dedupe()
        import bib_dedupe
        from bib_dedupe import prep_author, prep_container_title, prep_title
        from number_parser import parser

        talk = bib_dedupe.verbose_print
        level, talk.verbosity_level = talk.verbosity_level, 0
        # Numbers in titles are found with tables of five languages, which the parser would build
        # again for every title: nine tenths of the running time. It would then look up each word
        # of each title in all of them, which is more than half of the rest.
        tables = parser.LanguageData
        parser.LanguageData = _remembered(tables)
        prep_title.parse = prep_container_title.parse = _numbers_parsed
        # Accents are taken away before.
        accents, prep_author.remove_accents = prep_author.remove_accents, _as_it_is
        try:
            if pd.__version__.startswith("2."):
                with pd.option_context(_NEEDED, True):
                    yield
            else:
                yield
        finally:
            parser.LanguageData = tables
            prep_title.parse = prep_container_title.parse = parser.parse
            prep_author.remove_accents = accents
            talk.verbosity_level = level


_NEEDED = "future.no_silent_downcasting"
"""The option of pandas that bib-dedupe sets when imported; pandas 3 always works like that."""


@cache
def _import_bib_dedupe() -> None:
    with unheard(message=f"'{_NEEDED}'"):
        before = pd.get_option(_NEEDED)
        import_module("bib_dedupe.prep")
        pd.set_option(_NEEDED, before)


@cache
def _remembered(tables: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return what builds the tables of a language, building each once."""
    return cache(tables)


def _as_it_is(*, input_str: str) -> str:
    return input_str


def _numbers_parsed(text: str) -> str:
    """Return a text as number_parser does, which changes only texts that spell out a number."""
    from number_parser import parse

    if any(map(_is_number, _NOT_A_WORD.split(text))) or any(map(_is_number, text.split())):
        return str(parse(text))
    return text.replace("\xad", "").strip()


_NOT_A_WORD = re.compile(r"\W")


@lru_cache(maxsize=100_000)
def _is_number(word: str) -> bool:
    """Return whether a word is a number in one of the languages that number_parser knows."""
    from number_parser import parser

    # The parser's own test of a word is not public, and any other could differ from it.
    plain = parser._strip_accents(word.lower())  # noqa: SLF001
    return plain != "" and any(
        parser._is_number_token(plain, parser.LanguageData(language)) is not None  # noqa: SLF001
        for language in parser.SUPPORTED_LANGUAGES
    )


def _prepared(records: pd.DataFrame, bar: Progress) -> pd.DataFrame:
    """Return the records as bib-dedupe compares them, indexed by position."""
    with _quietly():  # importing it changes pandas, too
        from bib_dedupe.prep import prep
        from bib_dedupe.prep_container_title import get_container_title_short, prep_container_title

    names = {"authors": "author", "journal": "container_title"}
    wanted = ["title", "author", "year", "container_title", *_BINARY, "abstract", "type"]
    plain = as_text(records.rename(columns=names), wanted).reset_index(drop=True)
    plain["author"] = plain["author"].str.replace(_CUT_SHORT, "", regex=False)
    for name, longest in LONGEST.items():
        plain[name] = plain[name].str.slice(0, longest)
        if name in _FOLDED:  # bib-dedupe blanks every letter that is not ASCII
            plain_letters = [folded(text)[:longest] for text in plain[name]]
            plain[name] = pd.Series(plain_letters, dtype=object, index=plain.index)
    # bib-dedupe takes "inf" and "1e999" for numbers, and fails on them.
    plain["year"] = plain["year"].where(plain["year"].str.fullmatch(r"\d{4}"), "")
    journals = np.array(plain["container_title"].unique(), dtype=str)
    with _quietly():
        prepared_journals = prep_container_title(journals) if len(journals) else []
    short = dict(zip(journals, prepared_journals, strict=True)) if len(plain) else {}
    given = plain.assign(
        ID=plain.index,
        ENTRYTYPE=np.where(plain["type"] == "conference", "inproceedings", "article"),
        author=plain["author"].str.replace(BETWEEN, " and ", regex=False),
        # Journals are prepared separately, each name once; this one is the quickest to prepare.
        journal="journal",
        booktitle="journal",
    ).drop(columns=["container_title", "type"])
    full = pd.DataFrame([{**dict.fromkeys(given.columns, "1"), "author": "Doe, A.", "ID": -1}])
    pieces = []
    for begin in range(0, len(given), RECORDS_AT_ONCE):
        piece = given.iloc[begin : begin + RECORDS_AT_ONCE]
        # bib-dedupe fails if a column is entirely blank; one full row prevents that.
        with _quietly():
            pieces.append(prep(pd.concat([full, piece], ignore_index=True), cpu=1).iloc[1:])
        bar.update(len(piece))
    if not pieces:
        return pd.DataFrame(columns=["ID", *SIMILARITIES])
    prepared = pd.concat(pieces).astype(str).reset_index(drop=True)
    prepared["container_title"] = plain["container_title"].map(short)
    prepared["container_title_short"] = get_container_title_short(
        prepared["container_title"].to_numpy()
    )
    return prepared


_FOLDED = ("title", "author", "container_title", "abstract")
_CUT_SHORT = f"{BETWEEN}{ET_AL}"
_BINARY = ("volume", "number", "pages", "doi")


def _candidates(
    prepared: pd.DataFrame, bar: Progress, also: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs worth comparing: those that share one of bib-dedupe's sets of fields."""
    from bib_dedupe.block import block_fields_list

    count = len(prepared)
    titles = _Titles(prepared["title"].tolist() if count else [])
    found = [np.empty(0, dtype=np.int64)]
    sets = len(block_fields_list)
    for place, fields in enumerate(block_fields_list if count else []):
        groups = _sharing(prepared, sorted(fields))
        # Records that share neither title, DOI nor pages must have half their title in common.
        vague = not fields & {"title_short", "doi", "pages"}
        found += titles.alike(groups, count) if vague else _within(groups, count)
        bar.update(count * (place + 1) // sets - count * place // sets)
    found += _within(_sharing(pd.DataFrame({"key": list(also)}), ["key"]), count)
    codes = np.unique(np.concatenate(found))
    return codes // max(count, 1), codes % max(count, 1)


def _sharing(prepared: pd.DataFrame, fields: list[str]) -> list[np.ndarray]:
    """Return groups of at least two records that have all fields in common, each in order."""
    filled = prepared[fields]
    filled = filled[(filled != "").all(axis=1)]
    places = filled.index.to_numpy()
    groups = filled.groupby(fields, sort=False).indices.values()
    return [np.sort(places[group]) for group in groups if len(group) > 1]


def _within(groups: Iterable[np.ndarray], count: int) -> Iterator[np.ndarray]:
    """Yield every pair within each group, as one number: first times `count`, plus second."""
    for members in groups:
        first, second = _both(len(members))
        yield members[first] * count + members[second]


@lru_cache(maxsize=64)
def _both(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return every pair of places; most groups are small and of the same few sizes."""
    first, second = np.triu_indices(size, 1)
    return first, second


class _Titles:
    """Titles as sets of words, so that the words of many pairs are counted at once."""

    def __init__(self, titles: Sequence[str]) -> None:
        from scipy.sparse import csr_array

        numbers: dict[str, int] = {}
        words = [
            sorted({numbers.setdefault(word, len(numbers)) for word in title.split()})
            for title in titles
        ]
        ends = np.cumsum([0, *map(len, words)])
        self._same = pd.factorize(np.array(titles, dtype=object))[0]
        self._length = np.array([len(title.split()) for title in titles], dtype=np.int32)
        self._single = np.array([" " not in title for title in titles], dtype=bool)
        self._held = csr_array(
            (
                np.ones(ends[-1], dtype=np.int32),
                np.fromiter(chain.from_iterable(words), dtype=np.int64, count=ends[-1]),
                ends,
            ),
            shape=(len(titles), len(numbers)),
        )

    def alike(self, groups: Sequence[np.ndarray], count: int) -> Iterator[np.ndarray]:
        """Yield the pairs within groups that have half of the shorter title in common.

        Titles of a single word are skipped: bib-dedupe compares those with all others.
        """
        for batch in _batches(groups):
            yield from self._of_single(batch, count)
            members = np.concatenate(batch)
            group = np.repeat(np.arange(len(batch)), [len(one) for one in batch])
            words = self._held[members].tocoo()
            # A word counts only within its group, so every group has its own columns.
            columns = group[words.row] * self._held.shape[1] + words.col
            distinct, columns = np.unique(columns, return_inverse=True)
            shape = (len(members), len(distinct))
            own = type(self._held)((words.data, (words.row, columns)), shape=shape)
            rows = max(1, PAIRS_HELD // max(map(len, batch)))
            for begin in range(0, len(members), rows):
                shared = (own[begin : begin + rows] @ own.T).tocoo()
                first, second = members[shared.row + begin], members[shared.col]
                shorter = np.minimum(self._length[first], self._length[second])
                half = 2 * shared.data >= shorter + 1
                kept = (first < second) & (half | (self._same[first] == self._same[second]))
                yield first[kept] * count + second[kept]

    def _of_single(self, groups: Iterable[np.ndarray], count: int) -> Iterator[np.ndarray]:
        for members in groups:
            for one in members[self._single[members]]:
                others = members[members != one]
                yield np.minimum(one, others) * count + np.maximum(one, others)


def _batches(groups: Iterable[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """Yield batches of groups whose pairs fit into memory."""
    batch: list[np.ndarray] = []
    held = 0
    for members in groups:
        batch.append(members)
        held += len(members) ** 2
        if held > PAIRS_HELD:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _likeness(prepared: pd.DataFrame, first: np.ndarray, second: np.ndarray) -> pd.DataFrame:
    """Compare pairs with bib-dedupe's measures, and judge them with its conditions."""
    from bib_dedupe.match import DUPLICATE_CONDITIONS, NON_DUPLICATE_CONDITIONS
    from bib_dedupe.sim import page_ranges_adjacent, sim_author, similarity_functions

    pairs = pd.concat(
        [
            prepared.iloc[places].add_suffix(suffix).reset_index(drop=True)
            for places, suffix in ((first, "_1"), (second, "_2"))
        ],
        axis=1,
    )
    people = [pairs[name].tolist() for name in ("author_1", "author_full_1")]
    others = [pairs[name].tolist() for name in ("author_2", "author_full_2")]
    pairs["author"] = list(map(sim_author, *people, *others))
    for name, likeness in similarity_functions.items():
        pairs[name] = list(map(likeness, pairs[f"{name}_1"], pairs[f"{name}_2"]))
    ranges = [
        dict(zip(("pages_1", "pages_2"), both, strict=True))
        for both in zip(pairs["pages_1"], pairs["pages_2"], strict=True)
    ]
    pairs["page_ranges_adjacent"] = [page_ranges_adjacent(row) for row in ranges]
    pairs = pairs.astype(dict.fromkeys(SIMILARITIES, float))
    same = pairs.query("|".join(DUPLICATE_CONDITIONS), engine="python")
    apart = same.query("|".join(NON_DUPLICATE_CONDITIONS), engine="python")
    pairs["duplicate"] = pairs.index.isin(same.index.difference(apart.index))
    return pairs.assign(first=first, second=second)
