"""The colours of figures: safe for colour-blind readers, and in grey distinguished by shape."""

from __future__ import annotations

INK = "#1a1a1a"
GREY = "#595959"
LIGHT = "#b3b3b3"
PALE = "#e6e6e6"

BLUE = "#0072b2"
SKY = "#56b4e9"
GREEN = "#009e73"
ORANGE = "#e69f00"
VERMILLION = "#d55e00"
PURPLE = "#cc79a7"
YELLOW = "#f0e442"
"""The palette of Okabe & Ito (2008), Color Universal Design."""

PALE_BLUE = "#d9eaf7"
PALE_ORANGE = "#fbe6c0"
"""Fills under text and symbols; light enough for black letters."""

GROUPS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
MARKERS = ("o", "s", "^", "D", "v", "P")
"""Groups get separate colours and markers, in this order."""
