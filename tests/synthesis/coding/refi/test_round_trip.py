"""Whatever a codebook's or a project's file holds is written again; made-up files throughout."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, FileError
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.refi.codebook import read_qdc, write_qdc
from synthesis.coding.refi.elements import guid, parse
from synthesis.coding.refi.project import QdaProject
from synthesis.coding.refi.read_project import read_qdpx
from synthesis.coding.refi.write_project import write_qdpx

BOOK = """<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" xmlns:v="urn:vendor" origin="Another program">
<Codes>
  <Code guid="{00000000-0000-0000-0000-0000000000C1}" name="Trust" isCodable="false" color="#ff0000"
    v:weight="3">
    <Description>About trust.
Id: not an id of ours, but the sentence of a coder.</Description>
    <NoteRef targetGUID="00000000-0000-0000-0000-0000000000f1"/>
    <v:icon>heart</v:icon>
    <Code guid="00000000-0000-0000-0000-0000000000c2" name="In nurses" isCodable="true"
      color="#0f0"/>
  </Code>
  <Code guid="00000000-0000-0000-0000-0000000000c3" name="Fear" isCodable="true"/>
</Codes>
<Sets>
  <Set guid="00000000-0000-0000-0000-0000000000d1" name="Core"><Description>Ours.</Description>
    <MemberCode guid="00000000-0000-0000-0000-0000000000c1"/>
    <MemberCode guid="00000000-0000-0000-0000-0000000000c3"/></Set>
  <Set guid="00000000-0000-0000-0000-0000000000d2" name="Later"/>
</Sets>
<v:settings theme="dark"/>
</CodeBook>
"""

PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project name="Ward" origin="Another program" xmlns="urn:QDA-XML:project:1.0"
  creationDateTime="2026-01-01T00:00:00Z">
<q:Users xmlns:q="urn:QDA-XML:project:1.0">
<User guid="u1" name="ann" id="A"/><User guid="u2" name="bob"/></q:Users>
<CodeBook><Codes>
  <Code guid="c1" name="Trust" isCodable="true" color="#ff0000"><Description>It.</Description>
    <NoteRef targetGUID="n1"/></Code>
  <Code guid="c2" name="Fear" isCodable="false"/>
</Codes></CodeBook>
<Variables><Variable guid="v1" name="Age" typeOfVariable="Integer"/></Variables>
<Cases><Case guid="e1" name="Ward 3"><VariableValue><VariableRef targetGUID="v1"/>
  <IntegerValue>70</IntegerValue></VariableValue><SourceRef targetGUID="s1"/></Case></Cases>
<Sources>
  <TextSource guid="s1" name="Talk" plainTextPath="internal://talk.txt" creatingUser="u1"
    creationDateTime="2026-01-02T00:00:00Z"><Description>First.</Description>
    <PlainTextSelection guid="p1" startPosition="0" endPosition="4" name="They">
      <Coding guid="k1" creatingUser="u1" creationDateTime="2026-01-02T03:04:05Z">
        <CodeRef targetGUID="c1"/><NoteRef targetGUID="n2"/></Coding>
      <Coding guid="k2" creatingUser="u2"><CodeRef targetGUID="c2"/></Coding>
    </PlainTextSelection>
    <VariableValue><VariableRef targetGUID="v1"/><IntegerValue>3</IntegerValue></VariableValue>
  </TextSource>
  <PictureSource guid="s2" name="Photo" path="internal://photo.png">
    <PictureSelection guid="p2" firstX="1" firstY="2" secondX="3" secondY="4">
      <Coding guid="k3" creatingUser="u2"><CodeRef targetGUID="c1"/></Coding></PictureSelection>
  </PictureSource>
</Sources>
<Notes><Note guid="n1" name="memo on a code"><PlainTextContent>Broad.</PlainTextContent></Note>
  <Note guid="n2" name="memo on a coding"><PlainTextContent>Sure?</PlainTextContent></Note></Notes>
<Links><Link guid="l1" name="causes" originGUID="c1" targetGUID="c2"/></Links>
<Sets><Set guid="d1" name="Core"><MemberCode targetGUID="c1"/><MemberCode targetGUID="c2"/>
  <MemberSource targetGUID="s1"/></Set></Sets>
<Graphs><Graph guid="g1" name="Map"><Vertex guid="x1" representedGUID="c1" firstX="0"
  firstY="0"/></Graph></Graphs>
<Description>A study of trust.</Description>
</Project>
"""


def things(element: ET.Element) -> list[object]:
    """All that an XML file says, apart from white space between its elements."""
    return [
        (str(one.tag), sorted(one.attrib.items()), (one.text or "").strip())
        for one in element.iter()
    ]


