"""Results to draw, and what every drawing must keep."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text

from synthesis import datasets
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="session")
def baskerville() -> MetaAnalysis:
    """23 trials of practice facilitation: Baskerville et al. 2012."""
    return meta_analysis(datasets.load("baskerville2012"), measure="smd")


@pytest.fixture(scope="session")
def bcg() -> MetaAnalysis:
    """13 trials of BCG vaccination, as risk ratios: Colditz et al. 1994."""
    from synthesis.effects.effect_sizes import effect_sizes

    return meta_analysis(effect_sizes(datasets.load("bcg"), measure="rr"))


@pytest.fixture(scope="session")
def synthetic() -> Callable[..., MetaAnalysis]:
    """Make a synthetic result: so many studies, with short or very long labels."""

    def make(k: int, *, long: bool = False, measure: str = "smd") -> MetaAnalysis:
        random = np.random.default_rng(k)
        tail = " of a $very$ long name, as reports of <agencies> & ministries give their own work"
        word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
        table = pd.DataFrame(
            {
                "study": [
                    f"Synthetic {i}" + ((tail if i % 2 else word) if long else "") for i in range(k)
                ],
                "yi": random.normal(0.2, 0.4, k),
                "vi": random.uniform(0.005, 0.4, k),
            }
        )
        return meta_analysis(table, measure=measure)

    return make


@pytest.fixture
def tidy() -> Callable[[Axes], None]:
    """Check that no two texts of a drawing overlap and that none leaves the sheet."""

    def check(ax: Axes) -> None:
        figure = ax.get_figure(root=True)
        assert figure is not None
        figure.draw_without_rendering()
        sheet = figure.bbox
        boxes = []
        for text in figure.findobj(Text):
            if text.get_visible() and text.get_text():
                box = text.get_window_extent()
                assert sheet.x0 <= box.x0 and box.x1 <= sheet.x1, text.get_text()
                assert sheet.y0 <= box.y0 and box.y1 <= sheet.y1, text.get_text()
                boxes.append((box.x0, box.x1, box.y0, box.y1, text.get_text()))
        boxes.sort(key=lambda box: box[2])
        slack = 1.0  # a pixel: boxes are rounded up to whole pixels
        for at, one in enumerate(boxes):
            near = itertools.takewhile(lambda b, top=one[3]: b[2] < top - slack, boxes[at + 1 :])
            for other in near:
                apart = one[1] <= other[0] + slack or other[1] <= one[0] + slack
                assert apart, f"{one[4]!r} lies on {other[4]!r}"

    return check
