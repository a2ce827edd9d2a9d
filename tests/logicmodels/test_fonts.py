from __future__ import annotations

import base64
import re
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from logicmodels.figures.fonts import FACES, FOLDER, face_rule, text_width, wrap, wrap_evenly

LONG = "Helping people to stay independent, maximising well-being and improving health outcomes"


def test_the_bundled_fonts_are_version_2_under_the_open_font_licence() -> None:
    for path in FACES.values():
        with TTFont(path) as font:
            assert font["name"].getDebugName(5).startswith("Version 2.")
            assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / "LICENSE.txt").read_text("utf-8")


@pytest.mark.parametrize("width", [20, 60, 120, 400])
@pytest.mark.parametrize(
    "text", [LONG, "x" * 300, "", "decision-makers of all-important well-being"]
)
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, width: float) -> None:
    for lines in (wrap(text, width, 10), wrap_evenly(text, width, 10)):
        assert all(text_width(line, 10) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_even_lines_are_as_few_and_more_even() -> None:
    plain, even = wrap(LONG, 170, 10), wrap_evenly(LONG, 170, 10)

    def unevenness(lines: list[str]) -> float:
        widths = [text_width(line, 10) for line in lines]
        return max(widths) - min(widths)

    assert len(even) == len(plain)
    assert unevenness(even) < unevenness(plain)


def test_words_are_divided_after_their_hyphen() -> None:
    assert wrap("decision-makers", 50, 10) == ["decision-", "makers"]


def test_a_figure_carries_the_glyphs_it_needs_and_the_licence() -> None:
    rule = face_rule("Compassion")
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", rule)
    assert found
    font = TTFont(BytesIO(base64.b64decode(found[1])))
    assert set(map(chr, font.getBestCmap())) == set("Compassion")
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert rule == face_rule("noissapmoC")
