"""What is said once for a whole file: what was not read, and what was taken for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arrowroot.text import counted
from synthesis.library.readers.found import Contents, Problem

_HIGH = re.compile(r"[\x80-\uffff]+")
_LETTERS_TOGETHER = 3
"""In Latin script so many accented letters hardly ever follow each other."""


def remarked(contents: Contents) -> Iterator[Problem]:
    """Yield one remark about all tags or headings not read, and one about words for nothing.

    Parameters
    ----------
    contents : Contents
        Of one file.
    """
    if contents.unread:
        names = ", ".join(contents.unread)
        yield Problem(
            min(contents.unread.values()),
            f"not read, since no column has a place for them: {names}. Their text is in the column "
            "raw of each record.",
            "",
        )
    if contents.absent:
        by_word: dict[str, list[str]] = {}
        for (word, name), times in contents.absent.items():
            by_word.setdefault(word, []).append(f"{name} ({times:,})")
        told = "; ".join(f"{word!r} in {', '.join(names)}" for word, names in by_word.items())
        yield Problem(
            contents.found[0].line if contents.found else 1,
            f"words that mean that there is nothing were left blank: {told}.",
            "",
        )


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
