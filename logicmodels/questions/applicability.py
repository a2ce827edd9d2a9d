"""How far findings apply elsewhere: a framework, judgements with their reasons, and no score.

Reviewers name where a finding is to be used and judge it in four respects. The respects are
those on which published frameworks agree, as far as one table can combine them; each asks
whether there is an important difference, as Lavis et al. do. Wang et al. turn their answers into
a score. Here there is none: the reasons are what a reader needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from arrowroot.display import Bold, Cell, Line, Shown, html_table
from arrowroot.text import counted, one_line
from logicmodels.figures.overlays import Mark, Overlay
from logicmodels.frames import Tabular
from logicmodels.model import Model
from logicmodels.questions.part_names import by_name, in_short, name
from logicmodels.records import Applicability, Link

DOMAINS = {
    "population": (
        "Do the people there differ from those studied in ways that could change the effect, "
        "such as their characteristics or how common or severe the problem is?"
    ),
    "setting": (
        "Does the place or the organisation that is to deliver it differ from those studied, "
        "or would people there find it less acceptable?"
    ),
    "resources": "Does it need money, staff, skills or training that are not available there?",
    "system": (
        "Is the system around it (governance, finance, other services) arranged so differently "
        "that it could not work in the same way?"
    ),
}
"""The respects in which a finding is judged, each with its question."""
JUDGEMENTS = ("no important difference", "important difference", "unclear")
SOURCES = (
    "Wang et al. 2006, Health Promot Int, doi:10.1093/heapro/dai025",
    "Lavis et al. 2009, Health Res Policy Syst 7(S1):S9",
    "Burford et al. 2013, J Clin Epidemiol, doi:10.1016/j.jclinepi.2013.06.017",
    "Cambon et al. 2013 (ASTAIRE), BMC Public Health 13:1184",
)
"""Where the respects and the form of the questions come from."""
SIGNS = {"no important difference": "≈", "important difference": "≠", "unclear": "?"}
KEYS = [field.name for field in fields(Applicability)]


@dataclass(frozen=True, eq=False, repr=False)
class ApplicabilityTable(Tabular, Shown):
    """The judgements about a model's findings, and the places they are about.

    Attributes
    ----------
    title : str
        The model's.
    judgements : tuple of (str, str, Applicability)
        Name of the box or arrow, what it says in short, and the judgement.
    """

    title: str
    judgements: tuple[tuple[str, str, Applicability], ...]

    def __len__(self) -> int:
        """Return how many judgements there are."""
        return len(self.judgements)

    def to_records(self) -> list[dict[str, str]]:
        """Return the judgements as rows, as `LogicModel.with_applicability` takes them."""
        return [
            {"part": part} | {key: getattr(judgement, key) for key in KEYS}
            for part, _, judgement in self.judgements
        ]

    @property
    def _columns(self) -> Sequence[str]:
        return "part", *KEYS

    def __str__(self) -> str:
        """Return the judgements as text, those of one finding for one place on a line."""
        said: dict[str, list[Applicability]] = defaultdict(list)
        for _, words, judgement in self.judgements:
            said[words].append(judgement)
        lines = [f"  {part}: {text}" for part in said for text in applicability_words(said[part])]
        return "\n".join([self._title(), *lines])

    def _title(self) -> str:
        return f"{self.title}: {counted(len(self.judgements), 'judgement')} of applicability"

    def _repr_html_(self) -> str:
        targets = list(dict.fromkeys(judgement.target for *_, judgement in self.judgements))
        return "".join(map(self._table, targets)) or html_table(self._title(), (), ())

    def _table(self, target: str) -> str:
        """Return the judgements for one place: findings by respects."""
        said: dict[tuple[str, str], dict[str, list[Line]]] = {}
        for _, words, judgement in self.judgements:
            if judgement.target == target:
                row = said.setdefault((words, judgement.finding), defaultdict(list))
                row[judgement.domain].append(_line(judgement))
        rows: list[list[Cell]] = [
            [
                f"{words} ({one_line(finding)})" if finding else words,
                *(row[domain] or "not judged" for domain in DOMAINS),
            ]
            for (words, finding), row in said.items()
        ]
        caption = f"{self.title}: how far the findings apply to {one_line(target)}"
        return html_table(caption, ("finding", *DOMAINS), rows)


def _line(judgement: Applicability) -> Line:
    who = ", ".join(filter(None, (judgement.by, judgement.date)))
    said = f"{one_line(judgement.reason)}{f' ({one_line(who)})' if who else ''}"
    return Bold(judgement.judgement), f": {said}"


def applicability(model: Model) -> ApplicabilityTable:
    """Return the judgements about a model's findings; see `LogicModel.applicability`."""
    return ApplicabilityTable(
        one_line(model.title),
        tuple(
            (part_name, in_short(model, part), judgement)
            for part_name, part in by_name(model).items()
            for judgement in part.applicability
        ),
    )


def applicability_words(judged: Iterable[Applicability]) -> list[str]:
    """Return judgements in words, those of one finding for one place together.

    Examples
    --------
    >>> place = "a rural practice"
    >>> applicability_words(
    ...     [
    ...         Applicability(place, "setting", "unclear", "not described"),
    ...         Applicability(place, "resources", "important difference", "no nurse"),
    ...     ]
    ... )
    ['for a rural practice: setting unclear (not described); resources important difference (no \
nurse)']
    """
    together: dict[tuple[str, str], list[str]] = defaultdict(list)
    for judgement in judged:
        words = f"{judgement.domain} {judgement.judgement} ({judgement.reason})"
        together[judgement.finding, judgement.target].append(one_line(words))
    return [
        one_line(f"{f'{finding}, ' if finding else ''}for {target}: {'; '.join(words)}")
        for (finding, target), words in together.items()
    ]


def applicability_overlay(model: Model) -> Overlay:
    """Return a small mark on every box and arrow that was judged, and a note for each mark."""
    nodes: dict[str, Mark] = {}
    links: dict[int, Mark] = {}
    notes: list[str] = []
    places = {name(link): place for place, link in enumerate(model.links)}
    for part_name, part in by_name(model).items():
        if not part.applicability:
            continue
        judged = [judgement.judgement for judgement in part.applicability]
        said = ". ".join(applicability_words(part.applicability))
        notes.append(f"{len(notes) + 1}  {in_short(model, part)}: {said}.")
        # All judgements side by side: none of them outweighs another.
        signs = "".join(sign for judgement, sign in SIGNS.items() if judgement in judged)
        heard = f"how far it applies elsewhere: {', '.join(dict.fromkeys(judged))}"
        mark = Mark(f"{len(notes)} {signs}", "no difference", said=heard)
        if isinstance(part, Link):
            links[places[part_name]] = mark
        else:
            nodes[part_name] = mark
    given = {
        judgement.judgement for part in by_name(model).values() for judgement in part.applicability
    }
    key = ", ".join(f"{sign} {words}" for words, sign in SIGNS.items() if words in given)
    heading = "How far the findings apply elsewhere"
    shown = tuple(notes) or ("There are no judgements yet.",)
    return Overlay(links, nodes, heading, shown, f"Key: {key}." if key else "")
