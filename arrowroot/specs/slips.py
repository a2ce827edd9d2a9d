"""The ordinary slips of people who type YAML by hand: what they meant, or what to do about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from arrowroot.errors import Problem
from arrowroot.text import did_you_mean

_FOUND_LATE = ("could not find expected", "found unexpected end of stream")
"""Errors that the parser reports some lines late; their context says where the fault began."""
_SAME_COLUMN = "begin the keys of one entry in the same column, with a space after '-'"
_ADVICE = (
    ("'\\t'", "indent with spaces: a tab is not allowed there"),
    ("mapping values", f"put a text that contains a colon in quotes, and {_SAME_COLUMN}"),
    ("could not find expected ':'", "put a colon and a space after every key"),
    ("expected ',' or", "close the bracket, and put a text that contains a colon in quotes"),
    ("'<scalar>'", "put the whole text in quotes, and write '' for a ' within '...'"),
    ("expected <block end>", f"{_SAME_COLUMN}; put a text that begins with [ or {{ in quotes"),
    ("cannot start any token", "put a text that begins with that character in quotes"),
    ("expected a comment or a line break", "put a text that begins with > or | in quotes"),
    ("expected chomping or indentation", "put a text that begins with > or | in quotes"),
    ("expected alphabetic or numeric", "put a text that begins with * or & in quotes"),
    ("sequence entries", "put a text that begins with '- ' in quotes"),
    ("node content, but found ','", 'an empty entry of a list is written ""'),
    ("another document", "remove the second '---': a file holds one specification"),
    ("end of stream", "close the quotes or bracket that were opened here"),
)
"""What to do about the parser's commonest errors, by words in their messages; the first match."""
_CURLY = re.compile("(?:^|[:,\\[{-])\\s*([\u201c\u201e\u201f\u2018\u201a\u201b])")
_STRAIGHT = 'curly quotation marks do not protect a text; type straight ones: "..."'
_PAIRS = (("\u201c\u201e\u201f", "\u201d\u201c"), ("\u2018\u201a\u201b", "\u2019\u2018"))
"""Curly quotation marks that open and close, double and single."""
_NO_SPACE = re.compile(r"^[\s\-]*([A-Za-z_]+):(?![\s/]|$)")
_HASH = re.compile(r"\s#")
ANSWERS = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}
"""How yes and no may be written, in any capitals."""
_NOT_PROSE = {
    *("id", "column", "from", "to", "profile", "spec_version", "version", "date", "by", "harm"),
    *("feedback", "mutual", "role", "theory", "approach", "direction", "certainty", "search"),
    *("measure", "estimate", "ci_low", "ci_high", "k", "n", "rule", "on", "show", "theme", "agree"),
    *("status", "count", "type", "parent", "digits", "url", "nodes", "columns"),
}
"""Keys whose values are ids, numbers or one of a few words: a sign # after them is a comment."""


class Plain(NamedTuple):
    """A value without quotes: its key, its text and where it begins and ends (lines from 1)."""

    key: str
    text: str
    first_line: int
    last_line: int
    end: int


def explained(error: Any, text: str) -> Problem:
    """Return what the parser found, in its place, with what to do about it.

    Parameters
    ----------
    error : MarkedYAMLError
        What the parser raised.
    text : str
        The whole text.
    """
    problem = error.problem or error.context or ""
    mark = error.problem_mark or error.context_mark
    lines = text.splitlines()
    begins = (error.context_mark or mark).line
    if slip := _slip(lines, begins, mark.line):
        return slip
    if error.context_mark and problem.startswith(_FOUND_LATE):
        mark = error.context_mark
    advice = next((advice for sign, advice in _ADVICE if sign in problem), "")
    message = f"not YAML: {problem}" + (f"; {advice}" if advice else "")
    return Problem(mark.line + 1, mark.column + 1, "yaml", message)


def _slip(lines: Sequence[str], first: int, last: int) -> Problem | None:
    """Return the slip, if there is one on these lines, that made the parser stumble at the last."""
    for number in range(max(min(first, last - 1), last - 3, 0), min(last + 1, len(lines))):
        line = lines[number]
        if number >= first and (found := _CURLY.search(line)):
            return Problem(number + 1, found.start(1) + 1, "quotes", _STRAIGHT)
        if number >= first and (found := _swallowing(line)):
            message = (
                "a # after a space begins a comment, and what follows it is not read;"
                " put a text that contains # in quotes"
            )
            return Problem(number + 1, found.start() + 2, "comment", message)
        if (found := _NO_SPACE.match(line)) and number >= last - 1:
            message = f"put a space after the colon of {found[1]!r}"
            return Problem(number + 1, found.start(1) + 1, "space", message)
    return None


