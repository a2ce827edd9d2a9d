"""What a logic model is made of: plain records that hold what a specification says."""

from __future__ import annotations

from dataclasses import dataclass, field

from logicmodels.locks import NOT_LOCKED, lock, opens


@dataclass(frozen=True)
class Applicability:
    """How far a finding holds somewhere else, in one respect, as somebody judged it.

    Attributes
    ----------
    target : str
        Where the finding is to be used.
    domain : str
        In which respect: ``"population"``, ``"setting"``, ``"resources"`` or ``"system"``.
    judgement : str
        ``"no important difference"``, ``"important difference"`` or ``"unclear"``.
    reason : str
        Why; a judgement without it is none.
    finding : str
        The outcome it is about; empty if it is about the box or arrow as a whole.
    by, date : str
        Who judged, and when.
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
    by, role : str
        Who said it, and what they are to the programme.
    date : str
        When.
    agree : str
        ``"yes"``, ``"partly"``, ``"no"``, ``"unsure"``, or empty.
    text : str
        What they said.
    suggestion : str
        What they would have instead.
    shown : str
        The fingerprint of what they were shown.
    answer : str
        What came of it.
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
    """How many actions of one type carry a box; 0 says that they were looked for."""

    type: str
    count: int = 1


@dataclass(frozen=True)
class Node:
    """A box: something done, changed or given.

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
        How one would know.
    harm : bool
        Whether it is an effect that nobody wants.
    note : str
        What the figure does not show.
    short : str
        A shorter label, for the public.
    url : str
        Where to read more: an address that begins with http or https, or a relative one.
    applicability : tuple of Applicability
        How far what is known of it holds elsewhere.
    comments : tuple of Comment
        What people said of it.
    actions : tuple of Actions
        What is really done, by type.
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

    @property
    def sentence(self) -> str:
        """The box in words: its label, and its items after a colon."""
        label = " ".join(self.label.split())
        return f"{label}: {', '.join(self.items)}" if self.items else label


@dataclass(frozen=True)
class Assumption:
    """What has to hold for a link to work, who watches it, and whether it was tested."""

    text: str
    owner: str = ""
    status: str = ""


@dataclass(frozen=True)
class Claim:
    """What evidence says about a link: one row of an evidence table.

    Attributes
    ----------
    outcome, window : str
        What was measured, and when.
    estimate, ci_low, ci_high : float or None
        A pooled effect and its interval.
    measure : str
        What the estimate is, such as SMD.
    k, n : int or None
        Studies and people.
    direction : str
        ``"supports"``, ``"no difference"``, ``"conflicting"``, ``"adverse"``, or ``"not stated"``
        where studies were found and do not say. Where it is empty, the claim counts as not
        stated if it names studies, people, a number or a source, and else as nothing found.
    certainty : str
        ``"high"``, ``"moderate"``, ``"low"``, ``"very low"``, or empty.
    reasons : tuple of str
        Why the certainty is what it is.
    search : str
        ``"done"`` or ``"not searched"``.
    citation : str
        Where the claim comes from.
    snapshot : str
        The fingerprint of the result that was agreed on.
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

    @property
    def fingerprint(self) -> str:
        """The lock of the numbers and the judgement: another result, another lock."""
        return lock(self)

    @property
    def is_stale(self) -> bool:
        """Whether the result is no longer the one that was agreed on."""
        return bool(self.snapshot) and not opens(self.snapshot, self, self._old_text)

    @property
    def _old_text(self) -> str:
        """What was hashed before `locks.SCHEME`; it never changes, whatever becomes of fields."""
        return (
            f"({self.estimate!r}, {self.ci_low!r}, {self.ci_high!r}, {self.measure!r}, {self.k!r},"
            f" {self.n!r}, {self.direction!r}, {self.certainty!r})"
        )


@dataclass(frozen=True)
class Link:
    """An arrow from a cause to an effect.

    Attributes
    ----------
    source, target : str
        Ids of nodes.
    because : str
        Why the one should lead to the other.
    mechanism : str
        By which process in people or organisations.
    role : str
        Whether the cause is ``"necessary"``, ``"sufficient"`` or ``"contributory"``.
    theory : str
        ``"implementation"`` (it is delivered as planned) or ``"programme"`` (people respond).
    assumptions : tuple of Assumption
        What has to hold.
    no_assumption_because : str
        Why nothing has to hold, where that is so.
    evidence : tuple of Claim
        What evidence says.
    feedback : bool
        Whether the arrow runs back against the flow of the columns.
    mutual : bool
        Whether each depends on the other; the arrow then has two heads.
    applicability : tuple of Applicability
        How far its evidence holds elsewhere.
    comments : tuple of Comment
        What people said of it.
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


@dataclass(frozen=True)
class View:
    """A view that a model names itself.

    Attributes
    ----------
    id : str
        What `LogicModel.draw` calls it.
    title, description : str
        What is above its figure and is read out with it; the model's own where empty.
    columns, nodes : tuple of str
        Ids of what it shows: boxes of these columns, and these boxes; all where both are empty.
    show : str
        What is laid over it: a view that every model has.
    theme : str
        Its colours, where none are asked for.
    """

    id: str
    title: str = ""
    description: str = ""
    columns: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    show: str = "overview"
    theme: str = ""


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
    """A rule that does not apply, where, and why: what `check` then leaves out."""

    rule: str
    reason: str
    on: str = ""
