"""Reviews to test with: the example that comes with Arrowroot, and a small one of six studies."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from synthesis.review.review import Review
from synthesis.review.template import new_review

ROOT = Path(__file__).parents[3]

DECLARATION = """\
title: Worked example on means
people:
  - {name: Ann Example, role: lead}
outcomes:
  - {id: score, label: Score, measure: smd, direction: higher}
comparisons:
  - {id: care, label: Care against none, treated: care, control: none}
plan:
  decided: 2026-01-31
  sensitivity:
    - {id: without-donat, label: Without Donat, leave_out: {study: [Donat]}}
    - {id: common, label: Common effect, model: {model: common}}
"""


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example review, made as a user makes it. It must not be changed."""
    folder = tmp_path_factory.mktemp("example") / "colds"
    new_review(folder, example="example")
    return folder


@pytest.fixture(scope="session")
def built(example: Path) -> Review:
    """Return the example review with its pages made."""
    review = Review(example)
    review.build()
    return review


Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a function that makes the small review, with files changed or added."""

    def made(**files: str) -> Path:
        folder = tmp_path / "review"
        folder.mkdir()
        (folder / "review.yaml").write_text(DECLARATION, "utf-8")
        shutil.copyfile(ROOT / "data/borenstein2009/studies.csv", folder / "extraction.csv")
        for name, text in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    return made
