"""The effect-direction plot: which way effects point, for studies that cannot be pooled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.diagnostics.directions import DIRECTIONS, sign_test
from synthesis.labels import as_read, complete_labels, read_labels
from synthesis.plots.drawing.palette import BLUE, GREY, INK, VERMILLION
from synthesis.plots.drawing.symbol_table import Grid, GridColumn
from synthesis.plots.drawing.typeface import clean
from synthesis.plots.judgements import JUDGEMENTS, Judgement, judged
from synthesis.plots.symbols import disc, names
from synthesis.plots.unpooled import direction_table
from synthesis.pooling.results import MetaAnalysis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZES = ((50, 7.0), (300, 10.0), (np.inf, 13.5))
"""Sample sizes below which an arrow has each height in points: small, medium and large studies,
as Boon & Thomson divide them."""

PLAIN = 10.0
"""Height of arrows where sizes are not given."""

COLOURS = {"positive": BLUE, "negative": VERMILLION, "conflicting": GREY}


def effect_direction(
    table: pd.DataFrame | MetaAnalysis,
    *,
    study: str = "study",
    domain: str = "domain",
    direction: str = "direction",
    outcomes: str | None = "outcomes",
    n: str | None = None,
    risk_of_bias: str | None = None,
    test: bool = True,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the direction in which the effects of every study point, by outcome domain.

    Parameters
    ----------
    table : DataFrame or MetaAnalysis
        One row per study and domain, as `effect_directions` gives; or a meta-analysis, whose
        effects above zero are positive.
    study, domain, direction : str
        Columns; the direction is ``"positive"``, ``"negative"`` or ``"conflicting"``. For a
        meta-analysis only `domain` is used, a column of its study table; without it, all studies
        are in one domain.
    outcomes : str, optional
        Column of the number of effects behind each arrow, printed beside it if more than 1; not
        required in the table.
    n : str, optional
        Column of sample sizes: arrows are small below 50 participants, large above 300. A
        meta-analysis gives its own, from ``n`` or ``n_t`` and ``n_c``, if it has them.
    risk_of_bias : str, optional
        Column of the overall judgement of each study.
    test : bool
        Whether the last rows give the number of positive studies, out of those that point either
        way, and the p-value of the sign test.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Its data are points on the sheet.

    Raises
    ------
    DataError
        A missing column, another word for a direction, or a study that occurs twice in a domain or
        whose size or judgement differs between rows.

    References
    ----------
    Boon & Thomson 2021, Res Synth Methods 12:29-33; Campbell et al. 2020, BMJ 368:l6890 (SWiM).
    """
    if isinstance(table, MetaAnalysis):
        table = direction_table(table, domain=domain)
        study, direction, n = "study", "direction", n or ("n" if "n" in table else None)
    named = complete_labels(checks.column(table, study, "study"), "study")
    about = complete_labels(checks.column(table, domain, "domain"), "domain")
    labels, domains = ([clean(name) for name in names] for names in (named, about))
    words = _words(checks.column(table, direction, "direction"), labels)
    cells = pd.DataFrame({"study": labels, "domain": domains, "direction": words})
    cells["outcomes"] = 1.0
    if outcomes is not None and outcomes in table:
        cells["outcomes"] = checks.numeric(table[outcomes], labels)
    twice = cells[cells.duplicated(["study", "domain"])]
    if not twice.empty:
        named = [f"{one.study!r} in {one.domain!r}" for one in twice.itertuples()]
        raise DataError(
            f"a study may occur once in a domain; repeated: {shortened(named)}. "
            "effect_directions combines several effects into one direction."
        )
    studies, columns = (list(dict.fromkeys(cells[name])) for name in ("study", "domain"))
    sizes = None if n is None else _sizes(table, n, labels)
    bias = None if risk_of_bias is None else _bias(table, risk_of_bias, labels)
    test_rows = _tests(cells, columns) if test else {}
    grid = Grid(
        [*studies, *test_rows],
        _columns(columns, test_rows, studies, sizes, has_bias=bias is not None),
        ax=ax,
        title=clean(title),
        key=[
            *(word.capitalize() for word in DIRECTIONS),
            *(names(bias.values()) if bias is not None else []),
        ],
        notes=_notes(cells, sizes),
        ruled_above=len(studies),
    )
    _arrows(grid, cells, studies, columns, sizes)
    _handles(grid, bias)
    if bias is not None:
        for row, one in enumerate(studies):
            if (found := bias[one]) is not None:
                disc(grid, grid.across[-1], grid.down[row], found)
    grid.describe(
        f"Effect-direction plot of {counted(len(studies), 'study', 'studies')}.",
        *(_sentence(cells, name) for name in columns),
    )
    return grid.axes


def _words(values: pd.Series, labels: list[str]) -> list[str]:
    words = [clean(word).lower() for word in read_labels(values)]
    wrong = [
        f"{word!r} for study {label!r}"
        for word, label in zip(words, labels, strict=True)
        if word not in DIRECTIONS
    ]
    if wrong:
        legal = ", ".join(map(repr, DIRECTIONS))
        raise DataError(f"direction must be one of {legal}; got {shortened(wrong)}.")
    return words


