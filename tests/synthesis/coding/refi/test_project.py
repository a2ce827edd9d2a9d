"""REFI-QDA projects: there and back, from other programs, and hostile ones."""

from __future__ import annotations

import struct
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, FileError
from synthesis.coding.agreement.agreement import agreement
from synthesis.coding.codebook import Code, Codebook
from synthesis.coding.epoc import epoc_2002
from synthesis.coding.refi import archive as refi_archive
from synthesis.coding.refi import read_project
from synthesis.coding.refi.read_project import NOBODY, read_qdpx
from synthesis.coding.refi.write_project import NAMESPACE, write_qdpx
from synthesis.datasets import load

BOOK = Codebook("Care", "1", (Code("staff", "Staff"), Code("nurse", "Nurses", parent="staff")))
TEXT = "Anna: I was afraid.\nThe nurse 👩‍⚕️ sat down."

# A project in the shapes that the standard's schema allows and programs write; made up.
FOREIGN = """<?xml version="1.0" encoding="utf-8"?>
<Project name="Ward" origin="Another program" xmlns="urn:QDA-XML:project:1.0"
  creatingUserGUID="{00000000-0000-0000-0000-0000000000A1}">
<q:Users xmlns:q="urn:QDA-XML:project:1.0">
  <User guid="00000000-0000-0000-0000-0000000000a1" name="Ann"/>
  <User guid="00000000-0000-0000-0000-0000000000a2" id="B"/>
</q:Users>
<CodeBook><Codes>
  <Code guid="{00000000-0000-0000-0000-0000000000C1}" name="Fear" isCodable="true" color="#FF0000">
    <Code guid="00000000-0000-0000-0000-0000000000c2" name="Of pain" isCodable="true"/>
  </Code>
</Codes></CodeBook>
<Cases><Case guid="00000000-0000-0000-0000-0000000000e1" name="Ward 3"/></Cases>
<Sources>
  <TextSource guid="s1" name="Interview" plainTextPath="internal://s1.TXT">
    <PlainTextSelection guid="p1" name="quote" startPosition="6" endPosition="18">
      <Description>trembling</Description>
      <Coding guid="k1" creatingUser="00000000-0000-0000-0000-0000000000a2"
        creationDateTime="2026-01-02T03:04:05Z">
        <CodeRef targetGUID="00000000-0000-0000-0000-0000000000C2"/>
        <NoteRef targetGUID="{N1}"/>
      </Coding>
      <Coding guid="k2"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000c1"/></Coding>
      <Coding guid="k3"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000e1"/></Coding>
    </PlainTextSelection>
    <PlainTextSelection guid="p2" startPosition="30" endPosition="900">
      <Coding guid="k4"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000c1"/></Coding>
    </PlainTextSelection>
    <PlainTextSelection guid="p3" startPosition="0" endPosition="4"/>
    <Coding guid="k5"><CodeRef targetGUID="00000000-0000-0000-0000-00000000dead"/></Coding>
  </TextSource>
  <TextSource guid="s2" name="Interview">
    <PlainTextContent>Short.</PlainTextContent>
    <Coding guid="k6"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000c1"/></Coding>
  </TextSource>
  <PDFSource guid="s3" name="Report" path="internal://s3.pdf">
    <PDFSelection guid="p4" page="2" firstX="1" firstY="2" secondX="3" secondY="4">
      <Representation guid="r"><PlainTextContent>from the page</PlainTextContent></Representation>
      <Coding guid="k7"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000c1"/></Coding>
    </PDFSelection>
  </PDFSource>
  <AudioSource guid="s4" name="Tape" path="internal://s4.mp3">
    <Transcript guid="t1"><PlainTextContent>One two three.</PlainTextContent>
      <SyncPoint guid="y1" timeStamp="0" position="4"/>
      <SyncPoint guid="y2" timeStamp="900" position="7"/>
      <TranscriptSelection guid="p5" fromSyncPoint="y1" toSyncPoint="Y2">
        <Coding guid="k8"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000c1"/></Coding>
      </TranscriptSelection>
    </Transcript>
    <AudioSelection guid="p6" begin="100" end="900">
      <Coding guid="k9"><CodeRef targetGUID="00000000-0000-0000-0000-0000000000c1"/></Coding>
    </AudioSelection>
  </AudioSource>
</Sources>
<Notes><Note guid="n1" name="memo"><PlainTextContent>Ask again.</PlainTextContent></Note></Notes>
</Project>
"""


