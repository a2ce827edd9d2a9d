"""What Tab offers in a notebook, asked as IPython asks, and what Shift+Tab shows."""

from __future__ import annotations

import inspect
from typing import Any

import pandas as pd
import pytest

import arrowroot.lab.settle
import synthesis as syn
from arrowroot.lab.completion import offered
from arrowroot.lab.settle import signature
from logicmodels import LogicModel

SHEET = pd.DataFrame(
    {"trial": ["A"], "design": ["x"], 'it\'s "so"': [1], "hours": [2.0], "risk of bias": ["low"]}
)


class Theirs:
    """Somebody else's object: reading its attributes may do anything."""

    @property
    def table(self) -> Any:
        raise AssertionError("it was asked")


NAMES = {
    "syn": syn,
    "es": SHEET,
    "fit": None,
    "model": LogicModel.example("sixcs"),
    "theirs": Theirs(),
    "frames": {"a": SHEET},
    "print": print,
}


def texts(code: str, after: str = "") -> list[str]:
    found = offered(code, after, NAMES)
    return [] if found is None else [text for text, _ in found.texts]


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("syn.meta_analysis(es, tau2=", '"reml"'),
        ("syn.meta_analysis(es, tau2 = 'd", "dl'"),
        ('syn.meta_analysis(\n    es,  # a ( here\n    study="a)", tau2="pm_', 'pm_median"'),
        ('syn.forest(fit, style="b', 'bmj"'),
        ('syn.datasets.load("bask', 'baskerville2012"'),
        ('syn.multiverse(es, tau2=["reml", "p', 'pm"'),
        ('syn.effect_sizes(es, "smdh', 'smdh"'),
        ('model.draw(view="ev', 'evidence"'),
        ('model.to_drawio("a.drawio", theme="c', 'contrast"'),
        ('syn.meta_analysis(es, study="', 'trial"'),
        ("syn.subgroup_analysis(es, by='risk of", "risk of bias'"),
        ('syn.cross_table(es, rows="de', 'design"'),
        ('syn.meta_regression(es, "~ design + ho', "hours"),
        ("syn.meta_anal", "meta_analyses"),
        ("syn.datasets.", "about"),
        ('syn.datasets.load("sixcs", table="ep', 'epoc_2002"'),
        ("syn.datasets.load('bcg', '", "trials'"),
        ('f(syn.forest(fit, style="r', 'revman"'),
    ],
)
def test_what_is_offered(code: str, first: str) -> None:
    assert texts(code)[0] == first


def test_only_the_rest_of_what_is_typed_is_offered() -> None:
    assert texts('syn.meta_analysis(es, tau2="dl') == ['dl"', 'dl2"']
    assert texts('syn.meta_analysis(es, tau2="dl', '")') == ["dl", "dl2"]
    assert texts('syn.meta_analysis(es, tau2="zz') == []


def test_a_column_with_quotation_marks_cannot_break_the_line() -> None:
    assert 'it\'s "so""' not in texts('syn.meta_analysis(es, study="')


@pytest.mark.parametrize(
    "code",
    [
        "",
        "tau2=",
        "# syn.meta_analysis(es, tau2=",
        "print(tau2=",
        'x = es["',
        'frames["a',
        "syn.meta_analysis(es, level=",
        'syn.datasets.load("no_such_set", table="',
        "syn.meta_analysis(es, tau2==",
        'syn.forest(fit, title="',
        "theirs.table(",
        'syn.meta_analysis(theirs.table, study="',
        "es.ho",
        "'''syn.meta_analysis(es, tau2=",
        "))) syn.meta_analysis[",
        'lambda: ("',
    ],
)
def test_what_is_not_ours_is_left_to_others(code: str) -> None:
    assert offered(code, "", NAMES) is None


def test_modules_show_their_public_names_alone() -> None:
    assert texts("syn.datasets.") == ["about", "load", "names", "path"] == dir(syn.datasets)
    assert "math" not in texts("syn.measures.")
    assert texts("syn.") == syn.__all__
    kinds = dict(offered("syn.", "", NAMES).texts)  # type: ignore[union-attr]
    assert (kinds["forest"], kinds["MetaAnalysis"]) == ("function", "class")


def test_a_signature_reads_in_a_few_lines() -> None:
    for name in syn.__all__:
        one = getattr(syn, name)
        if inspect.isfunction(one):
            short = signature(one, f"syn.{name}")
            assert short.count("\n") < 9, name
            assert max(map(len, short.split("\n"))) <= 79
            assert "'pd.DataFrame'" not in short
    assert signature(syn.datasets.load, "load") == "load(name, table=None)"


@pytest.mark.extras
def test_ipython_asks_us_once_the_package_is_imported() -> None:
    import subprocess
    import sys

    code = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.completer import provisionalcompleter
shell = InteractiveShell.instance()
shell.run_cell("import synthesis as syn; import logicmodels; es = syn.datasets.load('bcg')")
code = 'syn.meta_analysis(es, tau2="d'
with provisionalcompleter():
    print([(one.text, one.type) for one in shell.Completer.completions(code, len(code))])
assert len([one for one in shell.Completer.custom_matchers]) == 1
print(shell.object_inspect_mime("syn.datasets.load")["text/plain"].splitlines()[0])
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    first, second = done.stdout.splitlines()
    assert first == "[('dl\"', 'value'), ('dl2\"', 'value')]"
    assert "load(name, table=" in second


def test_outside_ipython_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrowroot.lab.settle.sys, "modules", {})
    arrowroot.lab.settle.settle()
