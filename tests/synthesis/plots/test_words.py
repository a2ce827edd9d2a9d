"""Figures in words."""

from __future__ import annotations

from synthesis.plots.words import alt_text
from synthesis.pooling.results import MetaAnalysis


def test_forest_in_words(baskerville: MetaAnalysis) -> None:
    assert alt_text(baskerville) == (
        "Forest plot of 23 studies. Their effects run from 0.04 (Jaen et al. 2010) to 1.31 "
        "(Aspy et al. 2008b). Standardised mean difference, random-effects model: 0.56, 95% "
        "confidence interval 0.43 to 0.69. 95% prediction interval 0.23 to 0.89. I² is 22%."
    )
