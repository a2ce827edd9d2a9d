"""Several PDF files, each of one page, as one.

Graphviz draws one page at a time. What its PDF library writes is a plain list of numbered objects,
which are numbered anew here and put under one list of pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from arrowroot.errors import RenderError

_ENTRY = re.compile(rb"^(\d{10}) \d{5} n", re.MULTILINE)
_NUMBER = re.compile(rb"(\d+) 0 obj\s*")
# A text in brackets may contain what looks like a reference, and is left as it is.
_REFERENCE = re.compile(rb"(\((?:\\.|[^\\()])*\))|\b(\d+) 0 R\b")
_CATALOGUE, _PAGES = 1, 2


def joined(files: Sequence[bytes], *, title: str) -> bytes:
    """Return PDF files as one, a page for each.

    Parameters
    ----------
    files : sequence of bytes
        Each of one page, from `logicmodels.figures.render`.
    title : str
        In the properties of the file.

    Raises
    ------
    RenderError
        If a file is not built as expected.
    """
    objects: dict[int, bytes] = {}
    pages: list[int] = []
    for file in files:
        first = 3 + len(objects)
        found = _objects(file)
        numbers = {old: first + place for place, old in enumerate(sorted(found))}
        for old, held in found.items():
            head, mark, stream = held.partition(b"\nstream\n")
            if re.search(rb"/Type\s*/Page\b", head):
                head = re.sub(rb"/Parent \d+ 0 R", b"/Parent -- 0 R", head)
                pages.append(numbers[old])
            head = _REFERENCE.sub(partial(_renumbered, numbers), head)
            head = head.replace(b"/Parent -- 0 R", b"/Parent %d 0 R" % _PAGES)
            objects[numbers[old]] = head + mark + stream
    if len(pages) != len(files):
        raise RenderError(f"{len(files)} pages were drawn, and {len(pages)} found in them.")
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    objects[_CATALOGUE] = b"<< /Type /Catalog /Pages %d 0 R >>" % _PAGES
    objects[_PAGES] = b"<< /Type /Pages /Kids [ %s ] /Count %d >>" % (kids, len(pages))
    information = len(objects) + 1
    named = title.encode("utf-16-be").hex().encode()
    objects[information] = b"<< /Title <FEFF%s> >>" % named
    return _written(objects, information)


def _objects(file: bytes) -> dict[int, bytes]:
    """Return the objects of a file by their numbers, without its catalogue and list of pages."""
    body, mark, table = file.rpartition(b"\nxref\n")
    if not mark:
        raise RenderError("a page was drawn in a form that cannot be joined with others.")
    places = sorted(int(one[1]) for one in _ENTRY.finditer(table))
    found = {}
    for place, end in zip(places, [*places[1:], len(body) + 1], strict=True):
        held = file[place:end]
        number = _NUMBER.match(held)
        if number is None:
            raise RenderError("a page was drawn in a form that cannot be joined with others.")
        content = held[number.end() :].rstrip().removesuffix(b"endobj").rstrip()
        head = content.partition(b"\nstream\n")[0]
        if not re.search(rb"/Type\s*/(Pages|Catalog)\b|/CreationDate", head):
            found[int(number[1])] = content
    return found


def _renumbered(numbers: Mapping[int, int], found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return found[1]
    old = int(found[2])
    return b"%d 0 R" % numbers[old] if old in numbers else found[0]


def _written(objects: dict[int, bytes], information: int) -> bytes:
    parts, places, length = [b"%PDF-1.5\n%\xb5\xed\xae\xfb\n"], [], 15
    for number in sorted(objects):
        held = b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
        places.append(length)
        parts.append(held)
        length += len(held)
    size = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
    parts.append(
        b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, _CATALOGUE, information, length)
    )
    return b"".join(parts)
