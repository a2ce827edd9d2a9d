"""How wide journals print figures, how small letters on them may be, and a PDF made to fit."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from arrowroot.errors import OptionError

MILLIMETRES = 25.4
"""Millimetres in an inch."""

HIGHEST = 222.0
"""The maximum height in millimetres: a page without its caption (PLOS, as below)."""

SMALLEST = 5.0
"""The smallest text allowed, in points: the least that any publisher below allows (Nature)."""


@dataclass(frozen=True)
class PrintWidth:
    """A width at which figures are printed.

    Attributes
    ----------
    millimetres : float
        The width.
    least : float
        The smallest text, in points, that the publisher accepts.
    source : str
        Where that is stated.
    """

    millimetres: float
    least: float
    source: str


_ELSEVIER = "Elsevier and The Lancet: artwork sizing, elsevier.com"
_BMC = "BMC: preparing your manuscript, biomedcentral.com"
_NATURE = "Nature: research-figure-guide.nature.com"

WIDTHS = {
    "single": PrintWidth(90.0, 7.0, _ELSEVIER),
    "one-and-a-half": PrintWidth(140.0, 7.0, _ELSEVIER),
    "double": PrintWidth(190.0, 7.0, _ELSEVIER),
    "bmc-half": PrintWidth(85.0, SMALLEST, _BMC),
    "bmc-full": PrintWidth(170.0, SMALLEST, _BMC),
    "jama": PrintWidth(127.0, SMALLEST, "JAMA: AMA Manual of Style 4.2, at least 5 inches"),
    "nature-single": PrintWidth(89.0, 5.0, _NATURE),
    "nature-double": PrintWidth(183.0, 5.0, _NATURE),
    "plos": PrintWidth(190.5, 8.0, "PLOS: journals.plos.org/plosmedicine/s/figures, the widest"),
    "wiley": PrintWidth(80.0, SMALLEST, "Wiley: figure preparation, authorservices.wiley.com"),
}
"""Widths by name. The BMJ specifies none; give a number."""


def print_width(width: float | str) -> PrintWidth:
    """Return a width by name, or by its millimetres.

    Raises
    ------
    OptionError
        If there is no such name, or the number is not between 30 and 1000.

    Examples
    --------
    >>> print_width("single").millimetres, print_width(84).least
    (90.0, 5.0)
    """
    if isinstance(width, str):
        if width not in WIDTHS:
            raise OptionError(
                f"width must be a number in millimetres or one of "
                f"{', '.join(map(repr, WIDTHS))}; got {width!r}."
            )
        return WIDTHS[width]
    if not 30 <= width <= 1000:
        raise OptionError(f"width must lie between 30 and 1000 mm; got {width!r}.")
    return PrintWidth(float(width), SMALLEST, "")


def check_height(width: PrintWidth, natural: tuple[float, float]) -> None:
    """Warn about a figure that is taller than a page.

    Parameters
    ----------
    width : PrintWidth
        The width at which the figure will be printed.
    natural : tuple of float
        Its width and height as drawn, in millimetres.
    """
    high = natural[1] * width.millimetres / natural[0]
    if high > HIGHEST:
        warnings.warn(
            f"At {width.millimetres:g} mm wide this figure is {high:.0f} mm high; a page has room "
            f"for {HIGHEST:g} mm. Draw it in parts (forest_pages does so with a forest plot), or "
            "submit it as a supplement.",
            stacklevel=4,
        )


def check_text(width: PrintWidth, natural: float, smallest: float, *, narrower: str = "") -> None:
    """Refuse text that would be unreadable in print; warn about what the publisher may reject.

    Parameters
    ----------
    width : PrintWidth
        The width at which the figure will be printed.
    natural : float
        How wide it is as drawn, in millimetres.
    smallest : float
        Its smallest text as drawn, in points; infinite if there is none.
    narrower : str
        How else to make the text larger, for the message; empty if there is no other way.

    Raises
    ------
    OptionError
        If text would be smaller than `SMALLEST`.
    """
    printed = smallest * width.millimetres / natural
    said = f"at {width.millimetres:g} mm the smallest text of this figure is {printed:.1f} pt"
    remedy = f"Choose a greater width{f', or {narrower}' if narrower else ''}."
    if printed < SMALLEST:
        enough = natural * SMALLEST / smallest
        raise OptionError(
            f"width: {said}, and below {SMALLEST:g} pt nobody can read it; the figure must be at "
            f"least {enough:.0f} mm wide. {remedy}"
        )
    if printed < width.least - 0.05:  # a value that rounds to the limit counts as the limit
        warnings.warn(
            f"{said[0].upper()}{said[1:]}; the publisher asks for {width.least:g} pt "
            f"({width.source}). {remedy}",
            stacklevel=4,
        )


_PAGE = re.compile(rb"(\d+) 0 obj\n(<< /Type /Page\s.*?>>)\nendobj", re.DOTALL)
_BOX = re.compile(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]")
_CONTENTS = re.compile(rb"/Contents (\d+ 0 R)")
_TRAILER = re.compile(rb"trailer\n<< /Size (\d+) (.*?) >>\nstartxref\n(\d+)", re.DOTALL)


def resized(content: bytes, scale: float) -> bytes:
    """Return a PDF of one page, as matplotlib writes it, shrunk or enlarged.

    The existing content is kept; an update is appended, as the format allows (ISO 32000-1, 7.5.6):
    the page with a new size, and a drawing instruction before all others that scales them.
    """
    page, trailer = _PAGE.search(content), _TRAILER.search(content)
    assert page and trailer  # noqa: S101 - matplotlib writes both
    count = int(trailer[1])

    def smaller(box: re.Match[bytes]) -> bytes:
        wide, high = (float(side) * scale for side in box.groups())
        return b"/MediaBox [ 0 0 %.4f %.4f ]" % (wide, high)

    scaling = b"%.8f 0 0 %.8f 0 0 cm\n" % (scale, scale)
    renewed = _BOX.sub(smaller, page[2])
    renewed = _CONTENTS.sub(rb"/Contents [ %d 0 R \1 ]" % count, renewed)
    objects = {
        int(page[1]): renewed,
        count: b"<< /Length %d >>\nstream\n%sendstream" % (len(scaling), scaling),
    }
    places = []
    for number, held in objects.items():
        places.append(b"%d 1\n%010d 00000 n \n" % (number, len(content)))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    table = len(content)
    content += b"xref\n" + b"".join(places)
    content += b"trailer\n<< /Size %d %s /Prev %s >>\n" % (count + 1, trailer[2], trailer[3])
    return content + b"startxref\n%d\n%%%%EOF\n" % table
