"""L'Abbé plots, read from what they draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.axes import Axes

from synthesis import datasets
from synthesis.effects.routes import effect_sizes
from synthesis.errors import DataError, OptionError
from synthesis.plots.canvas import Sheet
from synthesis.plots.labbe import labbe
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


def circles(ax: Axes) -> tuple[np.ndarray, np.ndarray]:
    (found,) = (c for c in ax.collections if c.get_gid() == "studies")
    return np.asarray(found.get_offsets()), np.asarray(found.get_sizes())  # type: ignore[attr-defined]


def test_circles_are_the_risks_and_areas_the_weights(bcg: MetaAnalysis) -> None:
    offsets, areas = circles(labbe(bcg))
    order = np.argsort(-bcg.weights.to_numpy(), kind="stable")
    table = bcg.studies.iloc[order]
    expected = 100 * np.column_stack(
        [table["events_c"] / table["n_c"], table["events_t"] / table["n_t"]]
    )
    np.testing.assert_allclose(offsets, expected, rtol=1e-14)
    np.testing.assert_allclose(areas / areas[0], bcg.weights.iloc[order] / bcg.weights.max())


@pytest.mark.parametrize("measure", ["rr", "or", "rd", "asd"])
def test_the_line_is_the_pooled_effect(measure: str) -> None:
    """On every point of the line, the effect of its two risks is the pooled one."""
    fit = meta_analysis(effect_sizes(datasets.load("egger2001"), measure=measure))
    (line,) = (one for one in labbe(fit).lines if one.get_gid() == "pooled")
    control, treated = np.asarray(line.get_xdata()) / 100, np.asarray(line.get_ydata()) / 100
    inside = (control > 0.01) & (treated > 0.01) & (treated < 1)
    p, q = treated[inside], control[inside]
    effect = {
        "rr": np.log(p / q),
        "or": np.log(p / (1 - p) * (1 - q) / q) if measure == "or" else None,
        "rd": p - q,
        "asd": np.arcsin(np.sqrt(p)) - np.arcsin(np.sqrt(q)),
    }[measure]
    assert inside.any()
    # The way there and back through logarithms and sines costs a few of sixteen digits.
    np.testing.assert_allclose(effect, fit.estimate, rtol=1e-11)


def test_names_stand_clear(bcg: MetaAnalysis, tidy: Callable[[Axes], None]) -> None:
    ax = labbe(bcg, arms=("BCG vaccine", "Control"), title="BCG vaccination")
    tidy(ax)
    texts = [text.get_text() for text in ax.texts]
    assert "Stein & Aronson 1953" in texts
    assert "BCG vaccine: risk (%)" in texts
    assert isinstance(ax, Sheet)
    assert "in 11 the risk is lower in the first arm" in ax.description
    bare = labbe(bcg, names=False)
    assert "Stein & Aronson 1953" not in [text.get_text() for text in bare.texts]


def test_refusals(bcg: MetaAnalysis, baskerville: MetaAnalysis) -> None:
    with pytest.raises(OptionError, match=r"compare two risks .* these effects are 'smd'"):
        labbe(baskerville)
    bare = meta_analysis(bcg.studies[["study", "yi", "vi"]], measure="rr")
    with pytest.raises(DataError, match="The table has no 'events_t' and no 'n_t'"):
        labbe(bare)