def _swallowing(line: str) -> re.Match[str] | None:
    """Return the sign # that begins a comment in which a brace or bracket was to be closed."""
    for found in _HASH.finditer(line):
        before, after = line[: found.start()], line[found.end() :]
        if before.count("{") + before.count("[") > before.count("}") + before.count("]"):
            return found if "}" in after or "]" in after else None
    return None


def misread(text: str, places: Sequence[Plain]) -> list[Problem]:
    """Return texts in curly quotes that a comma cut in two, and keys that were read as text.

    A key without a space after its colon becomes part of the value on the line above.
    """
    lines = text.splitlines()
    found = []
    for plain in places:
        opening, closing = _PAIRS[0]
        begins = bool(plain.text) and plain.text[0] in opening
        if begins and not any(sign in plain.text[1:] for sign in closing):
            column = lines[plain.first_line - 1].find(plain.text[0]) + 1
            found.append(Problem(plain.first_line, column, "quotes", _STRAIGHT))
        for number in range(plain.first_line, min(plain.last_line, len(lines))):
            if slip := _NO_SPACE.match(lines[number]):
                message = f"put a space after the colon of {slip[1]!r}"
                found.append(Problem(number + 1, slip.start(1) + 1, "space", message))
    return found


def remarks(text: str, places: Sequence[Plain], prose: Sequence[str] = ()) -> Iterator[str]:
    """Yield what was read but may be meant otherwise: text after #, and curly quotes.

    Keys in `prose` hold text, whatever they hold in other files.
    """
    not_prose = _NOT_PROSE.difference(prose)
    lines = text.splitlines()
    for plain in places:
        if without_curly_quotes(plain.text) != plain.text:
            yield (
                f"line {plain.first_line}: the curly quotes around {plain.text} are read as the "
                "quotes of YAML; to keep them, put straight ones around them"
            )
        rest = lines[plain.last_line - 1][plain.end :] if plain.last_line <= len(lines) else ""
        if rest.startswith((" #", "#")) and plain.text and plain.key not in not_prose:
            shown = rest.strip() if len(rest) <= 40 else f"{rest.strip()[:37]}..."
            yield (
                f"line {plain.last_line}: {plain.key or 'the text'} ends before {shown!r}, since a "
                "# after a space begins a comment; if it belongs to the text, put the whole in "
                "quotes; if not, put two spaces before the #"
            )


def without_curly_quotes(text: str) -> str:
    r"""Return a text without curly quotes around the whole of it.

    Examples
    --------
    >>> ascii(without_curly_quotes("\u201cTraining of nurses\u201d"))
    "'Training of nurses'"
    >>> ascii(without_curly_quotes("\u201cA\u201d or \u201cB\u201d"))
    "'\\u201cA\\u201d or \\u201cB\\u201d'"
    """
    for opening, closing in _PAIRS:
        inner = text[1:-1]
        around = len(text) > 2 and text[0] in opening and text[-1] in closing
        if around and not any(sign in inner for sign in opening):
            return inner.strip()
    return text


def is_misread(text: str) -> bool:
    """Return whether text would be read otherwise, or refused, if it were written without quotes.

    Examples
    --------
    >>> is_misread("\u201cWe talk\u201d"), is_misread("See note:this"), is_misread("Talk: more")
    (True, True, False)
    """
    curly = "".join(opening for opening, _ in _PAIRS)
    return text[:1] in curly or bool(re.search(r"[A-Za-z_]:\S", text))


def suggested(name: str, known: Iterable[str]) -> str:
    """Return what was probably meant, or else what there is."""
    listed = list(known)
    if hint := did_you_mean(name, listed, "did you mean {!r}?"):
        return hint
    if not listed:
        return "there are none"
    more = f" and {len(listed) - 12} more" if len(listed) > 12 else ""
    return f"there are {', '.join(listed[:12])}{more}"
