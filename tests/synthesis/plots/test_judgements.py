"""Risk-of-bias judgements, and their columns in a forest plot."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex

from arrowroot.errors import DataError
from synthesis.appraisal.risk_of_bias.words import WORDS
from synthesis.plots.forest.forest import forest
from synthesis.plots.forest.styles import STYLES
from synthesis.plots.judgements import JUDGEMENTS, judged
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.results import MetaAnalysis


@pytest.fixture(scope="module")
def rated() -> MetaAnalysis:
    """Four synthetic studies with judgements in three domains."""
    return meta_analysis(
        pd.DataFrame(
            {
                "study": list("ABCD"),
                "yi": [0.1, 0.2, 0.3, 0.2],
                "vi": [0.1] * 4,
                "randomisation": ["low", "Low", "some concerns", "high"],
                "missing data": ["high", "some_concerns", None, "low"],
                "reporting": ["no information", "low", "low", "low"],
            }
        )
    )


DOMAINS = {"randomisation": "D1", "missing data": "D2", "reporting": "D3"}


def test_symbols_stand_in_the_rows_of_their_studies(rated: MetaAnalysis) -> None:
    ax = forest(rated, risk_of_bias=DOMAINS)
    shown = [text.get_text() for text in ax.texts]
    rows = {text.get_text(): text.get_position()[1] for text in ax.texts}
    by_row = {
        study: sorted(
            (text.get_position()[0], text.get_text())
            for text in ax.texts
            if text.get_position()[1] == rows[study] and text.get_text() in ("+", "~", "–", "0")
        )
        for study in "ABCD"
    }
    assert [[symbol for _, symbol in row] for row in by_row.values()] == [
        ["+", "–", "0"],
        ["+", "~", "+"],
        ["~", "+"],
        ["–", "+", "+"],
    ]
    assert {"D1", "D2", "D3", "Risk of bias"} <= set(shown)
    key = "Risk of bias: + low, ~ some concerns, – high, 0 no information."
    assert any(text.startswith(key) for text in shown)


def test_each_disc_has_the_colour_of_its_symbol(rated: MetaAnalysis) -> None:
    ax = forest(rated, risk_of_bias=["randomisation"])
    discs = next(c for c in ax.collections if c.get_gid() == "judgements")
    assert isinstance(discs, PathCollection)
    fills = {known.name: known.fill for known in JUDGEMENTS}
    expected = [fills[name] for name in ("low", "low", "some concerns", "high")]
    assert [to_hex(colour) for colour in discs.get_facecolors()] == expected


@pytest.mark.parametrize("style", list(STYLES))
def test_panels_are_tidy(rated: MetaAnalysis, tidy: Callable[[Axes], None], style: str) -> None:
    tidy(forest(rated, style=style, risk_of_bias=DOMAINS, favours=("control", "treatment")))
    tidy(forest(rated, style=style, risk_of_bias=list(DOMAINS)))


def test_every_symbol_and_every_word_is_one_judgements() -> None:
    assert len({known.symbol for known in JUDGEMENTS}) == len(JUDGEMENTS)
    assert [known.name for known in JUDGEMENTS] == list(WORDS)
    words = [word for spelled in WORDS.values() for word in spelled]
    assert len(set(words)) == len(words)


def test_what_is_no_judgement(rated: MetaAnalysis) -> None:
    column = pd.Series(["low", "lowish"], name="blinding")
    with pytest.raises(
        DataError, match=r"blinding: every .* 'low', .*; got 'lowish' for study 'B'"
    ):
        judged(column, "AB")
    with pytest.raises(DataError, match="risk_of_bias: the table has no column 'reportin'"):
        forest(rated, risk_of_bias=["reportin"])
