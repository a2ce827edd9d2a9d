"""Figures as HTML: everything escaped, words hidden, files to be saved, and a limit to both."""

from __future__ import annotations

import base64
import re
from html import unescape

import pytest

from arrowroot.lab.pictures import (
    MOST_BYTES,
    MOST_DRAWN,
    Picture,
    Pictured,
    Pictures,
    Spot,
    file_name,
    picture_in,
    without_links,
)

HOSTILE = "<script>alert('1')</script> \"quoted\" & more. Then text."
FILES = {"svg": b"<svg/>", "png": b"\x89PNG", "pdf": b"%PDF"}


def test_words_are_escaped_wherever_they_stand() -> None:
    spot = Spot(0.1, 0.1, 0.2, 0.2, HOSTILE, link='https://example.org/?a="b"')
    html = Picture(HOSTILE, 100, FILES, spots=[spot]).html()
    assert "<script>" not in html
    assert unescape(re.findall(r'alt="([^"]*)"', html)[0]) == HOSTILE
    assert 'href="https://example.org/?a=&quot;b&quot;"' in html


def test_what_a_strict_viewer_keeps_is_enough() -> None:
    """JupyterLab drops style sheets, roles and ``hidden`` from what it does not trust."""
    html = Picture("A figure.", 100, FILES, spots=[Spot(0, 0, 1, 1, "words")]).html()
    left = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    left = re.sub(r' (hidden|role="\w+"|tabindex="0"|aria-[a-z]+="[^"]*")', "", left)
    (said,) = re.findall(r'<span[^>]*style="([^"]*)"[^>]*>words</span>', left)
    assert said.startswith("display:none;")
    assert "max-width:100%;height:auto" in left


def test_each_file_can_be_saved_from_beneath() -> None:
    html = Picture("Forest plot of 3 studies. More.", 100, FILES).html()
    found = re.findall(r'<a download="([^"]+)" href="data:([^;]+);base64,([^"]+)"', html)
    assert [name for name, *_ in found] == [f"forest-plot-of-3-studies.{kind}" for kind in FILES]
    assert [base64.b64decode(held) for *_, held in found] == list(FILES.values())
    assert "<a " not in without_links(html)
    assert picture_in(without_links(html)) == picture_in(html)


def test_what_is_too_large_is_left_out() -> None:
    heavy = b"<svg>" + b" " * MOST_DRAWN + b"</svg>"
    assert "data:image/png" in str(picture_in(Picture("A.", 9, {**FILES, "svg": heavy}).html()))
    huge = dict.fromkeys(FILES, b" " * (MOST_BYTES + 1))
    assert "<details" not in Picture("A.", 9, huge).html()


def test_html_that_is_no_figure() -> None:
    assert picture_in("<p><img src='data:image/png;base64,AA'></p>") is None


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("", "figure"),
        ("../../etc/passwd", "figure"),
        ("Kürzel: x", "kürzel"),
        ("A " + "long " * 30 + "title", "a-long-long-long-long-long-long-long-long-long"),
        ("x" * 80, "x" * 50),
    ],
)
def test_a_name_for_the_file(description: str, name: str) -> None:
    assert file_name(description) == name


def test_several_figures_are_shown_below_each_other() -> None:
    class One(Pictured):
        def _picture(self) -> Picture:
            return Picture("One figure.", 100, FILES)

    shown = Pictures([One(), One()])._repr_mimebundle_()
    assert shown["text/html"].count("<figure") == 2
    assert shown["text/plain"] == "One figure.\nOne figure."
    alone = One()._repr_mimebundle_()
    assert alone["application/pdf"] == b"%PDF"
