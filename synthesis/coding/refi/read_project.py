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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from arrowroot import display
from arrowroot.errors import DataError, FileError
from synthesis.coding.codebook import Codebook
from synthesis.coding.refi import codes as refi_codes
from synthesis.coding.refi.archive import AT_MOST, Archive, TextError
from synthesis.coding.refi.codes import children, local, same_guid, text_of

CODINGS = ("unit", "coder", "code", "source", "place", "start", "end", "text", "note", "time")
PROBLEMS = ("source", "place", "problem")
NOBODY = "(not named)"
"""The coder if a project does not say who coded."""

SOURCES = ("TextSource", "PictureSource", "PDFSource", "AudioSource", "VideoSource")
SHOWN_AT_MOST = 10


@dataclass(frozen=True, eq=False, repr=False)
class QdaProject(display.Shown):
    """The contents of a REFI-QDA project.

    Attributes
    ----------
    title, origin : str
        What the project is called, and the program that wrote it.
    codebook : Codebook
        Its codes.
    codings : DataFrame
        One row per code given: ``unit``, ``coder``, ``code`` (an id of `codebook`), ``source``,
        ``place`` (in words), ``start`` and ``end`` (characters of the source's text, end
        excluded; missing where it is no text), ``text`` (what was coded), ``note``, ``time``.
        Two coders share a unit where they marked exactly the same piece.
    sources : DataFrame
        ``source``, ``kind``, ``text``: one row per document.
    problems : DataFrame
        ``source``, ``place``, ``problem``: codings and texts that could not be read.
    """

    title: str
    origin: str
    codebook: Codebook
    codings: pd.DataFrame
    sources: pd.DataFrame
    problems: pd.DataFrame

    def _title(self) -> str:
        return f"REFI-QDA project: {self.title}"

    def _facts(self) -> Sequence[tuple[str, str]]:
        coders = self.codings["coder"].value_counts(sort=False)
        return [
            ("Written by", self.origin or "(not named)"),
            ("Codes", str(len(self.codebook))),
            ("Sources", str(len(self.sources))),
            ("Codings", ", ".join(f"{who} {n}" for who, n in coders.items()) or "none"),
            ("Problems", str(len(self.problems))),
        ]

    def _notes(self) -> Sequence[str]:
        notes = [
            f"{one['source']}, {one['place']}: {one['problem']}."
            for one in self.problems.head(SHOWN_AT_MOST).to_dict("records")
        ]
        if rest := len(self.problems) - len(notes):
            notes.append(f"And {rest} more, in `problems`.")
        if self.sources["text"].str.contains("\r\n|[\U00010000-\U0010ffff]", na=False).any():
            notes.append(
                "Programs count line ends and characters such as emoji differently. Compare the "
                "`text` of a few codings with what was marked."
            )
        return notes


