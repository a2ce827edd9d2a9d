"""What people said about boxes and arrows, with differing views side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from arrowroot.display import Bold, Cell, Shown
from arrowroot.sheets import fitting
from arrowroot.text import counted, one_line
from logicmodels.frames import Tabular
from logicmodels.locks import lock, opens
from logicmodels.model import Model
from logicmodels.questions.describe import in_words
from logicmodels.questions.part_names import Part, by_name
from logicmodels.records import UNWANTED, Comment

VIEWS = {
    "yes": "agree",
    "partly": "agree in part",
    "no": "disagree",
    "unsure": "unsure",
    "": "did not say",
}
"""Answers to whether the reader agrees, and their headings in a table."""
COLUMNS = ("part", "says", "about", *(field.name for field in fields(Comment)))
"""Of the table of comments."""


def as_shown(model: Model, part: Part) -> str:
    """Return a box or arrow in the words of a comment sheet."""
    return fitting(in_words(model, part))


def shown(part_name: str, words: str) -> str:
    """Return the lock of what a comment sheet shows for a box or arrow.

    Examples
    --------
    >>> shown("a1", "Activities: Home visits") == shown("a1", "Activities: Visits")
    False
    """
    return lock([part_name, words])


def is_shown(version: str, part_name: str, words: str) -> bool:
    """Return whether the version on a comment sheet is that of a box or arrow in these words.

    Sheets used to leave out that an effect is unwanted.
    """
    return any(
        opens(version, [part_name, said], repr((part_name, said)))
        for said in (words, words.replace(UNWANTED, ""))
    )


@dataclass(frozen=True)
class Said:
    """What was said of one box or arrow.

    Attributes
    ----------
    part : str
        Its name: an id, or ``id -> id``.
    words : str
        What it says now.
    comments : tuple of Comment
        In the order in which they were read.
    """

    part: str
    words: str
    comments: tuple[Comment, ...]

    @property
    def views_differ(self) -> bool:
        """Whether some agree and others do not, or only in part."""
        return len({comment.agree for comment in self.comments} & {"yes", "partly", "no"}) > 1

    def about(self, comment: Comment) -> str:
        """Return which version a comment is about, according to its sheet."""
        if not comment.shown:
            return "version not stated"
        now = is_shown(comment.shown, self.part, self.words)
        return "this version" if now else "an earlier version"


@dataclass(frozen=True, eq=False, repr=False)
class Comments(Tabular, Shown):
    """What people said about a model, by box and arrow.

    Attributes
    ----------
    title : str
        The model's.
    said : tuple of Said
        Boxes, then arrows, that have comments.
    """

    title: str
    said: tuple[Said, ...]

    def __len__(self) -> int:
        """Return how many comments there are."""
        return sum(len(entry.comments) for entry in self.said)

    @property
    def differing(self) -> tuple[str, ...]:
        """Names of the boxes and arrows on which views differ."""
        return tuple(entry.part for entry in self.said if entry.views_differ)

    def to_records(self) -> list[dict[str, str]]:
        """Return the comments as rows."""
        return [
            {"part": entry.part, "says": entry.words, "about": entry.about(comment)} | vars(comment)
            for entry in self.said
            for comment in entry.comments
        ]

    @property
    def _columns(self) -> Sequence[str]:
        return COLUMNS

    def __str__(self) -> str:
        """Return the comments as text, those on one box or arrow together."""
        lines = [self._title()]
        for entry in self.said:
            differ = " (views differ)" if entry.views_differ else ""
            lines.append(f"  {entry.part}{differ}: {entry.words}")
            lines += [
                f"    {VIEWS[comment.agree]}: {_words(entry, comment)}"
                for comment in entry.comments
            ]
        return "\n".join(lines)

    def _title(self) -> str:
        comments, parts = counted(len(self), "comment"), len(self.said)
        on = f" on {counted(parts, 'box or arrow', 'boxes or arrows')}"
        differ = f"; views differ on {len(self.differing)}" if self.differing else ""
        return f"{self.title}: {comments}{on if parts else ''}{differ}"

    def _views(self) -> list[str]:
        given = {comment.agree for entry in self.said for comment in entry.comments}
        return [view for view in VIEWS if view in given]

    def _headings(self) -> Sequence[str]:
        return "box or arrow", *(VIEWS[view] for view in self._views())

    def _rows(self) -> Sequence[Sequence[Cell]]:
        return [_row(entry, self._views()) for entry in self.said]


def _row(entry: Said, views: Sequence[str]) -> list[Cell]:
    differ = Bold(" Views differ." if entry.views_differ else "")
    told: list[Cell] = [
        [_words(entry, comment) for comment in entry.comments if comment.agree == view]
        for view in views
    ]
    return [[(entry.words, differ)], *told]


def _words(entry: Said, comment: Comment) -> str:
    """Return a comment in words: who, when, what, the suggestion, and the answer."""
    who = ", ".join(filter(None, (comment.by, comment.role, comment.date)))
    about = entry.about(comment)
    parts = (
        comment.text,
        f"Suggests: {comment.suggestion}" if comment.suggestion else "",
        f"[on {about}]" if about == "an earlier version" else "",
        f"[{about}]" if about == "version not stated" else "",
        f"Answer: {comment.answer}" if comment.answer else "",
    )
    return one_line(f"{who}: {' '.join(filter(None, parts))}".rstrip(": "))


def comments(model: Model) -> Comments:
    """Return what people said about a model; see `LogicModel.comments`."""
    return Comments(
        one_line(model.title),
        tuple(
            Said(name, as_shown(model, part), part.comments)
            for name, part in by_name(model).items()
            if part.comments
        ),
    )
