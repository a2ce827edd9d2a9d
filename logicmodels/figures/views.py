"""What a figure shows, and of which part of the model: one model, a view for each audience."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from arrowroot.options import one_of
from arrowroot.text import capitalised, one_line
from logicmodels.figures import style
from logicmodels.figures.acting import with_what_acts
from logicmodels.figures.overlays import NOTHING, Mark, Overlay
from logicmodels.model import Model
from logicmodels.questions.applicability import applicability_overlay
from logicmodels.questions.describe import (
    assumption_words,
    bearings,
    link_details,
    node_details,
    sentence,
)
from logicmodels.questions.evidence import certainties, claims_words, link_words, state
from logicmodels.questions.loops import loops
from logicmodels.questions.reach import is_dense
from logicmodels.records import Link, Node, View

_BROAD = 2.4
"""Width of arrows for what has to be delivered, in points."""
_LARGE = 1.35
"""How much larger than usual a figure for the public is drawn."""
_LISTED = 8
"""How many loops are listed beneath a causal loop map."""
OPENS = "Opens into"
"""Begins the line of a box that says what it opens into."""
_DENSE = "More arrows than can be followed one by one: views of parts, or groups, would be clearer."
_SIGNS = {
    "+": "more leads to more, less to less",
    "-": "more leads to less, less to more",
    "?": "unclear, or it depends",
}
_PLAIN_WORDS = {
    "supported": "research supports this",
    "no difference": "research found no difference",
    "conflicting": "studies disagree",
    "mixed by outcome": "research shows different things for different results",
    "adverse": "research points the other way",
    "not stated": "studies do not say",
    "none found": "no research was found",
    "not searched": "nobody has looked yet",
}
"""What the evidence shows, for people who do not read reviews."""


@dataclass(frozen=True)
class Seen:
    """What a figure shows: the part of a model, the overlay, and the theme."""

    model: Model
    overlay: Overlay
    theme: str
    show: str = ""
    """The view that every model has, of which it is one; empty for an overlay of your own."""


def look_at(model: Model, view: str | Overlay, theme: str | None) -> Seen:
    """Return what a view shows of a model.

    Parameters
    ----------
    model : Model
        All of it.
    view : str or Overlay
        A view that every model has, one that the model defines, or an overlay of your own.
    theme : str or None
        If None, the view's own theme, or else ``"screen"``.

    Raises
    ------
    OptionError
        If there is no such view; the message lists the views.
    """
    if isinstance(view, Overlay):
        return Seen(model, explained(model, view), theme or "screen")
    own = {named.id: named for named in model.views}
    view = one_of("view", view, (*VIEWS, *own))
    left_out: tuple[str, ...] = ()
    if view in own:
        part, show = _part(model, own[view]), own[view].show
        left_out = _left_out(model, part, short=show == "public")
        part = replace(part, description=" ".join(filter(None, (part.description, *left_out))))
        theme = theme or own[view].theme
    else:
        part, show = model, view
    part = in_short(part) if show == "public" else part
    overlay = VIEWS[show](part)
    overlay = replace(overlay, remarks=(*left_out, *overlay.remarks))
    return Seen(part, explained(part, overlay), theme or "screen", show)


def explained(model: Model, overlay: Overlay) -> Overlay:
    """Return an overlay that explains unwanted effects and polarities, and lists loops, if any."""
    overlay = with_what_acts(model, overlay)
    harms = (style.HARM_KEY,) if any(node.harm for node in model.nodes) else ()
    signs = (*_signs_key(model), *_loops_listed(model)) if model.profile.free else ()
    overlay = replace(overlay, details=_with_opened(model, overlay))
    dense = (_DENSE,) if is_dense(len(model.nodes), len(model.links)) else ()
    return replace(overlay, remarks=(*overlay.remarks, *harms, *signs, *dense))


def _with_opened(model: Model, overlay: Overlay) -> dict[str, tuple[str, ...]]:
    """Return the details of boxes, with what they open into where that is not said already."""
    titles = {opened.file: one_line(opened.model.title) for opened in model.opened}
    details = dict(overlay.details)
    for node in model.nodes:
        said = details.get(node.id, ())
        if node.model and not any(line.startswith(OPENS) for line in said):
            details[node.id] = (*said, f"{OPENS} {titles.get(node.model, node.model)}")
    return details


def _signs_key(model: Model) -> Iterator[str]:
    """Yield the key to the signs that a causal loop map uses."""
    used = {link.polarity for link in model.links}
    signs = [f"{style.POLARITY_SIGNS[one]} {words}" for one, words in _SIGNS.items() if one in used]
    if any(link.delay for link in model.links):
        signs.append(f"{style.DELAY_SIGN} after a delay")
    if signs:
        yield f"Key: {'; '.join(signs)}."


def _loops_listed(model: Model) -> Iterator[str]:
    """Yield the loops of a causal loop map, the shortest first."""
    found = loops(model)
    for loop in found.loops[:_LISTED]:
        boxes = (*loop.boxes, loop.boxes[0])
        path = " → ".join(one_line(model.node(box).short or model.node(box).label) for box in boxes)
        yield f"{loop.name} ({loop.kind}): {path}."
    if len(found) > _LISTED:
        yield f"These are the shortest of {found.summary}."


def arrow_words(model: Model, overlay: Overlay, number: int) -> str:
    """Return an arrow as a sentence: with what its mark means, or else with its evidence."""
    link, mark = model.links[number], overlay.links.get(number)
    heard = mark.said if mark else ""
    words = sentence(model, replace(link, evidence=()) if heard else link).removesuffix(".")
    assumed = "; ".join(map(assumption_words, link.assumptions))
    more = [*link_details(link), *bearings(model, link)]
    more += [f"Assumed: {assumed}"] if assumed else []
    more = [] if overlay.plain else [f"{part[:1].lower()}{part[1:]}" for part in more]
    return one_line(f"{'; '.join(filter(None, (words, *more, heard)))}.")


def box_words(model: Model, overlay: Overlay, name: str) -> str:
    """Return a box in words, with what its mark means, its details and its note."""
    mark, node = overlay.nodes.get(name), model.node(name)
    shown = overlay.details.get(name, ())
    note = f"Note: {one_line(node.note)}" if node.note and not overlay.plain else ""
    group = f"Group: {one_line(node.group)}" if node.group else ""
    around = ["" if part in shown else part for part in (group, *bearings(model, node), note)]
    said = (node.sentence, mark.said if mark else "", *shown, *around)
    return one_line(". ".join(filter(None, said)))


def _part(model: Model, view: View) -> Model:
    """Return the part of a model that one of its own views names, under the view's title."""
    nodes = tuple(node for node in model.nodes if _is_in(node, view))
    kept = {node.id for node in nodes}
    links = tuple(link for link in model.links if {link.source, link.target} <= kept)
    return replace(
        model,
        title=view.title or model.title,
        description=view.description or model.description,
        nodes=nodes,
        links=links,
    )


