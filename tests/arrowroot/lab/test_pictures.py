"""Figures as HTML: everything escaped, words hidden, files to be saved, and a limit to both."""

from __future__ import annotations

import base64
import re
from html import escape, unescape
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from arrowroot.lab.light_png import lighter
from arrowroot.lab.pictures import (
    MOST_BYTES,
    MOST_DRAWN,
    Picture,
    Pictured,
    Pictures,
    Spot,
    file_name,
    in_words,
    picture_in,
)

HOSTILE = "<script>alert('1')</script> \"quoted\" & more. Then text."


def _png(picture: Image.Image) -> bytes:
    held, told = BytesIO(), PngInfo()
    told.add_text("Description", "A figure.")
    picture.save(held, "PNG", dpi=(192, 192), pnginfo=told)
    return held.getvalue()


FILES = {"svg": b"<svg/>", "png": lighter(_png(Image.new("RGB", (2, 2), "white"))), "pdf": b"%PDF"}


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
    assert "<a " not in in_words(html)
    assert picture_in(in_words(html)) == picture_in(html)


def test_a_page_outside_jupyterlab_has_the_words() -> None:
    spots = [
        Spot(0, 0, 0.1, 0.1, HOSTILE),
        Spot(0.2, 0, 0.3, 0.1, "Twice."),
        Spot(0, 0, 1, 1, "Twice."),
    ]
    html = in_words(Picture(HOSTILE, 100, FILES, spots=spots).html())
    words = html[html.index("<details") : html.index("</details>")]
    assert re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", words) == [escape(HOSTILE)] * 2 + ["Twice."]
    two = in_words(Picture("A.", 9, FILES).html() + Picture("B.", 9, FILES).html())
    assert re.findall(r"</figure><details[^>]*>.*?<p>(.*?)</p>", two) == ["A.", "B."]


def test_what_is_too_large_is_left_out() -> None:
    heavy = b"<svg>" + b" " * MOST_DRAWN + b"</svg>"
    assert "data:image/png" in str(picture_in(Picture("A.", 9, {**FILES, "svg": heavy}).html()))
    huge = FILES | {kind: FILES[kind] + b" " * MOST_BYTES for kind in ("svg", "pdf")}
    assert re.findall(r'download="a\.(\w+)"', Picture("A.", 9, huge).html()) == ["png"]


def test_a_png_to_be_saved_keeps_its_colours_and_words() -> None:
    drawn = Image.new("RGB", (200, 200), "white")
    tints = [(238, 245, 250), (237, 247, 243), (253, 243, 234)]
    for place, tint in enumerate(tints):
        drawn.paste(tint, (0, 60 * place, 200, 60 * place + 60))
    for place in range(0, 200, 2):  # the edges of letters
        drawn.putpixel((place, 190), (place, place, place + 1))
    light = Image.open(BytesIO(lighter(_png(drawn))))
    assert light.mode == "P"
    assert light.info["dpi"] == pytest.approx((192, 192), abs=0.1)
    assert light.text == {"Description": "A figure."}  # type: ignore[attr-defined]
    shown = light.convert("RGB")
    assert [shown.getpixel((5, 60 * place + 5)) for place in range(3)] == tints
    assert shown.getpixel((199, 199)) == (255, 255, 255)
    for place in range(0, 200, 2):
        (red, *_), wanted = shown.getpixel((place, 190)), place  # type: ignore[misc]
        assert abs(red - wanted) <= 2


def test_a_photograph_stays_as_it_is() -> None:
    drawn = Image.merge("RGB", [Image.effect_noise((300, 300), 80) for _ in range(3)])
    assert lighter(_png(drawn)) == _png(drawn)


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
