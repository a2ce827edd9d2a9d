"""What a logic model is made of: plain records with the content of a specification."""

from __future__ import annotations

from dataclasses import dataclass, field

from logicmodels.locks import NOT_LOCKED, lock, opens

UNWANTED = " (unwanted)"
"""After the label of an unwanted effect, wherever a box is put into words."""


@dataclass(frozen=True)
class Applicability:
    """How far a finding applies somewhere else, in one respect, as somebody judged it.

    Attributes
    ----------
    target : str
        Where the finding is to be used.
    domain : str
        The respect: ``"population"``, ``"setting"``, ``"resources"`` or ``"system"``.
    judgement : str
        ``"no important difference"``, ``"important difference"`` or ``"unclear"``.
    reason : str
        The reason for the judgement; required.
    finding : str
        The outcome it is about; empty if it is about the box or arrow as a whole.
    by : str
        Who made the judgement.
    date : str
        When it was made.
    """

    target: str
    domain: str
    judgement: str
    reason: str
    finding: str = ""
    by: str = ""
    date: str = ""


@dataclass(frozen=True)
class Comment:
    """What somebody said about a box or arrow.

    Attributes
    ----------
    by : str
        Who said it.
    role : str
        Their role in the programme.
    date : str
        When they said it.
    agree : str
        Whether they agree: ``"yes"``, ``"partly"``, ``"no"``, ``"unsure"``, or empty.
    text : str
        What they said.
    suggestion : str
        What they suggest instead.
    shown : str
        The fingerprint of what they were shown.
    answer : str
        What was done in response.
    """

    by: str
    date: str
    role: str = ""
    agree: str = ""
    text: str = ""
    suggestion: str = ""
    shown: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Actions:
    """How many actions of one type support a box; 0 if they were looked for and none was found."""

    type: str
    count: int = 1


@dataclass(frozen=True)
class Node:
    """A box: an activity, an outcome, or anything else in a column.

    Attributes
    ----------
    id : str
        The name that links use.
    label : str
        What the box says.
    column : str
        The column it is in, by its id in the profile.
    items : tuple of str
        A list beneath the label.
    who : str
        Whom it concerns, or who changes.
    by : str
        When it should have happened: a year, a month (``2026-06``) or a day.
    indicators : tuple of str
        How it would be measured or recognised.
    harm : bool
        Whether it is an unwanted effect.
    note : str
        A note, for the description, and for the figure of what has to be delivered.
    short : str
        A shorter label, for the public.
    url : str
        Where to read more: an address that begins with http or https, or a relative one.
    applicability : tuple of Applicability
        How far what is known about it applies elsewhere.
    comments : tuple of Comment
        What people said about it.
    actions : tuple of Actions
        The actions actually taken, by type.
    group : str
        The name of the group that it belongs to: boxes of a column with the same group stand
        together, with a frame around them.
    tags : tuple of str
        Words by which views choose it.
    owner : str
        Who is responsible for it.
    acts_on : tuple of str
        For context, such as an external factor or an assumption: the boxes, by their ids, and the
        arrows, as ``a -> b``, that it bears on.
    model : str
        A file with a model of its own that this box opens into, in the same folder or beneath it.
    """

    id: str
    label: str
    column: str
    items: tuple[str, ...] = ()
    who: str = ""
    by: str = ""
    indicators: tuple[str, ...] = ()
    harm: bool = False
    note: str = ""
    # What is said of a part leaves the part as it was, and so does how it is shown.
    short: str = field(default="", repr=False, metadata=NOT_LOCKED)
    url: str = field(default="", repr=False, metadata=NOT_LOCKED)
    applicability: tuple[Applicability, ...] = field(default=(), repr=False, metadata=NOT_LOCKED)
    comments: tuple[Comment, ...] = field(default=(), repr=False, metadata=NOT_LOCKED)
    actions: tuple[Actions, ...] = field(default=(), repr=False, metadata=NOT_LOCKED)
    group: str = ""
    tags: tuple[str, ...] = field(default=(), repr=False, metadata=NOT_LOCKED)
    owner: str = ""
    acts_on: tuple[str, ...] = ()
    model: str = field(default="", repr=False, metadata=NOT_LOCKED)

    @property
    def sentence(self) -> str:
        """The box in words: its label, whether it is unwanted, and its items after a colon."""
        label = " ".join(self.label.split()) + (UNWANTED if self.harm else "")
        return f"{label}: {', '.join(self.items)}" if self.items else label


@dataclass(frozen=True)
class Assumption:
    """What has to be true for a link to work, who monitors it, and whether it was tested."""

    text: str
    owner: str = ""
    status: str = ""