def _is_in(node: Node, view: View) -> bool:
    """Return whether a view shows a box: by its column, id, tags or owner; or all."""
    chosen = (
        node.id in view.nodes
        or node.column in view.columns
        or bool(set(node.tags) & set(view.tags))
        or (bool(node.owner) and node.owner in view.owners)
    )
    return chosen or not (view.nodes or view.columns or view.tags or view.owners)


def _left_out(model: Model, part: Model, *, short: bool) -> tuple[str, ...]:
    """Return what a figure of a part of a model says about the rest of it."""
    kept = {node.id for node in part.nodes}
    hidden = len(model.nodes) - len(kept)
    if not hidden:
        return ()
    ways = [(link.source, link.target) for link in model.links]
    ways += [(link.target, link.source) for link in model.links if link.mutual]
    before = {source for source, target in ways if target in kept and source not in kept}
    after = {target for source, target in ways if source in kept and target not in kept}
    said = [f"Part of the model: {hidden} of {len(model.nodes)} boxes of the model are left out."]
    for name, ids in (("Causes", before), ("Effects", after)):
        labels = [
            one_line((short and node.short) or node.label) for node in model.nodes if node.id in ids
        ]
        if labels:
            said.append(f"{name} that are left out: {'; '.join(labels)}.")
    return (" ".join(said),)


def in_short(model: Model) -> Model:
    """Return a model with short labels and without lists."""
    nodes = tuple(replace(node, label=node.short or node.label, items=()) for node in model.nodes)
    return replace(model, nodes=nodes)


def overview(_: Model) -> Overlay:
    """Return an empty overlay: boxes and arrows alone."""
    return NOTHING


