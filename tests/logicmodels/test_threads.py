"""Drawing and writing a model changes nothing that belongs to the caller's process."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from logicmodels import LogicModel
from logicmodels.figures.render import FORMATS, render

ROOT = Path(__file__).parents[2]
SIXCS = ROOT / "data" / "sixcs" / "logic_model.yaml"


@pytest.fixture(scope="module")
def model() -> LogicModel:
    return LogicModel.read(SIXCS)


def test_standard_error_stays_with_the_threads_that_write_to_it(
    model: LogicModel, capfd: pytest.CaptureFixture[str]
) -> None:
    drawn = model.draw().dot
    done, written = threading.Event(), []

    def talk() -> None:
        while not done.is_set() or not written:
            os.write(2, b"another thread speaks\n")
            written.append(1)
            done.wait(0.0005)

    thread = threading.Thread(target=talk)
    thread.start()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for _ in range(5):
            render(drawn, "svg")
    done.set()
    thread.join()
    assert told == []
    assert capfd.readouterr().err == "another thread speaks\n" * len(written)


def test_what_graphviz_says_is_logged_and_no_warning_to_the_user(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "logicmodels"):
        render('graph { oak [shape=leaf, pos="0,0"] }', "svg")
    assert "Graphviz: Warning: using box for unknown shape leaf" in caplog.text
    caplog.clear()
    assert capfd.readouterr().err == ""


def test_models_drawn_and_written_in_threads_are_those_made_one_after_another(
    model: LogicModel,
) -> None:
    def make(number: int) -> str:
        return model.draw().svg if number % 2 else model.to_graphml()

    one_by_one = [make(0), make(1)]
    assert one_by_one[0].startswith('<graphml xmlns="')
    assert one_by_one[1].startswith('<svg xmlns="')
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(make, range(8))) == one_by_one * 4


def test_the_prefixes_of_the_callers_own_xml_stay(model: LogicModel) -> None:
    ET.register_namespace("", "urn:callers")
    try:
        model.to_graphml()
        assert model.draw().svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
        written = ET.tostring(ET.Element("{urn:callers}leaf"), encoding="unicode")
    finally:
        del ET._namespace_map["urn:callers"]
    assert written == '<leaf xmlns="urn:callers" />'


@pytest.mark.parametrize("found", [True, False])
def test_the_environment_stays_and_the_figure_is_the_same_by_either_way_to_fontconfig(
    found: bool, model: LogicModel
) -> None:
    program = (
        "import os, sys, hashlib\n"
        "from logicmodels.figures import render as module\n"
        f"if not {found}: module._function = lambda *_: None\n"
        "before = dict(os.environ)\n"
        "dot = sys.stdin.read()\n"
        "for kind in module.FORMATS: print(hashlib.sha256(module.render(dot, kind)).hexdigest())\n"
        "assert dict(os.environ) == before\n"
    )
    drawn = model.draw().dot
    told = subprocess.run(
        [sys.executable, "-c", program], input=drawn, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    import hashlib

    here = [hashlib.sha256(render(drawn, kind)).hexdigest() for kind in FORMATS]
    assert told.stdout.split() == here
