"""Whole projects in REFI-QDA's exchange format, ``.qdpx``: codebook, texts and who coded what.

NVivo, ATLAS.ti, MAXQDA, QualCoder, Quirkos and others write it; what they code is a piece of a
source, and here each piece is a unit.

References
----------
REFI-QDA Standard 1.5 (2019), project exchange: namespace ``urn:QDA-XML:project:1.0``; positions
in a text count its Unicode code points from 0.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot.errors import DataError, FileError
from arrowroot.files import as_path
from arrowroot.text import counted
from synthesis.coding.codebook import Codebook
from synthesis.coding.refi.archive import AT_MOST, Archive, TextError, file_name
from synthesis.coding.refi.codes import read_codes
from synthesis.coding.refi.elements import children, local, parse, same_guid, text_of
from synthesis.coding.refi.places import characters, codings_of, place_of
from synthesis.coding.refi.project import QdaProject

CODINGS = ("unit", "coder", "code", "source", "place", "start", "end", "text", "note", "time")
PROBLEMS = ("source", "place", "problem")
NOBODY = "(not named)"
"""The coder if a project does not say who coded."""

SOURCES = ("TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource")
TEXTS = ("Representation", "Transcript", "TextDescription")
"""Where the text of a source is that is not a text itself."""

BESIDES = {
    "Variables": ("variable", "variables"),
    "Cases": ("case", "cases"),
    "Notes": ("memo", "memos"),
    "Links": ("link", "links"),
    "Sets": ("set", "sets"),
    "Graphs": ("graph", "graphs"),
}
"""Parts of a project that are not in its tables."""


def read_qdpx(path: str | Path) -> QdaProject:
    """Read a project that a program for qualitative analysis exported.

    Nothing is unpacked onto the disk, and no file outside the archive is opened. A text is found
    however its address is written, if the archive contains a file of that name; where there is
    none, its codings are kept without their text. A source without a name has that of its file.
    Links, sets, graphs, cases and variables are not in the tables; `write_qdpx` writes them again.

    Parameters
    ----------
    path : str or Path
        A REFI-QDA project.

    Returns
    -------
    QdaProject
        Every coding in the file is a row of its ``codings`` or of its ``problems``.

    Raises
    ------
    FileError
        If the file is not such an archive, is damaged, unpacks to too much, or its XML is not well
        formed or declares a document type (as entity bombs do).
    DataError
        If it contains no project, or codes that are not valid in a codebook.

    Examples
    --------
    >>> import tempfile
    >>> from synthesis.coding.codebook import Code
    >>> from synthesis.coding.refi.write_project import write_qdpx
    >>> units = pd.DataFrame({"unit": ["A1"], "text": ["Train all nurses."]})
    >>> coded = pd.DataFrame({"unit": ["A1"], "coder": ["ann"], "code": ["staff"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/actions.qdpx"
    ...     _ = write_qdpx(path, units, coded, Codebook("Who", "1", (Code("staff", "Staff"),)))
    ...     read_qdpx(path).codings[["unit", "coder", "code", "text"]]
      unit coder   code               text
    0   A1   ann  staff  Train all nurses.
    """
    with Archive(path) as archive:
        return Reader(archive).project(as_path(path))


class Reader:
    """Go through a project once, collecting codings, sources and problems.

    Attributes
    ----------
    root : Element
        The project.
    marks : list of (Element, Element)
        For each row of `codings`: what was coded, and the coding in it.
    elements : list of Element
        For each row of `sources`: the source.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.root = root = parse(archive.project(), archive.name)
        if local(root) != "Project":
            raise DataError(f"{archive.name}: contains <{local(root)}>, not a REFI-QDA <Project>.")
        self.codings: list[dict[str, Any]] = []
        self.marks: list[tuple[ET.Element, ET.Element]] = []
        self.sources: list[dict[str, Any]] = []
        self.elements: list[ET.Element] = []
        self.problems: list[dict[str, Any]] = []
        self.users = {
            same_guid(user.get("guid")): user.get("name") or user.get("id") or NOBODY
            for user in self._parts("Users", "User")
        }
        self.cases = {
            same_guid(case.get("guid")): case.get("name", "")
            for case in self._parts("Cases", "Case")
        }
        self.notes = {same_guid(note.get("guid")): note for note in self._parts("Notes", "Note")}
        self.codes: dict[str, str] = {}
        self._names: set[str] = set()
        self._quoted = 0

    def project(self, path: Path) -> QdaProject:
        """Return the project."""
        title, origin = self.root.get("name", ""), self.root.get("origin", "")
        codes, self.codes, kept = read_codes(self.book(), self.archive.name)
        for source in self._parts("Sources", *SOURCES):
            self._source(source, local(source).removesuffix("Source").lower())
        for note in self.notes.values():
            if next(note.iter("Coding"), None) is not None:  # a memo can be coded like a text
                self._source(note, "note")
        of_codes = {
            same_guid(one.get("targetGUID"))
            for parts in kept.elements.values()
            for one in parts
            if local(one) == "NoteRef"
        }
        kept = replace(
            kept,
            sets=(*kept.sets, *self._parts("Sets", "Set")),
            memos=tuple(note for guid, note in self.notes.items() if guid in of_codes),
        )
        codings = pd.DataFrame(self.codings, columns=list(CODINGS))
        return QdaProject(
            title,
            origin,
            Codebook(title, "", codes, source=origin, kept=kept),
            codings.astype({"start": "Int64", "end": "Int64"}),
            pd.DataFrame(self.sources, columns=["source", "kind", "text"]),
            pd.DataFrame(self.problems, columns=list(PROBLEMS)),
            tuple(
                counted(len(held), *words)
                for part, words in BESIDES.items()
                if (held := self._parts(part, part.removesuffix("s")))
            ),
            path,
        )

    def book(self) -> ET.Element:
        """Return the codebook; a project has one, but may write it in parts."""
        book = ET.Element("CodeBook")
        for one in children(self.root, "CodeBook"):
            book.extend(list(one))
        return book

    def _parts(self, group: str, *names: str) -> list[ET.Element]:
        return [one for part in children(self.root, group) for one in children(part, *names)]

    def _source(self, source: ET.Element, kind: str) -> None:
        files = (source.get(one) for one in ("plainTextPath", "path", "richTextPath"))
        file = next((file_name(one) for one in files if one), "")
        name = self._unlike_the_others(source.get("name") or file or f"{kind} without a name")
        # The text of a PDF is in its representation, that of a recording in its transcripts.
        is_text = kind in ("text", "note")
        texts = [source] if is_text else children(source, *TEXTS)
        held = [self._text(one, name) for one in texts]
        known = [text for text in held if text is not None]
        self.elements.append(source)
        self.sources.append(
            {"source": name, "kind": kind, "text": "\n".join(known) if known else None}
        )
        before = 0  # positions are those in the source's text, of which this may be a part
        for one, text in zip(texts, held, strict=True):
            self._pieces(one, name, text, before)
            if text is not None:
                before += len(text) + 1
            if one is not source:
                self._take(one, one, name, "whole", text=text or "")
        self._take(source, source, name, "whole", text=known[0] if is_text and known else "")
        for selection in source:
            if place := place_of(selection):
                inner = children(selection, "Representation")
                shown = [self._text(one, name) for one in inner]
                self._take(selection, selection, name, place, text="".join(filter(None, shown)))
                for one in inner:
                    for holder in (one, *children(one, "PlainTextSelection")):
                        within = place if holder is one else f"{place}, {characters(holder)}"
                        self._take(holder, holder, name, within)

    def _pieces(self, one: ET.Element, name: str, text: str | None, before: int) -> None:
        """Read the codings of pieces of a text."""
        points = {same_guid(point.get("guid")): point for point in children(one, "SyncPoint")}
        for selection in children(one, "PlainTextSelection"):
            ends = selection.get("startPosition"), selection.get("endPosition")
            self._piece_of_text(selection, name, text, ends, before)
        for selection in children(one, "TranscriptSelection"):
            from_to = (selection.get("fromSyncPoint"), selection.get("toSyncPoint"))
            marks = [points.get(same_guid(point), ET.Element("none")) for point in from_to]
            start, end = (point.get("position") for point in marks)
            times = [point.get("timeStamp") for point in marks]
            if (start is None or end is None) and None not in times:
                self._take(selection, selection, name, "{} to {} ms".format(*times), text=None)
            else:
                self._piece_of_text(selection, name, text, (start, end), before)

    def _unlike_the_others(self, name: str) -> str:
        at, free = 1, name
        while free in self._names:
            at += 1
            free = f"{name} ({at})"
        self._names.add(free)
        return free

    def _text(self, element: ET.Element, source: str) -> str | None:
        """Return the text of a source, a note or a transcript; None if it cannot be read."""
        if inside := children(element, "PlainTextContent"):
            return "".join(inside[0].itertext())
        if not (place := element.get("plainTextPath")):
            if children(element, "PlainTextSelection", "TranscriptSelection"):
                formatted = element.get("richTextPath")
                self._problem(
                    source,
                    "text",
                    "the project contains no plain text of it"
                    + (f", only the formatted file {formatted!r}" if formatted else ""),
                )
            return None
        try:
            return self.archive.text(place)
        except TextError as error:
            self._problem(source, "text", str(error))
            return None

    def _piece_of_text(
        self,
        selection: ET.Element,
        source: str,
        text: str | None,
        ends: tuple[str | None, str | None],
        before: int,
    ) -> None:
        try:
            start, end = (int(one or "") for one in ends)
        except ValueError:
            start, end = -1, -1
        place = f"characters {ends[0] or '?'} to {ends[1] or '?'}"
        if text is None:
            # Which codes were given to which piece is known, whatever the piece says.
            if 0 <= start <= end:
                self._take(selection, selection, source, place, start=start, end=end, text=None)
            else:
                place = f"piece {same_guid(selection.get('guid')) or '?'}"
                self._take(selection, selection, source, place, text=None)
        elif not 0 <= start <= end <= len(text):  # an empty line can be coded
            self._refuse(
                selection,
                source,
                place,
                f"not a piece of the text, which has {len(text)} characters",
            )
        else:
            whole = (start, end) == (0, len(text)) and not before
            # Each piece is a copy: a small file could request the same long one again and again.
            self._quoted += 0 if whole else end - start
            if self._quoted > AT_MOST:
                raise FileError(
                    f"{self.archive.name}: its codings mark more than {AT_MOST // 10**6} million "
                    "characters; not read."
                )
            piece = text if whole else text[start:end]
            start, end = start + before, end + before
            place = "whole" if whole else f"characters {start} to {end}"
            self._take(selection, selection, source, place, start=start, end=end, text=piece)

    def _take(
        self, holder: ET.Element, marked: ET.Element, source: str, place: str, **piece: Any
    ) -> None:
        """Read the codings directly below an element."""
        for coding, target in codings_of(holder):
            code = self.codes.get(target)
            if code is None:
                self._problem(source, place, self._why_no_code(target))
                continue
            by = coding.get("creatingUser") or marked.get("creatingUser")
            by = by or self.root.get("creatingUserGUID")
            self.marks.append((holder, coding))
            self.codings.append(
                {
                    "unit": source if place == "whole" else f"{source}, {place}",
                    "coder": self.users.get(same_guid(by), NOBODY),
                    "code": code,
                    "source": source,
                    "place": place,
                    "start": piece.get("start"),
                    "end": piece.get("end"),
                    "text": piece.get("text", ""),
                    "note": self._note(coding, marked),
                    "time": coding.get("creationDateTime") or "",
                }
            )

    def _refuse(self, holder: ET.Element, source: str, place: str, why: str) -> None:
        for _ in codings_of(holder):
            self._problem(source, place, why)

    def _why_no_code(self, target: str) -> str:
        if target in self.cases:
            return f"given to the case {self.cases[target]!r}, which is not a code"
        return "given a code that is not in the codebook"

    def _problem(self, source: str, place: str, problem: str) -> None:
        self.problems.append({"source": source, "place": place, "problem": problem})

    def _note(self, coding: ET.Element, marked: ET.Element) -> str:
        """Return the notes on a coding and on what it marks."""
        referred = [
            self._text(note, "notes")
            for holder in dict.fromkeys((coding, marked))
            for one in children(holder, "NoteRef")
            if (note := self.notes.get(same_guid(one.get("targetGUID")))) is not None
        ]
        described = text_of(marked, "Description") if local(marked).endswith("Selection") else ""
        return "; ".join(filter(None, (described, *referred)))
