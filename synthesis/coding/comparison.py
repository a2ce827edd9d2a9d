"""Published counts beside a re-analysis: proportions with intervals, and what they cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.options import confidence_level, one_of, seed_of
from arrowroot.text import label
from synthesis import checks
from synthesis.labels import read_labels, with_labels

INTERVALS = {
    "clopper_pearson": "exact (Clopper-Pearson)",
    "wilson": "Wilson score",
    "bootstrap": "percentile bootstrap, 10,000 replicates",
}
REPLICATES = 10_000

NOT_TESTED = (
    "The published counts and ours are shown side by side and not tested against each other: they "
    "count different units, and neither set was drawn at random from a common population."
)
WHAT_INTERVALS_MEAN = (
    "The intervals show how much chance alone could change a proportion of so few units; they do "
    "not cover how the units were found or how they were coded."
)


@dataclass(frozen=True, eq=False, repr=False)
class CountComparison(display.Shown):
    """Published counts beside a re-analysis.

    Attributes
    ----------
    table : DataFrame
        One row per count: ``quantity``, ``meaning``, ``origin`` (``published`` or the name of the
        coding), ``count``, ``out_of``, ``share``, ``ci_low``, ``ci_high`` (percent; NaN where a
        count is not a proportion of anything).
    interval : str
        How the intervals were calculated, by the names in `share_interval`.
    level : float
        Their confidence level.
    notes : tuple of str
        What cannot be concluded, in sentences.
    """

    table: pd.DataFrame
    interval: str
    level: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return the counts at full precision."""
        return self.table.copy()

    def _title(self) -> str:
        return "Published counts beside the re-analysis"

    def side_by_side(self) -> pd.DataFrame:
        """Return the counts in words, one row per count and one column per origin."""
        words = [
            f"{row['count']:,}"
            if pd.isna(row["out_of"])
            else f"{row['count']} of {row['out_of']}: {display.number(row['share'], 1)}% "
            + display.interval((row["ci_low"], row["ci_high"]), 1)
            for _, row in self.table.iterrows()
        ]
        meanings, origins = (
            list(dict.fromkeys(self.table[name])) for name in ("meaning", "origin")
        )
        wide = pd.DataFrame("", index=meanings, columns=origins)
        for meaning, origin, cell in zip(
            self.table["meaning"], self.table["origin"], words, strict=True
        ):
            wide.loc[meaning, origin] = cell
        return wide

    def _facts(self) -> Sequence[tuple[str, str]]:
        return [
            (
                str(meaning),
                ", ".join(f"{cell} ({origin})" for origin, cell in cells.items() if cell),
            )
            for meaning, cells in self.side_by_side().iterrows()
        ]

    def _headings(self) -> Sequence[str]:
        return "", *map(str, self.side_by_side().columns)

    def _rows(self) -> Sequence[Sequence[str]]:
        """Show the origins as columns, side by side."""
        # Lines may break only after the colon, never inside a count or an interval.
        cells = self.side_by_side().map(
            lambda cell: cell.replace(" ", "\N{NO-BREAK SPACE}").replace(
                ":\N{NO-BREAK SPACE}", ": "
            )
        )
        return [
            (str(meaning), *row) for meaning, row in zip(cells.index, cells.to_numpy(), strict=True)
        ]

    def _notes(self) -> Sequence[str]:
        kind = f"In brackets: {self.level:.0%} intervals, {INTERVALS[self.interval]}."
        return (kind, *self.notes)


