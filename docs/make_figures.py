"""Draws the figures that the README and the documentation show; `make figures` runs it."""

from __future__ import annotations

import sys
from pathlib import Path

import synthesis as syn
from logicmodels import LogicModel

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

from gallery import drawings, kept

ROOT = Path(__file__).parents[1]


def forest(folder: Path) -> None:
    """Draw Baskerville 2012: 23 studies of practice facilitation in primary care."""
    fit = syn.meta_analysis(syn.datasets.load("baskerville2012"), measure="smd")
    sheet = syn.forest(fit, style="plain", favours=("no facilitation", "facilitation"))
    title = "Practice facilitation in primary care, 23 studies"
    sheet.save(folder / "forest.svg", title=title)
    sheet.save(folder / "forest.png", dpi=200)


def sixcs(folder: Path) -> None:
    """Draw the theory of change of Compassion in Practice."""
    figure = LogicModel.read(ROOT / "data" / "sixcs" / "logic_model.yaml").draw()
    figure.save(folder / "sixcs.svg")
    figure.save(folder / "sixcs.png")


def evidence(folder: Path) -> None:
    """Draw what a review found on the arrows of case management."""
    model = LogicModel.read(ROOT / "data" / "case_management" / "logic_model.yaml")
    figure = model.draw(view="evidence")
    figure.save(folder / "evidence.svg")
    figure.save(folder / "evidence.png")


def gallery(folder: Path) -> None:
    """Draw the figures of the gallery, to look at; the documentation draws them by itself."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in drawings(ROOT / "docs" / "gallery.md"):
        kept(figure, folder / f"{name}.png")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "figures"
    target.mkdir(exist_ok=True)
    forest(target)
    sixcs(target)
    evidence(target)
    if len(sys.argv) == 1:
        gallery(ROOT / "build" / "gallery")
