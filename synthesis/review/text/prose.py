"""Prose in Markdown, with values of the review in it: ``{{ care.pain.short.estimate }}``."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from html import escape
from typing import Any

from arrowroot.errors import ArrowrootError
from arrowroot.files import read_bytes, read_text
from synthesis.review.findings import Finding, of_error
from synthesis.review.inputs.folder import Folder
from synthesis.review.text.levels import check_levels
from synthesis.review.text.values import MOST_DIGITS, Value, Values
from synthesis.review.text.written import LIVE, Prose, without_code

__all__ = ["Prose", "check_pictures", "check_values", "read_prose", "to_html", "values_in"]

_NAMED = re.compile(r"\s*(?P<name>[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+)\s*(:\s*(?P<digits>\d+)\s*)?")
_PICTURES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_LARGEST = 5_000_000


def read_prose(folder: Folder) -> tuple[list[Prose], list[Finding]]:
    """Return the files of prose, and what could not be read."""
    read, findings = [], []
    for path in folder.texts():
        try:
            read.append(Prose(path.stem, folder.name(path), read_text(path)))
        except ArrowrootError as error:
            findings += of_error(error, folder.name(path), "text")
    return read, findings


def values_in(text: str) -> list[tuple[int, str, str | None, int | None]]:
    """Return the values in a text: where each begins, as written, its name, its decimals.

    The name is None where what stands between the braces is not a dotted name with a format.

    Examples
    --------
    >>> values_in("SMD {{ a.b.estimate:3 }} and {{ 1 + 1 }}")
    [(4, '{{ a.b.estimate:3 }}', 'a.b.estimate', 3), (29, '{{ 1 + 1 }}', None, None)]
    """
    found: list[tuple[int, str, str | None, int | None]] = []
    for live in LIVE.finditer(without_code(text)):
        named = _NAMED.fullmatch(live["inside"])
        if named is None or int(named["digits"] or 0) > MOST_DIGITS:
            found.append((live.start(), live[0], None, None))
        else:
            digits = None if named["digits"] is None else int(named["digits"])
            found.append((live.start(), live[0], named["name"], digits))
    return found


def check_values(prose: Prose, values: Values) -> list[Finding]:
    """Return what is wrong with the values in a text, levels of certainty that are typed too."""
    findings = check_levels(prose, values.rated)
    for start, written, name, _ in values_in(prose.text):
        line = prose.text.count("\n", 0, start) + 1
        if name is None:
            findings.append(
                Finding(
                    "error",
                    "value-form",
                    prose.file,
                    line,
                    f"{' '.join(written.split())} is not the name of a value.",
                    "Between the braces belongs a dotted name and, after a colon, how many "
                    "decimals: {{ comparison.outcome.window.estimate:2 }}. It cannot calculate.",
                )
            )
        elif name not in values:
            findings.append(Finding("error", "value", prose.file, line, values.missing(name)))
    plain = without_code(prose.text)
    for stray in re.finditer(r"\{\{|\}\}", LIVE.sub(lambda one: " " * len(one[0]), plain)):
        line = prose.text.count("\n", 0, stray.start()) + 1
        message = f"{stray[0]} stands alone."
        todo = "A value is written between two pairs of braces, as {{ review.title }}."
        findings.append(Finding("error", "value-form", prose.file, line, message, todo))
    return findings


def check_pictures(prose: Prose, folder: Folder) -> list[Finding]:
    """Return the pictures that a page cannot show."""
    findings = []
    for found in re.finditer(r"!\[[^\]]*\]\(([^)\s]+)", without_code(prose.text)):
        try:
            _picture(found[1], folder)
        except ValueError as error:
            line = prose.text.count("\n", 0, found.start()) + 1
            findings.append(Finding("error", "picture", prose.file, line, f"{found[1]}: {error}."))
    return findings


def _picture(address: str, folder: Folder) -> str:
    """Return a picture as a ``data:`` address, or raise ValueError with the reason."""
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//", address):
        raise ValueError(
            "pages fetch nothing, so that they can be read offline; save the picture in text/"
        )
    path = folder.path / "text" / address
    if path.suffix.lower() not in _PICTURES:
        raise ValueError("a picture must be a .png or .jpg file")
    if not folder.inside(path):
        raise ValueError("a picture must be in the folder of the review")
    if not path.is_file():
        raise ValueError("there is no such file in text/")
    try:
        held = read_bytes(path, largest=_LARGEST)
    except ArrowrootError as error:
        raise ValueError(str(error).rstrip(".")) from None
    kind = _PICTURES[path.suffix.lower()]
    return f"data:{kind};base64,{base64.b64encode(held).decode()}"


def to_html(
    text: str,
    values: Values,
    folder: Folder,
    link: Callable[[Value, str, int | None], str],
    *,
    deeper: int = 2,
) -> str:
    """Return prose as HTML in which nothing but Markdown's own elements can stand.

    Parameters
    ----------
    text : str
        Markdown; HTML in it is shown as it is typed.
    values : Values
        What stands between braces.
    folder : Folder
        Pictures are taken from its text.
    link : callable
        Returns a value as HTML, from the value, its name and the decimals asked for.
    deeper : int
        By how much the headings are set below those of the page.
    """
    import mistune

    class Renderer(mistune.HTMLRenderer):
        def heading(self, text: str, level: int, **_: Any) -> str:
            at = min(level + deeper - 1, 6)
            return f"<h{at}>{text}</h{at}>\n"

        def image(self, text: str, url: str, title: str | None = None) -> str:
            del title  # a picture is described by its text
            try:
                return f'<img src="{_picture(url, folder)}" alt="{escape(text)}">'
            except ValueError as error:
                return f'<em class="missing">{escape(url)}: {escape(str(error))}</em>'

        def value(self, text: str) -> str:
            ((_, written, name, digits),) = values_in(text) or [(0, text, None, None)]
            if name is None or name not in values:
                return f'<mark class="missing">{escape(written)}</mark>'
            one = values[name]
            return link(one, name, digits)

    def parse(_: Any, found: re.Match[str], state: Any) -> int:
        state.append_token({"type": "value", "raw": found[0]})
        return found.end()

    renderer = Renderer(escape=True)
    markdown = mistune.Markdown(renderer=renderer)
    for plugin in ("table", "footnotes", "superscript", "subscript"):
        _plugin(plugin)(markdown)
    markdown.inline.register("value", r"\{\{[^{}]*\}\}", parse, before="link")
    return str(markdown(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)))


def _plugin(name: str) -> Any:
    from mistune.plugins import import_plugin

    return import_plugin(name)
