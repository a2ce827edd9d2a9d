"""What is handed out: a source distribution with everything, a wheel that works in an empty folder.

The wheel is built from the source distribution, and used with nothing but the core's own packages
in sight, in a process that cannot see the clone.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import arrowroot

ROOT = Path(__file__).parents[1]
PACKAGES = ("arrowroot", "synthesis", "logicmodels")
FOLDERS = (*PACKAGES, ".ci", ".github", "data", "docs", "notebooks", "tests", "validation")
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
NOT_OURS = shutil.ignore_patterns(
    *(".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis"),
    *(".ipynb_checkpoints", ".DS_Store"),
)


@dataclass(frozen=True)
class Built:
    """The clone without what is made in it, and what was built from it."""

    clone: Path
    sdist: frozenset[str]
    """Its files, without the folder they are in."""
    wheel: frozenset[str]
    installed: Path
    """Where the wheel is unpacked."""
    empty: Path
    python: list[str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, python: list[str]) -> Built:
    """Build both, without a network, out of a copy: building leaves files behind."""
    made = tmp_path_factory.mktemp("built")
    clone = made / "clone"
    shutil.copytree(ROOT, clone, ignore=NOT_OURS)
    build = f"from setuptools import build_meta; build_meta.build_sdist({str(made)!r})"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (archive,) = made.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        files = [member.name.partition("/")[2] for member in opened if member.isfile()]
        opened.extractall(made / "source", filter="data")
    (source,) = (made / "source").iterdir()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(made)),
            str(source),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened_wheel:
        opened_wheel.extractall(made / "installed")
        names = opened_wheel.namelist()
    (made / "empty").mkdir()
    return Built(
        clone, frozenset(files), frozenset(names), made / "installed", made / "empty", python
    )


def files_of(folder: Path, under: str) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in (folder / under).rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_source_distribution_holds_all_of_a_folder(built: Built, folder: str) -> None:
    wanted = files_of(built.clone, folder)
    assert wanted
    assert wanted - built.sdist == set()


@pytest.mark.parametrize(
    "name",
    [
        *("pyproject.toml", "setup.py", "constraints.txt", "environment.yml", "Makefile"),
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "LICENSE"),
        *("CITATION.cff", ".gitignore", ".pre-commit-config.yaml", "MANIFEST.in"),
    ],
)
def test_the_source_distribution_holds_a_file(built: Built, name: str) -> None:
    assert name in built.sdist


def test_the_wheel_holds_the_packages_whole_and_the_data(built: Built) -> None:
    wanted = {name for package in PACKAGES for name in files_of(built.clone, package)}
    wanted |= {f"arrowroot/{name}" for name in files_of(built.clone, "data")}
    assert {name for name in built.wheel if ".dist-info/" not in name} == wanted


def test_the_wheel_declares_the_command_and_the_licences(built: Built) -> None:
    about = f"arrowroot-{arrowroot.__version__}.dist-info"
    declared = (built.installed / about / "entry_points.txt").read_text("utf-8")
    assert declared == "[console_scripts]\narrowroot = arrowroot.__main__:main\n"
    said = (built.installed / about / "METADATA").read_text("utf-8")
    for name in ("LICENSE", "arrowroot/typefaces/LICENSE.txt"):  # ours, and that of the fonts
        assert f"License-File: {name}\n" in said
        held = (built.installed / about / "licenses" / name).read_bytes()
        assert held == (built.clone / name).read_bytes()
    assert "arrowroot/typefaces/LICENSE.txt" in built.wheel


def core() -> set[str]:
    """Return every distribution that the core brings with it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: set[str] = set()
    ahead = [Requirement(line) for line in project["dependencies"]]
    while ahead:
        needed = ahead.pop()
        name = canonicalize_name(needed.name)
        if name not in found and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
            found.add(name)
            ahead += map(Requirement, metadata.requires(name) or [])
    return found


