"""Texts of a project are found however their address is written; made-up projects throughout."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from synthesis.coding.agreement.agreement import agreement
from synthesis.coding.agreement.segments import segment_agreement
from synthesis.coding.refi.project import QdaProject
from synthesis.coding.refi.read_project import read_qdpx

TALK = "They trust us."
PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="P" origin="Made up">
<q:Users xmlns:q="urn:QDA-XML:project:1.0">
<User guid="u1" name="ann"/><User guid="u2" name="bob"/></q:Users>
<CodeBook><Codes><Code guid="c1" name="Trust"/><Code guid="c2" name="Fear"/></Codes></CodeBook>
<Sources>{sources}</Sources>
</Project>"""
TEXT = """<TextSource guid="s1" {name} {address}>
  <PlainTextSelection guid="p1" startPosition="0" endPosition="4">
    <Coding guid="k1" creatingUser="u1"><CodeRef targetGUID="c1"/></Coding>
    <Coding guid="k2" creatingUser="u2"><CodeRef targetGUID="c2"/></Coding>
  </PlainTextSelection>
  <PlainTextSelection guid="p2" startPosition="5" endPosition="10">
    <Coding guid="k3" creatingUser="u1"><CodeRef targetGUID="c1"/></Coding>
    <Coding guid="k4" creatingUser="u2"><CodeRef targetGUID="c1"/></Coding>
  </PlainTextSelection>
</TextSource>"""


def read(folder: Path, sources: str, parts: dict[str, str | bytes]) -> QdaProject:
    path = folder / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, held in parts.items():
            archive.writestr(name, held)
        archive.writestr("project.qde", PROJECT.format(sources=sources))
    return read_qdpx(path)


def text(address: str, name: str = 'name="talk"') -> str:
    return TEXT.format(name=name, address=f'plainTextPath="{address}"' if address else "")


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("internal://talk.txt", "Sources/talk.txt"),
        ("internal://talk.txt", "sources/TALK.TXT"),
        ("internal:///talk.txt", "talk.txt"),
        ("internal:/talk.txt", "Sources/talk.txt"),
        ("INTERNAL://Talk.txt", "Sources/talk.txt"),
        ("internal://Sources/talk.txt", "Sources/talk.txt"),
        ("internal://sources/talk.txt", "Sources/talk.txt"),
        ("talk.txt", "sources/talk.txt"),
        ("Sources/talk.txt", "sources/talk.txt"),
        ("./Sources/talk.txt", "Sources/talk.txt"),
        ("../Sources/talk.txt", "Sources/talk.txt"),
        ("Sources\\talk.txt", "Sources/talk.txt"),
        ("internal://talk.txt", "Sources\\talk.txt"),
        ("internal://old/talk.txt", "Sources/old/talk.txt"),
        ("internal://first%20talk.txt", "Sources/first talk.txt"),
        ("internal://100%.txt", "Sources/100%.txt"),
        ("internal://a%20b.txt", "Sources/a%20b.txt"),
        ("internal://a b.txt", "Sources/a%20b.txt"),
        ("internal://lärm.txt", "Sources/l%C3%A4rm.txt"),
        ("internal://l%C3%A4rm.txt", "Sources/lärm.txt"),
        ("internal://la\u0308rm.txt", "Sources/lärm.txt"),
        ("relative:///talk.txt", "Sources/talk.txt"),
        ("relative://../talk.txt", "Sources/talk.txt"),
        ("absolute:///research/ann/talk.txt", "Sources/talk.txt"),
        ("/research/ann/talk.txt", "Sources/talk.txt"),
        ("D:\\Ann\\talk.txt", "Sources/talk.txt"),
        ("file:///D:/Ann/first%20talk.txt", "Sources/first talk.txt"),
        ("internal://talk.txt", "Ward project/Sources/talk.txt"),
    ],
)
def test_a_text_in_the_archive_is_found(tmp_path: Path, address: str, part: str) -> None:
    project = read(tmp_path, text(address), {part: TALK})
    assert project.problems.empty
    assert project.codings["text"].tolist() == ["They", "They", "trust", "trust"]
    assert project.sources["source"].tolist() == ["talk"]


