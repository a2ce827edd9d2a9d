"""Text that others wrote, made safe to use anywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from numbers import Number
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_REPLACEMENT = "\ufffd"
_SIGNS = r'[^\s\x00-\x1f\x7f\\<>"]'
_FIRST = r'[^\s\x00-\x1f\x7f\\<>":/?#]'
SAFE_URL = rf"^(https?://{_SIGNS}+|#{_SIGNS}*|{_FIRST}+([/?#]{_SIGNS}*)?)?$"
"""Addresses that a figure may link to: http, https, or relative to its own place."""

_INVISIBLE = "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
"""Characters without width, which are copied along with text and which nobody can see."""
_JOINER = "(?<![^\u0000-\u058f\\s])[\u200c\u200d]+|[\u200c\u200d]+(?![^\u0000-\u058f\\s])"
"""Joiners that join nothing; in Persian, in Hindi and in emoji they are part of the spelling."""
_BREAKS = "[\u00ad\u200b\u2060\ufeff]"
"""Soft hyphens and the like: they say where a line may or may not be broken, and are not seen."""
_SHOWN = "\n\t\u200c\u200d"
"""What is not printable for Python and yet belongs to a text: line breaks, tabs and joiners."""
_AROUND = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x20\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u200e\u200f\u2060\ufeff"
)
"""Blanks, and those characters without width that change nothing at the end of a text."""
_MIDNIGHT = r"[ T]00:00:00(\.0+)?$"


def printable(text: str, instead: str = _REPLACEMENT) -> str:
    r"""Return text without control characters, which XML and DOT cannot contain.

    Line breaks and spaces are kept; so is every letter of every script, with the joiners that some
    need. Soft hyphens are left out, and so are other invisible marks of where a line may break.
    Marks that reverse the direction of text count as controls: they could make a figure say
    something else.

    Parameters
    ----------
    text : str
        Any text: a cell, a label, a title.
    instead : str
        The replacement for a control character.

    Examples
    --------
    >>> printable("bell\x07"), printable("bell\x07", "")
    ('bell\ufffd', 'bell')
    >>> printable("com\u00admunity")
    'community'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable()
        or character in _SHOWN
        or (character.isspace() and character > "\x7f")
        else instead
        for character in re.sub(_BREAKS, "", text).replace("\r\n", "\n").replace("\r", "\n")
    )


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts, of which there may be one.

    Parameters
    ----------
    number : int
        How many.
    one, many : str
        The noun for one, and for several; ``many`` is `one` with an s if left out.

    Examples
    --------
    >>> counted(1, "box", "boxes"), counted(0, "arrow"), counted(1200, "study", "studies")
    ('1 box', '0 arrows', '1,200 studies')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


SHOWN_AT_MOST = 5
"""How many studies a message names before it gives the number of others."""


def shortened(items: Iterable[str], separator: str = ", ") -> str:
    """Join the first few items, and say how many more there are.

    Examples
    --------
    >>> shortened(["a", "b"])
    'a, b'
    >>> shortened("abcdefg")
    'a, b, c, d, e and 2 more'
    """
    listed = list(items)
    shown = separator.join(listed[:SHOWN_AT_MOST])
    rest = len(listed) - SHOWN_AT_MOST
    return f"{shown} and {rest} more" if rest > 0 else shown


