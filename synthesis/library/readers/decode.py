"""Bytes to text: which encoding an export is in."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 2000


def decode(held: bytes) -> tuple[str, str, int]:
    r"""Return a file's text with plain line ends.

    Parameters
    ----------
    held : bytes
        The file.

    Returns
    -------
    text : str
        With ``\n`` at the end of each line. Undecodable characters become U+FFFD.
    encoding : str
        A byte order mark decides; without one, UTF-8 if the bytes are UTF-8, UTF-16 if every other
        byte at the beginning is zero, otherwise Windows-1252, the commonest of the rest.
    line : int
        The first line that is not UTF-8, counted from 1, if Windows-1252 was a guess; otherwise 0.

    Examples
    --------
    >>> decode("Béland\r\n".encode("cp1252"))
    ('Béland\n', 'cp1252', 1)
    """
    for mark, encoding in _MARKS:
        if held.startswith(mark):
            return _lined(held.decode(encoding, "replace")), encoding, 0
    try:
        text = held.decode("utf-8")
    except UnicodeDecodeError as error:
        wide = _wide(held)
        if wide:
            return _lined(held.decode(wide, "replace")), wide, 0
        line = held.count(b"\n", 0, error.start) + 1
        return _lined(held.decode("cp1252", "replace")), "cp1252", line
    wide = _wide(held) if "\0" in text else ""
    return (_lined(held.decode(wide, "replace")), wide, 0) if wide else (_lined(text), "utf-8", 0)


def _wide(held: bytes) -> str:
    even, odd = held[:_SAMPLE:2], held[1:_SAMPLE:2]
    if odd and odd.count(0) > 0.8 * len(odd):
        return "utf-16-le"
    return "utf-16-be" if even and even.count(0) > 0.8 * len(even) else ""


def _lined(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
