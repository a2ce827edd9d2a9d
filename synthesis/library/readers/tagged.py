"""Formats whose lines begin with a tag: RIS, PubMed, Web of Science. Nothing in them is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from synthesis.library.readers.found import Problem, clean

Parsed = tuple[str | None, str]
"""A line's tag, None where it continues the line before, and the rest of the line."""


@dataclass(frozen=True)
class Grammar:
    """How a format marks its references.

    Attributes
    ----------
    parse : callable
        Takes a line to its tag and its text.
    start : str
        The tag that begins a reference.
    end : str
        The tag that ends one; empty where a blank line does.
    around : frozenset of str
        Tags of the file itself, outside references.
    """

    parse: Callable[[str], Parsed]
    start: str
    end: str
    around: frozenset[str] = frozenset()


@dataclass
class Block:
    """The tags of one reference, in their order, each with its lines."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    ended: bool = False

    @property
    def raw(self) -> str:
        """The reference as it stands in the file."""
        return "\n".join(self.lines).strip("\n")

    def all(self, *names: str) -> list[str]:
        """Return every value of the tags, in the order of `names`; long values on one line."""
        return [" ".join(lines) for name in names for tag, lines in self.tags if tag == name]

    def lists(self, *names: str) -> list[str]:
        """Return every line of the tags: one name or term a line."""
        return [line for name in names for tag, lines in self.tags if tag == name for line in lines]

    def get(self, *names: str) -> str:
        """Return the first value that is not blank."""
        return next((kept for value in self.all(*names) if (kept := clean(value))), "")


def blocks(text: str, grammar: Grammar) -> Iterator[Block | Problem]:
    r"""Yield the references of a file in their order, and what lies outside of them.

    Parameters
    ----------
    text : str
        With ``\n`` at the end of each line.
    grammar : Grammar
        The format.
    """
    current: Block | None = None
    outside: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        tag, value = grammar.parse(line)
        if tag == grammar.start:
            yield from _stray(outside)
            if current:
                yield current
            current = Block(number)
        elif current and not grammar.end and not line.strip():
            current.ended = True
        if current is None or (current.ended and line.strip()):
            if line.strip() and tag not in grammar.around:
                outside.append((number, line))
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
    yield from _stray(outside)


def unended(block: Block, end: str) -> Problem:
    """Return the remark that a reference breaks off."""
    return Problem(
        block.line,
        f"this reference is not closed by a line {end!r}; it was read up to the next one, or "
        "to the end of the file. See whether something is missing.",
        block.raw,
    )


def _stray(outside: list[tuple[int, str]]) -> Iterator[Problem]:
    """Yield lines that belong to no reference, neighbours together; and forget them."""
    if outside:
        text = "\n".join(line for _, line in outside)
        yield Problem(outside[0][0], "text outside any reference; it was not read.", text)
        outside.clear()
