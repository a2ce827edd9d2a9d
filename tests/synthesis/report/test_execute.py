"""Notebooks run in this interpreter, whatever is installed, and failures name their place."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from arrowroot.errors import FileError, OptionError
from synthesis.report.execute import NotebookError, read, run

MakeNotebook = Callable[..., Path]


def printed(path: Path) -> list[str]:
    return [output.text for cell in run(path).cells for output in cell.get("outputs", [])]


def test_the_kernel_is_this_interpreter_in_the_notebooks_folder(
    notebook: MakeNotebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels = tmp_path / "jupyter" / "kernels" / "python3"
    kernels.mkdir(parents=True)
    (kernels / "kernel.json").write_text('{"argv": ["false"], "display_name": "x"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    path = notebook("import os, sys; print(sys.executable, os.getcwd())")
    assert printed(path) == [f"{sys.executable} {path.parent}\n"]


def test_a_profile_of_the_users_own_is_left_out(
    notebook: MakeNotebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("secret = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    assert printed(notebook("print('secret' in globals())")) == ["False\n"]


def test_the_file_is_not_touched(notebook: MakeNotebook) -> None:
    path = notebook("1 + 1")
    before = path.read_bytes()
    assert run(path).cells[1].outputs[0].data["text/plain"] == "2"
    assert path.read_bytes() == before


def test_every_code_cell_is_counted(notebook: MakeNotebook) -> None:
    counted: list[None] = []
    run(notebook("1", "2", "3"), on_cell=lambda: counted.append(None))
    assert len(counted) == 3


def test_a_failing_cell_is_named_with_its_error(notebook: MakeNotebook) -> None:
    path = notebook("1", "raise ValueError('sd_t must be > 0')", "2")
    with pytest.raises(NotebookError) as caught:
        run(path)
    assert str(caught.value) == f"{path}, code cell 2: ValueError: sd_t must be > 0"


def test_an_object_that_cannot_show_itself_is_named_with_its_error(
    notebook: MakeNotebook,
) -> None:
    path = notebook("class A:\n    def _repr_html_(self):\n        raise KeyError('x')\nA()")
    with pytest.raises(NotebookError, match=r"code cell 1: KeyError: 'x'$"):
        run(path)


def test_a_notebook_that_takes_too_long_is_stopped(notebook: MakeNotebook) -> None:
    path = notebook("import time; time.sleep(600)")
    with pytest.raises(
        NotebookError, match=r"code cell 1: the notebook took longer than 1 seconds$"
    ):
        run(path, seconds=1)


@pytest.mark.parametrize("seconds", [0, -5, float("nan"), float("inf"), 1e300])
def test_a_time_that_is_none_is_refused(notebook: MakeNotebook, seconds: float) -> None:
    with pytest.raises(
        OptionError, match=r"seconds must be above 0 and at most 604800 \(a week\); got "
    ):
        run(notebook("1"), seconds=seconds)


def test_a_kernel_that_dies_is_said_to_have_stopped(notebook: MakeNotebook) -> None:
    with pytest.raises(NotebookError, match="code cell 1: the kernel stopped; it was inter"):
        run(notebook("import os; os._exit(1)"))


def test_an_interrupted_run_says_so_and_leaves_the_old_report(
    notebook: MakeNotebook, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    path = notebook(f"open({str(started)!r}, 'w').close()\nimport time; time.sleep(600)")
    old = tmp_path / "out" / "index.html"
    old.parent.mkdir()
    old.write_text('<meta name="generator" content="Arrowroot 0">old')
    command = [sys.executable, "-W", "error", "-m", "synthesis.report"]
    with subprocess.Popen(
        [*command, "--out", str(old.parent), "--notebooks", str(path.parent)],
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while not started.exists():
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate()
    assert process.returncode == 1
    assert "No report was written." in complaint
    assert "Traceback" not in complaint
    assert old.read_text().endswith("old")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["notebooks", "out", "started"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("not JSON", "is not a notebook; it should be the JSON that Jupyter saves."),
        ('{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is not a notebook"),
        ("[]", "is not a notebook"),
        ("{}", "does not follow the notebook format: "),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(
    tmp_path: Path, content: str, complaint: str
) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_text(content)
    with pytest.raises(FileError, match=complaint) as caught:
        read(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gone\.ipynb: cannot be read \(No such file"):
        read(tmp_path / "gone.ipynb")
