"""Pairs of records that could be duplicates, compared field by field with bib-dedupe's rules.

bib-dedupe prepares the fields, decides which pairs are worth comparing, compares them and knows
which differences matter (Wagner 2024, https://github.com/CoLRev-Environment/bib-dedupe). This
module feeds it: in pieces of bounded size, in this process, silently, without network.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from arrowroot.lab.progress import Progress
from arrowroot.running.process import ALONE
from synthesis.library.prepared import Field, prepared

Keep = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Takes the positions of first and second records and says which pairs are of interest."""

Places = NDArray[np.int64]

PAIRS_AT_ONCE = 20_000
PAIRS_HELD = 2_000_000

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
    # Records are prepared, put beside others, and compared, in about this share of the time; each
    # counts once, when all is done.
    with Progress(len(records), "Duplicates", "records", show=progress, passes=10) as bar:
        fields = prepared(records, bar, passes=5)
        first, second = _candidates(fields, bar, also, passes=2)
        if keep is not None:
            wanted = keep(first, second)
            first, second = first[wanted], second[wanted]
        pieces = []
        for begin in range(0, len(first), PAIRS_AT_ONCE):
            piece = slice(begin, begin + PAIRS_AT_ONCE)
            pieces.append(_likeness(fields, first[piece], second[piece])[columns])
            bar.update(3 * len(records) * len(first[piece]) // len(first))
        bar.update(10 * len(records))  # what nothing had to be done for, and rounding, left over
    if not pieces:
        return pd.DataFrame(columns=columns).astype({"first": int, "second": int})
    return pd.concat(pieces, ignore_index=True)


def _candidates(
    fields: Mapping[str, Field], bar: Progress, also: Sequence[str], *, passes: int
) -> tuple[Places, Places]:
    """Return the pairs worth comparing: those that share one of bib-dedupe's sets of fields."""
    from bib_dedupe.block import block_fields_list

    count = len(fields["title"].codes)
    titles = _Titles(fields["title"])
    found = [np.empty(0, dtype=np.int64)]
    # Records that share neither title, DOI nor pages must have half their title in common.
    vague = [set_ for set_ in block_fields_list if not set_ & {"title_short", "doi", "pages"}]
    for set_ in block_fields_list:
        groups = _Groups.sharing([fields[name] for name in sorted(set_)])
        if set_ in vague:
            for pairs, share in titles.alike(groups, count):
                found.append(pairs)
                bar.update(int(passes * count * share / len(vague)))
        else:
            found += groups.pairs(count)
    found += _Groups.sharing([Field.of(also)]).pairs(count)
    codes = np.unique(np.concatenate(found))
    return codes // max(count, 1), codes % max(count, 1)


class _Groups:
    """Groups of at least two records that have something in common, each in order.

    Parameters
    ----------
    members : ndarray of int
        The records of one group after another.
    sizes : ndarray of int
        How many each group has.
    """

    def __init__(self, members: Places, sizes: Places) -> None:
        self.members = members
        self.sizes = sizes
        self.starts = np.cumsum(sizes) - sizes

    @classmethod
    def sharing(cls, fields: Sequence[Field]) -> _Groups:
        """Return the groups that have all fields in common, none of them blank."""
        codes = np.zeros(len(fields[0].codes), dtype=np.int64)
        filled = np.ones(len(codes), dtype=bool)
        for field in fields:
            if "" in field.texts:
                filled &= field.codes != field.texts.index("")
            # As many codes as there are records at most, so that the next product stays small.
            codes = np.unique(codes * len(field.texts) + field.codes, return_inverse=True)[1]
        places = np.flatnonzero(filled)
        sizes = np.bincount(codes[places])
        places = places[sizes[codes[places]] > 1]
        members = places[np.argsort(codes[places], kind="stable")]
        return cls(members, sizes[sizes > 1])

    def pairs(self, count: int) -> Iterator[Places]:
        """Yield every pair within each group, as one number: first times `count`, plus second."""
        for size in np.unique(self.sizes).tolist():
            first, second = np.triu_indices(size, 1)
            starts = self.starts[self.sizes == size]
            at_once = max(1, PAIRS_HELD // len(first))
            for begin in range(0, len(starts), at_once):
                held = self.members[starts[begin : begin + at_once, None] + np.arange(size)]
                yield (held[:, first] * count + held[:, second]).ravel()

    def batches(self) -> Iterator[tuple[_Groups, float]]:
        """Yield groups whose pairs fit into memory, and which share of all pairs they hold."""
        squares = self.sizes**2
        batch = np.cumsum(squares) // PAIRS_HELD
        for one in np.unique(batch):
            at = np.flatnonzero(batch == one)
            begin = self.starts[at[0]]
            members = self.members[begin : begin + self.sizes[at].sum()]
            yield _Groups(members, self.sizes[at]), squares[at].sum() / squares.sum()


class _Titles:
    """Titles as sets of words, so that the words of many pairs are counted at once."""

    def __init__(self, titles: Field) -> None:
        from scipy.sparse import csr_array

        numbers: dict[str, int] = {}
        words = [
            sorted({numbers.setdefault(word, len(numbers)) for word in title.split()})
            for title in titles.texts
        ]
        ends = np.cumsum([0, *map(len, words)])
        held = csr_array(
            (
                np.ones(ends[-1], dtype=np.int16),
                np.fromiter(chain.from_iterable(words), dtype=np.int64, count=ends[-1]),
                ends,
            ),
            shape=(len(words), len(numbers)),
        )
        self._held = held[titles.codes] if len(words) else held
        self._same = titles.codes
        lengths = np.array([len(title.split()) for title in titles.texts], dtype=np.int16)
        self._length = lengths[titles.codes]
        self._single = self._length < 2

    def alike(self, groups: _Groups, count: int) -> Iterator[tuple[Places, float]]:
        """Yield the pairs within groups that have half of the shorter title in common.

        With them comes the share of the work that they took. Titles of a single word are skipped:
        bib-dedupe compares those with all others.
        """
        for batch, share in groups.batches():
            members = batch.members
            single = self._of_single(batch, count)
            group = np.repeat(np.arange(len(batch.sizes)), batch.sizes)
            words = self._held[members].tocoo()
            # A word counts only within its group, so every group has its own columns.
            columns = group[words.row] * self._held.shape[1] + words.col
            distinct, columns = np.unique(columns, return_inverse=True)
            shape = (len(members), len(distinct))
            own = type(self._held)((words.data, (words.row, columns)), shape=shape)
            rows = max(1, PAIRS_HELD // int(batch.sizes.max()))
            found = [single]
            for begin in range(0, len(members), rows):
                shared = (own[begin : begin + rows] @ own.T).tocoo()
                before = shared.row + begin < shared.col
                first, second = shared.row[before] + begin, shared.col[before]
                shorter = np.minimum(self._length[members[first]], self._length[members[second]])
                half = 2 * shared.data[before] >= shorter + 1
                kept = half | (self._same[members[first]] == self._same[members[second]])
                found.append(members[first[kept]] * count + members[second[kept]])
            yield np.concatenate(found), share

    def _of_single(self, groups: _Groups, count: int) -> Places:
        found = [np.empty(0, dtype=np.int64)]
        group = np.repeat(np.arange(len(groups.sizes)), groups.sizes)
        for place in np.flatnonzero(self._single[groups.members]).tolist():
            start, size = groups.starts[group[place]], groups.sizes[group[place]]
            one, members = groups.members[place], groups.members[start : start + size]
            others = members[members != one]
            found.append(np.minimum(one, others) * count + np.maximum(one, others))
        return np.concatenate(found)


def _likeness(fields: Mapping[str, Field], first: Places, second: Places) -> pd.DataFrame:
    """Compare pairs with bib-dedupe's measures, and judge them with its conditions."""
    from bib_dedupe.sim import page_ranges_adjacent, sim_author, similarity_functions

    def texts(name: str, places: Places) -> list[str]:
        held = fields[name].texts
        return [held[code] for code in fields[name].codes[places].tolist()]

    def measured(names: Sequence[str], function: Callable[..., object]) -> list[object]:
        """Return a measure of each pair, taken once where several hold the same texts."""
        known: dict[tuple[str, ...], object] = {}
        columns = [texts(name, places) for places in (first, second) for name in names]
        found = []
        for both in zip(*columns, strict=True):
            if both not in known:
                known[both] = function(*both)
            found.append(known[both])
        return found

    same, apart, columns = _conditions()
    pairs = pd.DataFrame(
        {
            "first": first,
            "second": second,
            "author": measured(["author", "author_full"], sim_author),
            **{name: measured([name], like) for name, like in similarity_functions.items()},
            "page_ranges_adjacent": measured(
                ["pages"],
                lambda one, other: page_ranges_adjacent({"pages_1": one, "pages_2": other}),
            ),
        }
    ).astype({**dict.fromkeys(SIMILARITIES, float), "page_ranges_adjacent": object})
    for name, field in fields.items():
        one, other = field.codes[first], field.codes[second]
        blank = field.texts.index("") if "" in field.texts else -1
        pairs[f"{name}{_AGREE}"] = (one == other) | (one == blank) | (other == blank)
        for column, places in ((f"{name}_1", first), (f"{name}_2", second)):
            if column in columns:
                pairs[column] = pd.Series(texts(name, places), dtype=object)
    with ALONE:  # pandas parses the conditions, and Python 3.11 can parse in one thread only
        likely = pairs.query(same, engine="python")
        unlike = likely.query(apart, engine="python")
    pairs["duplicate"] = pairs.index.isin(likely.index.difference(unlike.index))
    return pairs


_AGREE = "_agrees"


@cache
def _conditions() -> tuple[str, str, set[str]]:
    """Return when a pair is a duplicate, when it is none, and the columns of text they name.

    Most of them say that fields do, or do not, contradict each other: some sixty times, which is
    most of the work. Each is a column of its own instead.
    """
    from bib_dedupe.match import DUPLICATE_CONDITIONS, NON_DUPLICATE_CONDITIONS
    from bib_dedupe.match_conditions import mismatch, non_contradicting

    both = []
    for conditions in (DUPLICATE_CONDITIONS, NON_DUPLICATE_CONDITIONS):
        text = "|".join(conditions)
        for name in SIMILARITIES:
            text = text.replace(non_contradicting(name), f" ({name}{_AGREE}) ")
            text = text.replace(mismatch(name), f" (~{name}{_AGREE}) ")
        both.append(text)
    return both[0], both[1], set(re.findall(r"\w+_[12]\b", " ".join(both)))