def and_joined(items: Sequence[str]) -> str:
    """Join all items as a sentence does.

    Examples
    --------
    >>> and_joined(["a"]), and_joined(["a", "b"]), and_joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def did_you_mean(
    written: object,
    known: Iterable[object],
    form: str = " Did you mean {!r}?",
    *,
    cutoff: float = 0.6,
) -> str:
    """Return a question that suggests what was probably meant; empty if nothing is similar.

    Parameters
    ----------
    written : object
        What the user wrote.
    known : iterable of object
        The possible values.
    form : str
        The question, to be formatted with the suggestion.
    cutoff : float
        How similar they must be, from 0 to 1.

    Examples
    --------
    >>> did_you_mean("dll", ["dl", "pm"]), did_you_mean("x", ["dl", "pm"])
    (" Did you mean 'dl'?", '')
    """
    import difflib

    near = difflib.get_close_matches(str(written), [str(name) for name in known], 1, cutoff)
    return form.format(near[0]) if near else ""


def capitalised(text: str) -> str:
    """Return a sentence with a capital, unless its first word has a capital further on.

    Examples
    --------
    >>> capitalised("mortality, short"), capitalised("pH of blood")
    ('Mortality, short', 'pH of blood')
    """
    first = text.split(maxsplit=1)[:1]
    return text[:1].upper() + text[1:] if first and first[0].islower() else text


def one_line(text: str, instead: str = _REPLACEMENT) -> str:
    r"""Return text on one line, without control characters.

    Those that separate lines and pages become spaces.

    Parameters
    ----------
    text, instead : str
        As for `printable`.

    Examples
    --------
    >>> one_line("Compassionate\n  care"), one_line("one page\x0cand the next")
    ('Compassionate care', 'one page and the next')
    """
    return " ".join(printable(" ".join(text.split()), instead).split())


def xml_text(root: Element, prefixes: Mapping[str, str]) -> str:
    r"""Return an element as XML text without control characters.

    ElementTree keeps the prefixes of namespaces for the whole process, where two threads that
    write different formats would overwrite them; here they apply to this text only.

    Parameters
    ----------
    root : Element
        What to write. Its tags are given prefixes, so do not use it afterwards.
    prefixes : mapping of str to str
        By the name of each namespace that a tag is in; an empty one makes it the default.

    Examples
    --------
    >>> from xml.etree.ElementTree import Element
    >>> xml_text(Element("{urn:leaves}leaf", name="oak\x02"), {"urn:leaves": ""})
    '<leaf xmlns="urn:leaves" name="oak�" />'
    """
    from xml.etree.ElementTree import tostring

    used: dict[str, str] = {}
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        if space:
            prefix = prefixes[space[1:]]
            used[f"xmlns:{prefix}" if prefix else "xmlns"] = space[1:]
            element.tag = f"{prefix}:{name}" if prefix else name
        element.text = element.text and printable(element.text)
        element.tail = element.tail and printable(element.tail)
        for key, value in element.attrib.items():
            element.set(key, printable(value))
    root.attrib = dict(sorted(used.items())) | root.attrib
    return tostring(root, encoding="unicode")


def trimmed(text: str) -> str:
    r"""Return text without blanks around it, nor characters that are as good as blanks.

    Examples
    --------
    >>> trimmed(" 0.1\u200b"), trimmed("\ufeffstudy\u00a0")
    ('0.1', 'study')
    """
    return text.strip() if text.isascii() else text.strip(_AROUND)


def label(value: Any) -> str:
    r"""Return the label in a cell, such as a study, a group or a code, in one spelling.

    Every function that compares labels uses this one, so that none treats as two labels what
    another treats as one. White space is stripped and collapsed, characters
    without width are left out, accents are composed (NFC), and whole numbers are written without
    decimals. Capitals matter, and so do leading zeros in text.

    Parameters
    ----------
    value : object
        A cell of a table, or a label that a user typed.

    Returns
    -------
    str
        Empty if the cell is blank or missing (None, NaN, NaT, pandas' NA).

    Examples
    --------
    >>> [label(value) for value in (1, 1.0, "1", "007", 0.5, True)]
    ['1', '1', '1', '007', '0.5', 'True']
    >>> label(" Grant\u00a0et  al.\u200b "), label("Mu\u0308ller") == label("M\u00fcller")
    ('Grant et al.', True)
    >>> [label(value) for value in (None, float("nan"), " \u200b")]
    ['', '', '']
    """
    if isinstance(value, str):
        if value.isascii():
            return " ".join(value.split())
        seen = re.sub(_JOINER, "", re.sub(_INVISIBLE, "", value))
        return unicodedata.normalize("NFC", " ".join(seen.split()))
    if _is_missing(value):
        return ""
    is_number = isinstance(value, Number) and not isinstance(value, bool | complex)
    if is_number:
        # Decimal numbers that are not floats included, such as a database returns.
        return str(int(value)) if _is_whole(value) else str(value)
    return label(re.sub(_MIDNIGHT, "", str(value)))


def person(value: Any) -> str:
    """Return a person's name as used for comparison: the label without regard to capitals.

    For display, use the first spelling found rather than this one.

    Examples
    --------
    >>> person("Ann ") == person("ANN"), person("Ann") == person("Anne")
    (True, False)
    """
    return label(value).casefold()


def _is_missing(value: Any) -> bool:
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    try:
        return bool(value != value)  # NaN alone differs from itself
    except (TypeError, ValueError):  # of an array, nobody can say
        return False


def _is_whole(value: Any) -> bool:
    try:
        return bool(value == int(value))
    except (OverflowError, TypeError, ValueError):  # infinity is not a whole number
        return False
