"""The names that users call: all there, all documented, and light to import."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import synthesis as syn

HEAVY = ("scipy.stats", "pymare", "matplotlib", "statsmodels", "formulaic", "graphviz", "pydantic")


@pytest.mark.parametrize("name", syn.__all__)
def test_each_name_is_there_and_documented(name: str) -> None:
    value = getattr(syn, name)
    documented = inspect.getdoc(value)
    assert documented
    if inspect.isfunction(value) and inspect.signature(value).parameters:
        assert "Parameters\n----------" in documented
        assert "Returns\n-------" in documented


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="module 'synthesis' has no attribute 'meta_analyse'"):
        syn.meta_analyse  # noqa: B018


def test_completion_lists_the_public_names() -> None:
    assert dir(syn) == syn.__all__


def test_import_is_light() -> None:
    code = "import pandas, sys, synthesis; print(*(m for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert not loaded & set(HEAVY)
