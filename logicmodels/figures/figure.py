"""A drawn figure, which is displayed in a notebook and can be saved to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from arrowroot.errors import OptionError
from arrowroot.files import as_path, write_bytes, write_text
from arrowroot.lab.pictures import Picture, Pictured, file_name
from logicmodels.figures.render import FORMATS, render
from logicmodels.figures.spots import spots_in, width_of
from logicmodels.figures.svg import readable


class Figure(Pictured):
    """A figure that Graphviz draws from DOT text.

    Parameters
    ----------
    dot : str
        What to draw, everything in its place.
    title, description : str
        What a screen reader says about it.
    said : callable, optional
        Gives the words for a box or arrow from its name in the DOT text; by default none has any.
    exports : mapping of str to callable, optional
        Other formats that `save` can write: functions that give a file's content, by file ending.

    Attributes
    ----------
    dot, title, description : str
        As given.
    svg : str
        With selectable text in the bundled font, a title, a description, and a sentence for
        every box and arrow that has one.
    png, pdf : bytes
        For documents; PNG at 200 dots per inch.
    """

    def __init__(
        self,
        dot: str,
        *,
        title: str,
        description: str,
        said: Callable[[str], str] | None = None,
        exports: Mapping[str, Callable[[], str | bytes]] | None = None,
    ) -> None:
        self.dot = dot
        self.title = title
        self.description = description
        self._said = said or (lambda _: "")
        self._exports = exports or {}

    @cached_property
    def svg(self) -> str:
        """The figure as SVG."""
        drawn = render(self.dot, "svg").decode("utf-8")
        return readable(drawn, title=self.title, description=self.description, said=self._said)

    @cached_property
    def png(self) -> bytes:
        """The figure as PNG."""
        return render(self.dot, "png")

    @cached_property
    def pdf(self) -> bytes:
        """The figure as PDF, its font embedded."""
        return render(self.dot, "pdf")

    def save(self, path: str | Path) -> Path:
        """Write the figure to a file, in the format given by the ending of its name.

        Parameters
        ----------
        path : path
            Ends in ``.svg``, ``.png``, ``.pdf`` or ``.dot``, for a logic model also in
            ``.pptx``, ``.drawio``, ``.mmd`` or ``.graphml``, and for a comparison in ``.xlsx``;
            its folder must exist.

        Returns
        -------
        Path
            The file written. If writing is interrupted, an existing file is left as it was.

        Raises
        ------
        OptionError
            If the name has another ending.
        FileError
            If the file cannot be written there.
        """
        target = as_path(path)
        kind = target.suffix.lower().removeprefix(".")
        *others, last = (f".{known}" for known in (*FORMATS, "dot", *self._exports))
        if f".{kind}" not in (*others, last):
            raise OptionError(
                f"save: the name must end in {', '.join(others)} or {last}; got {target.name!r}."
            )
        content = self._exports[kind]() if kind in self._exports else getattr(self, kind)
        if isinstance(content, str):
            return write_text(content, target)
        return write_bytes(content, target)

    def _picture(self) -> Picture:
        return Picture(
            description=repr(self),
            width=width_of(self.svg),
            files={"svg": self.svg.encode(), "png": self.png, "pdf": self.pdf},
            name=file_name(self.title),
            spots=spots_in(self.svg),
        )

    def __repr__(self) -> str:
        """Return what is drawn, in words."""
        return f"{self.title}. {self.description}"
