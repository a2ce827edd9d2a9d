"""Lines of text, set beside matplotlib's own."""

from __future__ import annotations

from io import BytesIO

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from synthesis.plots.drawing.canvas import BEFORE, WrittenLine
from synthesis.plots.drawing.save import SETTINGS
from synthesis.plots.drawing.typeface import font


def drawn(kind: type[Text], form: str) -> bytes:
    """Write a line at every alignment, one that is hidden and one that is empty."""
    from matplotlib import rc_context

    figure = Figure(figsize=(3, 2))
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    lines = [("A line $of$ text, 0.56 [0.43, 0.69] ☂", align, True) for align in BEFORE]
    for at, (words, align, seen) in enumerate([*lines, ("hidden", "left", False), ("", "left", 1)]):
        ax.add_artist(
            kind(
                0.37,
                0.1 + 0.2 * at,
                words,
                transform=ax.transAxes,
                horizontalalignment=align,
                fontproperties=font(words, "bold", 9.5),
                color="#0072b2",
                parse_math=False,
                clip_on=False,
                visible=bool(seen),
                gid=f"line-{at}",
            )
        )
    held = BytesIO()
    metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[form]
    with rc_context(SETTINGS):
        figure.savefig(held, format=form, dpi=150, metadata=metadata)
    return held.getvalue()


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_a_line_is_drawn_as_matplotlib_draws_it(form: str) -> None:
    assert drawn(WrittenLine, form) == drawn(Text, form)