def test_an_undeclared_utf_8_name_is_found(tmp_path: Path) -> None:
    """As programs write it that do not set the flag, so that it is taken for code page 437."""
    name = "Sources/lärm.txt"
    path = tmp_path / "p.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, TALK)
        archive.writestr("project.qde", PROJECT.format(sources=text("internal://lärm.txt")))
    held = bytearray(path.read_bytes())
    for at in (held.index(b"PK\x03\x04") + 6, held.index(b"PK\x01\x02") + 8):
        held[at : at + 2] = b"\0\0"
    path.write_bytes(held)
    assert zipfile.ZipFile(path).namelist()[0] != name
    assert read_qdpx(path).problems.empty


def test_the_file_that_fits_best_is_taken(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = {
        "Sources/talk.txt": "Here, in the place of the standard.",
        "Sources/old/talk.txt": "The older one.",
        "Sources/Talk.txt": "Another, by its capital.",
        "__MACOSX/Sources/talk.txt": b"\0\5\x16\7",
    }
    for address, start in [
        ("internal://talk.txt", "Here"),
        ("internal://Talk.txt", "Anot"),
        ("internal://old/talk.txt", "The "),
        ("/research/ann/old/talk.txt", "The "),
    ]:
        assert read(tmp_path, text(address), parts).codings["text"].iloc[0] == start


def test_no_file_is_guessed_where_several_could_be_meant(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = {"Sources/a/talk.txt": TALK, "Sources/b/talk.txt": TALK}
    project = read(tmp_path, text("internal://talk.txt"), parts)
    assert project.problems["problem"].tolist() == [
        "'internal://talk.txt' could be any of 2 files in the archive that are called 'talk.txt'"
    ]
    assert len(project.codings) == 4


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("internal://talk.txt", "'internal://talk.txt' is not in the archive"),
        ("talk.txt", "'talk.txt' is not in the archive"),
        (
            "C:\\talk.txt",
            "'C:\\\\talk.txt' is not in the archive; it lies outside the project, and such files "
            "are not opened",
        ),
        ("", "the project contains no plain text of it"),
    ],
)
def test_codings_are_kept_without_a_text_that_cannot_be_read(
    tmp_path: Path, address: str, why: str
) -> None:
    project = read(tmp_path, text(address), {"Sources/other.txt": TALK})
    assert project.problems.to_numpy().tolist() == [["talk", "text", why]]
    columns = ["unit", "coder", "code", "start", "end"]
    assert project.codings[columns].to_numpy().tolist() == [
        ["talk, characters 0 to 4", "ann", "trust", 0, 4],
        ["talk, characters 0 to 4", "bob", "fear", 0, 4],
        ["talk, characters 5 to 10", "ann", "trust", 5, 10],
        ["talk, characters 5 to 10", "bob", "trust", 5, 10],
    ]
    assert project.codings["text"].isna().all()
    # The agreement is that of the codings, with or without a text to read.
    there = read(tmp_path, text("internal://talk.txt"), {"Sources/talk.txt": TALK})
    pd.testing.assert_frame_equal(agreement(project.codings), agreement(there.codings))


def test_a_formatted_text_alone_is_named(tmp_path: Path) -> None:
    only = TEXT.format(name='name="talk"', address='richTextPath="internal://talk.docx"')
    project = read(tmp_path, only, {"Sources/talk.docx": b"PK"})
    assert project.problems["problem"].tolist() == [
        "the project contains no plain text of it, only the formatted file 'internal://talk.docx'"
    ]
    assert len(project.codings) == 4


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("internal://First%20talk.txt", "First talk.txt"),
        ("D:\\Ann\\talk.txt", "talk.txt"),
        ("Sources/talk.txt", "talk.txt"),
    ],
)
def test_a_source_without_a_name_has_that_of_its_file(
    tmp_path: Path, address: str, name: str
) -> None:
    project = read(tmp_path, text(address, name=""), {f"Sources/{name}": TALK})
    assert project.sources["source"].tolist() == [name]
    assert project.codings["unit"].iloc[0] == f"{name}, characters 0 to 4"


