"""EndNote's XML. Document types and entities are refused: no export needs them."""

from __future__ import annotations

import re
from xml.parsers import expat

from synthesis.library.readers import found, kinds
from synthesis.library.readers.found import Around, Contents, Found, Problem

_LISTS = {"author": "authors", "keyword": "keywords"}
_PLACES = {
    "titles/title": "title",
    "titles/secondary-title": "journal",
    "periodical/full-title": "journal",
    "periodical/abbr-1": "journal",
    "dates/year": "year",
    "volume": "volume",
    "number": "number",
    "pages": "pages",
    "electronic-resource-num": "doi",
    "abstract": "abstract",
    "remote-database-name": "database",
    "accession-num": "accession",
    "rec-number": "key",
    "urls/related-urls/url": "url",
}
_KNOWN = {"journal article": "article", "conference paper": "conference"}


class _RefusedError(Exception):
    """The file declares a document type."""


_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")


def read(text: str) -> Contents:
    """Return the references of an EndNote XML file, up to where it stops being XML."""
    # Nothing may come before a declaration; blank lines there are kept for line numbers.
    matched = _DECLARATION.match(text)
    declared = matched[0] if matched else ""
    rest = text[len(declared) :]
    held = ("\n" * declared.count("\n") + rest).encode("utf-8", "replace")
    reading = _Reading(held)
    reading.contents.around.append(Around(1, declared))
    try:
        reading.parser.Parse(held, True)
    except _RefusedError:
        reading.contents.problems.append(
            Problem(
                reading.parser.CurrentLineNumber,
                "the file declares a document type or entities, which no EndNote export needs; "
                "it was not read any further.",
                reading.rest(),
            )
        )
    except expat.ExpatError as error:
        reading.contents.problems.append(
            Problem(
                reading.begun or error.lineno,
                f"not valid XML ({expat.ErrorString(error.code)}, line {error.lineno}); it was "
                "not read any further.",
                reading.rest(),
            )
        )
    return reading.contents


class _Reading:
    """Read a file piece by piece, so that neither depth nor size can exhaust memory."""

    def __init__(self, held: bytes) -> None:
        self.held, self.contents = held, Contents()
        self.begun = 0
        self._begins = 0
        self._path: list[str] = []
        self._values: dict[str, list[str]] = {}
        self._pieces: list[str] = []
        self._kind = ""
        # The declared encoding was that of the file; by now the text is UTF-8.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._pieces.append
        self.parser.CommentHandler = lambda _: self._aside(b"-->")
        self.parser.ProcessingInstructionHandler = lambda *_: self._aside(b"?>")

    def rest(self) -> str:
        """Return the file from the reference that could not be finished."""
        begins = self._begins if self.begun else max(self.parser.CurrentByteIndex, 0)
        return self.held[begins:].decode("utf-8")

    def _refuse(self, *_: object) -> None:
        raise _RefusedError

    def _aside(self, end: bytes) -> None:
        """Keep markup that is not part of a reference, up to its end."""
        if not self.begun:
            begins = self.parser.CurrentByteIndex
            ends = self.held.index(end, begins) + len(end)
            raw = self.held[begins:ends].decode("utf-8")
            self.contents.around.append(Around(self.parser.CurrentLineNumber, raw))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "record" and not self.begun:
            self.begun, self._begins = self.parser.CurrentLineNumber, self.parser.CurrentByteIndex
            self._path, self._values, self._kind = [], {}, ""
            return
        self._aside(b">")
        if self.begun:
            # EndNote wraps every text in <style> elements, which only say how it looked.
            self._path.append("" if name == "style" else name)
            if name == "ref-type":
                self._kind = attributes.get("name", "")
            if name != "style":
                self._pieces.clear()

    def _end(self, name: str) -> None:
        if not self.begun:
            self._aside(b">")
            self._pieces.clear()
            return
        if not self._path:
            self._finish()
            return
        self._path.pop()
        if name != "style":
            self._keep(name, "/".join(part for part in self._path if part))

    def _keep(self, name: str, parent: str) -> None:
        text = found.clean("".join(self._pieces))
        self._pieces.clear()
        if name in _LISTS and (name != "author" or parent.endswith("contributors/authors")):
            self._values.setdefault(_LISTS[name], []).append(text)
        elif field := _PLACES.get(f"{parent}/{name}".lstrip("/")):
            self._values.setdefault(field, []).append(text)

    def _finish(self) -> None:
        end = self.held.find(b">", self.parser.CurrentByteIndex) + 1
        raw = self.held[self._begins : end].decode("utf-8")
        line, self.begun = self.begun, 0
        values = self._values
        one = {name: found.first(*texts) for name, texts in values.items()}
        fields = {
            "title": one.get("title", ""),
            "authors": found.joined(values.get("authors", [])),
            "year": found.year(one.get("year", "")),
            "journal": one.get("journal", ""),
            "volume": one.get("volume", ""),
            "number": one.get("number", ""),
            "pages": found.pages(one.get("pages", "")),
            "doi": found.doi(one.get("doi", "")),
            "pmid": self._pmid(one),
            "url": one.get("url", ""),
            "abstract": one.get("abstract", ""),
            "keywords": found.joined(values.get("keywords", [])),
            "database": one.get("database", ""),
        }
        fields = {"type": kinds.kind(self._kind, fields, _KNOWN), **fields}
        self.contents.found.append(Found(fields, line, raw, one.get("key", "")))

    @staticmethod
    def _pmid(one: dict[str, str]) -> str:
        number = one.get("accession", "")
        medline = re.search(r"(?i)pubmed|medline|nlm", one.get("database", ""))
        return number if medline and re.fullmatch(r"\d{1,8}", number) else found.pmid(number)
