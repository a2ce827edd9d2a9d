"""A specification that cannot be read says where it was looked for, or what it is instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from arrowroot.errors import FileError, SpecError
from arrowroot.files import read_bytes, where_looked, write_text
from arrowroot.specs.source import text_of


def refused(path: Path | str, **named: str) -> str:
    with pytest.raises(SpecError) as caught:
        text_of(path, **named)
    return str(caught.value).split("\n  ")[1]


def test_a_missing_file_is_told_with_its_folder_and_near_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logic_model.yaml").write_text("title: T\n", encoding="utf-8")
    assert refused(tmp_path / "logic_modle.yaml") == (
        f"the file cannot be read: there is no such file in {tmp_path}; did you mean"
        " 'logic_model.yaml'? [file]"
    )
    assert refused(tmp_path / "sixcs.yaml").endswith("; it holds logic_model.yaml [file]")
    assert refused(tmp_path / "none" / "a.yaml").endswith(f"no folder {tmp_path / 'none'} [file]")
    monkeypatch.chdir(tmp_path)
    assert str(tmp_path) in refused("logic.yaml"), "a relative path is looked for here"
    assert where_looked("x.csv") == f"there is no such file in {tmp_path}"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("model.xlsx", "a rule set is read from YAML, and this is a table; use from_tables [file]"),
        ("model.CSV", "a rule set is read from YAML, and this is a table; use from_tables [file]"),
        ("model.docx", "a rule set is read from YAML, which is plain text; save the text as"),
    ],
)
def test_another_kind_of_file_is_sent_where_it_belongs(
    tmp_path: Path, name: str, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"PK\x03\x04\xff")
    assert refused(path, what="a rule set", tables="use from_tables").startswith(message)


def test_a_folder_is_told_with_what_it_holds(tmp_path: Path) -> None:
    assert refused(tmp_path).endswith("Is a directory; it holds no YAML file [file]")
    (tmp_path / "a.yaml").touch()
    assert refused(tmp_path).endswith("Is a directory; it holds a.yaml [file]")


def test_other_encodings_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("a: 1\nb: Pflegequalität\n".encode("latin-1"))
    assert refused(path) == (
        "the file is not UTF-8 text (see line 2); save it with that encoding [encoding]"
    )


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_no_file(name: str) -> None:
    with pytest.raises(FileError, match="the name of the file is empty; give one"):
        write_text("x", name)
    with pytest.raises(FileError, match="the name of the file is empty"):
        read_bytes(name)
    assert refused(name).startswith("the name of the file is empty")
