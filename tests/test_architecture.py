"""Who may import whom, read from the sources; no circle, no crowd; and no machine is named."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from logicmodels import LogicModel
from logicmodels.questions.reach import cycles
from synthesis.coding.codebook import Code

ROOT = Path(__file__).parents[1]
PACKAGES = ("arrowroot", "synthesis", "logicmodels")

BASE = (
    "errors",
    "checks",
    "labels",
    "scales",
    "measure_words",
    "measures",
    "outcomes",
    "prisma",
    "bibliography",
    "dataset_info",
    "datasets",
)
"""The ground floor of `synthesis`, in order: each file may stand on those before it."""

GROUND = {"errors", "checks", "labels", "scales", "measure_words", "measures", "outcomes"}
EFFECTS = GROUND | {"effects"}
# What is written for R stands beneath the results, which hand it their numbers.
R_CODE = GROUND | {"r_code"}
POOLING = EFFECTS | {"r_code", "pooling"}
DIAGNOSTICS = POOLING | {"diagnostics"}
REPRODUCE = DIAGNOSTICS | {
    "appraisal",
    "reproduce",
    "prisma",
    "datasets",
    "dataset_info",
    "bibliography",
}
CODING = {"errors", "checks", "labels", "coding"}
# Screening is coding by two people: it takes their agreement, and where they disagree.
AGREEMENT = {"coding.agreement", "coding.codings.disagreements"}
LIBRARY = (CODING - {"coding"}) | {"prisma", "bibliography", "library"} | AGREEMENT
# So is judging risk of bias, which two assessors settle as two coders do.
APPRAISAL = DIAGNOSTICS | AGREEMENT | {"coding.consensus", "appraisal"}
# A report of an evaluation prints numbers as a paper does.
EVALUATION = CODING | {"reproduce.printed", "evaluation"}
BOARDS = CODING | LIBRARY | {"appraisal", "boards"}
PLOTS = REPRODUCE | CODING | LIBRARY | {"appraisal", "evaluation", "plots"}
# A review is made of all rooms; its pages are set like those of the report.
REVIEW = PLOTS | BOARDS | {"report.figures", "report.swap", "review"}

MAY_IMPORT = {name: set(BASE[:place]) for place, name in enumerate(BASE)} | {
    "effects": EFFECTS,
    "r_code": R_CODE,
    "pooling": POOLING,
    "diagnostics": DIAGNOSTICS,
    "appraisal": APPRAISAL,
    "reproduce": REPRODUCE,
    "coding": CODING,
    "library": LIBRARY,
    "evaluation": EVALUATION,
    "boards": BOARDS,
    "plots": PLOTS,
    "report": PLOTS | {"report"},
    "review": REVIEW,
    # It asks the public face by name, and imports nothing of it.
    "guide": {"errors", "guide"},
    "__init__": PLOTS | BOARDS | {"guide", "review"},
}
"""What each room of `synthesis` may import from `synthesis`."""

ONLY_IN = {
    "matplotlib": ("synthesis/plots/",),
    "pymare": ("synthesis/pooling/",),
    "anywidget": ("synthesis/boards/widget.py",),
    "docx": ("arrowroot/documents.py",),
    "pygraphviz": ("logicmodels/figures/render.py",),
    "nbclient": ("synthesis/report/",),
    "nbconvert": ("synthesis/report/",),
    "mistune": ("synthesis/review/text/",),
    "jinja2": ("synthesis/report/", "synthesis/review/pages/"),
}
"""Libraries that one room alone knows."""

PURE_TEXT = tuple(
    f"logicmodels/{one}"
    for one in (
        *("records.py", "questions/", "source/", "profiles/", "rules/"),
        *("figures/layout/", "figures/style.py", "figures/dot.py"),
    )
)
"""Rooms of `logicmodels` that only think and write; none of them may know a renderer."""
RENDERERS = (
    "logicmodels.figures.render",
    "logicmodels.figures.figure",
    "logicmodels.figures.engines",
    "logicmodels.figures.placing",
    "logicmodels.export",
    "pygraphviz",
)

DATA = ("locks", "records", "profiles", "model", "side_by_side")
"""What `logicmodels` knows before anything is asked of it; these may stand on each other alone."""
MOST_FILES = 15
"""In one folder, so that a reader sees at a glance what is there."""
MOST_FIGURES = 27
"""In a folder where each file is one kind of figure, or the test of one."""
OF_FIGURES = ("synthesis/plots", "tests/synthesis/plots")


@dataclass(frozen=True)
class Import:
    """One imported name, and where it stands."""

    file: str
    line: int
    name: str
    """Dotted; for ``from a import b`` it is ``a.b``, with a dot in front of what is relative."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"

    @property
    def top(self) -> str:
        return self.name.split(".")[0]


