"""REFI-QDA codebooks: there and back, from other programs, and hostile ones."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from arrowroot.errors import DataError, FileError
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.epoc import epoc_2002
from synthesis.coding.refi.codebook import NAMESPACE, read_qdc, write_qdc
from synthesis.coding.refi.codes import MOST_NESTED
from synthesis.datasets import load

# The shapes that programs write, made up after their published exports: braces and lower case
# in GUIDs, another namespace version, colours, sets, notes, a code without a description.
FOREIGN = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<CodeBook origin="Another program" xmlns="urn:QDA-XML:codebook:0:4"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="urn:QDA-XML:codebook:0:4 Codebook.xsd">
<Codes>
  <Code guid="{2a08bddf-4c35-4250-bf77-7de37b50c930}" isCodable="true" name="Staff &amp; carers"
    color="#FF8800">
    <Description>Those who care.
Note: not a label of ours.</Description>
    <NoteRef targetGUID="00000000-0000-0000-0000-000000000000"/>
    <Code guid="2d969af8" name="Other" isCodable="false"/>
  </Code>
  <Code guid="3" name="Patients" isCodable="true">
    <Code guid="4" name="Other" isCodable="true"/>
  </Code>
</Codes>
<Sets><Set guid="5" name="all"><MemberCode guid="3"/></Set></Sets>
</CodeBook>
"""


NEST = '<Code name="a">'


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "book.qdc"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_epoc_there_and_back(tmp_path: Path) -> None:
    epoc = epoc_2002(load("sixcs", "epoc_2002"))
    back = read_qdc(write_qdc(epoc, tmp_path / "epoc.qdc"))
    assert sorted(back, key=lambda code: code.id) == sorted(epoc, key=lambda code: code.id)
    for code in epoc:
        siblings = [one.id for one in epoc.children(code.id)]
        assert [one.id for one in back.children(code.id)] == siblings


def test_every_field_comes_back(tmp_path: Path) -> None:
    book = Codebook(
        "x",
        "",
        (
            Code("b", "Under", parent="a", exclude="<not> & 'this'"),
            Code("a", "Ünder ]]>", "Two\nlines.", "in", "out", '"quoted"', source="here"),
            Code("c", "Bare"),
        ),
    )
    back = read_qdc(write_qdc(book, tmp_path / "x.qdc"))
    assert set(back) == set(book)
    assert back.ids == ["a", "b", "c"]


def test_the_same_codebook_gives_the_same_file(tmp_path: Path) -> None:
    epoc = epoc_2002(load("sixcs", "epoc_2002"))
    one, two = (write_qdc(epoc, tmp_path / f"{name}.qdc").read_bytes() for name in "ab")
    assert one == two


def test_file_has_the_shape_of_the_standard(tmp_path: Path) -> None:
    path = write_qdc(epoc_2002(load("sixcs", "epoc_2002")), tmp_path / "epoc.qdc")
    root = ET.parse(path).getroot()
    assert root.tag == f"{{{NAMESPACE}}}CodeBook"
    codes = root.findall(f".//{{{NAMESPACE}}}Code")
    guids = [code.get("guid") for code in codes]
    assert len(set(guids)) == len(guids) == 58
    assert all(len(guid) == 36 and guid == guid.upper() for guid in guids)
    assert {code.get("isCodable") for code in codes} == {"true"}


def test_another_programs_file(tmp_path: Path) -> None:
    book = read_qdc(written(tmp_path, FOREIGN))
    assert book.title == "book"
    assert book.ids == ["staff_carers", "other", "patients", "patients/other"]
    assert book["staff_carers"].definition == "Those who care.\nNote: not a label of ours."
    assert [code.label for code in book.path("patients/other")] == ["Patients", "Other"]


def test_utf_16_is_read_as_declared(tmp_path: Path) -> None:
    text = FOREIGN.replace("utf-8", "utf-16").replace("Patients", "Pätients")
    assert read_qdc(written(tmp_path, text.encode("utf-16"))).ids[2] == "pätients"


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]><CodeBook>&c;</CodeBook>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><CodeBook>&b;</CodeBook>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><CodeBook/>',
    ],
)
def test_entity_bombs_are_refused(tmp_path: Path, hostile: str) -> None:
    with pytest.raises(FileError, match=r"book\.qdc: declares a document type"):
        read_qdc(written(tmp_path, hostile))


def test_truncated_files_are_refused(tmp_path: Path) -> None:
    whole = FOREIGN.strip().encode("utf-8")
    for end in range(0, len(whole), 25):
        with pytest.raises(FileError, match=r"book\.qdc: not well-formed XML"):
            read_qdc(written(tmp_path, whole[:end]))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<Project/>", "contains <Project>, not a REFI-QDA <CodeBook>"),
        ("<CodeBook/>", "the codebook contains no codes"),
        ("<CodeBook><Codes><Code guid='1' name=' '/></Codes></CodeBook>", "has no name"),
        (
            f"<CodeBook><Codes>{NEST * 20_000}{'</Code>' * 20_000}</Codes></CodeBook>",
            f"nested more than {MOST_NESTED} levels deep",
        ),
    ],
    ids=["project", "empty", "nameless", "deep"],
)
def test_what_is_no_codebook_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"book.qdc: .*{message}"):
        read_qdc(written(tmp_path, text))


def test_wrong_encoding_is_refused(tmp_path: Path) -> None:
    latin = FOREIGN.replace("Patients", "Pätients").encode("latin-1")
    with pytest.raises(FileError, match="not well-formed XML"):
        read_qdc(written(tmp_path, latin))
    with pytest.raises(FileError, match="not well-formed XML"):
        read_qdc(written(tmp_path, FOREIGN.replace("utf-8", "utf-99")))


def test_control_characters_are_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = written(tmp_path, FOREIGN)
    with pytest.raises(DataError, match=r"code 'a': contains '\\x07', which XML does not allow"):
        write_qdc(Codebook("x", "", (Code("a", "bell\x07"),)), path)
    assert path.read_text(encoding="utf-8") == FOREIGN


def test_the_name_of_the_file_comes_second(tmp_path: Path) -> None:
    path: Any = tmp_path / "book.qdc"
    with pytest.raises(DataError, match="a Codebook is needed, and after it the name of the file"):
        write_qdc(path, Codebook("x", "", (Code("a", "A"),)))  # type: ignore[arg-type]
