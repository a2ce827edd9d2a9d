"""Tables other people fill in: what is read, what is refused, what is written."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from arrowroot import files
from arrowroot.errors import DataError, FileError
from arrowroot.sheets import write_table
from arrowroot.tables import read_frame


def saved(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_csv_and_xlsx_read_alike(tmp_path: Path) -> None:
    rows = [["unit", "code"], ["A01", "x"], ["A02", None], [3, "na"]]
    book = saved(tmp_path / "t.xlsx", rows)
    text = tmp_path / "t.csv"
    text.write_text("\ufeffunit,code\r\nA01,x\r\nA02,\r\n\r\n3,na\r\n", encoding="utf-8")
    for path, lines in [(book, [2, 3, 4]), (text, [2, 3, 5])]:
        table = read_frame(path)
        assert table.columns.tolist() == ["unit", "code"]
        assert table.to_numpy().tolist() == [["A01", "x"], ["A02", None], ["3", "na"]]
        assert table.index.tolist() == lines


def test_formulas_are_made_harmless_and_come_back(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"note": ["=1+1", "@x", "-3", "plain", "'quoted'", "'=kept"], "+unit": list("abcdef")}
    )
    path = write_table(table, tmp_path / "t.csv")
    assert path.read_text(encoding="utf-8").splitlines()[:3] == ["note,'+unit", "'=1+1,a", "'@x,b"]
    assert read_frame(path).to_numpy().tolist() == table.to_numpy().tolist()


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n"])
def test_line_ends_inside_cells_come_back(tmp_path: Path, ending: str) -> None:
    table = pd.DataFrame({f"a{ending}b": [f"one{ending}two", "three"], "c": ["x", "y"]})
    back = read_frame(write_table(table, tmp_path / "t.csv"))
    assert back.to_dict("list") == table.to_dict("list")


def test_rows_end_with_a_newline_alone(tmp_path: Path) -> None:
    path = write_table(pd.DataFrame({"a": ["x", None, 1.5]}), tmp_path / "t.csv")
    assert path.read_bytes() == b'a\nx\n""\n1.5\n'


def test_formula_without_a_value_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "t.xlsx", [["unit", "code"], ["A01", "=HYPERLINK(1)"]])
    with pytest.raises(DataError, match=r"t.xlsx, cell B2: the formula has no stored value"):
        read_frame(path)


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (b"unit,code\nA,x\0\n", "contains null bytes"),
        (b"unit,unit\nA,x\n", "column names must differ; repeated: 'unit'"),
        (b"unit,code\nA,x,y\n", "line 2: the row has 3 cells, the header 2"),
        (b'unit,code\n"A,x\n', r"line 2: the row cannot be read \(unexpected end of data\)"),
        (b"", "the first row must contain the column names"),
    ],
)
def test_bad_csv_is_refused(tmp_path: Path, held: bytes, message: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(held)
    with pytest.raises((DataError, FileError), match=message):
        read_frame(path)


def test_truncated_workbooks_are_refused(tmp_path: Path) -> None:
    whole = saved(tmp_path / "t.xlsx", [["unit"], *[[f"A{n}"] for n in range(50)]]).read_bytes()
    path = tmp_path / "cut.xlsx"
    for end in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:end])
        with pytest.raises(FileError, match=r"cut\.xlsx: not a readable \.xlsx workbook"):
            read_frame(path)


def test_damaged_workbooks_never_fail_with_a_bare_traceback(tmp_path: Path) -> None:
    whole = saved(tmp_path / "t.xlsx", [["unit"], ["A1"]])
    path = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(whole) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for broken in parts:
        for content in (b"", b"<broken", b"<a/>"):
            with zipfile.ZipFile(path, "w") as out:
                for name, held in parts.items():
                    out.writestr(name, content if name == broken else held)
            try:
                read_frame(path)
            except (DataError, FileError) as error:
                assert "bad.xlsx" in str(error)


def test_entity_bomb_in_a_workbook_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "t.xlsx", [["unit"], ["A1"]])
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("xl/extra.xml", '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>')
    with pytest.raises(FileError, match=r"xl/extra\.xml declares a document type"):
        read_frame(path)


def test_what_unpacks_too_large_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "t.xlsx", [["unit"], ["A1"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/media/blank", b" " * files.LARGEST)
    with pytest.raises(FileError, match="unpacks to more than 50 MB"):
        read_frame(path)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        read_frame(tmp_path / "none.csv")
    with pytest.raises(FileError, match=r"nowhere/x\.csv"):
        files.write_text("x", tmp_path / "nowhere" / "x.csv")


@pytest.mark.parametrize("size", [0, 1, 99_999, 100_000, 100_001])
def test_a_pipe_is_read_up_to_the_limit(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # The system says of a pipe that it holds 0 bytes.
    out, into = os.pipe()

    def fill() -> None:
        with contextlib.suppress(BrokenPipeError), os.fdopen(into, "wb") as pipe:
            pipe.write(b"x" * size)

    monkeypatch.setattr(Path, "open", lambda *_: os.fdopen(out, "rb"))
    writer = threading.Thread(target=fill, daemon=True)
    writer.start()
    if size > 100_000:
        with pytest.raises(FileError, match=r"^pipe\.csv: larger than 0 MB; not read\.$"):
            files.read_bytes("pipe.csv", largest=100_000)
    else:
        assert files.read_bytes("pipe.csv", largest=100_000) == b"x" * size
    writer.join(5)


@pytest.mark.parametrize("size", [0, 9, 10, 11, 200_000])
def test_a_file_is_refused_by_what_is_read_of_it(tmp_path: Path, size: int) -> None:
    path = tmp_path / "t.txt"
    path.write_bytes(bytes(size))
    if size > 10:
        with pytest.raises(FileError, match="larger than"):
            files.read_bytes(path, largest=10)
    else:
        assert files.read_bytes(path, largest=10) == bytes(size)
    assert files.read_bytes(path) == bytes(size)


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fstat = tmp_path / "t.txt", os.fstat
    path.write_bytes(b"a" * 100_000)

    def grown(file: int) -> os.stat_result:
        seen = fstat(file)
        with path.open("ab") as more:
            more.write(b"b" * 100_000)
        return seen

    monkeypatch.setattr(files.os, "fstat", grown)
    assert files.read_bytes(path, largest=10**6) == b"a" * 100_000 + b"b" * 100_000
    with pytest.raises(FileError, match="larger than"):
        files.read_bytes(path, largest=250_000)


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_draft: Path, _target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "x.csv"
    files.write_text("old", path)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(FileError, match=r"x\.csv: No space left on device"):
        files.write_text("new", path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["x.csv"]


def test_a_path_that_no_file_can_have(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileError, match="folder: Is a directory"):
        files.write_text("x", tmp_path / "folder")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]
    with pytest.raises(FileError, match="File name too long"):
        files.read_text(tmp_path / ("x" * 300))


def test_names_with_half_a_character_or_a_zero_are_no_paths() -> None:
    for name in ("half\ud800.csv", "zero\0.csv"):
        with pytest.raises(FileError, match="a file name cannot contain"):
            files.as_path(name)
    # Bytes that are no text in the encoding of the system are a name like any other.
    assert files.as_path("\udcff.csv").name == "\udcff.csv"


def test_one_path_or_several(tmp_path: Path) -> None:
    assert files.as_paths("a.csv") == [Path("a.csv")]
    assert files.as_paths(["a.csv", tmp_path]) == [Path("a.csv"), tmp_path]
    for nothing in (None, 3, b"a.csv", [b"a.csv"]):
        with pytest.raises(FileError, match="the path of a file is needed"):
            files.as_paths(nothing)  # type: ignore[arg-type]


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    held, link = tmp_path / "shared" / "x.csv", tmp_path / "x.csv"
    held.write_text("old", encoding="utf-8")
    held.chmod(0o640)
    link.symlink_to(held)
    files.write_text("new", link)
    assert link.is_symlink()
    assert held.read_text(encoding="utf-8") == "new"
    assert held.stat().st_mode & 0o777 == 0o640
    (tmp_path / "to_come.csv").symlink_to(tmp_path / "shared" / "y.csv")
    files.write_text("new", tmp_path / "to_come.csv")
    assert (tmp_path / "shared" / "y.csv").read_text(encoding="utf-8") == "new"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["shared", "to_come.csv", "x.csv"]


def test_links_in_a_circle_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(FileError, match="symbolic links"):
        files.write_text("x", tmp_path / "a")


def test_nobody_else_can_read_a_private_file_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    set_mode = Path.chmod

    def watched(path: Path, mode: int) -> None:
        seen.append(path.stat().st_mode & 0o777)
        set_mode(path, mode)

    private = tmp_path / "private.csv"
    private.write_text("old", encoding="utf-8")
    private.chmod(0o600)
    monkeypatch.setattr(Path, "chmod", watched)
    files.write_text("new", private)
    assert seen == [0o600]
    assert private.stat().st_mode & 0o777 == 0o600


def test_a_text_with_half_a_character_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    files.write_text("old", path)
    with pytest.raises(DataError, match=r"x\.csv: not written, because .* half a character"):
        files.write_text("Vale \ud83d 2015", path)
    assert path.read_text(encoding="utf-8") == "old"


def test_a_folder_is_made_or_refused_in_words(tmp_path: Path) -> None:
    assert files.make_folder(tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "a", tmp_path / ("x" * 300)):
        with pytest.raises(FileError):
            files.make_folder(place)


def test_a_sheet_that_exists_is_no_free_path(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    assert files.free_path(path) == path
    path.write_text("work", "utf-8")
    with pytest.raises(FileError, match=r"sheet\.csv already exists and may contain work"):
        files.free_path(path)
