"""One environment told four times: pyproject, constraints, conda's file, what is installed."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DIRECT = [
    Requirement(line)
    for line in [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]
]
LINES = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
PINS = {canonicalize_name(line.split("==")[0]): line.split("==")[-1] for line in LINES}

NOT_PINNED = {
    "arrowroot",
    # brought by Python itself, in whatever version it has
    "pip",
    "setuptools",
    "wheel",
    # one operating system's alone
    "appnope",
    "colorama",
    "pywin32",
    "pywinpty",
}


def yaml(name: str) -> Any:
    return YAML(typ="safe").load((ROOT / name).read_text("utf-8"))


def test_constraints_are_pins_sorted_and_unique() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9._+!]+", line) for line in LINES)
    names = [line.split("==")[0] for line in LINES]
    assert names == sorted(names, key=canonicalize_name)
    assert len(PINS) == len(LINES)


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda one: one.name)
def test_a_direct_dependency_has_a_lower_bound_that_its_pin_meets(requirement: Requirement) -> None:
    assert [one.operator for one in requirement.specifier] == [">="]
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {
        canonicalize_name(one.metadata["Name"]): one.version for one in metadata.distributions()
    }
    others = {name: version for name, version in installed.items() if name not in NOT_PINNED}
    assert {name: PINS.get(name) for name in others} == others


def test_every_library_imported_is_a_direct_dependency() -> None:
    of_module = metadata.packages_distributions()
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
    used: dict[str, str] = {}
    for package in ("synthesis", "logicmodels"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    tops = {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    tops = {node.module.split(".")[0]}
                else:
                    continue
                for top in tops - sys.stdlib_module_names - {"synthesis", "logicmodels"}:
                    used |= {canonicalize_name(name): path.name for name in of_module[top]}
    assert {name: file for name, file in used.items() if name not in declared} == {}


def test_conda_gets_the_same_environment() -> None:
    environment = yaml("environment.yml")
    assert environment["name"] == PROJECT["name"]
    assert environment["channels"] == ["conda-forge"]
    *conda, pip = environment["dependencies"]
    assert conda == [f"python{PROJECT['requires-python']}", "pip"]
    constraint, editable, *pinned = pip["pip"]
    assert constraint == "--constraint constraints.txt"
    assert editable == "--editable .[dev,docs]"
    assert sorted(EXTRAS) == ["dev", "docs"]
    versions = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in pinned}
    direct = {canonicalize_name(one.name) for one in DIRECT}
    assert versions == {name: PINS[name] for name in direct}
    assert len(versions) == len(pinned)


def test_the_makefile_installs_what_conda_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "pip install -qq -c constraints.txt -e '.[dev,docs]'" in makefile


def test_the_citation_file_is_valid_and_of_this_version() -> None:
    citation = yaml("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert citation["version"] == PROJECT["version"] == metadata.version("arrowroot")
    assert citation["license"] == PROJECT["license"]
    assert [author["name"] for author in citation["authors"]] == [
        author["name"] for author in PROJECT["authors"]
    ]
    assert all(isinstance(citation[key], str) for key in ("title", "message", "abstract"))
    assert set(citation) <= {
        *("cff-version", "title", "message", "type", "abstract", "authors"),
        *("version", "license", "keywords"),
    }


def test_hooks_run_installed_tools_and_need_no_network() -> None:
    repositories = yaml(".pre-commit-config.yaml")["repos"]
    assert [one["repo"] for one in repositories] == ["local"]
    hooks = repositories[0]["hooks"]
    assert [hook["id"] for hook in hooks] == ["ruff-format", "ruff-check", "mypy", "nbstripout"]
    assert {hook["language"] for hook in hooks} == {"system"}
    tools = {hook["entry"].split()[0] for hook in hooks}
    assert tools <= {requirement.name for requirement in DIRECT}


def test_this_python_is_new_enough() -> None:
    lowest = Version(PROJECT["requires-python"].removeprefix(">="))
    assert Version("{}.{}".format(*sys.version_info)) >= lowest
