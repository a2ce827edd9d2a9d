"""Short forms of a specification: arrows to several boxes or in a line, waivers by rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from arrowroot.specs.yaml_text import Entries, Entry, Place, position
from logicmodels.records import waiver_of

ID_FORM = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"
"""What the name of a box is made of."""
ARROWS = ("->", "\u2192")
"""How an arrow is typed; word processors turn the first into the second."""
_ENDS = ("from", "to")
_UNUSUAL = re.compile("<?[-=.~\u2013\u2014]+>|<[-=.~\u2013\u2014]+|[\u2190\u2194\u21d2\u21c4]")
_LEFT_OVER = re.compile(f"(^|\\s)[-=.~\u2013\u2014<]+$|^>|{_UNUSUAL.pattern}")
"""What is left of an arrow such as ``-->`` or ``<->`` beside the id, once ``->`` is taken out."""


def spread(tree: Any) -> Any:
    """Return a specification in which every arrow is a mapping with one ``from`` and one ``to``.

    An arrow may be written as ``{from: a, to: [b, c]}``, which is one arrow to each, or as
    ``a -> b``, ``a -> b, c`` or ``a -> b: reason``, as `LogicModel.from_lines` has it.
    """
    links = tree.get("links")
    if not isinstance(links, list) or not any(map(_is_short, links)):
        return tree
    entries: list[Any] = []
    starts: list[Place] = []
    for number, link in enumerate(links):
        start = position(tree, ["links", number])
        parts = _parts(tree, number, link, start) if _is_short(link) else [link]
        entries += parts
        starts += [start] * len(parts)
    tree["links"] = Entries(entries, starts)
    return tree


def listed_waivers(tree: Any) -> Any:
    """Return a specification whose waivers are a list, where one line gives a reason by rule."""
    waivers = tree.get("waivers")
    if isinstance(waivers, dict):
        entries = []
        for key, reason in waivers.items():
            place = position(tree, ["waivers", key], of_key=True)
            waiver = waiver_of(key, reason)
            said = {"rule": waiver.rule, "reason": reason, "on": waiver.on}
            there = {**dict.fromkeys(said, place), "reason": position(tree, ["waivers", key])}
            entries.append(Entry(said, there))
        tree["waivers"] = Entries(entries)
    return tree


def arrow_advice(end: object) -> str:
    """Return how an arrow is typed, if an id holds a piece of one that is typed otherwise.

    Examples
    --------
    >>> arrow_advice("training -")
    'an arrow is typed a -> b, with one hyphen; for both directions add b -> a'
    >>> arrow_advice("training & coaching")
    ''
    """
    if not (isinstance(end, str) and _LEFT_OVER.search(end.strip())):
        return ""
    return "an arrow is typed a -> b, with one hyphen; for both directions add b -> a"


def compact(link: Any) -> Any:
    """Return an arrow as a mapping, whose ends are lists if it is written for several boxes."""
    if isinstance(link, str):
        ends, _, reason = link.partition(":")
        return _line(ends, reason)
    if _is_line(link):
        ((ends, reason),) = link.items()
        return _line(ends, reason or "")
    return link


def singles(link: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the arrows that a compact one stands for."""
    sources, targets = (_listed(link.get(key)) for key in _ENDS)
    return [
        {**link, "from": source, "to": target} for source, _ in sources for target, _ in targets
    ]


def _is_short(link: Any) -> bool:
    if isinstance(link, str):
        return any(arrow in link for arrow in ARROWS)
    if not isinstance(link, dict):
        return False
    return _is_line(link) or any(
        len(_listed(link.get(key))) > 1 or (isinstance(link.get(key), list) and link[key])
        for key in _ENDS
    )


def _is_line(link: Any) -> bool:
    """Return whether a mapping is a line such as ``a -> b: reason``, which YAML reads as a key."""
    return (
        isinstance(link, dict)
        and len(link) == 1
        and any(_UNUSUAL.search(str(key)) or "\u2192" in str(key) for key in link)
        and all(value is None or isinstance(value, str) for value in link.values())
    )


def _line(ends: str, reason: str) -> dict[str, Any]:
    arrow = next((arrow for arrow in ARROWS if arrow in ends), "")
    if not arrow and (found := _UNUSUAL.search(ends)):
        # With the arrow left at its end, the id is refused with what to type.
        return _line(f"{ends[: found.end()]}->{ends[found.end() :]}", reason)
    source, _, target = ends.partition(arrow)
    said = {"from": source.strip(), "to": target.strip()}
    return said | ({"because": reason.strip()} if reason.strip() else {})


def _listed(end: Any) -> list[tuple[Any, int | None]]:
    """Return the boxes of one end, each with its place if they are a list.

    An id contains neither a comma nor a semicolon, so that these can only separate two.
    """
    if isinstance(end, list):
        return [(one, number) for number, one in enumerate(end)]
    parts = re.split("[,;]", end) if isinstance(end, str) else [end]
    return [(one.strip(), None) for one in parts] if len(parts) > 1 else [(end, None)]


def _parts(tree: Any, number: int, link: Any, start: Place) -> list[Entry]:
    """Return the arrows that one entry stands for, each of which knows where it was read."""
    path: list[str | int] = ["links", number]
    whole = compact(link)
    is_line = whole is not link
    places = {key: start if is_line else position(tree, [*path, key]) for key in whole}
    entries = []
    for source, from_place in _listed(whole.get("from")):
        for target, to_place in _listed(whole.get("to")):
            ends = {"from": (source, from_place), "to": (target, to_place)}
            said = {key: one for key, (one, _) in ends.items() if key in whole}
            there = {
                key: position(tree, [*path, key, place])
                for key, (_, place) in ends.items()
                if place is not None
            }
            entries.append(Entry({**whole, **said}, {**places, **there}))
    return entries