def packed(folder: Path, project: str = FOREIGN, **parts: str | bytes) -> Path:
    path = folder / "ward.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", project)
        for name, held in ({"s1": "\ufeff" + TEXT} | parts).items():
            archive.writestr(f"sources/{name}.txt", held)
    return path


def test_the_six_cs_there_and_back(tmp_path: Path) -> None:
    actions, coding = load("sixcs", "actions"), load("sixcs", "coding")
    book = epoc_2002(load("sixcs", "epoc_2002"))
    path = write_qdpx(
        tmp_path / "six.qdpx", actions, coding, book, unit="action_id", text="action",
        code="epoc_code",
    )  # fmt: skip
    back = read_qdpx(path)
    assert back.problems.empty
    assert set(back.codebook) == set(book)
    assert back.sources["text"].tolist() == actions["action"].tolist()
    wanted = coding[["action_id", "coder", "epoc_code"]].to_numpy().tolist()
    assert sorted(back.codings[["unit", "coder", "code"]].to_numpy().tolist()) == sorted(wanted)
    pd.testing.assert_frame_equal(
        agreement(back.codings), agreement(coding, unit="action_id", code="epoc_code")
    )


def test_the_same_codings_give_the_same_file(tmp_path: Path) -> None:
    units = pd.DataFrame({"unit": [1, 2], "text": ["one\r\ntwo 👩‍⚕️", "three"]})
    codings = pd.DataFrame({"unit": [1, 1], "coder": ["Ann & co", "B"], "code": ["nurse", "staff"]})
    one, two = (write_qdpx(tmp_path / f"{name}.qdpx", units, codings, BOOK) for name in "ab")
    assert one.read_bytes() == two.read_bytes()
    back = read_qdpx(one)
    assert back.codings[["unit", "coder", "code", "text"]].to_numpy().tolist() == [
        ["1", "Ann & co", "nurse", "one\ntwo 👩‍⚕️"],
        ["1", "B", "staff", "one\ntwo 👩‍⚕️"],
    ]
    assert back.sources["source"].tolist() == ["1", "2"]


def test_the_file_has_the_shape_of_the_standard(tmp_path: Path) -> None:
    units = pd.DataFrame({"unit": ["A"], "text": ["one"]})
    codings = pd.DataFrame({"unit": ["A"], "coder": ["Ann"], "code": ["nurse"]})
    path = write_qdpx(tmp_path / "x.qdpx", units, codings, BOOK)
    with zipfile.ZipFile(path) as archive:
        root = ET.fromstring(archive.read("project.qde"))
        names = archive.namelist()
    q = f"{{{NAMESPACE}}}"
    assert root.tag == f"{q}Project"
    assert [one.tag for one in root] == [f"{q}Users", f"{q}CodeBook", f"{q}Sources"]
    source = root.find(f"{q}Sources/{q}TextSource")
    assert source is not None
    assert source.get("plainTextPath") == f"internal://{source.get('guid')}.txt"
    assert f"Sources/{source.get('guid')}.txt" in names
    coding = source.find(f"{q}PlainTextSelection/{q}Coding")
    assert coding is not None
    user = root.find(f"{q}Users/{q}User")
    assert user is not None
    assert coding.get("creatingUser") == user.get("guid")
    code = root.find(f".//{q}Code[@name='Nurses']")
    reference = coding.find(f"{q}CodeRef")
    assert code is not None
    assert reference is not None
    assert reference.get("targetGUID") == code.get("guid")
    guids = [one.get("guid") for one in root.iter() if one.get("guid")]
    assert len(set(guids)) == len(guids)


