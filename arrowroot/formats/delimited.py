"""Text whose cells are separated by commas, semicolons or tabs: its encoding and its rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass

from arrowroot.running.process import ALONE

DELIMITERS = (",", ";", "\t")
"""Possible separators, unless the first line names another as ``sep=|``."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 2000
_NAMED = re.compile(r'"?sep=([^\w\s"\']|\t)"?[;,\t]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""A first line by which spreadsheet programs are told what separates the cells."""
_RECORD = re.compile(r'(?:"[^"]*"|[^"\r\n])+')
"""A row, whose quoted cells may contain line breaks."""
_QUOTED = re.compile(r'"[^"]*"')
_ROWS_LOOKED_AT = 20


@dataclass(frozen=True)
class Row:
    """A row of a text.

    Attributes
    ----------
    line, last : int
        The lines on which it begins and ends, counted from 1.
    cells : list of str
        As they are between the separators; none for an empty line.
    """

    line: int
    last: int
    cells: list[str]


def decoded(held: bytes) -> tuple[str, str, int]:
    r"""Return a file's text and its encoding.

    Parameters
    ----------
    held : bytes
        The file.

    Returns
    -------
    text : str
        Bytes that the encoding cannot decode become the character U+FFFD.
    encoding : str
        A mark at the beginning decides; without one, UTF-8 if the bytes are valid UTF-8, UTF-16
        if every other byte at the beginning is zero, otherwise Windows-1252, the commonest of
        the rest.
    line : int
        The first line that is not UTF-8, from 1, if Windows-1252 was a guess; otherwise 0.

    Examples
    --------
    >>> decoded("Béland".encode("cp1252"))
    ('Béland', 'cp1252', 1)
    """
    for mark, encoding in _MARKS:
        if held.startswith(mark):
            return held.decode(encoding, "replace"), encoding, 0
    try:
        text = held.decode("utf-8")
    except UnicodeDecodeError as error:
        if wide := _wide(held):
            return held.decode(wide, "replace"), wide, 0
        line = held.count(b"\n", 0, error.start) + 1
        return held.decode("cp1252", "replace"), "cp1252", line
    wide = _wide(held) if "\0" in text else ""
    return (held.decode(wide, "replace"), wide, 0) if wide else (text, "utf-8", 0)


def plain_ends(text: str) -> str:
    """Return text with the line ends used here for text files.

    A file that was converted twice ends its lines in two carriage returns and a line feed.
    """
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def split(text: str, delimiter: str = "") -> tuple[list[Row], tuple[int, str] | None]:
    r"""Return the rows of a text.

    Parameters
    ----------
    text : str
        Any line ends; those within quoted cells are kept.
    delimiter : str
        What separates the cells; detected if left out.

    Returns
    -------
    rows : list of Row
        All of them, or those before the fault.
    trouble : (int, str) or None
        The line from which the text cannot be read, and why: usually a double quote that is
        opened but not closed.

    Examples
    --------
    >>> rows, trouble = split('sep=;\nstudy;yi\n"Vale; Moor";0.1\n')
    >>> [(row.line, row.cells) for row in rows]
    [(2, ['study', 'yi']), (3, ['Vale; Moor', '0.1'])]
    """
    named, begins = named_delimiter(text)
    text, before = text[begins:], 1 if named else 0
    delimiter = delimiter or named
    source = io.StringIO(text, newline="")
    reader = csv.reader(source, delimiter=delimiter or delimiter_of(text), strict=True)
    rows: list[Row] = []
    begins = 1 + before
    # The limit on a cell, 131,072 characters, applies to the whole process: one thread at a time
    # raises and restores it, so that none finds it lowered while it reads.
    with ALONE:
        limit = csv.field_size_limit()
        csv.field_size_limit(max(len(text), limit))
        try:
            for cells in reader:
                rows.append(Row(begins, reader.line_num + before, cells))
                begins = reader.line_num + before + 1
        except csv.Error as error:
            return rows, (begins, str(error))
        finally:
            csv.field_size_limit(limit)
    return rows, None


def named_delimiter(text: str) -> tuple[str, int]:
    r"""Return what the first line names as the separator, and where the next one begins.

    Examples
    --------
    >>> named_delimiter("sep=;\na;b\n"), named_delimiter("a;b\n")
    ((';', 6), ('', 0))
    """
    named = _NAMED.match(text)
    return (named[1], named.end()) if named else ("", 0)


def delimiter_of(text: str) -> str:
    r"""Return what separates the cells of a text.

    It is the character that separates most headings, outside quotes; one that occurs as often
    in the rows below is preferred.

    Examples
    --------
    >>> delimiter_of("study;mean, SD;n\nVale;1,5;40"), delimiter_of('"a;b;c",d'), delimiter_of("a")
    (';', ',', ',')
    """
    sample = []
    for found in _RECORD.finditer(text):
        if found[0].strip():
            sample.append(_QUOTED.sub("", found[0]))
        if len(sample) > _ROWS_LOOKED_AT:
            break
    if not sample:
        return DELIMITERS[0]
    header, *rows = sample

    def fits(mark: str) -> tuple[bool, int, int]:
        count = header.count(mark)
        return count > 0, sum(row.count(mark) == count for row in rows), count

    return max(DELIMITERS, key=fits)


def _wide(held: bytes) -> str:
    even, odd = held[:_SAMPLE:2], held[1:_SAMPLE:2]
    if odd and odd.count(0) > 0.8 * len(odd):
        return "utf-16-le"
    return "utf-16-be" if even and even.count(0) > 0.8 * len(even) else ""
