"""Text that others wrote, made safe to put anywhere."""

from __future__ import annotations

_REPLACEMENT = "\ufffd"
_SIGNS = r'[^\s\x00-\x1f\x7f\\<>"]'
_FIRST = r'[^\s\x00-\x1f\x7f\\<>":/?#]'
SAFE_URL = rf"^(https?://{_SIGNS}+|#{_SIGNS}*|{_FIRST}+([/?#]{_SIGNS}*)?)?$"
"""Addresses that a figure may link to: http, https, or relative to where it stands."""


def printable(text: str) -> str:
    r"""Return text without control characters, which XML and DOT cannot carry.

    Line breaks and spaces stay; so does every letter of every script. Marks that turn the
    direction of what follows are controls too: they could make a figure read as it is not.

    Examples
    --------
    >>> printable("bell\x07")
    'bell\ufffd'
    """
    return "".join(
        one
        if one.isprintable() or one in "\n\t" or (one.isspace() and one > "\x7f")
        else _REPLACEMENT
        for one in text.replace("\r\n", "\n").replace("\r", "\n")
    )


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts, of which there may be one.

    Parameters
    ----------
    number : int
        How many.
    one, many : str
        What one is called, and several; ``many`` is `one` with an s if left out.

    Examples
    --------
    >>> counted(1, "box", "boxes"), counted(0, "arrow")
    ('1 box', '0 arrows')
    """
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def capitalised(text: str) -> str:
    """Return a sentence with a capital, unless its first word has one of its own further on.

    Examples
    --------
    >>> capitalised("mortality, short"), capitalised("pH of blood")
    ('Mortality, short', 'pH of blood')
    """
    first = text.split(maxsplit=1)[:1]
    return text[:1].upper() + text[1:] if first and first[0].islower() else text


def one_line(text: str) -> str:
    r"""Return text on one line, without control characters.

    Examples
    --------
    >>> one_line("Compassionate\n  care")
    'Compassionate care'
    """
    return " ".join(printable(text).split())
