"""The documentation builds without a warning, and its examples run as printed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import logicmodels
import synthesis

ROOT = Path(__file__).parents[1]
TUTORIALS = ("reviewers", "evaluators", "students", "profiles", "model_files", "jupyterlab", "r")


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_runs_from_top_to_bottom_in_an_empty_folder(
    name: str, tmp_path: Path, python: list[str]
) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert examples
    done = subprocess.run(
        [*python, "-c", "\n".join(examples)],
        cwd=tmp_path,
        env={**os.environ, "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", TUTORIALS)
def test_commands_of_a_tutorial_do_what_it_says(
    name: str, tmp_path: Path, python: list[str]
) -> None:
    """In a folder of their own: what they write may be written by an example as well."""
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    blocks = "".join(re.findall(r"```bash\n(.*?)```", text, flags=re.DOTALL))
    lines = re.findall(r"^arrowroot .*|(?<=`)arrowroot [^`]*(?=`)", blocks + text, re.MULTILINE)
    commands = [shlex.split(line) for line in dict.fromkeys(lines)]
    assert commands or name != "evaluators"
    for place, (_, *arguments) in enumerate(commands):
        folder = tmp_path / str(place)
        folder.mkdir()
        if arguments[0] != "new" and "model.yaml" in arguments:
            logicmodels.LogicModel.template(folder / "model.yaml")
        done = subprocess.run(
            [*python, "-m", "arrowroot", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert list(folder.iterdir())


def test_every_key_of_a_model_is_explained_to_evaluators() -> None:
    page = (ROOT / "docs" / "evaluators.md").read_text("utf-8")
    schema = logicmodels.LogicModel.json_schema()
    forms = {"model": schema, **schema["$defs"]}
    for form in ("model", "NodeSpec", "LinkSpec", "AssumptionSpec", "ClaimSpec"):
        missing = [key for key in forms[form]["properties"] if f"`{key}`" not in page]
        assert missing == [], f"{form}: explain it in docs/evaluators.md"


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    sphinx = [sys.executable, "-m", "sphinx.cmd.build", "-q", "-W", "--keep-going"]
    done = subprocess.run(
        [*sphinx, "-d", str(tmp_path / "doctrees"), str(ROOT / "docs"), str(tmp_path / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = "".join(page.read_text("utf-8") for page in tmp_path.glob("html/api/*.html"))
    names: dict[int, list[str]] = {}  # by object: an error that both packages show is one
    for package in (synthesis, logicmodels):
        for name in package.__all__:
            names.setdefault(id(getattr(package, name)), []).append(f"{package.__name__}.{name}")
    documented = set(re.findall(r'id="(?:module-)?([\w.]+)"', pages))
    missing = sorted(same for same in names.values() if not documented & set(same))
    assert missing == [], "give their room a page in docs/api/"
    fetched = re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"https?:[^\"]*", pages)
    assert fetched == []


@pytest.mark.pinned
@pytest.mark.parametrize("name", ["forest.svg", "sixcs.svg", "evidence.svg"])
def test_the_figures_shown_are_those_that_would_be_drawn_now(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    fresh = tmp_path_factory.getbasetemp() / "figures"
    if not fresh.exists():
        command = [sys.executable, "-W", "error", str(ROOT / "docs" / "make_figures.py")]
        subprocess.run([*command, str(fresh)], check=True)
    shown = (ROOT / "docs" / "figures" / name).read_text("utf-8")
    assert (fresh / name).read_text("utf-8") == shown, "run `make figures` and look at them"