def compare_counts(
    published: pd.DataFrame,
    ours: pd.DataFrame,
    *,
    coder: str = "coder",
    interval: str = "clopper_pearson",
    level: float = 0.95,
    seed: int | None = None,
    notes: Sequence[str] = (),
) -> CountComparison:
    """Show published counts beside a re-analysis, each proportion with its interval.

    Parameters
    ----------
    published : DataFrame
        ``quantity`` and ``count``; ``out_of`` where the count is a proportion of something;
        ``meaning``, the quantity in words, if there is one.
    ours : DataFrame
        ``quantity``, `coder`, ``count``, ``out_of``, as `count_matching` gives it. Unpublished
        quantities are shown too.
    coder : str
        The column of `ours` that names the coding.
    interval : {"clopper_pearson", "wilson", "bootstrap"}
        How intervals are calculated; see `share_interval`.
    level : float
        Their confidence level.
    seed : int, optional
        Makes bootstrap intervals repeatable.
    notes : sequence of str
        What else the reader should know, in sentences.

    Returns
    -------
    CountComparison
        Deliberately without a test of the difference; its notes say why.

    Examples
    --------
    >>> published = pd.DataFrame({"quantity": ["for patients"], "count": [4], "out_of": [108]})
    >>> ours = pd.DataFrame(
    ...     {"quantity": ["for patients"], "coder": ["first"], "count": [1], "out_of": [64]}
    ... )
    >>> compare_counts(published, ours).to_frame()[["origin", "share"]].round(1)
          origin  share
    0  published    3.7
    1      first    1.6
    """
    one_of("interval", interval, list(INTERVALS))
    confidence_level(level)
    for name in ("quantity", "count"):
        checks.column(published, name, "published")
    for name in ("quantity", "count", "out_of", coder):
        checks.column(ours, name, "ours")
    columns = ["quantity", "origin", "count", "out_of"]
    ours = with_labels(ours, [], people=[coder])
    stacked = pd.concat(
        [
            published.assign(origin="published").reindex(columns=columns),
            ours.rename(columns={coder: "origin"})[columns],
        ],
        ignore_index=True,
    )
    stacked["out_of"] = stacked["out_of"].astype("Int64")
    stacked = with_labels(stacked, ["quantity"])
    quantities = list(dict.fromkeys(stacked["quantity"]))
    stacked = stacked.sort_values("quantity", key=lambda q: q.map(quantities.index), kind="stable")
    if "meaning" in published:
        words = dict(zip(read_labels(published["quantity"]), published["meaning"], strict=True))
    else:
        words = {}
    meanings = [words.get(label(name), name) for name in stacked["quantity"]]
    stacked.insert(1, "meaning", meanings)
    shares = [
        _share(name, count, None if pd.isna(out_of) else out_of, interval, level, seed)
        for name, count, out_of in zip(
            stacked["quantity"], stacked["count"], stacked["out_of"], strict=True
        )
    ]
    stacked[["share", "ci_low", "ci_high"]] = shares
    return CountComparison(
        stacked.reset_index(drop=True), interval, level, (*notes, NOT_TESTED, WHAT_INTERVALS_MEAN)
    )


def share_interval(
    count: int,
    out_of: int,
    *,
    interval: str = "clopper_pearson",
    level: float = 0.95,
    seed: int | None = None,
) -> tuple[float, float]:
    """Return a confidence interval for a proportion, both limits between 0 and 1.

    Parameters
    ----------
    count, out_of : int
        Units with the feature, and all units; 0 <= count <= out_of, out_of > 0.
    interval : {"clopper_pearson", "wilson", "bootstrap"}
        Exact from the beta distribution (Clopper & Pearson 1934), never too narrow; the score
        interval (Wilson 1927), nearer its nominal level on average; or the percentiles of
        proportions in resampled units, too narrow for few units.
    level : float
        Confidence level.
    seed : int, optional
        Makes a bootstrap interval repeatable.

    Returns
    -------
    tuple of float
        Lower and upper limit.

    Raises
    ------
    DataError
        If the numbers are not a count and its total, or the bootstrap is used for a proportion of
        none or all, which resampling cannot change.

    Examples
    --------
    >>> low, high = share_interval(4, 108)
    >>> round(low, 4), round(high, 4)
    (0.0102, 0.0921)
    """
    from scipy.special import betaincinv, ndtri

    one_of("interval", interval, list(INTERVALS))
    whole = count == np.floor(count) and out_of == np.floor(out_of)
    if not (out_of > 0 and 0 <= count <= out_of and whole):
        raise DataError(
            "a proportion needs whole numbers, 0 <= count <= out_of and out_of > 0; got "
            f"{count}/{out_of}."
        )
    tail = (1 - confidence_level(level)) / 2
    if interval == "clopper_pearson":
        low = betaincinv(count, out_of - count + 1, tail) if count else 0.0
        high = betaincinv(count + 1, out_of - count, 1 - tail) if count < out_of else 1.0
        return float(low), float(high)
    if interval == "bootstrap":
        if count in (0, out_of):
            raise DataError(
                f"{count} of {out_of}: resampled it stays {count} of {out_of}, so the bootstrap "
                "has no interval. Use interval='clopper_pearson'."
            )
        drawn = np.random.default_rng(seed_of(seed)).binomial(out_of, count / out_of, REPLICATES)
        low, high = np.quantile(drawn / out_of, [tail, 1 - tail])
        return float(low), float(high)
    z2 = float(ndtri(tail)) ** 2
    centre = (count + z2 / 2) / (out_of + z2)
    spread = (z2 * (count * (out_of - count) / out_of + z2 / 4)) ** 0.5 / (out_of + z2)
    return max(centre - spread, 0.0), min(centre + spread, 1.0)


def _share(
    quantity: str, count: int, out_of: int | None, interval: str, level: float, seed: int | None
) -> tuple[float, float, float]:
    if out_of is None:
        return (float("nan"),) * 3
    try:
        low, high = share_interval(count, out_of, interval=interval, level=level, seed=seed)
    except DataError as error:
        raise DataError(f"{quantity}: {error}") from None
    return 100 * count / out_of, 100 * low, 100 * high
