"""A drawn logic model: it shows itself in a notebook and saves itself to a file."""

from __future__ import annotations

import tempfile
from functools import cached_property
from pathlib import Path

from logicmodels.dot import to_dot
from logicmodels.errors import OptionError
from logicmodels.model import LogicModel
from logicmodels.overlays import NOTHING, Overlay
from logicmodels.render import FORMATS, render
from logicmodels.style import theme_named
from logicmodels.svg import readable


class Figure:
    """A figure of a logic model.

    Attributes
    ----------
    dot : str
        The figure as DOT text.
    svg : str
        With selectable text in the bundled font, a title, a description, and a sentence for
        every box and arrow.
    png, pdf : bytes
        For documents; PNG at 200 dots an inch.
    """

    def __init__(
        self,
        model: LogicModel,
        theme: str = "screen",
        *,
        title: bool = True,
        overlay: Overlay = NOTHING,
    ) -> None:
        theme_named(theme)
        self.model = model
        self.theme = theme
        self.title = title
        self.overlay = overlay

    @cached_property
    def dot(self) -> str:
        """The figure as DOT text."""
        return to_dot(self.model, self.theme, title=self.title, overlay=self.overlay)

    @cached_property
    def svg(self) -> str:
        """The figure as SVG."""
        return readable(render(self.dot, "svg").decode("utf-8"), self.model)

    @cached_property
    def png(self) -> bytes:
        """The figure as PNG."""
        return render(self.dot, "png")

    @cached_property
    def pdf(self) -> bytes:
        """The figure as PDF, its font embedded."""
        return render(self.dot, "pdf")

    def save(self, path: str | Path) -> Path:
        """Write the figure to a file, in the format that the name ends in.

        Parameters
        ----------
        path : path
            Ends in ``.svg``, ``.png``, ``.pdf`` or ``.dot``; its folder must exist.

        Returns
        -------
        Path
            The file written. An interrupted write leaves the old file as it was.

        Raises
        ------
        OptionError
            If the name ends in anything else.
        """
        target = Path(path)
        kind = target.suffix.lower().removeprefix(".")
        if kind not in (*FORMATS, "dot"):
            raise OptionError(
                f"save: the name must end in .svg, .png, .pdf or .dot; got {target.name!r}."
            )
        content = getattr(self, kind)
        data = content.encode("utf-8") if isinstance(content, str) else content
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
            written.write(data)
        try:
            Path(written.name).chmod(0o644)
            return Path(written.name).replace(target)
        finally:
            Path(written.name).unlink(missing_ok=True)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": str(self.model)}

    def __repr__(self) -> str:
        """Return what is drawn, in one line."""
        return f"<Figure of {self.model}>"
