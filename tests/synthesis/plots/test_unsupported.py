"""Results that a figure does not support are refused in words. Made-up effects."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError

TABLE = pd.DataFrame(
    {
        "study": list("aabbccdd"),
        "yi": [0.1, 0.3, 0.2, 0.5, 0.4, 0.2, 0.6, 0.1],
        "vi": [0.04, 0.05, 0.03, 0.02, 0.06, 0.04, 0.07, 0.05],
        "x": range(8),
    }
)

OTHERS: dict[str, Callable[[], object]] = {
    "three_level": lambda: syn.three_level(TABLE, cluster="study"),
    "by name": lambda: {"A": syn.three_level(TABLE, cluster="study")},
    "robust": lambda: syn.robust(
        syn.meta_regression(TABLE.assign(study=list("abcdefgh")), "~ x"), cluster=TABLE["study"]
    ),
    "text": lambda: "a fit",
    "list": lambda: [1.0],
    "nothing": lambda: None,
}

FIGURES: dict[str, Callable[[object], object]] = {
    "albatross": syn.albatross,
    "baujat_plot": syn.baujat_plot,
    "bubble": lambda fit: syn.bubble(fit, "x"),
    "drapery": syn.drapery,
    "effect_direction": syn.effect_direction,
    "forest": syn.forest,
    "forest_pages": syn.forest_pages,
    "funnel": syn.funnel,
    "gosh_plot": syn.gosh_plot,
    "influence_plot": syn.influence_plot,
    "labbe": syn.labbe,
    "orchard": syn.orchard,
    "profile_plot": syn.profile_plot,
    "qq_plot": syn.qq_plot,
    "radial": syn.radial,
    "specification_curve": syn.specification_curve,
    "summary_forest": syn.summary_forest,
}  # type: ignore[dict-item]


OF_TABLES = {
    "albatross": "is needed: pass the table it was computed from, or a result of meta_analysis.",
    "effect_direction": "is needed: pass the table it was computed from, or a result of meta_",
    "summary_forest": r"is needed: pass the table it was computed from or its to_frame\(\).",
}
"""What is said of a result where a table is drawn."""


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("other", OTHERS)
def test_other_results_are_refused_in_words(name: str, other: str) -> None:
    words = OF_TABLES.get(name) if other in ("three_level", "robust") else None
    with pytest.raises(DataError, match=words or "is needed; got "):
        FIGURES[name](OTHERS[other]())


@pytest.mark.parametrize("other", OTHERS)
def test_no_words_for_what_no_figure_draws(other: str) -> None:
    with pytest.raises(syn.ArrowrootError, match=r"is needed; got|alt_text cannot describe"):
        syn.alt_text(OTHERS[other]())  # type: ignore[arg-type]
