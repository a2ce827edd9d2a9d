"""HTML that databases leave in fields: entities become characters, known tags go."""

from __future__ import annotations

import re
from html.entities import html5

_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"</?(?:a|abstract|abstracttext|b|big|bold|br|center|copyrightinformation|div|em|font|h[1-6]|"
    r"i|inf|inline-formula|italic|jats:[a-z-]+|li|mml:[a-z]+|nlm:[a-z]+|ol|p|sc|scp|sec|small|"
    r"span|strike|strong|sub|sup|title|tt|u|ul|underline)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"</?(?:abstracttext|br|div|h[1-6]|jats:(?:p|sec|title)|li|ol|p|sec|title|ul)\b"
)
"""Tags between which words do not belong together."""

_LABEL = re.compile(
    r"<AbstractText\b[^<>]*\bLabel\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>", re.IGNORECASE
)


def plain(text: str) -> str:
    """Return text without HTML: entities are decoded once, then known tags are taken away.

    Whatever is not certainly HTML stays: ``p < 0.05``, ``<11::AID-ABC12>``, ``AT&T;``.

    Examples
    --------
    >>> plain("B&ouml;hmer &amp; Vale: CO<inf>2</inf> at &#37; of <i>all</i>")
    'Böhmer & Vale: CO2 at % of all'
    >>> plain('<AbstractText Label="AIM">To walk.</AbstractText><AbstractText>p < 0.05')
    'AIM: To walk. p < 0.05'
    """
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "<" not in text:
        return text
    text = _LABEL.sub(r" \1: ", text)
    bare = _TAG.sub(lambda tag: " " if _PARTS.match(tag[0].lower()) else "", text)
    return text if bare == text else re.sub(r" {2,}", " ", bare).strip()


def escaped(text: str) -> str:
    """Return text that `plain` gives back unchanged, for writing what looks like an entity.

    Examples
    --------
    >>> escaped("care & cure"), escaped("the entity &lt; itself")
    ('care & cure', 'the entity &amp;lt; itself')
    """
    return _ENTITY.sub(lambda entity: f"&amp;{entity[0][1:]}", text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if name[0] != "#":
        return html5.get(f"{name};", entity[0])
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    # What no text may contain, such as NUL or half of a surrogate pair, stays as it is written.
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else entity[0]