def book(folder: Path) -> Codebook:
    (folder / "book.qdc").write_text(BOOK, encoding="utf-8")
    return read_qdc(folder / "book.qdc")


def packed(folder: Path) -> QdaProject:
    with zipfile.ZipFile(folder / "ward.qdpx", "w") as archive:
        archive.writestr("project.qde", PROJECT)
        archive.writestr("Sources/talk.txt", "They trust us.")
        archive.writestr("Sources/photo.png", b"\x89PNG")
    return read_qdpx(folder / "ward.qdpx")


def xml_of(path: Path) -> ET.Element:
    with zipfile.ZipFile(path) as archive:
        return parse(archive.read("project.qde"), "p")


def test_a_codebook_of_another_program_comes_back_whole(tmp_path: Path) -> None:
    path = write_qdc(book(tmp_path), tmp_path / "again.qdc")
    before, after = (parse(one, "b") for one in (BOOK.encode(), path.read_bytes()))
    before.set("origin", "Arrowroot")
    assert things(after) == things(before)


def test_ids_are_in_no_description_and_come_back(tmp_path: Path) -> None:
    codes = (
        Code("3.1 ?>", "Staff", "Nurses and doctors.", include="All of them."),
        Code("staff", "Staff"),
        Code("nurse", "Nurses", parent="staff"),
        Code("é/x%20", "Patients"),
    )
    path = write_qdc(Codebook("x", "", codes), tmp_path / "x.qdc")
    root = parse(path.read_bytes(), "x")
    descriptions = ["".join(one.itertext()) for one in root.iter("Description")]
    assert descriptions == ["Nurses and doctors.\nInclude: All of them."]
    assert set(read_qdc(path)) == set(codes)


def test_ids_of_earlier_versions_are_read(tmp_path: Path) -> None:
    """They stood in descriptions, and the GUID was made from the id."""
    text = BOOK.replace("Id: not an id of ours, but the sentence of a coder.", "Id: T1")
    text = text.replace("00000000-0000-0000-0000-0000000000C1", guid("T1"))
    (tmp_path / "old.qdc").write_text(text, encoding="utf-8")
    read = read_qdc(tmp_path / "old.qdc")
    assert read.ids == ["T1", "in_nurses", "fear"]
    assert read["T1"].definition == "About trust."


def test_a_changed_codebook_keeps_the_rest(tmp_path: Path) -> None:
    read = book(tmp_path)
    kept = (replace(read.codes[0], label="Confidence"), read.codes[1], Code("new", "New"))
    path = write_qdc(replace(read, codes=kept), tmp_path / "again.qdc")
    root = parse(path.read_bytes(), "again")
    named = {one.get("name"): one for one in root.iter("Code")}
    assert list(named) == ["Confidence", "In nurses", "New"]
    assert named["Confidence"].get("color") == "#ff0000"
    assert named["Confidence"].get("guid") == "{00000000-0000-0000-0000-0000000000C1}"
    members = {
        one.get("name"): [member.get("guid") for member in one.iter("MemberCode")]
        for one in root.iter("Set")
    }
    # The code that is gone is no member any more.
    assert members == {"Core": ["00000000-0000-0000-0000-0000000000c1"], "Later": []}


