"""HTML that databases leave in fields: entities become characters, known tags go."""

from __future__ import annotations

import re
from html.entities import html5

from synthesis.library.readers import latex

_ENTITY = re.compile(r"&(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(
    r"</?(?:a|abstract|abstracttext|b|big|bold|br|center|copyrightinformation|div|em|font|h[1-6]|"
    r"i|inf|inline-formula|italic|jats:[a-z-]+|li|mml:[a-z]+|nlm:[a-z]+|ol|p|sc|scp|sec|small|"
    r"span|strike|strong|sub|sup|title|tt|u|ul|underline)"
    r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"']+))*\s*/?>",
    re.IGNORECASE,
)
_SHORT = frozenset("abipu")
"""Tags that may be names in a text, "groups <A> and <B>"; they go only in pairs."""

_PARTS = re.compile(
    r"</?(?:abstracttext|br|div|h[1-6]|jats:(?:p|sec|title)|li|ol|p|sec|title|ul)\b"
)
"""Tags between which words do not belong together."""

_LABEL = re.compile(
    r"<AbstractText\b[^<>]*\bLabel\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]*>", re.IGNORECASE
)


def plain(text: str) -> str:
    r"""Return text without HTML: entities are decoded once, then known tags are taken away.

    Whatever is not certainly HTML stays: ``p < 0.05``, ``<11::AID-ABC12>``, ``AT&T;``. Letters
    that were saved as UTF-8 twice over, and LaTeX that cannot be anything else, are read too.

    Examples
    --------
    >>> plain("B&ouml;hmer &amp; Vale: CO<inf>2</inf> at &#37; of <i>all</i>")
    'Böhmer & Vale: CO2 at % of all'
    >>> plain('<AbstractText Label="AIM">To walk.</AbstractText><AbstractText>p < 0.05')
    'AIM: To walk. p < 0.05'
    >>> plain(r"Schr{\"o}dinger, $\alpha$ and \textit{more}"), plain("GrÃ¶ÃŸe â€“ mehr")
    ('Schrödinger, α and more', 'Größe – mehr')
    """
    if not text.isascii():
        text = mended(text)
    if "\\" in text and _LATEX.search(text):
        text = latex.to_text(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "<" not in text:
        return text
    text = _LABEL.sub(r" \1: ", text)
    lowered = text.lower()
    bare = _TAG.sub(
        lambda tag: (
            tag[0]
            if (name := _name(tag[0])) in _SHORT
            and not (re.search(rf"<{name}[\s>]", lowered) and f"</{name}" in lowered)
            else " " if _PARTS.match(tag[0].lower())
            else ""
        ),
        text,
    )  # fmt: skip
    return text if bare == text else re.sub(r" {2,}", " ", bare).strip()


_LATEX = re.compile(
    r"""\{\\["'`^~=.]\s*(?:[A-Za-z]|\{\\?[A-Za-z]\})\}|\\["'`^~=.]\{\\?[A-Za-z]\}|"""
    r"""\\[uHvcdkrb]\{[A-Za-z]\}|\{\\[uHvcdkrb]\s*\{?[A-Za-z]\}?\}|"""
    r"""\{\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)\}|"""
    r"""\\(?:text(?:it|bf|sc|rm|sf|tt|superscript|subscript)|emph|ensuremath|math(?:rm|bf|it|cal))\{|"""
    r"""\$\\[A-Za-z]+[^$]*\$"""
)
"""LaTeX that is nothing else, in files that are not BibTeX."""

_LEADS = "ÂÃÄÅÎÏÐÑØÙ×â"
_HIGH = re.compile(r"[^\x00-\x7f]+")


def mended(text: str) -> str:
    r"""Return text of which the letters were saved as UTF-8 twice over as it was before.

    All letters outside ASCII must prove to be such, or else nothing is changed.

    Examples
    --------
    >>> mended("GrÃ¶ÃŸe â€“ â€œmehrâ€\x9d"), mended("MENÜ– und É»"), mended("Ã la carte")
    ('Größe – “mehr”', 'MENÜ– und É»', 'Ã la carte')
    """
    runs = _HIGH.findall(text)
    if not runs or not all(run[0] in _LEADS for run in runs):
        return text
    told: dict[str, str] = {}
    for run in runs:
        try:
            told[run] = _as_bytes(run).decode("utf-8")
        except UnicodeError:
            if run != "Ã":
                return text
    if not told:
        return text
    # The second half of an "à" is a blank that does not break a line; often it has become a usual
    # one, and only the others in a text show what is left.
    return _HIGH.sub(lambda run: told.get(run[0], "à"), text)


def _as_bytes(run: str) -> bytes:
    """Return the bytes of which Windows-1252, or Latin-1, made these characters."""
    # It has no character for the last byte of a closing quotation mark, which is often lost.
    whole = re.sub("â€(?=$|\ufffd)\ufffd?", "â€\x9d", run)
    return b"".join(
        one.encode("latin-1") if ord(one) < 0x100 else one.encode("cp1252") for one in whole
    )


def escaped(text: str) -> str:
    """Return text that `plain` gives back, for writing what looks like an entity or LaTeX.

    Examples
    --------
    >>> escaped("care & cure"), escaped("the entity &lt; itself")
    ('care & cure', 'the entity &amp;lt; itself')
    """
    if "&" in text:
        text = _ENTITY.sub(lambda entity: f"&amp;{entity[0][1:]}", text)
    return text.replace("\\", "&#92;") if "\\" in text and _LATEX.search(text) else text


def _name(tag: str) -> str:
    """Return the name of a tag in small letters."""
    matched = re.match(r"</?([\w:-]+)", tag)
    return matched[1].lower() if matched else ""


def _character(entity: re.Match[str]) -> str:
    name = entity[1]
    if name[0] != "#":
        return html5.get(f"{name};", entity[0])
    code = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    # What no text may contain, such as NUL or half of a surrogate pair, stays as it is written.
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else entity[0]