def test_another_programs_project(tmp_path: Path) -> None:
    project = read_qdpx(packed(tmp_path))
    assert (project.title, project.origin) == ("Ward", "Another program")
    assert project.codebook.ids == ["fear", "of_pain"]
    columns = ["unit", "coder", "code", "text", "note"]
    assert project.codings[columns].to_numpy().tolist() == [
        ["Interview, characters 6 to 18", "B", "of_pain", "I was afraid", "trembling; Ask again."],
        ["Interview, characters 6 to 18", "Ann", "fear", "I was afraid", "trembling"],
        ["Interview (2)", "Ann", "fear", "Short.", ""],
        ["Report, page 2, area 1,2 to 3,4", "Ann", "fear", "from the page", ""],
        ["Tape, characters 4 to 7", "Ann", "fear", "two", ""],
        ["Tape, 100 to 900 ms", "Ann", "fear", "", ""],
    ]
    assert project.codings.loc[0, ["start", "end", "time"]].tolist() == [
        6, 18, "2026-01-02T03:04:05Z",
    ]  # fmt: skip
    assert project.codings["start"].isna().sum() == 3
    assert project.sources["kind"].tolist() == ["text", "text", "pdf", "audio"]
    assert project.sources.loc[0, "text"] == TEXT


def test_no_coding_is_lost(tmp_path: Path) -> None:
    project = read_qdpx(packed(tmp_path))
    assert project.problems.to_numpy().tolist() == [
        ["Interview", "characters 6 to 18", "given to the case 'Ward 3', which is not a code"],
        ["Interview", "characters 30 to 900", f"not a piece of the text, which has {len(TEXT)} "
         "characters"],
        ["Interview", "whole", "given a code that is not in the codebook"],
    ]  # fmt: skip
    assert len(project.codings) + len(project.problems) == FOREIGN.count("<Coding ")
    page = project._repr_html_()
    assert "Ann 5" in page
    assert "Programs count line ends" in page


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("internal://../../etc/passwd", "'internal://../../etc/passwd' is not in the archive"),
        ("internal:///etc/passwd", "is not in the archive"),
        ("absolute:///etc/passwd", "lies outside the project, and such files are not opened"),
        ("relative:///ward.txt", "lies outside the project, and such files are not opened"),
        ("file:///etc/passwd", "lies outside the project, and such files are not opened"),
    ],
)
def test_no_file_outside_the_archive_is_opened(tmp_path: Path, place: str, why: str) -> None:
    project = read_qdpx(packed(tmp_path, FOREIGN.replace("internal://s1.TXT", place)))
    assert project.problems.loc[0, ["source", "place"]].tolist() == ["Interview", "text"]
    assert why in project.problems.loc[0, "problem"]
    assert len(project.codings) + len(project.problems) == FOREIGN.count("<Coding ") + 1


def test_texts_in_other_encodings(tmp_path: Path) -> None:
    project = read_qdpx(packed(tmp_path, s1=TEXT.encode("utf-16")))
    assert project.sources.loc[0, "text"] == TEXT
    project = read_qdpx(packed(tmp_path, s1=b"\xff\xfe\xfd"))
    assert "is not UTF-8 text" in project.problems.loc[0, "problem"]
    assert project.sources["text"].isna().tolist() == [True, False, True, False]


def test_a_project_that_names_nobody(tmp_path: Path) -> None:
    text = FOREIGN[: FOREIGN.index("<q:Users")] + FOREIGN[FOREIGN.index("<CodeBook>") :]
    assert set(read_qdpx(packed(tmp_path, text)).codings["coder"]) == {NOBODY}
    bare = read_qdpx(packed(tmp_path, "<Project name='x'/>"))
    assert bare.codings.empty
    assert str(bare).endswith("Codes 0; Sources 0; Codings none; Problems 0")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entity_bombs_are_refused(tmp_path: Path, doctype: str) -> None:
    hostile = FOREIGN.replace("<Project", f"{doctype}<Project", 1)
    with pytest.raises(FileError, match=r"ward\.qdpx: declares a document type"):
        read_qdpx(packed(tmp_path, hostile))


