"""Exports damaged in the ways files are damaged, and what must hold of reading them."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pandas as pd
from reading.exports import exports

from arrowroot.errors import ArrowrootError
from arrowroot.formats.delimited import decoded, plain_ends
from synthesis.library.readers import accounts
from synthesis.library.readers.found import FIELDS
from synthesis.library.records import COLUMNS, Records, read_records
from synthesis.library.writers import write_records

PIECES = (
    "\n", "\n\n", "\r", "\r\n", "\t", " ", "{", "}", "(", ")", '"', "'", ",", ";", "=", "@", "#",
    "%", "\\", "&", "<", ">", "]]>", "<!--", "-->", "<![CDATA[", "<!DOCTYPE x [", "&lol;", "&#0;",
    "<record>", "</record>", "<records>", "<style>", "<?x y?>", "@article{", "@book(", "@comment{",
    "@string{a = ", "@preamble{", "\n@misc{k,", "title={", "author = ", "year = 20", "ER  - ",
    "TY  - JOUR", "TI  - ", "PMID- 9", "PMID-", "FN x", "PT J\n", "ER\n", "EF", "1.\n", "Title,",
    "\0", "\ufeff", "\x0b", "\x0c", "\x1a", "\x1c", "\x85", "\u2028", "\ufffd", "\ud7ff", "é", "ß",
    "İ", "１", "²", "\U0001f343", "a" * 5000, "{" * 400, "<a>" * 400, '"' * 99,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252")


def damaged(random: Random) -> bytes:
    """Return a file made of exports: mixed, cut, garbled, in some encoding."""
    held = list(exports().values())
    text = random.choice(held)
    if random.random() < 0.3:
        other = random.choice(held)
        at, begin = random.randrange(len(text) + 1), random.randrange(len(other))
        text = text[:at] + other[begin : begin + random.randrange(1, 1500)] + text[at:]
    begin = random.randrange(len(text)) if random.random() < 0.2 else 0
    text = text[begin : begin + random.choice((300, 1500, 6000, len(text)))]
    for _ in range(random.choice((0, 1, 1, 2, 3, 8, 30))):
        text = _garbled(text, random)
    data = text.encode(random.choice(ENCODINGS), "replace")
    for _ in range(random.choice((0, 0, 0, 1, 3))):
        at = random.randrange(len(data) + 1)
        data = data[:at] + bytes([random.randrange(256)]) + data[at + random.randrange(2) :]
    return data


def _garbled(text: str, random: Random) -> str:
    at = random.randrange(len(text) + 1)
    end = min(len(text), at + random.choice((0, 1, 1, 2, 10, 80)))
    way = random.randrange(6)
    if way == 0:  # something put in, or over
        return text[:at] + random.choice(PIECES) + text[end:]
    if way == 1:  # something lost
        return text[:at] + text[end:]
    if way == 2:  # something twice
        return text[:end] + text[at:]
    lines = text.split("\n")
    line = random.randrange(len(lines))
    if way == 3:  # a line moved
        lines.insert(random.randrange(len(lines)), lines.pop(line))
    elif way == 4:  # a line twice
        lines.insert(line, lines[line])
    else:  # two lines joined
        lines[line : line + 2] = ["".join(lines[line : line + 2])]
    return "\n".join(lines)


def lost(text: str, kept: Iterable[str]) -> Counter[str]:
    """Return the words of a text, or else their letters, that stand in none of the pieces kept."""
    together = "\n".join(kept)
    words = Counter(re.findall(r"\w+", text)) - Counter(re.findall(r"\w+", together))
    # The place where a reader stopped may part a word in two.
    letters = Counter(re.findall(r"\w", text)) - Counter(re.findall(r"\w", together))
    return words if letters else Counter()


def unaccounted(text: str) -> str:
    """Return what is wrong with the account a reading gives of a text; nothing if it is whole."""
    contents = accounts.read(text)
    lines = text.split("\n")
    whole = [one.raw for one in contents.found]
    # Several problems may be about one reference, and tell of it with its text.
    told = [one.raw for one in contents.problems if one.raw not in whole]
    pieces = [*whole, *(one.raw for one in contents.around), *told]
    if gone := lost(text, pieces):
        return f"lost: {dict(gone)}"
    for one in contents.found:
        if one.raw.split("\n")[0] not in lines[one.line - 1]:
            return f"line {one.line} does not hold {one.raw[:60]!r}"
        if set(one.fields) - set(FIELDS) or any("\n" in value for value in one.fields.values()):
            return f"fields: {one.fields}"
    beyond = [one.line for one in contents.problems if not 1 <= one.line <= len(lines)]
    return f"problems on lines {beyond} of {len(lines)}" if beyond else ""


def wrong(data: bytes) -> str:
    """Return what is wrong with how a file is read; nothing if all is well."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.txt"
        path.write_bytes(data)
        try:
            read = read_records(path)
            told = _unsound(read) or _unwritten(read.records, Path(folder))
        except ArrowrootError as error:
            return "" if str(error) else "an error without a message"
    return told or unaccounted(plain_ends(decoded(data)[0]))


def _unsound(read: Records) -> str:
    records, problems = read
    if records.columns.tolist() != list(COLUMNS):
        return f"columns: {records.columns.tolist()}"
    if not records["record_id"].is_unique:
        return "record ids repeat"
    if len(records) + len(problems) == 0:
        return "neither records nor problems"
    return "" if (problems["message"] != "").all() else "a problem without a message"


def _unwritten(records: pd.DataFrame, folder: Path) -> str:
    """Return the format that gives back another number of records than were written."""
    for ending in (".bib", ".ris", ".csv") if len(records) else ():
        again, _ = read_records(write_records(records, folder / f"again{ending}"))
        if len(again) != len(records):
            return f"{len(records)} records written as {ending}, {len(again)} read"
    return ""
