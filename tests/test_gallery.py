"""The gallery shows every kind of figure, drawn by the lines it prints."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import pytest
from matplotlib.axes import Axes

import synthesis as syn
from logicmodels.figures.figure import Figure

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "gallery.md"
DRAWING = [
    name
    for name in syn.__all__
    if getattr(getattr(syn, name), "__module__", "").startswith("synthesis.plots.")
    and "ax" in inspect.signature(getattr(syn, name)).parameters
]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Axes | Figure, str]]:
    """Run the page as the documentation does, in an empty folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs" / "_extensions"))
        patch.chdir(tmp_path_factory.mktemp("gallery"))
        from gallery import drawings, words_of

        figures = {name: (figure, words_of(figure)) for name, figure in drawings(PAGE)}
        del sys.modules["gallery"]
    return figures


def test_every_kind_of_figure_is_shown() -> None:
    code = PAGE.read_text("utf-8")
    missing = [name for name in DRAWING if f"syn.{name}(" not in code]
    assert missing == [], "show it in docs/gallery.md"
    assert len(DRAWING) >= 20


def test_every_style_of_forest_is_shown() -> None:
    code = PAGE.read_text("utf-8")
    for style in ("jama", "bmj", "plain"):  # "revman" is what is drawn when none is named
        assert f'style="{style}"' in code


def test_every_figure_is_drawn_and_has_words(
    drawn: dict[str, tuple[Axes | Figure, str]],
) -> None:
    names = re.findall(r"\{drawn\} (\S+)", PAGE.read_text("utf-8"))
    assert list(drawn) == names
    for name, (_, words) in drawn.items():
        assert len(words) > 40, name
        assert re.search(r"\d", words), name