def test_every_kind_of_selection_is_kept(tmp_path: Path) -> None:
    """PDF, picture, audio, video, transcript and coded memo; none has a readable file."""
    given = '<Coding creatingUser="u1"><CodeRef targetGUID="c1"/></Coding>'
    selections = {
        "PDFSource": f"""<PDFSelection page="1" firstX="1" firstY="2" secondX="3" secondY="4">
            {given}</PDFSelection>
            <Representation plainTextPath="internal://none.txt"><PlainTextSelection
            startPosition="3" endPosition="9">{given}</PlainTextSelection></Representation>""",
        "PictureSource": f"""<TextDescription><PlainTextContent>A ward.</PlainTextContent>
            <PlainTextSelection startPosition="2" endPosition="6">{given}</PlainTextSelection>
            </TextDescription>
            <PictureSelection firstX="5" firstY="6" secondX="7" secondY="8">{given}
            </PictureSelection>""",
        "AudioSource": f"""<Transcript><SyncPoint guid="y1" timeStamp="0"/>
            <SyncPoint guid="y2" timeStamp="900"/><TranscriptSelection fromSyncPoint="y1"
            toSyncPoint="y2">{given}</TranscriptSelection></Transcript>
            <AudioSelection begin="5" end="6">{given}</AudioSelection>""",
        "VideoSource": f'<VideoSelection begin="7" end="8">{given}</VideoSelection>{given}',
    }
    sources = "".join(
        f'<{kind} name="{kind}" path="internal://x">{held}</{kind}>'
        for kind, held in selections.items()
    )
    sources += f"""</Sources><Notes><Note guid="n" name="memo">
        <PlainTextContent>We wondered.</PlainTextContent>
        <PlainTextSelection startPosition="3" endPosition="11">{given}</PlainTextSelection></Note>
        </Notes><Sources>"""
    project = read(tmp_path, sources, {})
    assert project.codings["unit"].tolist() == [
        "PDFSource, characters 3 to 9",
        "PDFSource, page 1, area 1,2 to 3,4",
        "PictureSource, characters 2 to 6",
        "PictureSource, area 5,6 to 7,8",
        "AudioSource, 0 to 900 ms",
        "AudioSource, 5 to 6 ms",
        "VideoSource",
        "VideoSource, 7 to 8 ms",
        "memo, characters 3 to 11",
    ]
    assert project.codings.set_index("unit").loc["memo, characters 3 to 11", "text"] == "wondered"
    assert project.codings.set_index("unit").loc["PictureSource, characters 2 to 6", "text"] == (
        "ward"
    )
    assert project.sources["kind"].tolist() == ["pdf", "picture", "audio", "video", "note"]


def test_a_coded_empty_line_is_kept(tmp_path: Path) -> None:
    """As a program writes it that codes line by line."""
    line = text("internal://talk.txt").replace('startPosition="0"', 'startPosition="4"')
    project = read(tmp_path, line, {"Sources/talk.txt": TALK})
    assert project.problems.empty
    assert project.codings["text"].tolist() == ["", "", "trust", "trust"]


def test_pieces_of_a_project_are_compared_with_its_texts(tmp_path: Path) -> None:
    """Ann marks "They", bob "They trust": 4 characters of 14 shared, 6 bob's alone."""
    piece = """<PlainTextSelection startPosition="0" endPosition="{}">
        <Coding creatingUser="{}"><CodeRef targetGUID="c1"/></Coding></PlainTextSelection>"""
    pieces = piece.format(4, "u1") + piece.format(10, "u2")
    source = '<TextSource name="talk" plainTextPath="{}">{}</TextSource>'
    found = read(tmp_path, source.format("talk.txt", pieces), {"Sources/talk.txt": TALK})
    row = segment_agreement(found).loc[0]
    cells = ["both", "first_only", "second_only", "neither"]
    assert row[cells].tolist() == [4, 0, 6, 4]
    missing = read(tmp_path, source.format("none.txt", pieces), {"Sources/talk.txt": TALK})
    assert segment_agreement(missing).loc[0, cells].tolist() == [4, 0, 6, 0]
    assert "segment_agreement compares" in str(agreement(found.codings))


def test_two_transcripts_of_a_recording_do_not_share_their_places(tmp_path: Path) -> None:
    one = """<Transcript><PlainTextContent>{}</PlainTextContent>
        <SyncPoint guid="y1" position="0"/><SyncPoint guid="y2" position="2"/>
        <TranscriptSelection fromSyncPoint="y1" toSyncPoint="y2">
        <Coding creatingUser="u1"><CodeRef targetGUID="c1"/></Coding></TranscriptSelection>
        </Transcript>"""
    source = f'<AudioSource name="tape">{one.format("One two.")}{one.format("Three.")}'
    project = read(tmp_path, source + "</AudioSource>", {})
    text = project.sources["text"].iloc[0]
    pieces = [text[row.start : row.end] for row in project.codings.itertuples()]
    assert pieces == project.codings["text"].tolist() == ["On", "Th"]
    assert project.codings["unit"].is_unique
