"""Where a drawn logic model answers to the pointer and the keyboard, read from its SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

from arrowroot.lab.pictures import Spot

_SVG = "{http://www.w3.org/2000/svg}"
_PAIR = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
_REACH = 5.0
"""How far around a place on an arrow it answers, in points."""

Point = tuple[float, float]


def spots_in(svg: str) -> list[Spot]:
    """Return a spot for every part of a figure that has words, in the order of the Tab key.

    A box answers where it is. An arrow answers in a small square, as near to its middle as it is
    free of boxes and of the squares of other arrows.

    Parameters
    ----------
    svg : str
        From `logicmodels.figures.svg.readable`.
    """
    root = ET.fromstring(svg)  # noqa: S314  # written by ourselves a moment ago
    left, top, wide, high = map(float, root.attrib["viewBox"].split())
    across, down = _shift(root)
    found: list[Spot] = []
    taken: list[tuple[float, float, float, float]] = []
    parts = list(_worded(root))
    boxes = [_around(_points(part)) for part, *_ in parts if part.get("class") != "edge"]
    for part, words, link in parts:
        points = _points(part)
        if not points:
            continue
        if part.get("class") == "edge":
            x, y = _free(points, [*boxes, *taken])
            place = (x - _REACH, y - _REACH, x + _REACH, y + _REACH)
            taken.append(place)
        else:
            place = _around(points)
        x0, y0, x1, y1 = place
        found.append(
            Spot(
                (x0 + across - left) / wide,
                (y0 + down - top) / high,
                (x1 + across - left) / wide,
                (y1 + down - top) / high,
                words,
                link,
            )
        )
    return found


def width_of(svg: str) -> int:
    """Return the natural width of a figure on a screen, in pixels."""
    found = re.search(r'<svg[^>]* width="(\d+)"', svg)
    return int(found[1]) if found else 0


def _worded(root: ET.Element) -> Iterator[tuple[ET.Element, str, str]]:
    """Yield each part that has words, with its words and its address if it has one."""
    for part in root.iter(f"{_SVG}g"):
        if part.get("class") not in ("node", "edge"):
            continue
        link = part.find(f".//{_SVG}a[@aria-label]")
        words = part.get("aria-label") or (link.get("aria-label", "") if link is not None else "")
        if words:
            yield part, words, link.get("href", "") if link is not None else ""


def _points(part: ET.Element) -> list[Point]:
    """Return the points of the first line or outline of a part."""
    for shape in part.iter():
        drawn = shape.get("d") or shape.get("points")
        if drawn:
            return [(float(x), float(y)) for x, y in _PAIR.findall(drawn)]
        if shape.tag == f"{_SVG}ellipse":
            x, y, rx, ry = (float(shape.attrib[name]) for name in ("cx", "cy", "rx", "ry"))
            return [(x - rx, y - ry), (x + rx, y + ry)]
    return []


def _around(points: Iterable[Point]) -> tuple[float, float, float, float]:
    across, down = zip(*points, strict=True)
    return min(across), min(down), max(across), max(down)


def _free(points: list[Point], taken: list[tuple[float, float, float, float]]) -> Point:
    """Return the place on a curve nearest to its middle that nothing else has taken."""
    places = list(_along(points))
    middle = (len(places) - 1) / 2
    central = sorted(range(len(places)), key=lambda number: abs(number - middle))
    for number in central:
        x, y = places[number]
        if not any(
            x0 - _REACH < x < x1 + _REACH and y0 - _REACH < y < y1 + _REACH
            for x0, y0, x1, y1 in taken
        ):
            return x, y
    return places[central[0]]


def _along(points: list[Point]) -> Iterator[Point]:
    """Yield places along a path of Bezier curves: a start, and three points for every curve."""
    if len(points) < 4:
        for (x0, y0), (x1, y1) in pairwise(points):
            yield from ((x0 + (x1 - x0) * t / 8, y0 + (y1 - y0) * t / 8) for t in range(9))
        return
    for first in range(0, len(points) - 3, 3):
        curve = points[first : first + 4]
        for step in range(9):
            t = step / 8
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            yield (
                sum(weight * x for weight, (x, _) in zip(weights, curve, strict=True)),
                sum(weight * y for weight, (_, y) in zip(weights, curve, strict=True)),
            )


def _shift(root: ET.Element) -> Point:
    """Return by how much Graphviz moves everything, which it never turns or scales here."""
    graph = root.find(f"{_SVG}g")
    how = "" if graph is None else graph.get("transform", "")
    moved = re.search(r"translate\((-?[\d.]+)[ ,](-?[\d.]+)\)", how)
    return (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