def evidence(model: Model) -> Overlay:
    """Return what the evidence says: a mark on every arrow, and a note for each with evidence."""
    marks: dict[int, Mark] = {}
    notes: list[str] = []
    for place, link in enumerate(model.links):
        stroke, sure = style.STROKES[state(link)], certainties(link)[::-1]
        text = stroke.sign + _letters(sure)
        if link.evidence:
            claims = ". ".join(map(capitalised, claims_words(link)))
            note = f"{_ends(model, link)}: {link_words(link)}."
            notes.append(f"{len(notes) + 1}  {note}{f' {claims}.' if claims else ''}")
            stale = any(claim.is_stale for claim in link.evidence)
            text = f"{len(notes)} {text}{style.STALE_SIGN if stale else ''}"
        width = style.CERTAINTY_WIDTHS[sure[0] if sure else ""]
        marks[place] = Mark(text, state(link), stroke.line, stroke.head, width)
    return Overlay(marks, {}, "Evidence", tuple(notes), _evidence_key(model))


def _letters(sure: Sequence[str]) -> str:
    """Return the letters of the lowest and the highest certainty, or of the only one."""
    ends = dict.fromkeys((*sure[:1], *sure[-1:]))
    return "–".join(style.CERTAINTY_LETTERS[level] for level in ends)


def _evidence_key(model: Model) -> str:
    """Return the key to the symbols and letters that the figure uses."""
    sure = {level for link in model.links for level in certainties(link)}
    signs = [f"{sign} {state}" for state, sign in _signs(model).items()]
    letters = [
        f"{letter} {name}"
        for name, letter in style.CERTAINTY_LETTERS.items()
        if letter and name in sure
    ]
    if any(claim.is_stale for link in model.links for claim in link.evidence):
        signs.append(f"{style.STALE_SIGN} changed since it was agreed on")
    key = f"Key: {', '.join(signs)}."
    if not letters:
        return key
    key = f"{key} Certainty, also shown by the width of the arrow: {', '.join(letters)}."
    if any(len(certainties(link)) > 1 for link in model.links):
        key += (
            " Where it differs by outcome, the range is given, and the width is that of the lowest."
        )
    return key


def implementation(model: Model) -> Overlay:
    """Return what an implementer needs: people, dates, indicators and assumptions."""
    details = {node.id: tuple(node_details(node)) for node in model.nodes}
    marks: dict[int, Mark] = {}
    notes: list[str] = []
    for place, link in enumerate(model.links):
        delivered = link.theory == "implementation"
        said = "has to be delivered as planned" if delivered else ""
        text = ""
        must_hold = "; ".join(map(assumption_words, link.assumptions))
        parts = [part for part in (must_hold, *link_details(link)) if part]
        if link.mechanism or link.role or must_hold or link.no_assumption_because:
            notes.append(f"{len(notes) + 1}  {_ends(model, link)}: {'. '.join(parts)}.")
            text = f"{len(notes)}"
        if text or delivered:
            width = _BROAD if delivered else style.ARROW_WIDTH
            line = "dashed" if link.feedback else "solid"
            marks[place] = Mark(text, "plain", line, width=width, said=said)
    broad = any(link.theory == "implementation" for link in model.links)
    key = "Thick arrows: what has to be delivered as planned." if broad else ""
    further = any(link.mechanism or link.role for link in model.links)
    heading = "Assumptions and mechanisms" if further else "Assumptions"
    heading = heading if notes else ""
    return Overlay(marks, {}, heading, tuple(notes), key, details)


def public(model: Model) -> Overlay:
    """Return what the evidence says in plain words, if there is any, in a larger figure."""
    if not any(link.evidence for link in model.links):
        return Overlay(plain=True, zoom=_LARGE)
    marks = {}
    for place, link in enumerate(model.links):
        stroke, found = style.STROKES[state(link)], state(link)
        said = _PLAIN_WORDS[found]
        marks[place] = Mark(stroke.sign, found, stroke.line, stroke.head, 1.4, said)
    signs = [f"{sign} {_PLAIN_WORDS[state]}" for state, sign in _signs(model).items()]
    return Overlay(marks, {}, "What research says", tuple(signs), plain=True, zoom=_LARGE)


def _signs(model: Model) -> dict[str, str]:
    """Return the symbols of the states of evidence on the model's arrows."""
    used = {state(link) for link in model.links}
    return {name: stroke.sign for name, stroke in style.STROKES.items() if name in used}


def _ends(model: Model, link: Link) -> str:
    source, target = model.node(link.source), model.node(link.target)
    return f"{one_line(source.label)} → {one_line(target.label)}"


VIEWS: Mapping[str, Callable[[Model], Overlay]] = {
    "overview": overview,
    "evidence": evidence,
    "applicability": applicability_overlay,
    "implementation": implementation,
    "public": public,
}
"""The views that every model has."""
