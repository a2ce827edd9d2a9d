"""What pyproject, constraints, conda's file, workflows and citation say of one package."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

import arrowroot
from arrowroot import extras

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
CORE = [Requirement(line) for line in PROJECT["dependencies"]]
OPTIONAL = {
    name: [Requirement(line) for line in lines] for name, lines in EXTRAS.items() if name != "all"
}
USED = ("lab", "library", "office")
"""The extras that `all` brings together; the others are for developers."""
DIRECT = [*CORE, *(one for extra in OPTIONAL.values() for one in extra)]
LINES = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
PINS = {canonicalize_name(line.split("==")[0]): line.split("==")[-1] for line in LINES}

NOT_PINNED = {
    "arrowroot",
    # brought by Python itself, in whatever version it has
    "pip",
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


@pytest.mark.pinned
def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {
        canonicalize_name(one.metadata["Name"]): one.version for one in metadata.distributions()
    }
    others = {name: version for name, version in installed.items() if name not in NOT_PINNED}
    assert {name: PINS.get(name) for name in others} == others


def libraries() -> dict[str, str]:
    """Return every library that the packages import, with a file that does."""
    used: dict[str, str] = {}
    for package in ("arrowroot", "synthesis", "logicmodels"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    tops = {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    tops = {node.module.split(".")[0]}
                else:
                    continue
                used |= dict.fromkeys(tops, path.relative_to(ROOT).as_posix())
    ours = {"arrowroot", "synthesis", "logicmodels"}
    return {top: file for top, file in used.items() if top not in sys.stdlib_module_names | ours}


@pytest.mark.pinned  # elsewhere not all of them are installed, which tells where each is from
def test_every_library_imported_is_of_the_core_or_known_to_be_optional() -> None:
    of_module = metadata.packages_distributions()
    core = {canonicalize_name(one.name) for one in CORE}
    strange = {
        top: file
        for top, file in libraries().items()
        if not core & set(map(canonicalize_name, of_module[top])) and top not in extras.OPTIONAL
    }
    assert strange == {}


def test_optional_packages_are_in_the_extra_that_the_message_names() -> None:
    declared = {(canonicalize_name(one.name), extra) for extra in USED for one in OPTIONAL[extra]}
    named = {(canonicalize_name(name), extra) for name, extra in extras.OPTIONAL.values()}
    assert named <= declared
    # JupyterLab is the one package of an extra that nothing imports.
    assert {name for name, _ in declared - named} == {"jupyterlab"}


def test_all_is_every_extra_for_users() -> None:
    assert sorted(EXTRAS) == sorted([*USED, "all", "dev", "docs"])
    assert EXTRAS["all"] == [f"{PROJECT['name']}[{','.join(USED)}]"]


@pytest.mark.pinned
def test_the_core_is_small() -> None:
    needed = closure(CORE)
    assert {"jupyterlab", "anywidget", "bib-dedupe", "python-pptx"} & needed == set()
    assert len(needed) <= 39


def closure(requirements: Iterable[Requirement]) -> set[str]:
    """Return the names of all distributions that requirements bring, as they are installed."""
    found: set[str] = set()
    open_ones = list(requirements)
    while open_ones:
        one = open_ones.pop()
        name = canonicalize_name(one.name)
        if name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            found.add(name)
            open_ones += map(Requirement, metadata.requires(name) or [])
    return found


def test_conda_gets_the_same_environment() -> None:
    environment = yaml("environment.yml")
    assert environment["name"] == PROJECT["name"]
    assert environment["channels"] == ["conda-forge"]
    *conda, pip = environment["dependencies"]
    assert conda == [f"python{PROJECT['requires-python']}", "pip"]
    assert pip["pip"] == ["--constraint constraints.txt", "--editable .[all,dev,docs]"]


def test_the_makefile_installs_what_conda_does() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "pip install -qq -c constraints.txt -e '.[all,dev,docs]'" in makefile


def test_one_version_is_told_everywhere() -> None:
    assert "version" not in PROJECT
    assert PROJECT["dynamic"] == ["version"]
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    latest = next(heading for heading in headings if heading != "Unreleased")
    assert latest == yaml("CITATION.cff")["version"] == arrowroot.__version__


@pytest.mark.pinned
def test_what_is_installed_is_this_version() -> None:
    assert metadata.version("arrowroot") == arrowroot.__version__


def test_the_citation_file_is_valid() -> None:
    citation = yaml("CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
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


def test_no_project_address_is_invented() -> None:
    assert "urls" not in PROJECT


def test_classifiers_name_every_python_from_the_lowest() -> None:
    pythons = [
        text.rpartition(" ")[2]
        for text in PROJECT["classifiers"]
        if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", text)
    ]
    assert pythons[0] == PROJECT["requires-python"].removeprefix(">=")
    assert pythons == [f"3.{minor}" for minor in range(11, 11 + len(pythons))]
    assert {f"{entry['python']}" for entry in matrix()} <= set(pythons)


def lowest_constraints() -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "lowest.py")],
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split("==") for line in done.stdout.splitlines())


def test_the_lowest_environment_has_the_core_at_its_lower_bounds_and_the_rest_pinned() -> None:
    lowest = {canonicalize_name(name): pin for name, pin in lowest_constraints().items()}
    bounds = {canonicalize_name(one.name): str(one.specifier)[2:] for one in CORE}
    rest = {name: pin for name, pin in PINS.items() if name not in {*bounds, "pydantic-core"}}
    assert lowest == bounds | rest


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def matrix() -> list[dict[str, str]]:
    """Return the Pythons and systems that the workflow tries."""
    tried = yaml(".github/workflows/tests.yml")["jobs"]["core"]["strategy"]["matrix"]
    return [
        {"python": python, "system": system}
        for python in tried["python"]
        for system in tried["system"]
    ]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_well_formed_and_says_that_it_is_untried(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# Untried: ")
    workflow = yaml(path.relative_to(ROOT).as_posix())
    assert set(workflow) == {"name", "on", "permissions", "jobs"}
    assert workflow["permissions"] == {"contents": "read"}
    for job in workflow["jobs"].values():
        assert job["runs-on"]
        assert job["timeout-minutes"] <= 90
        for step in job["steps"]:
            assert len({"run", "uses"} & set(step)) == 1
            # A version is named, and by a string: 3.10 as a number is 3.1.
            assert re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1"))
            assert all(isinstance(value, str) for value in step.get("with", {}).values())


def test_the_workflow_tries_every_system_and_the_kinds_of_environment() -> None:
    assert len(WORKFLOWS) >= 1
    systems = {entry["system"].partition("-")[0] for entry in matrix()}
    assert systems == {"ubuntu", "macos", "windows"}
    assert {entry["python"] for entry in matrix()} == {"3.11", "3.13", "3.14"}
    jobs = yaml(".github/workflows/tests.yml")["jobs"]
    assert set(jobs) == {"core", "lowest", "pinned", "wheel"}
    commands = {
        name: "\n".join(step.get("run", "") for step in job["steps"]) for name, job in jobs.items()
    }
    assert "make test-lowest" in commands["lowest"]
    assert "make test\n" in commands["pinned"] + "\n"


def test_ci_runs_the_lowest_environment_first_and_every_check_last() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    made = [line for line in lines if "make " in line]
    assert made == ["make test-lowest", "exec make test"]


def test_every_package_tells_the_version() -> None:
    import logicmodels
    import synthesis

    assert synthesis.__version__ == logicmodels.__version__ == arrowroot.__version__


def test_every_error_is_found_under_both_packages() -> None:
    import logicmodels.errors
    import synthesis.errors
    from arrowroot import errors

    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.ArrowrootError)
    }
    assert kinds - set(synthesis.errors.__all__) == {"SpecError"}
    assert kinds - set(logicmodels.errors.__all__) == {"EstimationError"}
