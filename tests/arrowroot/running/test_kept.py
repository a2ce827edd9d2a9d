"""Results kept from one run to the next: when they are used, and when they must not be."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.running import kept as module
from arrowroot.running.kept import anew, kept


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep results in a folder of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(module.FOLDER, str(folder))
    return folder


class Counted:
    """Makes something, and counts how often."""

    def __init__(self, made: object = "made") -> None:
        self.made, self.times = made, 0

    def __call__(self) -> object:
        """Return what it makes."""
        self.times += 1
        return self.made


def test_what_was_made_is_not_made_again(cache: Path) -> None:
    table = pd.DataFrame({"yi": [0.1, float("nan")], "study": ["A", None]})
    make = Counted(table)
    first = kept("a table", ("inputs", 1), make)
    again = kept("a table", ("inputs", 1), make)
    assert make.times == 1
    pd.testing.assert_frame_equal(first, table)
    pd.testing.assert_frame_equal(again, table)
    assert len(list(cache.iterdir())) == 1


@pytest.mark.parametrize(
    ("what", "inputs"),
    [
        ("another thing", ("inputs", 1)),
        ("a thing", ("inputs", 2)),
        ("a thing", ("inputs", 1.0)),
        ("a thing", pd.DataFrame({"yi": [1]})),
    ],
)
@pytest.mark.usefixtures("cache")
def test_other_inputs_are_other_things(what: str, inputs: object) -> None:
    kept("a thing", ("inputs", 1), Counted("the first"))
    assert kept(what, inputs, Counted("another")) == "another"


@pytest.mark.usefixtures("cache")
def test_equal_inputs_are_the_same_however_their_parts_are_held() -> None:
    name = "a name made while running"[2:]
    again = "".join(list(name))
    assert name is not again
    make = Counted()
    kept("a thing", [name, name], make)
    kept("a thing", [name, again], make)
    assert make.times == 1


@pytest.mark.usefixtures("cache")
def test_another_program_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    kept("a thing", 1, Counted("by the old program"))
    monkeypatch.setattr(module, "PROGRAM", "a new program")
    assert kept("a thing", 1, Counted("by the new one")) == "by the new one"


def test_the_program_is_its_files_and_what_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "added-1.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    with_a_package = module._program()
    monkeypatch.setattr(module, "_files", lambda _: iter(["a file that has changed"]))
    assert len({module.PROGRAM, with_a_package, module._program()}) == 3


@pytest.mark.usefixtures("cache")
def test_what_must_not_be_kept_is_made_again() -> None:
    make = Counted()
    for _ in range(2):
        assert kept("a thing", 1, make, unless=lambda made: made == "made") == "made"
    assert make.times == 2


@pytest.mark.usefixtures("cache")
def test_things_can_be_made_anew() -> None:
    kept("a thing", 1, Counted("old"))
    with anew():
        assert kept("a thing", 1, Counted("new")) == "new"
    assert kept("a thing", 1, Counted("newer")) == "new"


def damaged(path: Path) -> None:
    """Cut a file in half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def not_a_pickle(path: Path) -> None:
    """Write something else in its place."""
    path.write_bytes(b"not what was kept")


def gone(path: Path) -> None:
    """Delete it."""
    path.unlink()


def of_a_class_that_is_no_more(path: Path) -> None:
    """Write an object of a module that does not exist."""
    path.write_bytes(b"cno_such_module\nNoSuchClass\n.")


@pytest.mark.parametrize("spoil", [damaged, not_a_pickle, gone, of_a_class_that_is_no_more])
def test_a_spoilt_file_is_as_good_as_none(cache: Path, spoil: Callable[[Path], None]) -> None:
    make = Counted()
    kept("a thing", 1, make)
    spoil(next(cache.iterdir()))
    assert kept("a thing", 1, make) == "made"
    assert kept("a thing", 1, make) == "made"
    assert make.times == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions as on Unix")
