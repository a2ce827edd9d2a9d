"""Letters that the bundled font lacks."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

import synthesis as syn
from synthesis.plots.drawing import typeface
from synthesis.pooling.results import MetaAnalysis

NAME = "王 2019"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Fonts that were found for a text are remembered for the whole process; not from here."""
    yield
    for remembered in (typeface.file_for, typeface.width, typeface.wrapped, typeface._tell):
        remembered.cache_clear()


@pytest.fixture
def fit() -> MetaAnalysis:
    table = pd.DataFrame({"study": [NAME, "B"], "yi": [0.1, 0.2], "vi": [0.1, 0.1]})
    return syn.meta_analysis(table)


def test_a_letter_without_a_font_is_named_and_saved_all_the_same(
    fit: MetaAnalysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typeface, "_on_this_machine", lambda: ())
    with pytest.warns(UserWarning, match="machine has the letters '王'; they are") as told:
        ax = syn.forest(fit)
    assert len(told) == 1
    for ending in ("png", "svg", "pdf"):
        syn.save(ax, tmp_path / f"f.{ending}", dpi=72)


def test_a_font_of_this_machine_is_used(
    fit: MetaAnalysis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "installed.ttf"
    _font_with(path, f"{NAME} B")
    monkeypatch.setattr(typeface, "_on_this_machine", lambda: (path,))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = syn.forest(fit)
        held = syn.save(ax, tmp_path / "f.pdf").read_bytes()
    (label,) = [text for text in ax.texts if text.get_text() == NAME]
    assert label.get_fontproperties().get_file() == str(path)
    assert b"Installed" in held


def _font_with(path: Path, letters: str) -> None:
    """Make a font in which every letter is a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(corner)
    pen.closePath()
    names = [".notdef", *(f"u{ord(letter):04X}" for letter in dict.fromkeys(letters))]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    font.setupCharacterMap({ord(letter): f"u{ord(letter):04X}" for letter in letters})
    font.setupGlyf(dict.fromkeys(names, pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable(
        {"familyName": "Installed", "styleName": "Regular", "psName": "Installed-Regular"}
    )
    font.setupOS2()
    font.setupPost()
    font.save(path)
