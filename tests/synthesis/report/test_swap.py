"""A folder is replaced in one step, or stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from arrowroot.errors import FileError
from synthesis.report import swap
from synthesis.report.swap import replacing, restore


def write(target: Path, text: str) -> None:
    with replacing(target) as draft:
        (draft / "a.txt").write_text(text)


@pytest.fixture(params=[True, False], ids=["exchange", "two renames"])
def target(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if not request.param:
        monkeypatch.setattr(swap, "_exchanged", lambda *_: False)
    return tmp_path / "out"


def test_a_folder_is_made_and_replaced(target: Path) -> None:
    write(target, "one")
    (target / "old.txt").write_text("x")
    write(target, "two")
    assert [path.name for path in target.iterdir()] == ["a.txt"]
    assert (target / "a.txt").read_text() == "two"
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_an_error_leaves_the_folder_as_it_was(target: Path) -> None:
    write(target, "one")
    with pytest.raises(ZeroDivisionError), replacing(target) as draft:
        (draft / "a.txt").write_text("two")
        raise ZeroDivisionError
    assert (target / "a.txt").read_text() == "one"
    assert [path.name for path in target.parent.iterdir()] == ["out"]


def test_what_a_killed_process_left_is_cleared_away(target: Path) -> None:
    write(target, "one")
    left = target.parent / swap.WORK / "draft"
    left.mkdir(parents=True)
    (left / "half.txt").write_text("x")
    write(target, "two")
    assert (target / "a.txt").read_text() == "two"
    assert not (target.parent / swap.WORK).exists()


def test_a_process_killed_between_two_renames_loses_nothing(tmp_path: Path) -> None:
    target = tmp_path / "out"
    write(target, "one")
    (tmp_path / swap.WORK).mkdir()
    target.rename(tmp_path / swap.WORK / "last")
    restore(target)
    assert (target / "a.txt").read_text() == "one"


def test_two_at_a_time_are_refused(target: Path) -> None:
    with replacing(target), pytest.raises(FileError, match="being made by another process"):
        write(target, "two")


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="file"):
        write(tmp_path / "file" / "out", "x")