def test_a_project_comes_back_whole(tmp_path: Path) -> None:
    path = write_qdpx(tmp_path / "again.qdpx", packed(tmp_path))
    before, after = parse(PROJECT.encode(), "p"), xml_of(path)
    before.set("origin", "Arrowroot")
    after.attrib.pop("xmlns", None)
    assert things(after) == things(before)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("Sources/photo.png") == b"\x89PNG"
    first, second = packed(tmp_path), read_qdpx(path)
    for name in ("codings", "sources", "problems"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
    assert second.besides == (
        "1 variable", "1 case", "2 memos", "1 link", "1 set", "1 graph",
    )  # fmt: skip
    assert "Not in these tables, but written again by write_qdpx: 1 variable" in str(second)


def test_files_stay_where_programs_look_for_them(tmp_path: Path) -> None:
    """The project's folder is left out, names stay as they are, and none leads out of it."""
    names = ["Ward/Sources/talk.txt", "Ward/Sources/la\u0308rm 1.png", "../../out.txt"]
    with zipfile.ZipFile(tmp_path / "ward.qdpx", "w") as archive:
        archive.writestr("Ward/project.qde", PROJECT)
        for name in names:
            archive.writestr(name, "They trust us.")
    path = write_qdpx(tmp_path / "again.qdpx", read_qdpx(tmp_path / "ward.qdpx"))
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == [
            "Sources/talk.txt", "Sources/la\u0308rm 1.png", "out.txt", "project.qde",
        ]  # fmt: skip


def test_changed_codings_are_written_and_all_else_stays(tmp_path: Path) -> None:
    project = packed(tmp_path)
    codings = project.codings.drop(index=1)  # bob's code of the first piece
    row = project.codings.loc[0]
    added = pd.DataFrame(
        [
            {**row, "coder": "cleo", "code": "fear"},
            {**row, "coder": "ann", "place": "characters 5 to 10", "start": 5, "end": 10},
        ]
    )
    changed = replace(project, codings=pd.concat([codings, added], ignore_index=True))
    again = read_qdpx(write_qdpx(tmp_path / "again.qdpx", changed))
    columns = ["source", "place", "coder", "code", "text"]
    assert sorted(again.codings[columns].to_numpy().tolist()) == sorted(
        [
            ["Talk", "characters 0 to 4", "ann", "trust", "They"],
            ["Talk", "characters 0 to 4", "cleo", "fear", "They"],
            ["Talk", "characters 5 to 10", "ann", "trust", "trust"],
            ["Photo", "area 1,2 to 3,4", "bob", "trust", ""],
        ]
    )
    assert again.codings["note"].tolist() == ["Sure?", "", "", ""]
    assert again.besides == project.besides
    ends = [one.tag for one in xml_of(tmp_path / "again.qdpx").iter("TextSource") for one in one]
    assert ends == ["Description", "PlainTextSelection", "PlainTextSelection", "VariableValue"]


def test_what_a_project_cannot_hold_is_refused(tmp_path: Path) -> None:
    project = packed(tmp_path)
    path = tmp_path / "again.qdpx"
    wrong = project.codings.assign(place="page 9", start=None, end=None)
    with pytest.raises(
        DataError, match="no such place in the project: Talk, page 9, Photo, page 9"
    ):
        write_qdpx(path, replace(project, codings=wrong))
    with pytest.raises(DataError, match="not in the codebook 'Ward' : 'frust'"):
        write_qdpx(path, replace(project, codings=project.codings.assign(code="frust")))
    with pytest.raises(DataError, match="a project is written with its own codings"):
        write_qdpx(path, project, project.codings)
    with pytest.raises(DataError, match="codings and a codebook are needed with the units"):
        write_qdpx(path, project.sources)
    with pytest.raises(DataError, match="it was not read from a file"):
        write_qdpx(path, replace(project, file=None))
    (tmp_path / "ward.qdpx").unlink()
    with pytest.raises(FileError, match=r"ward\.qdpx: there is no such file"):
        write_qdpx(path, project)
    assert not path.exists()


def test_units_written_with_a_read_codebook_keep_colours_sets_and_memos(tmp_path: Path) -> None:
    project = packed(tmp_path)
    pieces = project.codings[project.codings["source"] == "Talk"]
    units = pieces[["unit", "text"]].drop_duplicates()
    path = write_qdpx(tmp_path / "units.qdpx", units, pieces, project.codebook)
    root, back = xml_of(path), read_qdpx(path)
    code = next(one for one in root.iter("Code") if one.get("name") == "Trust")
    assert (code.get("guid"), code.get("color")) == ("c1", "#ff0000")
    (group,) = root.iter("Set")
    assert [(one.tag, one.get("targetGUID")) for one in group] == [
        ("MemberCode", "c1"), ("MemberCode", "c2"),
    ]  # fmt: skip
    notes = {one.get("guid"): "".join(one.itertext()).strip() for one in root.iter("Note")}
    assert notes["n1"] == "Broad."
    columns = ["coder", "code", "text", "note", "time"]
    assert back.codings[columns].to_numpy().tolist() == pieces[columns].to_numpy().tolist()
    order = [one.tag for one in root]
    assert order == ["Users", "CodeBook", "Sources", "Notes", "Sets"]


def test_a_projects_codebook_is_written_alone_with_what_the_format_has(tmp_path: Path) -> None:
    root = parse(write_qdc(packed(tmp_path).codebook, tmp_path / "b.qdc").read_bytes(), "b")
    assert [one.get("color") for one in root.iter("Code")] == ["#ff0000", None]
    assert [one.get("isCodable") for one in root.iter("Code")] == ["true", "false"]
    assert [one.get("guid") for one in root.iter("MemberCode")] == ["c1", "c2"]
    # A codebook has no memos, so nothing refers to one.
    assert not [*root.iter("NoteRef"), *root.iter("MemberSource")]
