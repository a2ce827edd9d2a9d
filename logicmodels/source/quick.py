"""A logic model typed as plain lines, for a first sketch in a meeting.

Columns, boxes and arrows each have one kind of line, and nothing is invented: an arrow to a box
that is not in the text is an error, not a new box.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arrowroot.errors import Problem, SpecError
from arrowroot.specs.yaml_text import SIZE_LIMIT, Entries, Entry, Place
from logicmodels.model import AnyModel
from logicmodels.source.links import ARROWS, spread
from logicmodels.source.spec import build

_FORMS = "'[column]', 'id: Label', 'id -> id' or 'id -> id: reason'"
_Part = tuple[str, Place]
"""A piece of text, and where it begins."""


def parse_lines(
    text: str,
    kind: type[AnyModel],
    *,
    profile: str,
    title: str,
    name: str = "lines",
    who: Mapping[str, str] | None = None,
    **keys: Any,
) -> AnyModel:
    """Read a logic model from plain lines; see `LogicModel.from_lines`."""
    if len(text) > SIZE_LIMIT:
        message = f"the text is longer than {SIZE_LIMIT:,} characters; a sketch is far shorter"
        raise SpecError(name, [Problem(0, 0, "size", message)])
    nodes: list[Entry] = []
    links: list[Entry] = []
    problems: list[Problem] = []
    concerned = dict(who or {})
    column: _Part | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        whole = _trimmed(raw, (number, 1))
        line, place = whole
        before, after = _halves(whole, ":")
        if line.startswith("[") and line.endswith("]"):
            column = _trimmed(line[1:-1], (number, place[1] + 1))
        elif arrow := next((one for one in ARROWS if one in before[0]), ""):
            source, target = _halves(before, arrow)
            reason = {"because": after} if after[0] else {}
            links.append(_entry({"from": source, "to": target} | reason))
        elif ":" not in line:
            problems.append(Problem(*place, "line", f"a line is {_FORMS}; got {line[:60]!r}"))
        elif column is None:
            message = "a box belongs in a column; write a line such as [activities] above it"
            problems.append(Problem(*place, "no-column", message))
        else:
            nodes.append(_entry({"id": before, "label": after, "column": column}))
            if before[0] in concerned:
                nodes[-1]["who"] = concerned.pop(before[0])
    if concerned:
        listed = ", ".join(map(repr, concerned))
        message = f"who: there is no box {listed}; name boxes by their ids"
        problems.append(Problem(0, 0, "unknown-node", message))
    if problems:
        raise SpecError(name, problems)
    head = {"spec_version": 1, "profile": profile, "title": title, **keys}
    lists = {"nodes": Entries(nodes), "links": Entries(links)}
    return build(spread(Entry({**head, **lists}, {})), name, kind)


def _entry(parts: dict[str, _Part]) -> Entry:
    """Return a mapping that begins where its first part does."""
    return Entry(
        {key: words for key, (words, _) in parts.items()},
        {key: place for key, (_, place) in parts.items()},
    )


def _halves(part: _Part, sign: str) -> tuple[_Part, _Part]:
    """Return the text before and after the first `sign`, each without spaces around it."""
    words, (line, column) = part
    before, found, after = words.partition(sign)
    following = line, column + len(before) + len(found)
    return _trimmed(before, (line, column)), _trimmed(after, following)


def _trimmed(words: str, place: Place) -> _Part:
    line, column = place
    return words.strip(), (line, column + len(words) - len(words.lstrip()))
