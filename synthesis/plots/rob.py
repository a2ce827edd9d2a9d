"""Risk of bias: the traffic light of every study and domain, and bars that summarise them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, OptionError
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.appraisal.risk_of_bias.results import weights_by_study
from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias
from synthesis.labels import read_labels
from synthesis.plots.drawing import typeface
from synthesis.plots.drawing.palette import GREY, INK
from synthesis.plots.drawing.symbol_table import Grid, GridColumn
from synthesis.plots.drawing.typeface import SIZE, clean
from synthesis.plots.judgements import JUDGEMENTS, Judgement
from synthesis.plots.rob_table import RobTable, rob_table
from synthesis.plots.symbols import disc

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from synthesis.pooling.results import MetaAnalysis

BAR, WIDTH = 1.35 * SIZE, 300.0
"""Height and full length of a bar in points."""


def rob_traffic_light(
    table: pd.DataFrame | RiskOfBias,
    *,
    tool: str | None = None,
    template: str | None = None,
    study: str = "study",
    domains: Mapping[str, str] | None = None,
    overall: str | None = None,
    outcome: str | None = None,
    window: str | None = None,
    fit: MetaAnalysis | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the risk-of-bias judgement of every study in every domain.

    Parameters
    ----------
    table : RiskOfBias or DataFrame
        What `RiskOfBias.read` gives, with its own tool; or one row per study: a column of labels,
        one per domain (``D1``, ``D2`` ...), and, if there is one, ``overall``. Cells contain words
        such as ``"Low"``, ``"Some concerns"``, ``"NI"``.
    tool, template : str
        The tool of a table, under either name: ``"rob2" "rob2_cluster" "robins_i" "robins_i_v2"
        "robins_e" "quadas2" "quips"``, or ``"generic"``, whose domains are the table's other
        columns. By default ``"rob2"``.
    study : str
        Column of the study labels.
    domains : mapping of str to str, optional
        Columns of the domains with what each is about, instead of the tool's.
    overall : str, optional
        Column of the overall judgement, if it is not called ``overall``.
    outcome, window : str, optional
        Which result of a RiskOfBias; may be left out if there is one, or if `fit` says it.
    fit : MetaAnalysis, optional
        The analysis: its studies are drawn, in its order, those of which nothing was judged as
        not judged; judged studies that are not in it are named below.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Its data are points on the sheet. Every judgement has a symbol as well as a colour; a ring
        is a blank cell. Studies whose overall judgement is better than that of one of their
        domains are named below.

    Raises
    ------
    OptionError
        An unknown template.
    DataError
        A missing column, or a judgement that the tool does not have.
    """
    read = rob_table(
        table,
        tool=tool,
        template=template,
        study=study,
        domains=domains,
        overall=overall,
        outcome=outcome,
        window=window,
        fit=fit,
    )
    blank = ["Not judged"] if read.blank else []
    grid = Grid(
        read.studies,
        [GridColumn(heading=code) for code in read.domains],
        ax=ax,
        title=clean(title),
        key=[*(known.name.capitalize() for known in read.used), *blank],
        notes=[*read.notes(), *read.remarks()],
    )
    for column, found in enumerate(read.judgements.values()):
        for row, one in enumerate(found):
            _light(grid, grid.across[column], grid.down[row], one)
    keyed: list[Judgement | None] = [*read.used, *([None] if read.blank else [])]
    for (x, y), one in zip(grid.handles, keyed, strict=True):
        _light(grid, x, y, one, diameter=10.0)
    grid.describe(
        f"{read.template.name}: traffic-light plot of "
        f"{counted(len(read.studies), 'study', 'studies')}.",
        *(_counted(code, found) for code, found in read.judgements.items()),
        *read.remarks(),
    )
    return grid.axes


def _light(
    grid: Grid, x: float, y: float, found: Judgement | None, *, diameter: float = 13.0
) -> None:
    if found is not None:
        disc(grid, x, y, found, diameter=diameter)
        return
    grid.axes.scatter(
        [x],
        [y],
        s=(0.8 * diameter * grid.scale) ** 2,
        facecolors="none",
        edgecolors=GREY,
        linewidths=0.8 * grid.scale,
        clip_on=False,
        zorder=3,
    )


def _counted(code: str, found: list[Judgement | None]) -> str:
    counts = [(known.name, found.count(known)) for known in JUDGEMENTS]
    counts.append(("not judged", found.count(None)))
    return f"{code}: " + ", ".join(f"{n} {name}" for name, n in counts if n) + "."