def test_a_folder_that_others_may_write_to_is_not_used(cache: Path) -> None:
    make = Counted()
    kept("a thing", 1, make)
    cache.chmod(0o777)
    kept("a thing", 1, make)
    assert make.times == 2


def test_without_a_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make = Counted()
    (tmp_path / "file").write_text("a file, not a folder", "utf-8")
    for place in ("", str(tmp_path / "file"), str(tmp_path / "file" / "within"), "a\0b"):
        if "\0" not in place:
            monkeypatch.setenv(module.FOLDER, place)
        assert kept("a thing", 1, make) == "made"
    assert make.times == 4


@pytest.mark.usefixtures("cache")
def test_what_cannot_be_written_is_made_each_time() -> None:
    make = Counted(lambda: "a function without a name")
    for _ in range(2):
        kept("a thing", 1, make)
        kept("a thing", lambda: "an input that cannot be written", make)
    assert make.times == 4


@pytest.mark.usefixtures("cache")
def test_errors_are_not_kept() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            kept("a thing", 1, fail)


def test_the_least_recently_used_go_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 3)
    for number in range(3):
        kept("a number", number, Counted(number))
    for age, path in enumerate(sorted(cache.iterdir())):
        os.utime(path, (1_000_000 + age, 1_000_000 + age))
    oldest = pickle.loads(min(cache.iterdir(), key=lambda one: one.stat().st_mtime).read_bytes())
    assert kept("a number", oldest, Counted("made again")) == oldest  # and is now the youngest
    kept("a number", 3, Counted(3))
    left = {pickle.loads(path.read_bytes()) for path in cache.iterdir()}
    assert len(left) == 3
    assert {oldest, 3} <= left


def test_large_things_leave_room(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 1000)
    kept("too large by itself", 1, Counted("x" * 600))
    assert not list(cache.iterdir())
    for number in range(5):
        kept("small", number, Counted("x" * 300))
    assert sum(path.stat().st_size for path in cache.iterdir()) <= 1000


def test_the_usual_folder_is_the_users_cache(tmp_path: Path) -> None:
    homes = {name: str(tmp_path) for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA")}
    settings = {**os.environ, **homes}
    settings.pop(module.FOLDER, None)
    code = "from arrowroot.running.kept import kept; print(kept('a thing', 1, lambda: 'made'))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=settings, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "made"
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".kept"]


def test_other_files_in_the_folder_are_left_alone(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    cache.mkdir(mode=0o700)
    others = [cache / "paper.pdf", cache / "folder.kept", cache / "review.yaml"]
    for one in others:
        if one.suffix == ".kept":
            one.mkdir()
        else:
            one.write_text("somebody else's", "utf-8")
            os.utime(one, (1, 1))
    for number in range(5):
        kept("a number", number, Counted(number))
    assert all(one.exists() for one in others)
    assert len([one for one in cache.glob("*.kept") if one.is_file()]) == 2


@pytest.mark.usefixtures("cache")
def test_what_cannot_be_told_to_be_unchanged_is_not_kept() -> None:
    def fail(_: object) -> bool:
        raise OSError

    make = Counted()
    for _ in range(2):
        assert kept("a thing", 1, make, unless=fail) == "made"
    assert make.times == 2


def test_a_folder_is_named_as_in_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    make = Counted()
    monkeypatch.setenv(module.FOLDER, "~/cache")
    kept("a thing", 1, make)
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    monkeypatch.setenv(module.FOLDER, " ")
    kept("a thing", 1, make)
    assert make.times == 2
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_link_that_leads_nowhere_hides_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one", "utf-8")
    (tmp_path / "b.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.py").write_text("two", "utf-8")
    before = sorted(module._files(str(tmp_path)))
    assert len(before) == 3
    (tmp_path / "c.py").write_text("three", "utf-8")
    assert sorted(module._files(str(tmp_path))) != before
