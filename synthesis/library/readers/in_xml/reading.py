"""XML read one reference at a time, so that neither size nor depth can exhaust memory.

Entities are never expanded: a file that declares its own is refused. A document type that only
names where its definition is, as PubMed's files do, is passed over; nothing is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from synthesis.library.readers.fields import markup
from synthesis.library.readers.found import Around, Contents, Problem, clean

DEEPEST = 200
"""How deeply elements may be nested; exports have less than twenty levels."""

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*>")


class Node:
    """A reference's element, which notes what it was asked for.

    Parameters
    ----------
    element : Element
        The reference.
    line : int
        Where it begins in the file.
    raw : str
        Its text in the file.
    """

    def __init__(self, element: Element, line: int, raw: str) -> None:
        self.element, self.line, self.raw = element, line, raw
        self._asked: set[str] = set()

    def nodes(self, *paths: str) -> list[Element]:
        """Return the elements at each of the paths, in order."""
        self._asked.update(re.sub(r"\[[^\]]*\]", "", path) for path in paths)
        return [one for path in paths for one in self.element.findall(path)]

    def all(self, *paths: str) -> list[str]:
        """Return the texts of the elements at each of the paths, in order."""
        return [text(one) for one in self.nodes(*paths)]

    def get(self, *paths: str) -> str:
        """Return the first of those texts that is not blank."""
        return next((one for one in self.all(*paths) if one), "")

    def note_unread(self, contents: Contents, *, part_of_text: tuple[str, ...] = ()) -> None:
        """Note the paths of elements with a text for which nobody asked.

        Parameters
        ----------
        contents : Contents
            Where they are noted.
        part_of_text : tuple of str
            Elements that only say how a text looks.
        """
        held = [("", self.element)]
        while held:
            path, element = held.pop()
            if path in self._asked:
                continue
            if path and (element.text or "").strip():
                contents.unread.setdefault(path, self.line)
            for child in element:
                name = path if child.tag in part_of_text else f"{path}/{child.tag}".lstrip("/")
                held.append((name, child))


def text(element: Element) -> str:
    """Return all text of an element on one line."""
    return clean(markup.plain("".join(element.itertext())))


def read(held: str, takers: Mapping[str, Callable[[Node, Contents], None]]) -> Contents:
    """Return the references of an XML file, up to where it stops being XML.

    Parameters
    ----------
    held : str
        The file.
    takers : mapping of str to callable
        Name of the element that is a reference -> what adds one to the contents.
    """
    # Nothing may come before a declaration; blank lines there are kept for line numbers.
    matched = _DECLARATION.match(held)
    declared = matched[0] if matched else ""
    rest = held[len(declared) :]
    reading = _Reading(("\n" * declared.count("\n") + rest).encode("utf-8", "replace"), takers)
    reading.contents.around.append(Around(1, declared))
    if doctype := _DOCTYPE.search(rest):
        line = 1 + declared.count("\n") + rest.count("\n", 0, doctype.start())
        reading.contents.around.append(Around(line, doctype[0]))
    try:
        reading.parser.Parse(reading.held, True)
    except _RefusedError as refused:
        line = reading.parser.CurrentLineNumber
        reading.contents.problems.append(Problem(line, str(refused), reading.rest()))
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


class _RefusedError(Exception):
    """The file is not read any further, for the reason given."""


class _Reading:
    def __init__(self, held: bytes, takers: Mapping[str, Callable[[Node, Contents], None]]) -> None:
        self.held, self.contents = held, Contents()
        self.begun = 0
        self._takers, self._begins, self._depth, self._within = takers, 0, 0, 0
        self._tree = TreeBuilder()
        # The declared encoding was that of the file; by now the text is UTF-8.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.SkippedEntityHandler = lambda name, *_: self._data(f"&{name};")
        self.parser.CommentHandler = lambda _: self._aside(b"-->")
        self.parser.ProcessingInstructionHandler = lambda *_: self._aside(b"?>")

    def rest(self) -> str:
        """Return the file from the reference that could not be finished."""
        begins = self._begins if self.begun else max(self.parser.CurrentByteIndex, 0)
        return self.held[begins:].decode("utf-8", "replace")

    def _doctype(self, _name: str, _system: object, _public: object, own: int) -> None:
        if own:
            self._refuse()

    def _refuse(self, *_: object) -> None:
        raise _RefusedError(
            "the file declares a document type or entities of its own, which no export needs; it "
            "was not read any further."
        )

    def _aside(self, end: bytes) -> None:
        """Keep markup that is not part of a reference, up to its end."""
        if not self.begun:
            begins = self.parser.CurrentByteIndex
            ends = self.held.index(end, begins) + len(end)
            raw = self.held[begins:ends].decode("utf-8", "replace")
            self.contents.around.append(Around(self.parser.CurrentLineNumber, raw))

    def _data(self, data: str) -> None:
        if self.begun:
            self._tree.data(data)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _RefusedError(
                f"elements are nested more than {DEEPEST} deep, as in no export; the file was not "
                "read any further."
            )
        if name in self._takers and not self.begun:
            self.begun, self._begins = self.parser.CurrentLineNumber, self.parser.CurrentByteIndex
            self._tree, self._within = TreeBuilder(), self._depth
        elif not self.begun:
            self._aside(b">")
        if self.begun:
            self._tree.start(name, attributes)

    def _end(self, name: str) -> None:
        if not self.begun:
            self._aside(b">")
        else:
            self._tree.end(name)
            if self._depth == self._within:
                end = self.held.find(b">", self.parser.CurrentByteIndex) + 1
                raw = self.held[self._begins : end].decode("utf-8", "replace")
                line, self.begun = self.begun, 0
                self._takers[name](Node(self._tree.close(), line, raw), self.contents)
        self._depth -= 1