def test_what_unpacks_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed(tmp_path, s1="a" * 3_000_000)
    assert bomb.stat().st_size < 20_000
    monkeypatch.setattr(refi_archive, "AT_MOST", 2_000_000)
    with pytest.raises(FileError, match=r"unpacks to more than 2 MB; not read"):
        read_qdpx(bomb)


def test_a_size_that_is_a_lie_is_not_believed(tmp_path: Path) -> None:
    path = packed(tmp_path, s1="a" * 3_000_000)
    held = bytearray(path.read_bytes())
    size = struct.pack("<I", 3_000_000)
    while size in held:
        held[held.index(size) : held.index(size) + 4] = struct.pack("<I", 10)
    path.write_bytes(held)
    project = read_qdpx(path)
    assert "s1.txt is damaged" in project.problems.loc[0, "problem"]
    assert pd.isna(project.sources.loc[0, "text"])


def test_pieces_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_project, "AT_MOST", 10)
    with pytest.raises(FileError, match="its codings mark more than 0 million characters"):
        read_qdpx(packed(tmp_path))


def test_truncated_and_damaged_archives_never_fail_with_a_bare_traceback(tmp_path: Path) -> None:
    whole = packed(tmp_path).read_bytes()
    path = tmp_path / "broken.qdpx"
    for end in range(0, len(whole), 97):
        path.write_bytes(whole[:end])
        with pytest.raises(FileError, match=r"broken\.qdpx: not a readable \.qdpx archive"):
            read_qdpx(path)
    for at in range(0, len(whole), 31):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read_qdpx(path)
        except (FileError, DataError) as error:
            assert "broken.qdpx" in str(error)


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file"):
        read_qdpx(tmp_path / "none.qdpx")
    path = tmp_path / "x.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("other.xml", "<a/>")
    with pytest.raises(FileError, match=r"x\.qdpx: contains no project\.qde"):
        read_qdpx(path)
    with pytest.raises(DataError, match=r"contains <CodeBook>, not a REFI-QDA <Project>"):
        read_qdpx(packed(tmp_path, "<CodeBook/>"))
    deep = "<Code name='a'>" * 60 + "</Code>" * 60
    with pytest.raises(DataError, match="codes nested more than 50 levels deep"):
        read_qdpx(
            packed(tmp_path, f"<Project><CodeBook><Codes>{deep}</Codes></CodeBook></Project>")
        )


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    units = pd.DataFrame({"unit": ["A", "B"], "text": ["one", "two"]})
    codings = pd.DataFrame({"unit": ["A"], "coder": ["Ann"], "code": ["nurse"]})
    path = tmp_path / "x.qdpx"
    for wrong, message in [
        (
            (units.assign(unit="A"), codings),
            "every unit must be filled in and occur once; got 'A' 2 times",
        ),
        ((units.head(0), codings), "there are no units to write"),
        ((units.assign(text=["one", None]), codings), "no text for B"),
        ((units.assign(text=["one", "\x07"]), codings), "unit 'B': contains .* XML does not allow"),
        ((units, codings.assign(unit="C")), "unknown unit 'C'"),
        (
            (units, codings.rename(columns={"unit": "id"})),
            "codings: the table has no column 'unit'; it has id, coder, code",
        ),
        ((units, codings.assign(code="nurce")), "did you mean 'nurse'"),
    ]:
        with pytest.raises(DataError, match=message):
            write_qdpx(path, *wrong, BOOK)
        assert not path.exists()
    with pytest.raises(DataError, match=r"title: contains '\\x02', which XML does not allow"):
        write_qdpx(path, units, codings, replace(BOOK, title="Lea\x02ves"))
