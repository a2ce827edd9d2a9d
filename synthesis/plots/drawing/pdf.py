"""A PDF page in another size, its letters and lines kept as they are."""

from __future__ import annotations

import re

PAGE = re.compile(rb"(\d+) 0 obj\n(<< /Type /Page\s.*?>>)\nendobj", re.DOTALL)
BOX = re.compile(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]")
CONTENTS = re.compile(rb"/Contents (\d+ 0 R)")
TRAILER = re.compile(rb"trailer\n<< /Size (\d+) (.*?) >>\nstartxref\n(\d+)", re.DOTALL)


def resized(content: bytes, scale: float) -> bytes:
    """Return a PDF of one page, as matplotlib writes it, shrunk or enlarged.

    What is there stays; an update is appended, as the format provides for (ISO 32000-1, 7.5.6):
    the page with a new size, and a drawing instruction before all others that scales them.
    """
    page, trailer = PAGE.search(content), TRAILER.search(content)
    assert page and trailer  # noqa: S101 - matplotlib writes both
    count = int(trailer[1])

    def smaller(box: re.Match[bytes]) -> bytes:
        wide, high = (float(side) * scale for side in box.groups())
        return b"/MediaBox [ 0 0 %.4f %.4f ]" % (wide, high)

    scaling = b"%.8f 0 0 %.8f 0 0 cm\n" % (scale, scale)
    renewed = BOX.sub(smaller, page[2])
    renewed = CONTENTS.sub(rb"/Contents [ %d 0 R \1 ]" % count, renewed)
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