def read_qdpx(path: str | Path) -> QdaProject:
    """Read a project that a program for qualitative analysis exported.

    Nothing is unpacked onto the disk, and no file outside the archive is opened. Links, sets,
    graphs, cases and variables are left out.

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
        root = refi_codes.parse(archive.project(), archive.name)
        if local(root) != "Project":
            raise DataError(f"{archive.name}: contains <{local(root)}>, not a REFI-QDA <Project>.")
        return _Reader(archive, root).project()


class _Reader:
    """Go through a project once, collecting codings, sources and problems."""

    def __init__(self, archive: Archive, root: ET.Element) -> None:
        self.archive, self.root = archive, root
        self.codings: list[dict[str, Any]] = []
        self.sources: list[dict[str, Any]] = []
        self.problems: list[dict[str, Any]] = []
        self.users = {
            same_guid(user.get("guid")): user.get("name") or user.get("id") or NOBODY
            for users in children(root, "Users")
            for user in children(users, "User")
        }
        self.cases = {
            same_guid(case.get("guid")): case.get("name", "")
            for cases in children(root, "Cases")
            for case in children(cases, "Case")
        }
        self.notes = {
            same_guid(note.get("guid")): note
            for notes in children(root, "Notes")
            for note in children(notes, "Note")
        }
        self.codes: dict[str, str] = {}
        self._names: set[str] = set()
        self._quoted = 0

    def project(self) -> QdaProject:
        """Return the project."""
        title, origin = self.root.get("name", ""), self.root.get("origin", "")
        book = ET.Element("CodeBook")
        for one in children(self.root, "CodeBook"):
            book.extend(list(one))
        codes, self.codes = refi_codes.read_codes(book, self.archive.name)
        for sources in children(self.root, "Sources"):
            for source in children(sources, *SOURCES):
                self._source(source)
        codings = pd.DataFrame(self.codings, columns=list(CODINGS))
        return QdaProject(
            title,
            origin,
            Codebook(title, "", codes, source=origin),
            codings.astype({"start": "Int64", "end": "Int64"}),
            pd.DataFrame(self.sources, columns=["source", "kind", "text"]),
            pd.DataFrame(self.problems, columns=list(PROBLEMS)),
        )

    def _source(self, source: ET.Element) -> None:
        kind = local(source).removesuffix("Source").lower()
        name = self._unlike_the_others(source.get("name") or f"{kind} without a name")
        # The text of a PDF is in its representation, that of a recording in its transcripts.
        texts = [source] if kind == "text" else children(source, "Representation", "Transcript")
        held = [self._text(one, name) for one in texts]
        known = [text for text in held if text is not None]
        self.sources.append(
            {"source": name, "kind": kind, "text": "\n".join(known) if known else None}
        )
        for one, text in zip(texts, held, strict=True):
            points = {
                same_guid(point.get("guid")): point.get("position")
                for point in children(one, "SyncPoint")
            }
            for selection in children(one, "PlainTextSelection"):
                ends = selection.get("startPosition"), selection.get("endPosition")
                self._piece_of_text(selection, name, text, ends)
            for selection in children(one, "TranscriptSelection"):
                from_to = (selection.get("fromSyncPoint"), selection.get("toSyncPoint"))
                start, end = (points.get(same_guid(point)) for point in from_to)
                self._piece_of_text(selection, name, text, (start, end))
            if one is not source:
                self._take(one, one, name, "whole", text=text or "")
        self._take(source, source, name, "whole", text=known[0] if kind == "text" and known else "")
        for selection in source:
            if place := _place(selection):
                shown = [self._text(one, name) for one in children(selection, "Representation")]
                self._take(selection, selection, name, place, text="".join(filter(None, shown)))

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
    ) -> None:
        try:
            start, end = (int(one or "") for one in ends)
        except ValueError:
            start, end = -1, -1
        place = f"characters {ends[0] or '?'} to {ends[1] or '?'}"
        if text is None:
            self._refuse(selection, source, place, "its source has no text here")
        elif not 0 <= start < end <= len(text):
            self._refuse(
                selection,
                source,
                place,
                f"not a piece of the text, which has {len(text)} characters",
            )
        elif (start, end) == (0, len(text)):
            self._take(selection, selection, source, "whole", start=start, end=end, text=text)
        else:
            # Each piece is a copy: a small file could request the same long one again and again.
            self._quoted += end - start
            if self._quoted > AT_MOST:
                raise FileError(
                    f"{self.archive.name}: its codings mark more than {AT_MOST // 10**6} million "
                    "characters; not read."
                )
            piece = text[start:end]
            self._take(selection, selection, source, place, start=start, end=end, text=piece)

    def _take(
        self, holder: ET.Element, marked: ET.Element, source: str, place: str, **piece: Any
    ) -> None:
        """Read the codings directly below an element."""
        for coding, target in _codings(holder):
            code = self.codes.get(target)
            if code is None:
                self._problem(source, place, self._why_no_code(target))
                continue
            by = coding.get("creatingUser") or marked.get("creatingUser")
            by = by or self.root.get("creatingUserGUID")
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
        for _ in _codings(holder):
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


def _codings(holder: ET.Element) -> Iterator[tuple[ET.Element, str]]:
    """Yield the codings directly below an element, each with the GUID of its code."""
    for coding in children(holder, "Coding"):
        references = children(coding, "CodeRef")
        yield coding, same_guid(references[0].get("targetGUID") if references else None)


def _place(selection: ET.Element) -> str:
    """Describe what is selected of a picture, a page or a recording."""
    kind = local(selection)
    corners = [selection.get(one, "?") for one in ("firstX", "firstY", "secondX", "secondY")]
    area = "area {},{} to {},{}".format(*corners)
    if kind == "PDFSelection":
        return f"page {selection.get('page', '?')}, {area}"
    if kind == "PictureSelection":
        return area
    if kind in ("AudioSelection", "VideoSelection"):
        return f"{selection.get('begin', '?')} to {selection.get('end', '?')} ms"
    return ""
