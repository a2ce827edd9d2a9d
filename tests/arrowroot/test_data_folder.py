"""Where the data are: a folder by name, in the package, or beside it; and files by their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from arrowroot import data_folder
from arrowroot.errors import FileError, OptionError
from logicmodels import Comparison, LogicModel
from synthesis import datasets

ROOT = Path(__file__).parents[2]
MODELS = sorted(path.parent.name for path in (ROOT / "data").glob("*/logic_model.yaml"))


def test_a_clones_folder_is_used_in_a_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(data_folder.VARIABLE, raising=False)
    assert data_folder.data_folder() == ROOT / "data"


def test_the_packages_own_folder_comes_before_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(data_folder.VARIABLE, raising=False)
    inside, _ = (place.relative_to(ROOT) for place in data_folder._PLACES)
    assert inside == Path("arrowroot/data")  # beside an installed package, anybody's
    places = (tmp_path / "inside", tmp_path / "beside")
    monkeypatch.setattr(data_folder, "_PLACES", places)
    places[1].mkdir()
    assert data_folder.data_folder() == places[1]
    places[0].mkdir()
    assert data_folder.data_folder() == places[0]


def test_a_folder_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(data_folder.VARIABLE, "nowhere")
    with pytest.raises(FileError, match="ARROWROOT_DATA names 'nowhere', which is not a folder"):
        datasets.names()


def test_an_installation_without_data_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(data_folder.VARIABLE, raising=False)
    monkeypatch.setattr(data_folder, "_PLACES", (tmp_path / "data",))
    with pytest.raises(FileError, match=r"install it again, or set ARROWROOT_DATA to the folder"):
        datasets.load("bcg")
    with pytest.raises(FileError, match=r"install it again, or set ARROWROOT_DATA to the folder"):
        LogicModel.example("sixcs")


def test_every_model_that_comes_along_is_an_example() -> None:
    assert len(MODELS) >= 7
    for name in MODELS:
        here = LogicModel.read(ROOT / "data" / name / "logic_model.yaml")
        assert LogicModel.example(name).to_yaml() == here.to_yaml()


def test_an_unknown_example_lists_those_there_are() -> None:
    with pytest.raises(OptionError) as error:
        LogicModel.example("six_cs")
    assert str(error.value) == (
        "nothing called 'six_cs' comes with Arrowroot with a file 'logic_model.yaml'; choose one "
        f"of {', '.join(MODELS)}."
    )


def test_a_folder_without_such_a_file_lists_what_it_has() -> None:
    with pytest.raises(OptionError) as error:
        LogicModel.example("bcg")
    assert str(error.value) == (
        "bcg has no file 'logic_model.yaml'; it has dataset.yaml, references.bib, trials.csv."
    )


def test_a_file_is_found_by_its_name() -> None:
    assert Comparison.read(datasets.path("ham2014", "comparison.yaml")).title
    assert datasets.path("case_management", "library/index.ris").read_bytes()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("bcg", "../sixcs/actions.csv"),
        ("..", "README.md"),
        ("", "bcg/trials.csv"),
        ("bcg", ""),
        ("bcg", "trials.csv\0"),
        ("case_management", "library"),
    ],
)
def test_a_name_cannot_lead_elsewhere(name: str, file: str) -> None:
    with pytest.raises(OptionError):
        datasets.path(name, file)
