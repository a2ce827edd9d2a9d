"""A figure of several pages, which shows itself in a notebook and is saved as one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from arrowroot.errors import OptionError
from arrowroot.files import as_path, write_bytes, write_text
from arrowroot.lab.names import Named
from arrowroot.lab.pictures import Pictures
from arrowroot.text import counted
from logicmodels.figures.figure import Figure

_WRITTEN = ("pdf", "pptx", "docx", "drawio")


class Pages(Named):
    """A figure that does not fit one page: an overview, and its parts on pages of their own.

    Parameters
    ----------
    pages : sequence of Figure
        One for each page.
    title : str
        What the whole is called.
    exports : mapping of str to callable
        Formats that `save` can write in addition, by file ending.
    remarks : sequence of str
        What is to be said of how it fits its pages.

    Attributes
    ----------
    pages : tuple of Figure
        As given; ``figure[0]`` is the first.
    title : str
        As given.
    remarks : tuple of str
        As given.
    pdf, pptx : bytes
        All pages in one file: PDF, and PowerPoint slides that can be edited.
    drawio : str
        All pages in one draw.io file.
    """

    def __init__(
        self,
        pages: Sequence[Figure],
        *,
        title: str,
        exports: Mapping[str, Callable[[], str | bytes]],
        remarks: Sequence[str] = (),
    ) -> None:
        self.pages = tuple(pages)
        self.title = title
        self.remarks = tuple(remarks)
        self._exports = exports

    def __len__(self) -> int:
        """Return how many pages there are."""
        return len(self.pages)

    def __iter__(self) -> Iterator[Figure]:
        """Go through the pages."""
        return iter(self.pages)

    def __getitem__(self, number: int) -> Figure:
        """Return a page; the first is 0."""
        return self.pages[number]

    @cached_property
    def pdf(self) -> bytes:
        """All pages as one PDF."""
        from logicmodels.figures.pages.joined import joined

        return joined([page.pdf for page in self.pages], title=self.title)

    @property
    def pptx(self) -> bytes:
        """All pages as PowerPoint slides."""
        from logicmodels.export.pptx import slides

        return slides([page.scene for page in self.pages], [page.notes for page in self.pages])

    @property
    def drawio(self) -> str:
        """All pages as one draw.io file."""
        from logicmodels.export.drawio import diagrams

        return diagrams([page.scene for page in self.pages])

    def save(self, path: str | Path) -> Path:
        """Write all pages to one file, in the format given by the ending of its name.

        Parameters
        ----------
        path : path
            Ends in ``.pdf``, ``.pptx``, ``.docx`` or ``.drawio``; for the whole model without
            pages also in ``.mmd`` or ``.graphml``.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        OptionError
            If the name has another ending: a picture holds one page, so save single ones with
            ``figure[0].save(path)``.
        FileError
            If the file cannot be written there.
        """
        target = as_path(path)
        kind = target.suffix.lower().removeprefix(".")
        known = [*dict.fromkeys((*_WRITTEN, *self._exports))]
        if kind not in known:
            endings = ", ".join(f".{one}" for one in known[:-1])
            raise OptionError(
                f"save: this figure has {len(self)} pages, and a file that ends in "
                f"{target.suffix or 'nothing'} holds one. End the name in {endings} or "
                f".{known[-1]}, or save one page: figure[0].save({target.name!r})."
            )
        content = self._exports[kind]() if kind in self._exports else getattr(self, kind)
        if isinstance(content, str):
            return write_text(content, target)
        return write_bytes(content, target)

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        return Pictures(self.pages)._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        """Return what is drawn, in words."""
        return f"{self.title}: {counted(len(self), 'page')}"
