"""Rules about boxes and arrows: S01 to S11."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from logicmodels.model import Model
from logicmodels.questions.reach import FEW, PER_TEN, cycles, following, is_dense, reached
from logicmodels.records import Link, Node
from logicmodels.rules.rule import Found, rule

_BREUER = "Breuer et al. 2016, Implement Sci 11:63, table 5"
_DAVIES = "Davies 2018, Representing theories of change"
_MAYNE = "Mayne 2015, Useful theory of change models"
DRIVERS = "driver-diagram"
_ROGERS = "Rogers 2008, Evaluation 14:29"


def where_link(link: Link) -> str:
    """Return how findings name a link."""
    return f"link {link.source} -> {link.target}"


def where_node(node: Node) -> str:
    """Return how findings name a node."""
    return f"node {node.id}"


def of_kind(model: Model, *kinds: str) -> list[Node]:
    """Return the nodes whose column is of one of these kinds."""
    columns = {column.id for column in model.profile.columns if column.kind in kinds}
    return [node for node in model.nodes if node.column in columns]


@rule("S01", "error", "Ids are unique and every end of a link is declared", _DAVIES)
def declared(model: Model) -> Iterator[Found]:
    """Find ids that repeat and ends that do not exist; possible only in Python, not in a file."""
    for name, count in Counter(node.id for node in model.nodes).items():
        if count > 1:
            yield f"node {name}", f"{count} boxes have the id {name!r}; ids must differ"
    known = {node.id for node in model.nodes}
    for link in model.links:
        for end in (link.source, link.target):
            if end not in known:
                yield where_link(link), f"there is no box {end!r}; declare it or correct the link"


@rule("S02", "error", "There is an activity and an impact", f"{_BREUER}, items 3a and 3c")
def begins_and_ends(model: Model) -> Iterator[Found]:
    """Find a theory that does not say what is done, or with what aim."""
    for kind, words in (("activity", "no activity"), ("impact", "no impact")):
        columns = [column for column in model.profile.columns if column.kind == kind]
        if not columns or of_kind(model, kind):
            continue
        names = " or ".join(repr(column.id) for column in columns)
        if kind == "activity" and model.profile.id == DRIVERS:
            # The common diagram of three levels ends with the drivers.
            message = f"no change ideas: put what will be tried in the column {names}"
            yield "model", message, "info"
        else:
            yield "model", f"{words}: put a box in the column {names}"


@rule("S03", "error", "Every box is linked", _DAVIES)
def linked(model: Model) -> Iterator[Found]:
    """Find boxes without an arrow; context needs none."""
    ends = {end for link in model.links for end in (link.source, link.target)}
    for node in model.nodes:
        if node.id not in ends and model.profile.column(node.column).kind != "context":
            yield (
                where_node(node),
                f"no arrow begins or ends at {node.label!r}; link it or remove it",
            )


@rule("S04", "warn", "Every activity reaches an impact", f"{_DAVIES} (missing links)")
def activities_reach_impact(model: Model) -> Iterator[Found]:
    """Find activities that lead to no impact."""
    impacts = {node.id for node in of_kind(model, "impact")}
    before = following((link.target, link.source) for link in model.links)
    carried = reached(impacts, before)
    for node in of_kind(model, "activity") if impacts else ():
        if node.id not in carried:
            yield where_node(node), f"{node.label!r} leads to no impact; what is it for?"


@rule("S05", "warn", "Every outcome has a cause", _MAYNE)
def outcomes_have_causes(model: Model) -> Iterator[Found]:
    """Find outcomes that nothing brings about, except where a partial model begins."""
    first = next((column.id for column in model.profile.flow if model.column(column.id)), "")
    caused = {link.target for link in model.links if not link.feedback}
    for node in of_kind(model, "outcome", "impact"):
        if node.id not in caused and node.column != first:
            yield where_node(node), f"nothing leads to {node.label!r}; what brings it about?"


@rule("S06", "error", "A loop of arrows has one marked as feedback", f"{_DAVIES}; {_ROGERS}")
def circles_are_marked(model: Model) -> Iterator[Found]:
    """Find loops without a marked arrow: more often a mistake than a theory.

    In a causal loop map they are what is drawn.
    """
    if model.profile.free:
        return
    forward = [(link.source, link.target) for link in model.links if not link.feedback]
    for group in cycles(forward):
        names = ", ".join(group)
        yield f"node {group[0]}", f"{names} form a loop; mark one of its arrows feedback: true"


@rule("S07", "warn", "A link that skips a column says why", _DAVIES)
def leaps_are_explained(model: Model) -> Iterator[Found]:
    """Find arrows that skip the steps in between."""
    shown = [column.id for column in model.profile.flow if model.column(column.id)]
    place = {node.id: shown.index(node.column) for node in model.nodes if node.column in shown}
    for link in model.links:
        if link.feedback or link.source not in place or link.target not in place:
            continue
        skipped = place[link.target] - place[link.source] - 1
        if skipped > 0 and not link.because:
            columns = "a column" if skipped == 1 else f"{skipped} columns"
            yield where_link(link), f"skips {columns}; say why under `because`, or add the step"


@rule(
    "S08",
    "info",
    "A figure stays readable",
    f"DoView (drill-down pages); {_DAVIES} (too many paths)",
    column=10,
    view=40,
    per_ten=PER_TEN,
    met=8,
)
def readable(model: Model, column: int, view: int, per_ten: int, met: int) -> Iterator[Found]:
    """Find figures that are better split into several."""
    if len(model.nodes) > view:
        yield "model", f"{len(model.nodes)} boxes in one figure; over {view}, split it"
    if is_dense(len(model.nodes), len(model.links), per_ten):
        each = len(model.links) / len(model.nodes)
        yield (
            "model",
            f"{each:.1f} arrows per box; over {per_ten / 10:g}, single arrows are hard to follow: "
            "draw parts of the model as views",
        )
    ends = Counter(end for link in model.links for end in {link.source, link.target})
    for node in model.nodes:
        if ends[node.id] > met and len(model.nodes) > FEW:
            yield where_node(node), f"{ends[node.id]} arrows meet it; over {met}, group them"
    for profile_column in model.profile.columns:
        count = len(model.column(profile_column.id))
        if count > column and not model.profile.free:
            yield (
                f"column {profile_column.id}",
                f"{count} boxes in one column; over {column}, group them",
            )


_IHI = "Institute for Healthcare Improvement, QI toolkit, driver diagram"
_AMOUNT = re.compile(r"\d|\b(?:half|halve|double|no|all|every|none)\b", re.IGNORECASE)
_DATE = re.compile(r"\bby (?:the end of )?(?:[A-Z][a-z]+ )?\d{4}")


@rule("S09", "warn", "A driver diagram has a few primary drivers", _IHI, least=2, most=5)
def drivers_are_few(model: Model, least: int, most: int) -> Iterator[Found]:
    """Find driver diagrams with too few or too many primary drivers, or with skipped levels."""
    if model.profile.id != DRIVERS:
        return
    count = len(model.column("primary"))
    if not least <= count <= most:
        yield (
            "column primary",
            f"{count} primary drivers; use {least} to {most}, which people can remember",
        )
    # A level that is left out altogether is not skipped by any one arrow.
    order = [column.id for column in model.profile.flow if model.column(column.id)]
    for link in model.links:
        places = [order.index(model.node(end).column) for end in (link.source, link.target)]
        if places[1] - places[0] != 1:
            yield (
                where_link(link),
                "skips a level; ideas lead to secondary drivers, and these to primary",
            )


@rule("S10", "warn", "An aim says how much and by when", _IHI)
def aim_is_measurable(model: Model) -> Iterator[Found]:
    """Find aims of driver diagrams without an amount or a date."""
    for node in model.column("aim"):
        text = " ".join((node.label, *node.items, *node.indicators))
        dated = node.by or _DATE.search(text)
        if not dated or not _AMOUNT.search(_DATE.sub("", text)):
            yield where_node(node), f"{node.label!r}: how much, for whom, by when?"


_STERMAN = "Sterman 2000, Business dynamics, chapter 5"


@rule("S11", "warn", "An arrow of a causal loop map has a polarity", _STERMAN)
def polarities_are_stated(model: Model) -> Iterator[Found]:
    """Find arrows that do not say whether more of the cause makes more or less of the effect."""
    for link in model.links if model.profile.free else ():
        if not link.polarity:
            yield (
                where_link(link),
                "say how the effect moves if there is more of the cause: polarity: "
                'positive, negative or unclear (or "+", "-", "?")',
            )


RULES = (
    declared,
    begins_and_ends,
    linked,
    activities_reach_impact,
    outcomes_have_causes,
    circles_are_marked,
    leaps_are_explained,
    readable,
    drivers_are_few,
    aim_is_measurable,
    polarities_are_stated,
)
