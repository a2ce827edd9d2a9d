"""The records of a logic model. They hold what the specification says, and nothing drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logicmodels.figure import Figure
    from logicmodels.profiles.profile import Profile


@dataclass(frozen=True)
class Node:
    """A box: something done, changed or given.

    Attributes
    ----------
    id : str
        The name that links use.
    label : str
        What the box says.
    items : tuple of str
        A list beneath the label.
    column : str
        The column it stands in, by its id in the profile.
    who : str
        Whom it concerns.
    note : str
        What the figure does not show.
    """

    id: str
    label: str
    column: str
    items: tuple[str, ...] = ()
    who: str = ""
    note: str = ""

    @property
    def sentence(self) -> str:
        """The box in words: its label, and its items after a colon."""
        label = " ".join(self.label.split())
        return f"{label}: {', '.join(self.items)}" if self.items else label


@dataclass(frozen=True)
class Assumption:
    """What has to hold for a link to work."""

    text: str
    owner: str = ""
    status: str = ""


@dataclass(frozen=True)
class Link:
    """An arrow from a cause to an effect.

    Attributes
    ----------
    source, target : str
        Ids of nodes.
    because : str
        Why the one should lead to the other.
    mechanism : str
        By which process in people or organisations.
    assumptions : tuple of Assumption
        What has to hold.
    feedback : bool
        Whether the arrow runs back against the flow of the columns.
    """

    source: str
    target: str
    because: str = ""
    mechanism: str = ""
    assumptions: tuple[Assumption, ...] = ()
    feedback: bool = False


@dataclass(frozen=True)
class LogicModel:
    """A theory of how something works, as boxes in columns joined by arrows.

    Read it from a file with `LogicModel.read`.

    Attributes
    ----------
    title, description : str
        Both are read out with the figure.
    version, date, source : str
        Printed beneath the figure.
    profile : Profile
        The columns and their vocabulary.
    nodes : tuple of Node
        In the author's order, which the figure keeps within a column.
    links : tuple of Link
        In the author's order.
    headings : mapping of str to str
        Headings that replace the profile's, by column id.
    """

    title: str
    profile: Profile
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    description: str = ""
    version: str = ""
    date: str = ""
    source: str = ""
    headings: Mapping[str, str] | None = None

    @classmethod
    def read(cls, path: str | Path) -> LogicModel:
        """Read a logic model from a YAML file.

        Parameters
        ----------
        path : path
            The specification.

        Returns
        -------
        LogicModel

        Raises
        ------
        SpecError
            With every problem found: file, line, column, rule, and what would be right.
        """
        from logicmodels.spec import read

        return read(Path(path))

    @classmethod
    def from_text(cls, text: str, *, name: str = "specification") -> LogicModel:
        """Read a logic model from YAML text; `name` stands for the file in messages."""
        from logicmodels.spec import parse

        return parse(text, name)

    def node(self, name: str) -> Node:
        """Return the node of that id."""
        return {node.id: node for node in self.nodes}[name]

    def column(self, name: str) -> tuple[Node, ...]:
        """Return the nodes of a column, in the author's order."""
        return tuple(node for node in self.nodes if node.column == name)

    def heading(self, column: str) -> str:
        """Return the heading of a column: the model's own, or else the profile's."""
        own = (self.headings or {}).get(column)
        return own or self.profile.column(column).heading

    def runs_forward(self, link: Link) -> bool:
        """Return whether a link leads to a later column than it comes from."""
        order = [column.id for column in self.profile.columns]
        source, target = (self.node(end).column for end in (link.source, link.target))
        return order.index(source) < order.index(target)

    def sentence(self, link: Link) -> str:
        """Return a link as a sentence for readers and screen readers."""
        verb = "feeds back to" if link.feedback else "leads to"
        reason = f", because {link.because.rstrip('.')}" if link.because else ""
        return f"{self.node(link.source).label} {verb} {self.node(link.target).label}{reason}."

    def draw(self, *, theme: str = "screen", title: bool = True) -> Figure:
        """Draw the model.

        Parameters
        ----------
        theme : {"screen", "print", "contrast"}
            Colours for screens, greys for print, or black lines on white.
        title : bool
            Whether the title stands above the columns.

        Returns
        -------
        Figure
            Shows itself in a notebook; ``.svg .png .pdf .dot`` and ``.save(path)``.
        """
        from logicmodels.figure import Figure

        return Figure(self, theme, title=title)

    def __str__(self) -> str:
        """Return the model in one line."""
        return f"{self.title}: {len(self.nodes)} boxes, {len(self.links)} arrows"

    def __repr__(self) -> str:
        """Return the model in one line."""
        return f"<LogicModel {self}>"