def _single(values: pd.Series, labels: list[str], name: str) -> pd.Series:
    """Return one value per study, or say which studies have several."""
    pairs = pd.DataFrame({"study": labels, "value": values.to_numpy()}).drop_duplicates()
    several = pairs[pairs.duplicated("study")]["study"]
    if not several.empty:
        raise DataError(
            f"{name} must be the same in all rows of a study; it differs for "
            f"{shortened(repr(label) for label in several.unique())}."
        )
    return pairs.set_index("study")["value"]


def _sizes(table: pd.DataFrame, n: str, labels: list[str]) -> dict[str, float]:
    values = checks.numeric(checks.column(table, n, "n"), labels)
    checks.refuse(f"{n} must be > 0", values, values <= 0, labels)
    return {
        str(label): float(size) for label, size in _single(pd.Series(values), labels, n).items()
    }


def _bias(table: pd.DataFrame, name: str, labels: list[str]) -> dict[str, Judgement | None]:
    cells = as_read(checks.column(table, name, "risk_of_bias"))
    values = _single(cells, labels, name).rename(name)
    found = judged(values, values.index)
    return dict(zip(map(str, values.index), found, strict=True))


def _tests(cells: pd.DataFrame, domains: list[str]) -> dict[str, list[str]]:
    """Write the sign test of each domain; a dash where no study points either way."""
    positive, p = [], []
    for name in domains:
        words = cells.loc[cells["domain"] == name, "direction"]
        if (words == "conflicting").all():
            positive.append(display.NOT_ESTIMATED)
            p.append(display.NOT_ESTIMATED)
            continue
        found = sign_test(words)
        positive.append(f"{found.positive} of {found.decided}")
        p.append(display.p_value(found.p_value).removeprefix("= "))
    return {"Positive, of those that point either way": positive, "Sign test, p": p}


def _columns(
    domains: list[str],
    tests: dict[str, list[str]],
    studies: list[str],
    sizes: dict[str, float] | None,
    *,
    has_bias: bool,
) -> list[GridColumn]:
    empty = [""] * len(studies)
    columns = [
        GridColumn(heading=name, texts=[*empty, *(row[at] for row in tests.values())])
        for at, name in enumerate(domains)
    ]
    if sizes is not None:
        texts = [f"{sizes[name]:,.0f}" if sizes[name] > 0 else "" for name in studies]
        columns.append(GridColumn(heading="n", texts=texts))
    if has_bias:
        columns.append(GridColumn(heading="Risk of bias"))
    return columns


def _notes(cells: pd.DataFrame, sizes: dict[str, float] | None) -> list[str]:
    notes = []
    if (cells["outcomes"] > 1).any():
        notes.append("Numbers beside arrows: effects in the domain, where there is more than one.")
    if sizes is not None:
        notes.append("Arrows: small below 50 participants, large above 300.")
    return notes


def _height(size: float) -> float:
    if np.isnan(size):
        return PLAIN
    return next(height for below, height in SIZES if size < below or (below == 300 and size == 300))


def _arrows(
    grid: Grid,
    cells: pd.DataFrame,
    studies: list[str],
    domains: list[str],
    sizes: dict[str, float] | None,
) -> None:
    for cell in cells.itertuples():
        row, column = studies.index(str(cell.study)), domains.index(str(cell.domain))
        height = PLAIN if sizes is None else _height(sizes[str(cell.study)])
        x, y = grid.across[column], grid.down[row]
        _arrow(grid, x, y, str(cell.direction), height, gid=f"arrow-{row}-{column}")
        count = float(cell.outcomes)  # type: ignore[arg-type]
        if count > 1:
            size = 7.0
            grid.canvas.text(x + 9.0, y + 0.6 * size, f"{count:.0f}", size=size, colour=INK)


def _arrow(grid: Grid, x: float, y: float, direction: str, height: float, *, gid: str) -> None:
    """Draw a triangle up or down, or two that point apart."""
    half, wide = height / 2, 0.58 * height
    if direction == "conflicting":
        gap, low = 0.8, 0.42 * height
        xs = [x - gap, x - gap, x - wide - gap, x + gap, x + gap, x + wide + gap]
        ys = [y - low, y + low, y, y - low, y + low, y]
    else:
        tip = -half if direction == "positive" else half
        xs, ys = [x - wide, x + wide, x], [y - tip, y - tip, y + tip]
    for number in range(0, len(xs), 3):
        grid.axes.fill(
            xs[number : number + 3],
            ys[number : number + 3],
            facecolor=COLOURS[direction],
            edgecolor="none",
            clip_on=False,
            zorder=3,
            gid=gid if number == 0 else f"{gid}-right",
        )


def _handles(grid: Grid, bias: dict[str, Judgement | None] | None) -> None:
    """Draw the symbols of the key."""
    for (x, y), word in zip(grid.handles, DIRECTIONS, strict=False):
        _arrow(grid, x, y, word, 0.8 * PLAIN, gid=f"key-{word}")
    there = set(bias.values()) if bias is not None else set()
    used = [known for known in JUDGEMENTS if known in there]
    for (x, y), known in zip(grid.handles[len(DIRECTIONS) :], used, strict=True):
        disc(grid, x, y, known, diameter=10.0)


def _sentence(cells: pd.DataFrame, domain: str) -> str:
    words = cells.loc[cells["domain"] == domain, "direction"]
    said = ", ".join(f"{int((words == word).sum())} {word}" for word in DIRECTIONS)
    return f"{domain}: {said}."
