"""What a board offers for an item, and what somebody chose."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen.

    Attributes
    ----------
    id, label : str
        What is stored in the file, and what people read.
    key : str
        The key that chooses it; without one the board numbers the visible choices.
    depth : int
        How far it is indented: the number of choices above it in the hierarchy.
    about : tuple of (str, str)
        What it means: headings and texts, shown while it has the focus.
    """

    id: str
    label: str
    key: str = ""
    depth: int = 0
    about: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """Choices that answer one question.

    Attributes
    ----------
    id, label : str
        What is stored in the file, and what people read.
    choices : tuple of Choice
        In the order in which to show them.
    several : bool
        Whether an item may have more than one of them.
    version : str
        Version of the codebook they come from.
    """

    id: str
    label: str
    choices: tuple[Choice, ...]
    several: bool = False
    version: str = ""


@dataclass(frozen=True)
class Mark:
    """One choice: in which group, what, when, and by which version of the codebook."""

    group: str
    choice: str
    time: str
    version: str = ""


@dataclass(frozen=True)
class Answer:
    """What was decided about one item.

    Attributes
    ----------
    marks : tuple of Mark
        The choices, in the order they were made.
    confidence : str
        How sure: ``1``, ``2`` or ``3``, where 3 is the most certain; empty if not given.
    note : str
        Free text.
    time : str
        When it was last changed, in ISO 8601.
    labels : tuple of str
        Words under which it can be found again.
    order : str
        In which order the items were shown when it was decided, where that may change.
    """

    marks: tuple[Mark, ...] = ()
    confidence: str = ""
    note: str = ""
    time: str = ""
    labels: tuple[str, ...] = ()
    order: str = ""

    def chosen(self, group: str) -> list[str]:
        """Return the ids of what was chosen in a group."""
        return [mark.choice for mark in self.marks if mark.group == group]

    def with_choice(self, group: Group, choice: str, time: str) -> Answer:
        """Return the answer with a choice added, replacing the other if only one is allowed."""
        kept = [
            mark
            for mark in self.marks
            if mark.group != group.id or (group.several and mark.choice != choice)
        ]
        mark = Mark(group.id, choice, time, group.version)
        return replace(self, marks=(*kept, mark), time=time)

    def without_choice(self, group: Group, choice: str, time: str) -> Answer:
        """Return the answer with a choice removed."""
        kept = tuple(mark for mark in self.marks if (mark.group, mark.choice) != (group.id, choice))
        return replace(self, marks=kept, time=time)

    @property
    def empty(self) -> bool:
        """Whether the answer is empty."""
        return not (self.marks or self.confidence or self.note or self.labels)
