from __future__ import annotations

import base64
import re
import subprocess
import sys
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from arrowroot import fonts
from arrowroot.fonts import FACES, FOLDER, divided, subset, text_width, wrap, wrap_evenly

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


@pytest.mark.parametrize("face", FACES)
def test_a_subset_is_the_same_whether_or_not_other_letters_are_at_hand(
    face: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["AVATo fi", "I² = 25%, τ² ≤ 0.1 – “Müller”", "Study 12 (−0.3)"]
    from_common = [subset(text, face, kerned=True) for text in texts]
    monkeypatch.setattr(fonts, "COMMON", frozenset())
    assert from_common == [subset(text, face, kerned=True) for text in texts]


def test_the_bytes_of_a_subset_depend_on_its_letters_alone() -> None:
    carried = subset("Compassion", "regular", kerned=False)
    font = TTFont(BytesIO(base64.b64decode(carried)))
    assert set(map(chr, font.getBestCmap())) == set("Compassion")
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert "kern" not in font
    assert carried == subset("noissapmoC", "regular", kerned=False)
    assert "GPOS" in TTFont(BytesIO(base64.b64decode(subset("AV", "regular", kerned=True))))


def test_a_word_is_divided_at_its_hyphen_only_where_asked() -> None:
    def fits(part: str) -> bool:
        return len(part) <= 6

    assert divided("self-esteem", fits, hyphens=True) == ["self-", "esteem"]
    assert divided("self-esteem", fits, hyphens=False) == ["self-e", "steem"]


def test_importing_the_measurer_loads_no_large_library() -> None:
    program = (
        "import sys, arrowroot.fonts\n"
        "print(sorted({'numpy', 'pandas', 'matplotlib', 'fontTools'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert told.stdout.strip() == "[]", told.stderr


WORDS = (
    "Multidisciplinary assessments",
    "Interprofessional collaboration",
    "Decommissioning decisions",
    "Well-being-related follow-up",
    "Evidence-based decommissioning-and-reinvestment decisions of boards",
    "a Multidisciplinary b",
)


@pytest.mark.parametrize("face", ["regular", "bold"])
@pytest.mark.parametrize("text", WORDS)
def test_no_word_is_divided_that_fits_a_line(text: str, face: str) -> None:
    for width in range(40, 260, 3):
        lines = wrap_evenly(text, width, 11, face)
        pieces = [word for line in lines for word in line.split()]
        for word in text.split():
            if text_width(word, 11, face) <= width:
                assert word in pieces, (width, lines)
                continue
            for part in re.findall(r"[^-]+-?", word):
                if text_width(part, 11, face) <= width:
                    assert any(part in piece for piece in pieces), (width, lines)
        assert "".join(pieces) == text.replace(" ", "")
        assert len(lines) == len(wrap(text, width, 11, face))