def imports(source: str, file: str) -> Iterator[Import]:
    """Yield what a source imports, wherever it stands: at the top or inside a function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (Import(file, node.lineno, name) for name in names)


def room(file: str) -> str:
    """Return the room a file stands in: a folder of the package, or the file itself."""
    return Path(file).parts[1].removesuffix(".py")


def breaches(found: Iterable[Import]) -> list[str]:
    """Return each import that breaks a rule, with the rule."""
    return [f"{one}: {rule}" for one in found for rule in _broken_rules(one)]


def _broken_rules(one: Import) -> Iterator[str]:
    package = one.file.split("/")[0]
    if one.name.startswith("."):
        yield "imports are absolute"
    if package == "arrowroot" and one.top in PACKAGES[1:] and room(one.file) != "__main__":
        yield "the ground floor imports neither package"
    if package == "logicmodels" and one.top == "synthesis":
        yield "logicmodels never imports synthesis"
    if package == "logicmodels":
        yield from _inside_logicmodels(one)
    if package == "synthesis" and one.top == "synthesis" and not _allowed(one):
        yield f"{room(one.file)} may not stand on it"
    if one.top in ONLY_IN and not one.file.startswith(ONLY_IN[one.top]):
        yield f"only {' and '.join(ONLY_IN[one.top])} may know it"
    if one.file.startswith(PURE_TEXT) and one.name.startswith(RENDERERS):
        yield f"{Path(one.file).stem} knows no renderer"


def _inside_logicmodels(one: Import) -> Iterator[str]:
    name = one.name.partition(".")[2]
    if name.startswith("face") and one.file != "logicmodels/__init__.py":
        yield "the face calls down and nothing calls it"
    if one.top == "logicmodels" and room(one.file) in DATA and name.split(".")[0] not in DATA:
        yield "the data know nothing of what is made of them"
    if one.top == "logicmodels" and name.startswith("errors"):
        yield "errors live in arrowroot; the old path is for others"


def _allowed(one: Import) -> bool:
    parts = one.name.split(".")[1:]
    allowed = MAY_IMPORT.get(room(one.file), set())
    return any(".".join(parts[:length]) in allowed for length in (1, 2, 3))


def all_imports() -> list[Import]:
    return [
        one
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for one in imports(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
    ]


def circles(sources: Mapping[str, str]) -> list[list[str]]:
    """Return the groups of files that import each other, wherever in a file they do so."""
    files = {_module(file): file for file in sources}
    pairs = []
    for file, source in sources.items():
        for one in imports(source, file):
            name = one.name
            while name and name not in files:
                name = name.rpartition(".")[0]
            if name and files[name] != file:
                pairs.append((file, files[name]))
    return [sorted(group) for group in cycles(pairs)]


def _module(file: str) -> str:
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


def test_imports_hold_the_rules() -> None:
    found = all_imports()
    assert len(found) > 100
    assert breaches(found) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_files_import_each_other(package: str) -> None:
    paths = sorted((ROOT / package).rglob("*.py"))
    assert paths
    sources = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    assert circles(sources) == []


def test_a_circle_is_found_wherever_it_closes() -> None:
    sources = {
        "logicmodels/__init__.py": "from logicmodels.face import LogicModel",
        "logicmodels/face.py": "def draw():\n    from logicmodels.figures import drawing",
        "logicmodels/figures/drawing.py": (
            "if TYPE_CHECKING:\n    from logicmodels import LogicModel"
        ),
        "logicmodels/records.py": "import re",
    }
    assert circles(sources) == [
        [
            "logicmodels/__init__.py",
            "logicmodels/face.py",
            "logicmodels/figures/drawing.py",
        ]
    ]


def crowds(package: str, root: Path = ROOT) -> dict[str, int]:
    """Return each folder that has too many files, with their number."""
    counts = Counter(
        path.parent.relative_to(root).as_posix() for path in (root / package).rglob("*.py")
    )
    assert counts
    return {
        folder: count
        for folder, count in counts.items()
        if count > (MOST_FIGURES if folder in OF_FIGURES else MOST_FILES)
    }


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_folder_is_a_crowd(package: str) -> None:
    assert crowds(package) == {}


@pytest.mark.parametrize(
    ("folder", "most"),
    [("synthesis", 15), ("synthesis/plots", 27), ("synthesis/plots/drawing", 15)],
)
def test_a_crowd_is_found(tmp_path: Path, folder: str, most: int) -> None:
    (tmp_path / folder).mkdir(parents=True)
    for number in range(most):
        (tmp_path / folder / f"one_{number}.py").touch()
    assert crowds("synthesis", tmp_path) == {}
    (tmp_path / folder / "more.py").touch()
    assert crowds("synthesis", tmp_path) == {folder: most + 1}


def test_every_room_has_a_rule() -> None:
    rooms = {room(f"synthesis/{path.name}") for path in (ROOT / "synthesis").glob("[!_.]*")}
    assert rooms - {"py.typed"} <= set(MAY_IMPORT)


@pytest.mark.parametrize(
    ("file", "source", "rule"),
    [
        ("logicmodels/model.py", "import synthesis", "logicmodels never imports synthesis"),
        ("logicmodels/model.py", "from synthesis.pooling import model", "never imports synthesis"),
        ("logicmodels/rules/check.py", "def f():\n    import logicmodels.face", "face calls down"),
        ("logicmodels/model.py", "from logicmodels.source import spec", "data know nothing"),
        ("logicmodels/profiles/registry.py", "import logicmodels.questions.diff", "data know"),
        ("logicmodels/source/spec.py", "from logicmodels.errors import SpecError", "errors live"),
        ("arrowroot/text.py", "from synthesis import checks", "ground floor imports neither"),
        ("arrowroot/files.py", "import logicmodels.records", "ground floor imports neither"),
        (
            "synthesis/effects/formulas/smd.py",
            "from synthesis.pooling import tau2",
            "effects may not",
        ),
        (
            "synthesis/effects/formulas/smd.py",
            "import synthesis.plots.forest",
            "effects may not",
        ),
        ("synthesis/effects/formulas/smd.py", "import synthesis", "effects may not"),
        ("synthesis/pooling/model.py", "from synthesis.diagnostics import rank", "pooling may"),
        ("synthesis/r_code/fits.py", "from synthesis.pooling import results", "r_code may not"),
        ("synthesis/effects/effect_sizes.py", "from synthesis import r_code", "effects may not"),
        (
            "synthesis/diagnostics/small_studies/rank.py",
            "from synthesis import reproduce",
            "diagnostics may",
        ),
        (
            "synthesis/appraisal/readings/absolute.py",
            "from synthesis.reproduce import ledger",
            "appraisal may",
        ),
        (
            "synthesis/reproduce/claims/check.py",
            "from synthesis.plots import forest",
            "reproduce may",
        ),
        ("synthesis/coding/tables.py", "from synthesis.effects import sheet", "coding may not"),
        (
            "synthesis/library/flow/flow.py",
            "from synthesis.coding import tables",
            "library may not",
        ),
        ("synthesis/boards/board.py", "from synthesis.plots import forest", "boards may not"),
        ("synthesis/library/flow/flow.py", "from synthesis.boards import board", "library may not"),
        (
            "synthesis/evaluation/themes.py",
            "from synthesis.reproduce import ledger",
            "evaluation may not",
        ),
        ("synthesis/coding/theory.py", "import synthesis.evaluation.themes", "coding may not"),
        ("synthesis/boards/board.py", "import anywidget", "only synthesis/boards/widget.py"),
        ("synthesis/checks.py", "from synthesis.datasets import load", "checks may not"),
        ("synthesis/new_room/x.py", "from synthesis.checks import level", "new_room may not"),
        ("synthesis/pooling/model.py", "def f():\n    import matplotlib.pyplot", "only synthesis/"),
        (
            "synthesis/diagnostics/small_studies/rank.py",
            "from pymare import core",
            "only synthesis/pooling/",
        ),
        (
            "logicmodels/figures/figure.py",
            "import pygraphviz",
            "only logicmodels/figures/render.py",
        ),
        (
            "logicmodels/figures/dot.py",
            "from logicmodels.figures.render import render",
            "dot knows no renderer",
        ),
        (
            "logicmodels/rules/links.py",
            "from logicmodels.figures import figure",
            "links knows no renderer",
        ),
        ("synthesis/pooling/model.py", "from . import tau2", "imports are absolute"),
        ("synthesis/pooling/model.py", "from ..errors import DataError", "imports are absolute"),
    ],
)
def test_a_breach_is_found(file: str, source: str, rule: str) -> None:
    (found,) = breaches(imports(source, file))
    assert found.startswith(f"{file}:")
    assert rule in found


@pytest.mark.parametrize(
    ("file", "source"),
    [
        (
            "synthesis/pooling/model.py",
            "from synthesis.effects.sheet.reading import read_extraction",
        ),
        (
            "synthesis/library/screening.py",
            "from synthesis.coding.agreement.agreement import agreement",
        ),
        ("synthesis/coding/theory.py", "from logicmodels import LogicModel"),
        ("logicmodels/questions/evidence.py", "from arrowroot.errors import EvidenceError"),
        ("arrowroot/__main__.py", "from logicmodels import LogicModel"),
        ("logicmodels/__init__.py", "from logicmodels.face import LogicModel"),
        ("logicmodels/model.py", "from logicmodels.profiles.profile import Profile"),
        ("synthesis/plots/forest/forest.py", "import matplotlib"),
        ("logicmodels/figures/dot.py", "import graphviz"),
    ],
)
def test_what_is_allowed_is_let_through(file: str, source: str) -> None:
    assert breaches(imports(source, file)) == []


BY_FIELDS = {"Codebook", "Comparison", "DatasetInfo", "LogicModel", "Receipt"}
"""What shows itself and yet is compared by its fields: it was written or noted, not computed."""

NOT_HASHABLE = re.compile(r"\b(DataFrame|Series|ndarray|Array|Index|list|dict|set|\w*Mapping)\b")


def public_records() -> list[type]:
    """Return every frozen dataclass that is on a public face or shows itself in a notebook."""
    found = {}
    for package in map(importlib.import_module, PACKAGES):
        for place in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if place.name.endswith("__main__"):
                continue
            for name, held in vars(importlib.import_module(place.name)).items():
                if not (inspect.isclass(held) and held.__module__ == place.name):
                    continue
                public = name in getattr(package, "__all__", ()) or hasattr(held, "_repr_html_")
                if public and is_dataclass(held) and held.__dataclass_params__.frozen:
                    found[f"{place.name}.{name}"] = held
    return list(found.values())


def test_results_compare_by_identity_and_records_by_their_fields() -> None:
    records = public_records()
    assert len(records) > 40
    for record in records:
        by_identity = record.__eq__ is object.__eq__ and record.__hash__ is object.__hash__
        if hasattr(record, "_repr_html_") and record.__name__ not in BY_FIELDS:
            assert by_identity, f"{record.__name__} is a result: give it eq=False"
            continue
        assert by_identity or record.__hash__ is not None, record.__name__
        if not by_identity and record.__hash__ is record.__dict__.get("__hash__"):
            unhashable = [one.name for one in fields(record) if NOT_HASHABLE.search(str(one.type))]
            assert unhashable == [], f"{record.__name__} can be compared, but not hashed"


def test_two_results_differ_and_two_equal_models_are_one() -> None:
    table = pd.DataFrame({"study": list("abc"), "yi": [0.1, 0.2, 0.4], "vi": 0.04})  # made up
    one, other = syn.meta_analysis(table), syn.meta_analysis(table)
    assert one == one
    assert one != other
    assert len({one, other, one}) == 2
    assert one not in [other]
    text = (
        "spec_version: 1\nprofile: theory-of-change\ntitle: Made up\n"
        "nodes: [{id: a, column: activities, label: A}, {id: b, column: impact, label: B}]\n"
        "links: [{from: a, to: b}]\n"
    )
    model, same = LogicModel.from_text(text), LogicModel.from_text(text)
    assert model == same
    assert len({model, same, LogicModel.from_text(text.replace("label: B", "label: C"))}) == 2
    books = [syn.Codebook("Trees", "1", (Code("oak", "Oak"),)) for _ in range(2)]
    assert len(set(books)) == 1


# Put together from pieces, so that this file does not find itself.
FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.:/])/(?:" + "|".join(["work", "home", "tmp", "root", "Users"]) + r")\b(?!\.)",
            r"\.\./" + "shared",
            r"\b" + "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "conda" + r"\.anaconda\.org",
            "registry" + r"\.npmjs",
        ]
    )
)
NOT_OURS = {"build", "dist", "__pycache__", ".git", ".venv", ".venv-lowest"}


def texts() -> Iterator[tuple[str, str]]:
    """Yield every text file of the repository with its path; caches and builds are left out."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        foreign = any(
            part in NOT_OURS or part.endswith((".egg-info", "_cache")) or part == ".hypothesis"
            for part in inside.parts
        )
        if foreign or not path.is_file():
            continue
        try:
            yield inside.as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a font or a picture


def test_no_file_names_a_machine_or_a_registry() -> None:
    named = [
        f"{file}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]}"
        for file, text in texts()
        for found in FOREIGN.finditer(text)
    ]
    assert named == []


@pytest.mark.parametrize(
    "line",
    [
        "path = '/" + "work/main'",
        "cd /" + "home/someone",
        "open('/" + "tmp/x')",
        "see ../" + "shared/facts",
        "https://py" + "pi.org/simple",
    ],
)
def test_a_machines_name_is_found(line: str) -> None:
    assert FOREIGN.search(line)


@pytest.mark.parametrize(
    "line", ["https://example.org/home/page", "build/report", "the framework/home visits", "x/tmp"]
)
def test_other_paths_are_let_through(line: str) -> None:
    assert not FOREIGN.search(line)
