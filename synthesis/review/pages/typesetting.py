"""How values, numbers and days are set in a page, and how a template becomes one."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from arrowroot.display import MINUS
from arrowroot.text import capitalised
from synthesis.review.text.values import Value

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def render(template: str, **values: object) -> str:
    """Return a page made from a template."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("synthesis.review.pages"), PackageLoader("synthesis.report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    report = files("synthesis.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    own = files("synthesis.review.pages").joinpath("templates/review.css")
    style = f"{report}\n{own.read_text(encoding='utf-8')}"
    environment.filters["typeset"] = typeset
    environment.filters["day"] = day
    environment.filters["capitalised"] = capitalised
    environment.globals["style"] = Markup(style)  # noqa: S704  (our own files)
    return environment


def linked(one: Value, name: str, digits: int | None = None, *, bare: bool = False) -> Markup:
    """Return a value as a link to where it is explained."""
    kind = "value words" if one.kind == "text" else "value"
    attributes = f'class="{kind}" data-value="{escape(name)}"'
    attributes += f' data-digits="{digits}"' if digits is not None else ""
    attributes += " data-bare" if bare else ""
    shown = escape(typeset(one.text(digits, bare=bare)))
    if not one.page:
        return Markup(f"<span {attributes}>{shown}</span>")  # noqa: S704  (escaped)
    return Markup(f'<a {attributes} href="{escape(one.page)}">{shown}</a>')  # noqa: S704


def typeset(text: str) -> str:
    """Return a text in which a hyphen before a number is a minus sign.

    Examples
    --------
    >>> typeset("-0.02 to 0.42 [-1, 2], on 2026-11-02")
    '−0.02 to 0.42 [−1, 2], on 2026-11-02'
    """
    return re.sub(r"(?<![\w.)\]])-(?=\d|\.\d|\u221e)", MINUS, text)


def day(text: str) -> str:
    """Return a day in words, ``"2 November 2026"``.

    Examples
    --------
    >>> day("2026-11-02")
    '2 November 2026'
    """
    found = date.fromisoformat(text)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