@dataclass(frozen=True)
class Claim:
    """What evidence says about a link: one row of an evidence table.

    Attributes
    ----------
    outcome : str
        What was measured.
    window : str
        When it was measured, such as short or long term.
    estimate : float or None
        The pooled effect.
    ci_low, ci_high : float or None
        The limits of its confidence interval.
    measure : str
        What the estimate is, such as SMD.
    k : int or None
        The number of studies.
    n : int or None
        The sample size in all, of people or of what `unit` says.
    unit : str
        What `n` counts, such as people, practices or schools; empty if not stated.
    direction : str
        ``"supports"``, ``"no difference"``, ``"conflicting"``, ``"adverse"``, or ``"not stated"``
        if studies were found but do not say. If it is empty, the claim counts as not stated if
        it gives studies, people, a number or a source, and otherwise as nothing found.
    certainty : str
        ``"high"``, ``"moderate"``, ``"low"``, ``"very low"``, or empty.
    reasons : tuple of str
        Why the certainty is what it is.
    search : str
        ``"done"`` or ``"not searched"``.
    citation : str
        Where the claim comes from.
    snapshot : str
        The fingerprint of the result that was agreed.
    """

    outcome: str = field(default="", metadata=NOT_LOCKED)
    window: str = field(default="", metadata=NOT_LOCKED)
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    measure: str = ""
    k: int | None = None
    n: int | None = None
    direction: str = ""
    certainty: str = ""
    reasons: tuple[str, ...] = field(default=(), metadata=NOT_LOCKED)
    search: str = field(default="done", metadata=NOT_LOCKED)
    citation: str = field(default="", metadata=NOT_LOCKED)
    snapshot: str = field(default="", metadata=NOT_LOCKED)
    # Last, so that claims made by position keep their meaning.
    unit: str = field(default="", metadata=NOT_LOCKED)

    @property
    def fingerprint(self) -> str:
        """The lock of the numbers and the judgement; it differs if the result differs."""
        return lock(self)

    @property
    def is_stale(self) -> bool:
        """Whether the result is no longer the one that was agreed."""
        return bool(self.snapshot) and not opens(self.snapshot, self, self._old_text)

    @property
    def _old_text(self) -> str:
        """The text that was hashed before `locks.SCHEME`; it must never change."""
        return (
            f"({self.estimate!r}, {self.ci_low!r}, {self.ci_high!r}, {self.measure!r}, {self.k!r},"
            f" {self.n!r}, {self.direction!r}, {self.certainty!r})"
        )


@dataclass(frozen=True)
class Link:
    """An arrow from a cause to an effect.

    Attributes
    ----------
    source : str
        The id of the node where it begins.
    target : str
        The id of the node where it ends.
    because : str
        Why the cause should lead to the effect.
    mechanism : str
        The process in people or organisations by which it does so.
    role : str
        Whether the cause is ``"necessary"``, ``"sufficient"`` or ``"contributory"``.
    theory : str
        ``"implementation"`` (it is delivered as planned) or ``"programme"`` (people respond).
    assumptions : tuple of Assumption
        What has to be true.
    no_assumption_because : str
        Why no assumption is needed, if none is.
    evidence : tuple of Claim
        What the evidence says.
    feedback : bool
        Whether the arrow runs back against the flow of the columns.
    mutual : bool
        Whether each depends on the other; the arrow then has two heads.
    applicability : tuple of Applicability
        How far its evidence applies elsewhere.
    comments : tuple of Comment
        What people said about it.
    polarity : str
        In a causal loop map, how the effect moves if there is more of the cause: ``"+"`` (more),
        ``"-"`` (less) or ``"?"`` (unclear, or it depends).
    delay : bool
        In a causal loop map, whether the effect comes late.
    label : str
        A few words printed on the arrow.
    confidence : int or None
        How confident its authors are that it holds, in per cent; printed on the arrow.
    """

    source: str
    target: str
    because: str = ""
    mechanism: str = ""
    role: str = ""
    theory: str = ""
    assumptions: tuple[Assumption, ...] = ()
    no_assumption_because: str = ""
    evidence: tuple[Claim, ...] = field(default=(), metadata=NOT_LOCKED)
    feedback: bool = False
    mutual: bool = False
    applicability: tuple[Applicability, ...] = field(default=(), repr=False, metadata=NOT_LOCKED)
    comments: tuple[Comment, ...] = field(default=(), repr=False, metadata=NOT_LOCKED)
    polarity: str = ""
    delay: bool = False
    label: str = field(default="", metadata=NOT_LOCKED)
    confidence: int | None = field(default=None, metadata=NOT_LOCKED)

    @property
    def on_arrow(self) -> str:
        """What is printed on the arrow: its label and the confidence in it, if there are any."""
        sure = "" if self.confidence is None else f"{self.confidence}%"
        label = " ".join(self.label.split())
        return f"{label} ({sure})" if label and sure else label or sure


@dataclass(frozen=True)
class View:
    """A view that a model defines itself.

    Attributes
    ----------
    id : str
        Its name in ``LogicModel.draw(view=...)``.
    title : str
        The title above its figure; the model's own if empty.
    description : str
        What screen readers read out with its figure; the model's own if empty.
    columns : tuple of str
        Ids of columns whose boxes it shows.
    nodes : tuple of str
        Ids of further boxes that it shows.
    tags : tuple of str
        It shows the boxes with any of these tags, too.
    owners : tuple of str
        It shows the boxes that any of these are responsible for, too. All boxes are shown if
        columns, nodes, tags and owners are all left out.
    show : str
        A view that every model has, whose marks and notes are added.
    theme : str
        Its colours, unless others are asked for.
    """

    id: str
    title: str = ""
    description: str = ""
    columns: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    show: str = "overview"
    theme: str = ""
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """An entry of a model's changelog."""

    date: str
    text: str
    version: str = ""
    stage: str = ""


@dataclass(frozen=True)
class Process:
    """How a model was made: with whom, in which roles, and how it was validated."""

    stakeholders: int | None = None
    roles: str = ""
    methods: str = ""
    disagreements: str = ""
    validation: str = ""


@dataclass(frozen=True)
class Waiver:
    """A rule that does not apply, where, and why; `check` then leaves out its findings."""

    rule: str
    reason: str
    on: str = ""


def waiver_of(key: str, reason: str) -> Waiver:
    """Return the waiver that a line gives: a rule, or a rule and where, and the reason.

    Examples
    --------
    >>> waiver_of("C05", "harms are in the protocol")
    Waiver(rule='C05', reason='harms are in the protocol', on='')
    >>> waiver_of("C02 a1 -> o1", "trivial").on
    'a1 -> o1'
    """
    rule, _, on = key.strip().partition(" ")
    return Waiver(rule, reason, on.strip())