HIDE = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden())
sys.path.insert(0, INSTALLED)
"""


def run(built: Built, code: str) -> subprocess.CompletedProcess[str]:
    """Run code on the unpacked wheel, with no packages in sight but those of the core."""
    held = core()
    hidden = {
        module
        for module, of in metadata.packages_distributions().items()
        if not held & set(map(canonicalize_name, of)) and module not in PACKAGES
    }
    assert {"pytest", "hypothesis"} <= hidden
    said = f"HIDDEN = {hidden!r}\nINSTALLED = {str(built.installed)!r}\n{HIDE}\n{code}"
    return subprocess.run(
        [*built.python, "-I", "-c", said],
        cwd=built.empty,
        capture_output=True,
        text=True,
        check=False,
    )


def command(built: Built, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command ``arrowroot`` of the unpacked wheel."""
    code = f"sys.argv = {['arrowroot', *arguments]!r}\nfrom arrowroot.__main__ import main\n"
    return run(built, f"{code}sys.exit(main())")


def test_the_packages_are_those_of_the_wheel(built: Built) -> None:
    code = "import arrowroot, synthesis, logicmodels\n"
    code += "print(*(p.__file__ for p in (arrowroot, synthesis, logicmodels)), sep='\\n')"
    done = run(built, code)
    assert done.returncode == 0, done.stderr
    files = done.stdout.splitlines()
    assert [Path(file).parent.parent for file in files] == [built.installed] * 3


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.splitlines()[-1][:30])
def test_an_example_of_the_readme_runs_in_an_empty_folder(built: Built, example: str) -> None:
    done = run(built, example)
    assert done.returncode == 0, done.stderr


def test_every_public_name_is_there_without_an_extra(built: Built) -> None:
    code = "import synthesis, logicmodels\n"
    code += "[getattr(p, n) for p in (synthesis, logicmodels) for n in p.__all__]"
    done = run(built, code)
    assert done.returncode == 0, done.stderr


def test_the_command_tells_its_version(built: Built) -> None:
    done = command(built, "--version")
    assert (done.returncode, done.stdout) == (0, f"arrowroot {arrowroot.__version__}\n")


def test_the_ledger_is_reproduced_in_an_empty_folder(built: Built) -> None:
    done = command(built, "ledger")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "51 of 51 printed numbers reproduced to the last digit, 0 differ, 0 not recomputed."
    )


def test_an_exercise_is_set_and_checked_in_an_empty_folder(built: Built) -> None:
    code = "import synthesis as syn\nfor name in syn.exercises()['name']: syn.exercise(name)"
    done = run(built, code)
    assert done.returncode == 0, done.stderr


def test_the_command_makes_and_builds_a_review_in_an_empty_folder(built: Built) -> None:
    made = command(built, "new", "demo", "--from", "example")
    assert made.returncode == 0, made.stderr
    done = command(built, "build", "demo")
    assert done.returncode == 0, done.stderr + done.stdout
    page = (built.empty / "demo" / "build" / "index.html").read_text("utf-8")
    assert "<h1>Antihistamines for the symptoms of a cold</h1>" in page
    assert command(built, "check", "demo").returncode == 0


def test_the_command_draws_and_checks_a_model_in_an_empty_folder(built: Built) -> None:
    model = str(built.installed / "arrowroot" / "data" / "salford" / "logic_model.yaml")
    drawn = command(built, "draw", model, "-o", "salford.svg")
    assert (drawn.returncode, drawn.stdout) == (0, "salford.svg\n")
    assert (built.empty / "salford.svg").read_text("utf-8").startswith("<svg")
    assert command(built, "check", model).returncode == 0


def test_a_missing_extra_is_named(built: Built) -> None:
    model = str(built.installed / "arrowroot" / "data" / "salford" / "logic_model.yaml")
    done = command(built, "draw", model, "-o", "salford.pptx")
    assert done.returncode == 2
    assert done.stderr == (
        "arrowroot: A PowerPoint file needs the package python-pptx: install it "
        "with  pip install 'arrowroot[office]'\n"
    )
