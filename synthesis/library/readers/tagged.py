"""Formats whose lines begin with a tag: RIS, PubMed, Web of Science."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from synthesis.library.readers.found import Around, Problem, clean

Parsed = tuple[str | None, str]
"""A line's tag (None if it continues the line before) and the rest of the line."""


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
    """

    parse: Callable[[str], Parsed]
    start: str
    end: str
    around: re.Pattern[str] = re.compile(r"(?!)")


@dataclass
class Block:
    """The tags of one reference, in their order, each with its lines."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    ended: bool = False

    @property
    def raw(self) -> str:
        """The reference exactly as in the file."""
        return "\n".join(self.lines).strip("\n")

    def all(self, *names: str) -> list[str]:
        """Return every value of the tags, in the order of `names`; long values on one line."""
        return [" ".join(lines) for name in names for tag, lines in self.tags if tag == name]

    def lists(self, *names: str) -> list[str]:
        """Return every line of the tags: one name or term per line."""
        return [line for name in names for tag, lines in self.tags if tag == name for line in lines]

    def get(self, *names: str) -> str:
        """Return the first value that is not blank."""
        return next((kept for value in self.all(*names) if (kept := clean(value))), "")


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
            if current:
                yield current
            current = Block(number)
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


def unended(block: Block, end: str) -> Problem:
    """Return the remark that a reference is incomplete."""
    return Problem(
        block.line,
        f"this reference is not closed by a line {end!r}; it was read up to the next one, or "
        "to the end of the file. Check whether something is missing.",
        block.raw,
    )
