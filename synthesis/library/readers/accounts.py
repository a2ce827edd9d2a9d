"""Every word of a file is accounted for: in a reference, around one, or in a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from arrowroot.text import counted
from synthesis.library.readers.detect import READERS, detect
from synthesis.library.readers.found import Around, Contents, Found, Problem

_WORD = re.compile(r"\w")


def read(text: str) -> Contents:
    r"""Return what a file contains, using the reader for its format.

    Any text that the reader skipped, for whatever reason, becomes a problem here; so nothing is
    lost even if a reader has a bug.

    Parameters
    ----------
    text : str
        With ``\n`` at the end of each line.

    Returns
    -------
    Contents
        Each run of text in the file with a letter or digit is in the raw text of a reference, of a
        problem, or of what is around the references.
    """
    form = detect(text)
    if not form:
        message = (
            "this is not one of the formats that can be read: "
            f"{', '.join(READERS)}. A CSV needs headings, among them Title."
            if text.strip()
            else "the file is empty."
        )
        return Contents(problems=[Problem(1, message, text)])
    contents = READERS[form](text)
    if not contents.found and not contents.problems:
        message = f"a file in the format {form}, but no reference was found in it."
        contents.problems.append(Problem(1, message, text))
    # Many problems may be about one reference, and contain its text.
    whole = {one.raw for one in contents.found}
    others = [one for one in contents.problems if one.raw not in whole]
    left = list(passed_over(text, [*contents.found, *others, *contents.around]))
    alike: dict[str, list[tuple[int, str]]] = {}
    for line, rest in left:
        alike.setdefault(" ".join(rest.split()[:3]), []).append((line, rest))
    for (line, rest), *more in alike.values():
        # A line that a program writes after every reference is one remark, not a thousand.
        contents.problems.append(Problem(line, _message(rest, len(more)), rest))
        contents.around.extend(Around(at, other) for at, other in more)
    return contents


def passed_over(text: str, pieces: Iterable[Found | Problem | Around]) -> Iterator[tuple[int, str]]:
    r"""Yield each run of a file's text that is in none of the pieces, with its line.

    Examples
    --------
    >>> list(passed_over("Dear all\n@book{a}\nYours", [Found({}, 2, "@book{a}")]))
    [(1, 'Dear all'), (3, 'Yours')]
    """
    begins = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    taken = []
    for piece in pieces:
        # A piece begins on its line; if a reader is wrong about that, anywhere will do.
        at = text.find(piece.raw, begins[piece.line - 1])
        at = text.find(piece.raw) if at < 0 else at
        if at >= 0:
            taken.append((at, at + len(piece.raw)))
    covered, line, counted = 0, 1, 0
    for begin, end in [*sorted(taken), (len(text), len(text))]:
        if begin > covered and _WORD.search(text, covered, begin):
            rest = text[covered:begin]
            starts = covered + len(rest) - len(rest.lstrip())
            line, counted = line + text.count("\n", counted, starts), starts
            yield line, rest.strip()
        covered = max(covered, end)


def _message(rest: str, more: int) -> str:
    form = detect(rest)
    hint = f" It looks like {form}: save it as a separate file." if form else ""
    also = f" The same holds of {counted(more, 'text')} that begin alike." if more else ""
    also = also.replace("text that begin", "text that begins") if more == 1 else also
    return f"text outside any reference; it was not read.{hint}{also}"
