"""Every figure of studies with 3, 40 and 250 of them, under short and very long names."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from synthesis.diagnostics.cumulative import cumulative
from synthesis.diagnostics.influence import baujat, leave_one_out
from synthesis.diagnostics.small_studies.asymmetry import egger_test
from synthesis.diagnostics.small_studies.trim_fill import trim_and_fill
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.plots.albatross import albatross
from synthesis.plots.baujat import baujat_plot
from synthesis.plots.drapery import drapery
from synthesis.plots.effect_direction import effect_direction
from synthesis.plots.forest.summary import summary_forest
from synthesis.plots.funnel import funnel
from synthesis.plots.influence import influence_plot
from synthesis.plots.labbe import labbe
from synthesis.plots.normal_quantiles import qq_plot
from synthesis.plots.orchard import orchard
from synthesis.plots.profile import profile_plot
from synthesis.plots.radial import radial
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis

Draw = Callable[[MetaAnalysis], Axes]

FIGURES: dict[str, Draw] = {
    "funnel": lambda fit: funnel(trim_and_fill(fit), egger=egger_test(fit), title=TITLE),
    "funnel of sizes": lambda fit: funnel(fit, vertical="lni"),
    "radial": lambda fit: radial(fit, title=TITLE),
    "baujat": lambda fit: baujat_plot(baujat(fit), title=TITLE),
    "labbe": lambda fit: labbe(fit, axis="log", title=TITLE),
    "influence": lambda fit: influence_plot(fit, title=TITLE),
    "qq": lambda fit: qq_plot(fit, title=TITLE),
    "profile": lambda fit: profile_plot(fit, title=TITLE),
    "drapery": lambda fit: drapery(fit, title=TITLE),
    "orchard": lambda fit: orchard({str(fit.studies["study"].iloc[0]): fit}, title=TITLE),
    "albatross": lambda fit: albatross(fit, measure="or", title=TITLE),
    "effect direction": lambda fit: effect_direction(fit, title=TITLE),
    "cumulative": lambda fit: summary_forest(cumulative(fit), measure="rr", title=TITLE),
    "leave one out": lambda fit: summary_forest(leave_one_out(fit), measure="rr", title=TITLE),
}

TITLE = "A synthetic title that is longer than the figure is wide, as titles of reviews often are"

TAIL = " of a $very$ long name, as reports of <agencies> & ministries give their own work"
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture(scope="module")
def counted() -> Callable[[int, bool], MetaAnalysis]:
    """Make a synthetic result from counts in two arms: so many studies, a few without events."""

    def make(k: int, long: bool) -> MetaAnalysis:
        random = np.random.default_rng(k)
        n = random.integers(20, 900, (2, k))
        events = random.binomial(n, random.uniform(0.02, 0.3, (2, k)))
        table = pd.DataFrame(
            {
                "study": [
                    f"Synthetic {i}" + ((TAIL if i % 2 else WORD) if long else "") for i in range(k)
                ],
                "year": 1990 + np.arange(k) % 30,
                "events_t": events[0],
                "n_t": n[0],
                "events_c": events[1],
                "n_c": n[1],
            }
        )
        return meta_analysis(effect_sizes(table, measure="rr"))

    return make


@pytest.mark.parametrize("long", [False, True], ids=["short", "long"])
@pytest.mark.parametrize("k", [3, 40, 250])
@pytest.mark.parametrize("name", list(FIGURES))
def test_texts_keep_clear_of_each_other(
    counted: Callable[[int, bool], MetaAnalysis],
    tidy: Callable[[Axes], None],
    name: str,
    k: int,
    long: bool,
) -> None:
    tidy(FIGURES[name](counted(k, long)))
