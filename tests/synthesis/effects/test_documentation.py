"""The page on the extraction sheet is the one that its script writes from the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from synthesis.effects.formulas.counts import ZERO_CELLS
from synthesis.effects.lint.lint import lint_rules
from synthesis.effects.sheet.columns import NUMERIC, WORDS

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    path = DOCS / "make_extraction_sheet.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_script_writes(script):
    assert script.PAGE == DOCS / "extraction_sheet.md"
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), (
        "run python docs/make_extraction_sheet.py"
    )


def test_nothing_is_left_out(script):
    page = script.page()
    for name in [*NUMERIC, *WORDS, *lint_rules()["rule"]]:
        assert page.count(f"\n| `{name}` | ") >= 1, name
    for name in ZERO_CELLS:
        assert f'\n| `"{name}"` | ' in page


def test_no_cell_breaks_its_table(script):
    bars = 0
    for line in script.page().splitlines():
        if line.startswith("|---"):
            bars = line.count("|")
        elif line.startswith("| `"):
            assert bars in (3, 4, 5, 6)
            assert line.count("|") == bars, line
