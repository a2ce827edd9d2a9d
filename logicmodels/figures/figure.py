"""A drawn figure, which is displayed in a notebook and can be saved to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from arrowroot.errors import OptionError
from arrowroot.files import as_path, write_bytes, write_text
from arrowroot.lab.pictures import Picture, Pictured, file_name
from logicmodels.figures.dot import to_dot
from logicmodels.figures.render import FORMATS, render
from logicmodels.figures.scene.scene import Scene
from logicmodels.figures.spots import spots_in, width_of
from logicmodels.figures.svg import readable

_WRITTEN = (*FORMATS, "dot", "pptx", "drawio")


class Figure(Pictured):
    """A figure, decided once and written in every format with the same geometry.

    Parameters
    ----------
    scene : Scene
        What to draw, everything in its place.
    exports : mapping of str to callable, optional
        Formats that `save` can write in addition: functions that give a file's content, by file
        ending.
    notes : callable, optional
        Gives the speaker's notes of a slide; by default there are none.

    Attributes
    ----------
    scene : Scene
        As given.
    title, description : str
        What a screen reader says about it.
    dot : str
        The figure as DOT text, everything in its place.
    svg : str
        With selectable text in the bundled font, a title, a description, and a sentence for
        every box and arrow that has one.
    png, pdf : bytes
        For documents; PNG at 200 dots per inch.
    pptx : bytes
        A PowerPoint slide of boxes and arrows that can be edited.
    drawio : str
        A draw.io diagram that can be edited.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        exports: Mapping[str, Callable[[], str | bytes]] | None = None,
        notes: Callable[[], str] | None = None,
    ) -> None:
        self.scene = scene
        self.title = scene.title
        self.description = scene.words
        self._exports = exports or {}
        self._notes = notes or str

    @cached_property
    def dot(self) -> str:
        """The figure as DOT text."""
        return to_dot(self.scene)

    @cached_property
    def svg(self) -> str:
        """The figure as SVG."""
        drawn = render(self.dot, "svg").decode("utf-8")
        said = self.scene.said
        return readable(
            drawn,
            title=self.title,
            description=self.description,
            said=lambda name: said.get(name, ""),
        )

    @cached_property
    def png(self) -> bytes:
        """The figure as PNG."""
        return render(self.dot, "png")

    @cached_property
    def pdf(self) -> bytes:
        """The figure as PDF, its font embedded."""
        return render(self.dot, "pdf")

    @property
    def pptx(self) -> bytes:
        """The figure as a PowerPoint slide."""
        from logicmodels.export.pptx import slides

        return slides([self.scene], [self._notes()])

    @property
    def notes(self) -> str:
        """The speaker's notes of its slide."""
        return self._notes()

    @property
    def drawio(self) -> str:
        """The figure as a draw.io diagram."""
        from logicmodels.export.drawio import diagram

        return diagram(self.scene)

    def save(self, path: str | Path) -> Path:
        """Write the figure to a file, in the format given by the ending of its name.

        Parameters
        ----------
        path : path
            Ends in ``.svg``, ``.png``, ``.pdf``, ``.dot``, ``.pptx`` or ``.drawio``, for a logic
            model also in ``.mmd`` or ``.graphml``, and for a comparison in ``.xlsx``; its folder
            must exist.

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
        *others, last = (f".{known}" for known in (*_WRITTEN, *self._exports))
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
