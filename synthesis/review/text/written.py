"""Prose as it is written: a file of Markdown, its values and its code."""

from __future__ import annotations

import re
from dataclasses import dataclass

LIVE = re.compile(r"\{\{(?P<inside>.*?)\}\}", re.DOTALL)
"""A value in prose, well formed or not."""
_CODE = re.compile(r"^(```|~~~).*?^\1[^\n]*$|`[^`\n]+`|<!--.*?-->", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Prose:
    """One file of prose.

    Attributes
    ----------
    name : str
        The file's name without its ending, by which pages place it.
    file : str
        Its path within the review.
    text : str
        As written.
    """

    name: str
    file: str
    text: str

    @property
    def title(self) -> str:
        """Its own first heading, or its name in words."""
        found = re.match(r"\s*#\s+(.+?)\s*#*\s*$", self.text, re.MULTILINE)
        if found:
            return found[1]
        return re.sub(r"^\d+[-_ ]*", "", self.name).replace("_", " ").replace("-", " ").capitalize()

    @property
    def body(self) -> str:
        """The text without its first heading, which the page shows as the section's."""
        return re.sub(r"\A\s*#\s+[^\n]+\n?", "", self.text)

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written anything yet: comments and headings alone."""
        text = re.sub(r"<!--.*?-->", "", self.text, flags=re.DOTALL)
        return not re.sub(r"^#[^\n]*$", "", text, flags=re.MULTILINE).strip()


def without_code(text: str) -> str:
    """Return a text in which code and comments are blanked, each line staying where it is."""
    return _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
