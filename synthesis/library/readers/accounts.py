"""Every word of a file is accounted for: in a reference, around one, or in a problem.

What was not read, and what was taken for nothing, is said once for the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from arrowroot.text import counted
from synthesis.library.readers.detect import READERS, SWALLOWED, detect
from synthesis.library.readers.fields import markup
from synthesis.library.readers.found import Around, Contents, Found, Problem
from synthesis.library.readers.tagged import BEGINS

_AFTER_BLANK = re.compile(r"\n\s*\n([^%\n]+)")
_WORD = re.compile(r"\w")
_HIGH = re.compile(r"[\x80-\uffff]+")
MOST_VALUES = 30
"""Different values that one remark names."""

_BETWEEN_VALUES = re.compile(r"[\t\n\";,|<>{}]")
_LETTERS_TOGETHER = 3
"""In Latin script so many accented letters hardly ever follow each other."""


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
    contents = READERS[form](text[: _another_begins(text, form)])
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


def _another_begins(text: str, form: str) -> int | None:
    """Return where a file in another format was put behind one that would swallow it."""
    swallowed = SWALLOWED.get(form, ())
    begins = [one.start() for name in swallowed for one in [BEGINS[name].search(text, 1)] if one]
    if form == "EndNote tags":
        behind = (one.start(1) for one in _AFTER_BLANK.finditer(text) if detect(one[1]) == "CSV")
        begins += [next(behind, len(text))]
    return min(begins, default=None)


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


def remarked(contents: Contents) -> Iterator[Problem]:
    """Yield one remark about all tags or headings not read, and one about words for nothing.

    There is one about values that are not what their field is for, too, and one about letters
    that were saved twice over.

    Parameters
    ----------
    contents : Contents
        Of one file.
    """
    begins = contents.found[0].line if contents.found else 1
    twice = [(one, part) for one in contents.found if (part := _saved_twice(one.raw))]
    if twice:
        one, part = twice[0]
        word = next((word for word in part.split() if markup.mended(word) != word), part)
        yield Problem(
            one.line,
            f"letters that were saved as UTF-8 twice over, such as {word[:40]!r} for "
            f"{markup.mended(word)[:40]!r}, were read as they were meant; this concerns "
            f"{counted(len(twice), 'reference')}. Compare them with the database.",
            "",
        )
    if contents.odd:
        told = _by_value(contents.odd)
        yield Problem(
            begins,
            f"kept as they are written, but not what the column is for: {told}. Check them.",
            "",
        )
    if contents.unread:
        names = ", ".join(contents.unread)
        yield Problem(
            min(contents.unread.values()),
            f"not read, since no column has a place for them: {names}. Their text is in the column "
            "raw of each record.",
            "",
        )
    if contents.absent:
        yield Problem(
            begins,
            f"words that mean that there is nothing were left blank: {_by_value(contents.absent)}.",
            "",
        )


def _saved_twice(raw: str) -> str:
    """Return the first part of a reference with letters that were saved as UTF-8 twice over."""
    if raw.isascii():
        return ""
    parts = (part for part in _BETWEEN_VALUES.split(raw) if not part.isascii())
    return next((part for part in parts if markup.mended(part) != part), "")


def _by_value(tally: Mapping[tuple[str, str], int]) -> str:
    """Return values with the columns in which they stand, and how often."""
    by_word: dict[str, list[str]] = {}
    for (word, name), times in tally.items():
        by_word.setdefault(word, []).append(f"{name} ({times:,})")
    told = [f"{word!r} in {', '.join(names)}" for word, names in by_word.items()]
    more = len(told) - MOST_VALUES
    return "; ".join(told[:MOST_VALUES]) + (f"; and {more:,} more" if more > 0 else "")


def in_another_script(text: str) -> str:
    """Return the remark that text read as Windows-1252 looks like another script; "" if not.

    Examples
    --------
    >>> in_another_script("Béland, Ö., à Genève, déjà vu")
    ''
    >>> in_another_script("Домашние визиты для пожилых".encode("cp1251").decode("cp1252"))[:40]
    'not UTF-8 text, and it looks like anothe'
    """
    runs = [len(run) for run in _HIGH.findall(text)]
    together = sum(run for run in runs if run >= _LETTERS_TOGETHER)
    if together < 6 or together < 0.6 * sum(runs):
        return ""
    return (
        "not UTF-8 text, and it looks like another script than Latin: "
        f"{counted(together, 'character')} are strings of accented letters when it is read as "
        "Windows-1252. Name the encoding, for instance encoding='gb18030' (Chinese), 'big5' "
        "(Chinese), 'shift_jis' (Japanese), 'euc_kr' (Korean), 'cp1251' or 'koi8_r' (Cyrillic), "
        "'cp1253' (Greek), 'cp1256' (Arabic)."
    )
