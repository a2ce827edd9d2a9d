"""A logic model in words, made from the model and so always up to date with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arrowroot.display import Cell, Shown, html_table
from arrowroot.text import and_joined, counted, one_line
from logicmodels.frames import Tabular
from logicmodels.model import Model
from logicmodels.questions.applicability import applicability_words
from logicmodels.questions.evidence import claims_words, link_words
from logicmodels.questions.loops import loops
from logicmodels.questions.part_names import Part, acted_on, acting_on, by_name, in_short
from logicmodels.records import Assumption, Link, Node, Process


@dataclass(frozen=True, eq=False, repr=False)
class Description(Tabular, Shown):
    """A model in words, for people who read text or use a screen reader.

    Attributes
    ----------
    title, summary : str
        The title of the figure, and what a screen reader says about it first.
    outline : tuple of (str, tuple of str)
        Every column with its boxes.
    links : tuple of dict
        One row per arrow: from, to, because, mechanism, role, theory, assumptions, evidence; in a
        causal loop map also polarity and delay.
    narrative : tuple of str
        Every arrow as a sentence that begins with if.
    applicability : tuple of str
        How far findings were judged to apply elsewhere.
    made : tuple of str
        Version, use, process and changes, as far as the model states them.
    """

    title: str
    summary: str
    outline: tuple[tuple[str, tuple[str, ...]], ...]
    links: tuple[dict[str, str], ...]
    narrative: tuple[str, ...]
    applicability: tuple[str, ...] = ()
    made: tuple[str, ...] = ()

    def to_records(self) -> list[dict[str, str]]:
        """Return the link table as rows."""
        return [dict(row) for row in self.links]

    @property
    def _columns(self) -> Sequence[str]:
        return tuple(self.links[0]) if self.links else _COLUMNS

    def __str__(self) -> str:
        """Return title, summary, outline and narrative as plain text."""
        lines = [self.title, "", self.summary]
        for heading, boxes in self.outline:
            lines += ["", heading, *(f"- {box}" for box in boxes)]
        if self.narrative:
            lines += ["", "How it is meant to work", *(f"- {step}" for step in self.narrative)]
        if self.applicability:
            lines += ["", _ELSEWHERE, *(f"- {text}" for text in self.applicability)]
        if self.made:
            lines += ["", _MADE, *(f"- {text}" for text in self.made)]
        return "\n".join(lines)

    def _title(self) -> str:
        return self.title

    def _repr_html_(self) -> str:
        said: list[list[Cell]] = [["Summary", self.summary]]
        said += [[heading, list(boxes)] for heading, boxes in self.outline]
        said += [[_MADE, list(self.made)]] if self.made else []
        arrows = [list(row.values()) for row in self.links]
        return html_table(self._title(), (), said) + html_table(
            "Arrows", self._columns, arrows, notes=self.applicability, heading=_ELSEWHERE
        )


_ELSEWHERE = "How far the findings apply elsewhere"
_MADE = "How the model was made"
_COLUMNS = ("from", "to", "because", "mechanism", "role", "theory", "assumptions", "evidence")


def describe(model: Model) -> Description:
    """Return a model in words; see `LogicModel.describe`."""
    outline = tuple(
        (
            one_line(model.heading(column.id)),
            tuple(node_words(node, model) for node in model.column(column.id)),
        )
        for column in model.profile.columns
        if model.column(column.id)
    )
    return Description(
        one_line(model.title),
        summary(model),
        outline,
        tuple(_row(model, link) for link in model.links),
        tuple(_if_then(model, link) for link in model.links),
        tuple(
            f"{in_short(model, part)}: {words}."
            for part in by_name(model).values()
            for words in applicability_words(part.applicability)
        ),
        tuple(_made(model)),
    )


def summary(model: Model) -> str:
    """Return a model in a few sentences: what a screen reader says about its figure.

    Parameters
    ----------
    model : Model
        What to describe.

    Returns
    -------
    str
        The author's description, then what is in each column and how many arrows join them.
    """
    columns = [
        f"{one_line(model.heading(column.id))} "
        f"({counted(len(model.column(column.id)), 'box', 'boxes')})"
        for column in model.profile.columns
        if model.column(column.id)
    ]
    harms = sum(node.harm for node in model.nodes)
    arrows = counted(len(model.links), "arrow")
    if model.profile.free:
        boxes = counted(len(model.nodes), "variable")
        what = f"A causal loop map of {boxes} and {arrows}, with {loops(model).summary}."
    else:
        what = f"A figure with the columns {and_joined(columns)}; {arrows} in all."
    parts = [
        one_line(model.description),
        what,
        f"{counted(harms, 'box is', 'boxes are')} marked as unwanted." if harms else "",
    ]
    return " ".join(part for part in parts if part)


def sentence(model: Model, link: Link) -> str:
    """Return a link as a sentence, with its reason and what the evidence says."""
    verb = "feeds back to" if link.feedback else "leads to"
    if link.mutual:
        verb = "depends on, and supports,"
    source, target = model.node(link.source).sentence, model.node(link.target).sentence
    words = f"{source} {verb} {target}"
    if model.profile.free:
        words = _moves(source, target, link)
    if link.because:
        words += f", because {_phrase(link.because)}"
    if link.evidence:
        words += f"; evidence: {link_words(link)}"
    return f"{one_line(words)}."


def node_words(node: Node, model: Model) -> str:
    """Return a box with everything that is said of it, in sentences."""
    return _sentences([one_line(node.sentence), *node_details(node), *bearings(model, node)])


def bearings(model: Model, part: Part) -> list[str]:
    """Return what a box of context acts on, or what acts on a box or arrow, as far as stated."""
    targets = acted_on(part) if isinstance(part, Node) else ()
    parts = by_name(model) if targets else {}
    said = (
        ("Acts on", [in_short(model, parts[target]) for target in targets if target in parts]),
        ("Acted on by", [one_line(node.label) for node in acting_on(model, part)]),
    )
    return [f"{name}: {'; '.join(labels)}" for name, labels in said if labels]


def node_details(node: Node) -> list[str]:
    """Return whom a box concerns, its date, indicators, note and actions, as far as stated."""
    said = (
        ("Group", node.group),
        ("Who", node.who),
        ("By", node.by),
        ("Indicators", ", ".join(node.indicators)),
        ("Note", node.note),
        ("Actions", ", ".join(f"{action.count} {action.type}" for action in node.actions)),
        ("Owner", node.owner),
        ("Tags", ", ".join(node.tags)),
        ("Opens into", node.model),
    )
    return [f"{name}: {one_line(text)}" for name, text in said if text]


def link_details(link: Link) -> list[str]:
    """Return the mechanism of an arrow, its role and kind of theory, as far as stated."""
    sure = "" if link.confidence is None else f"{link.confidence}%"
    said = (
        ("Label", link.label),
        ("Confidence", sure),
        ("Mechanism", link.mechanism),
        ("Role of the cause", link.role),
        ("Kind of theory", link.theory),
        ("No assumption needed", link.no_assumption_because),
    )
    return [f"{name}: {one_line(text).rstrip('.')}" for name, text in said if text]


def assumption_words(assumption: Assumption) -> str:
    """Return an assumption with its owner and status, without a full stop."""
    more = ", ".join(filter(None, (assumption.owner, assumption.status)))
    text = assumption.text.strip().rstrip(".")
    return one_line(f"{text} ({more})" if more else text)


def in_words(model: Model, part: Part) -> str:
    """Return what a box or arrow says: the box under its heading, the arrow as a sentence."""
    if isinstance(part, Node):
        return one_line(f"{model.heading(part.column)}: {part.sentence}")
    assumed = "; ".join(assumption.text for assumption in part.assumptions)
    return one_line(f"{sentence(model, part)}{f' Assumed: {assumed}.' if assumed else ''}")


def _if_then(model: Model, link: Link) -> str:
    source, target = model.node(link.source).sentence, model.node(link.target).sentence
    words = f"If there is “{source}”, then “{target}”"
    if model.profile.free:
        words = _moves(f"“{source}”", f"“{target}”", link)
    if link.because:
        words += f", because {_phrase(link.because)}"
    if link.assumptions:
        assumed = and_joined([_phrase(assumption_words(assumed)) for assumed in link.assumptions])
        words += f", provided that {assumed}"
    more = [*link_details(link), *bearings(model, link)]
    if link.feedback:
        more.append("This arrow feeds back")
    if link.mutual:
        more.append("Each depends on the other")
    if link.evidence:
        more.append(f"Evidence: {_evidence(link)}")
    return f"{_sentences([one_line(words), *more])}."


def _moves(source: str, target: str, link: Link) -> str:
    """Return how the effect moves if there is more of its cause."""
    how = {"+": "more", "-": "less", "?": "more or less (which is unclear)"}.get(link.polarity)
    late = "after a delay, " if link.delay else ""
    if how is None:
        return f"{source} affects {target}{', after a delay' if late else ''}"
    return f"The more {source}, {late}the {how} {target}"


def _row(model: Model, link: Link) -> dict[str, str]:
    none_needed = link.no_assumption_because
    values = (
        model.node(link.source).sentence,
        model.node(link.target).sentence,
        link.because,
        link.mechanism,
        link.role,
        link.theory,
        "; ".join(_with_owner(assumption) for assumption in link.assumptions)
        or (f"none needed: {none_needed}" if none_needed else ""),
        _evidence(link),
    )
    row = dict(zip(_COLUMNS, map(one_line, values), strict=True))
    for key in ("label", "confidence"):
        if any(getattr(one, key) not in ("", None) for one in model.links):
            value = getattr(link, key)
            unit = "%" if key == "confidence" else ""
            row[key] = "" if value in (None, "") else f"{one_line(str(value))}{unit}"
    if not model.profile.free:
        return row
    ends = {name: row.pop(name) for name in ("from", "to")}
    polarity = {"polarity": link.polarity, "delay": "yes" if link.delay else ""}
    return ends | polarity | row


def _with_owner(assumption: Assumption) -> str:
    bare = not (assumption.owner or assumption.status)
    return assumption.text if bare else assumption_words(assumption)


def _evidence(link: Link) -> str:
    claims = " | ".join(claims_words(link))
    return one_line(f"{link_words(link)}{f' ({claims})' if claims else ''}")


def _made(model: Model) -> Iterator[str]:
    """Yield how a model was made, as far as it says."""
    process = model.process or Process()
    people = "" if process.stakeholders is None else str(process.stakeholders)
    said = (
        ("Version", ", ".join(filter(None, (model.version, model.date)))),
        ("Source", model.source),
        ("Used for", ", ".join(model.used_for)),
        ("Approach", model.approach),
        ("Stages", ", ".join(model.stages)),
        ("People who took part", people),
        ("Their roles", process.roles),
        ("Methods", process.methods),
        ("Disagreements", process.disagreements),
        ("Validation", process.validation),
    )
    yield from (f"{name}: {one_line(text)}" for name, text in said if text)
    for change in model.changelog:
        version = f"version {change.version}" if change.version else ""
        when = ", ".join(filter(None, (change.date, version, change.stage)))
        yield one_line(f"Changed ({when}): {change.text}")
    for waiver in model.waivers:
        where = f" on {waiver.on}" if waiver.on else ""
        yield one_line(f"Rule {waiver.rule} does not apply{where}: {waiver.reason}")


def _sentences(parts: Sequence[str]) -> str:
    """Return parts as sentences, without a full stop after the last."""
    *first, last = parts
    return " ".join([*(f"{part.rstrip('.')}." for part in first), last])


def _phrase(text: str) -> str:
    """Return a sentence as part of another: without its full stop, its first letter lower case."""
    text = text.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
