"""Formats whose lines begin with a tag: RIS, PubMed, Web of Science."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from synthesis.library.readers.fields import markup
from synthesis.library.readers.found import Around, Contents, Problem, first

Parsed = tuple[str | None, str]
"""A line's tag (None if it continues the line before) and the rest of the line."""


BEGINS = {
    "RIS": re.compile(r"^TY  ?- [A-Z]{3,}", re.MULTILINE),
    "PubMed": re.compile(r"^PMID- ?\d", re.MULTILINE),
    "Web of Science": re.compile(r"^(?:FN .*\nVR .*|PT [A-Z]\s*)$", re.MULTILINE),
    "EndNote tags": re.compile(r"^%0 [A-Z]", re.MULTILINE),
    "BibTeX": re.compile(r"^@[A-Za-z]{4,}\s*\{", re.MULTILINE),
    "XML": re.compile(r"^<\?xml ", re.MULTILINE),
    "JSON": re.compile(r'^\[\s*\{\s*"', re.MULTILINE),
}
"""How a file in each format begins, surely."""


@dataclass(frozen=True)
class Grammar:
    """How a format marks its references.

    Attributes
    ----------
    parse : callable
        Takes a line and returns its tag and its text.
    start : str
        The tag that begins a reference.
    end : str
        The tag that ends one; empty where a blank line does.
    around : pattern
        Lines outside references that belong to the file itself.
    late : bool
        Whether a reference may lack `start`, or have it on a later line; it then begins with
        its first tag.
    """

    parse: Callable[[str], Parsed]
    start: str
    end: str
    around: re.Pattern[str] = re.compile(r"(?!)")
    late: bool = False


@dataclass
class Block:
    """The tags of one reference, in their order, each with its lines."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    ended: bool = False
    started: bool = True
    asked: set[str] = field(default_factory=set)
    late_at: tuple[int, int] | None = None
    """Tags and lines before a `Grammar.start` that is not the first line."""

    @property
    def raw(self) -> str:
        """The reference exactly as in the file."""
        return "\n".join(self.lines).strip("\n")

    def all(self, *names: str) -> list[str]:
        """Return every value of the tags, in the order of `names`; long values on one line."""
        self.asked.update(names)
        return [
            markup.plain(" ".join(lines))
            for name in names
            for tag, lines in self.tags
            if tag == name
        ]

    def lists(self, *names: str) -> list[str]:
        """Return every line of the tags: one name or term per line."""
        self.asked.update(names)
        return [
            markup.plain(line)
            for name in names
            for tag, lines in self.tags
            if tag == name
            for line in lines
        ]

    def get(self, *names: str) -> str:
        """Return the first value that is neither blank nor a word for nothing."""
        return first(*self.all(*names))

    def note_unread(self, contents: Contents) -> None:
        """Note the tags with a text for which nobody asked."""
        for tag, lines in self.tags:
            if tag not in self.asked and any(line.strip() for line in lines):
                contents.unread.setdefault(tag, self.line)


def blocks(text: str, grammar: Grammar) -> Iterator[Block | Around]:
    r"""Yield the references of a file in order, and the recognised lines around them.

    Parameters
    ----------
    text : str
        With ``\n`` at the end of each line.
    grammar : Grammar
        The format.
    """
    current: Block | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        tag, value = grammar.parse(line)
        if tag == grammar.start:
            if current and not current.started and not current.ended:
                current.started = True
                current.late_at = len(current.tags), len(current.lines)
            else:
                if current:
                    yield current
                current = Block(number)
        elif grammar.late and tag is not None and tag != grammar.end and _is_over(current):
            if current:
                yield current
            current = Block(number, started=False)
        elif grammar.late and current and current.ended and line.strip():
            current.ended = False  # the blank line was part of a text
        elif current and not grammar.end and not line.strip():
            current.ended = True
        if current is None or (current.ended and line.strip()):
            if grammar.around.fullmatch(line):
                yield Around(number, line)
            continue
        current.lines.append(line)
        if tag == grammar.end and tag:
            current.ended = True
            yield current
            current = None
        elif tag is not None:
            current.tags.append((tag, [value]))
        elif current.tags and value:
            current.tags[-1][1].append(value)
    if current:
        yield current


def _is_over(current: Block | None) -> bool:
    return current is None or current.ended


def unended(block: Block, end: str) -> Problem:
    """Return the remark that a reference is incomplete."""
    return Problem(
        block.line,
        f"this reference is not closed by a line {end!r}; it was read up to the next one, or "
        "to the end of the file. Check whether something is missing.",
        block.raw,
    )