def rob_summary(
    table: pd.DataFrame | RiskOfBias,
    *,
    tool: str | None = None,
    template: str | None = None,
    study: str = "study",
    domains: Mapping[str, str] | None = None,
    overall: str | None = None,
    outcome: str | None = None,
    window: str | None = None,
    fit: MetaAnalysis | None = None,
    weights: pd.Series | str | None = None,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw the share of each risk-of-bias judgement in every domain as bars.

    Parameters
    ----------
    table, tool, template, study, domains, overall, outcome, window
        As for `rob_traffic_light`.
    fit : MetaAnalysis, optional
        The analysis: its studies are drawn, and bars are weighted as it weights them.
    weights : Series or str, optional
        The weight of each study, instead: the `weights` of a result, by study label, or a column
        of the table. By default every study counts the same.
    ax : Axes, optional
        Where to draw; by default a figure as large as its content is created.
    title : str
        A title over the figure.

    Returns
    -------
    Axes
        Its data are points on the sheet. Bars run from the best to the worst judgement, with its
        symbol where there is room; blank cells come last and are white.

    Raises
    ------
    OptionError
        An unknown template.
    DataError
        As `rob_traffic_light`; or a study without a weight, or a weight that is not above 0.
    """
    read = rob_table(
        table,
        tool=tool,
        template=template,
        study=study,
        domains=domains,
        overall=overall,
        outcome=outcome,
        window=window,
        fit=fit,
    )
    if fit is not None and weights is not None:
        raise OptionError("give fit or weights, not both: fit brings its own weights.")
    if fit is not None:
        weights = pd.Series(weights_by_study(fit))
    weight = _weights(table, read, weights)
    blank = ["Not judged"] if read.blank else []
    named = [
        about[:1].upper() + about[1:] if about else code for code, about in read.domains.items()
    ]
    grid = Grid(
        named,
        [GridColumn(heading="", at_least=WIDTH + 3 * SIZE)],
        label_heading=read.template.name if read.template.domains else "Domain",
        ax=ax,
        title=clean(title),
        key=[*(known.name.capitalize() for known in read.used), *blank],
        notes=[
            "Share of studies in percent"
            + (", weighted as in the meta-analysis." if weights is not None else "."),
            *read.remarks(),
        ],
        axis_below=True,
    )
    left = grid.across[0] - WIDTH / 2
    order: list[Judgement | None] = [*read.used, *([None] if read.blank else [])]
    words = []
    for row, (code, found) in enumerate(read.judgements.items()):
        shares = {
            one: 100 * float(weight[[given is one for given in found]].sum() / weight.sum())
            for one in order
        }
        _bar(grid, left, grid.down[row], shares, gid=f"bar-{row}")
        listed = ", ".join(
            f"{_name(one)} {display.drawn(share, 0)}%" for one, share in shares.items() if share
        )
        words.append(f"{code}: {listed}.")
    _percent_axis(grid, left)
    for (x, y), one in zip(grid.handles, order, strict=True):
        _light(grid, x, y, one, diameter=10.0)
    grid.describe(
        f"{read.template.name}: judgements of "
        f"{counted(len(read.studies), 'study', 'studies')} in percent.",
        *words,
        *read.remarks(),
    )
    return grid.axes


def _name(found: Judgement | None) -> str:
    return "not judged" if found is None else found.name


def _weights(
    table: pd.DataFrame | RiskOfBias, read: RobTable, weights: pd.Series | str | None
) -> np.ndarray:
    if weights is None:
        return np.ones(len(read.studies))
    if isinstance(weights, str):
        if isinstance(table, RiskOfBias):
            raise OptionError("weights must be a Series by study label; or give fit.")
        values = checks.numeric(checks.column(table, weights, "weights"), read.studies)
    else:
        by_label = pd.Series(
            weights.to_numpy(dtype=float),
            index=[clean(name) for name in read_labels(weights.index.to_series())],
        )
        lacking = [repr(label) for label in read.studies if label not in by_label.index]
        if lacking:
            raise DataError(
                f"weights: no weight for {shortened(lacking)}. Labels must be the same "
                "in the table and in the analysis; leave out studies that were not pooled."
            )
        values = by_label.loc[read.studies].to_numpy(dtype=float)
    checks.refuse("weights must be > 0", values, ~(values > 0), read.studies)
    return values


def _bar(
    grid: Grid, left: float, middle: float, shares: Mapping[Judgement | None, float], *, gid: str
) -> None:
    x = left
    for number, (found, share) in enumerate(shares.items()):
        wide = share / 100 * WIDTH
        if not wide:
            continue
        grid.axes.barh(
            middle,
            wide,
            left=x,
            height=BAR,
            facecolor="white" if found is None else found.fill,
            edgecolor=GREY if found is None else "white",
            linewidth=0.8 * grid.scale,
            clip_on=False,
            zorder=3,
            gid=f"{gid}-{number}",
        )
        if found is not None and wide > typeface.width(found.symbol, "bold", SIZE) + 4:
            grid.symbol(x + wide / 2, middle, found.symbol, colour=found.ink)
        x += wide


def _percent_axis(grid: Grid, left: float) -> None:
    """Label percentages below the bars."""
    y = grid.edges[-1]
    for share in (0, 25, 50, 75, 100):
        x = left + share / 100 * WIDTH
        grid.canvas.rule((x, y), (x, y + 0.35 * SIZE), colour=INK)
        grid.canvas.text(x, y + 1.4 * SIZE, f"{share}%", size=SIZE, align="center", colour=INK)
