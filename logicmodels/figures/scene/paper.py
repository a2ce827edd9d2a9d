"""The sheets that figures are fitted to."""

from __future__ import annotations

from dataclasses import dataclass, replace

_MM = 72 / 25.4


@dataclass(frozen=True)
class Paper:
    """A sheet, in points.

    Attributes
    ----------
    name : str
        As asked for: ``"a4"``, ``"a3"``, ``"letter"`` or ``"slide"``.
    width, height : float
        Of the whole sheet.
    margin : float
        Around the figure.
    largest : float
        How much larger than usual a small figure may be drawn.
    turns : bool
        Whether the sheet may be used upright and across.
    """

    name: str
    width: float
    height: float
    margin: float = 12 * _MM
    largest: float = 1.0
    turns: bool = True

    @property
    def turned(self) -> Paper:
        """The sheet the other way."""
        return replace(self, width=self.height, height=self.width)

    @property
    def wide(self) -> bool:
        """Whether it is wider than high."""
        return self.width > self.height

    @property
    def room(self) -> tuple[float, float]:
        """Width and height within its margins."""
        return self.width - 2 * self.margin, self.height - 2 * self.margin

    def scale(self, width: float, height: float) -> float:
        """Return by how much a figure of a size is scaled so that it fits."""
        across, down = self.room
        return min(across / width, down / height, self.largest)


PAPERS = {
    "a4": Paper("a4", 297 * _MM, 210 * _MM, largest=1.2),
    "a3": Paper("a3", 420 * _MM, 297 * _MM, largest=1.5),
    "letter": Paper("letter", 792.0, 612.0, largest=1.2),
    "slide": Paper("slide", 960.0, 540.0, 22.0, 1.6, turns=False),
}
"""By name; those that can be turned lie across first, as figures are mostly wider than high."""
