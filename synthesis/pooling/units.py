"""How the effects of an analysis belong to studies, and what an error or a result says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arrowroot.errors import DataError
from arrowroot.text import counted, shortened

_WAYS_OUT = (
    "three_level takes all rows; meta_analysis(..., dependent='ignore') followed by robust(fit, "
    "cluster='study') corrects the standard error; choose_rows keeps one row per study; "
    "average_within_studies takes the mean of each study. If a label stands for several trials, "
    "give each its own. dependent='ignore' pools the rows as if they were independent."
)


@dataclass(frozen=True)
class Units:
    """How the effects of a table belong to studies.

    Attributes
    ----------
    k, n_studies : int
        Number of effects, and of study labels.
    differ : tuple of str
        Clauses that name studies and the columns in which their rows differ.
    people : tuple of str
        The same of studies whose rows differ in their subgroup alone.
    shared : tuple of str
        Studies whose rows share a control arm.
    divided : tuple of str
        Studies whose shared control is divided among the rows.
    repeated : tuple of str
        Studies with rows that are equal in every cell.
    relabelled : tuple of str
        Labels that are repeated without a sign of dependence.
    subgroup : str
        The column of subgroups, if rows differ in it.
    """

    k: int
    n_studies: int
    differ: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    divided: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    relabelled: tuple[str, ...] = ()
    subgroup: str = ""

    @property
    def dependence(self) -> str:
        """What `MetaAnalysis.dependence` says."""
        if self.differ or self.shared or self.repeated:
            return "ignored"
        if self.people or self.divided:
            return "allowed"
        return "labels" if self.relabelled else "none"

    def refuse(self) -> None:
        """Raise an error if rows of one study are dependent, or are one row twice."""
        if self.repeated:
            raise DataError(
                f"study: the rows of {listed(self.repeated)} are equal in every cell, so that the "
                "same effect would count more than once. Remove the repeats; if they are "
                "different studies, give each its own label. dependent='ignore' pools them as they "
                "are."
            )
        if not (self.differ or self.people or self.shared):
            return
        advice = [_WAYS_OUT]
        if self.shared:
            advice.insert(0, "shared_control combines arms that share a control.")
        if self.subgroup:
            advice.insert(
                0,
                "If the subgroups are different people, "
                f"subgroup_analysis(..., by={self.subgroup!r}) or dependent='ignore' is right.",
            )
        raise DataError(
            "study: rows of one study depend on each other and cannot be pooled as separate "
            f"studies: {self._why()}. {' '.join(advice)}"
        )

    def notes(self, *, counts: bool = True, weighted: bool = True) -> list[str]:
        """Return what a result of these effects must say about them, in sentences.

        Parameters
        ----------
        counts : bool
            Whether to say how many effects and studies there are: not over several analyses.
        weighted : bool
            Whether the effects are pooled by the inverse of their variances, which `robust` needs.
        """
        found = []
        effects = self.in_words if counts else "Effects of one study"
        remedy = (
            "three_level, or robust(fit, cluster='study'), allows"
            if weighted
            else "three_level, with effects from effect_sizes, allows"
        )
        under = f": {self.in_words}" if counts else ""
        if self.differ or self.shared:
            found.append(
                f"{effects} were pooled as if they were independent: {self._why()}. Where they "
                f"measure the same people, the interval is usually too narrow; {remedy} for it."
            )
        elif self.people:
            found.append(f"{effects} were pooled as those of different people: {self._why()}.")
        if self.divided:
            found.append(
                f"The control arm of {listed(self.divided)} is divided among its rows: a part of "
                "their dependence remains (Cochrane Handbook 23.3.4)."
            )
        if self.repeated:
            found.append(
                f"The rows of {listed(self.repeated)} are equal in every cell, and were pooled as "
                "separate effects all the same."
            )
        if self.relabelled:
            found.append(
                f"More than one row is labelled {listed(self.relabelled)}{under}. Each row was "
                "pooled as a study of its own; if they are effects of one study, use three_level "
                "or keep one."
            )
        return found

    @property
    def in_words(self) -> str:
        """How many effects, and of how many studies."""
        return in_words(self.k, self.n_studies, self.dependence)

    def _why(self) -> str:
        shared = f"the rows of {listed(self.shared)} share a control arm" if self.shared else ""
        return "; ".join(filter(None, (*self.differ, *self.people, shared)))


def in_words(k: int, n_studies: int, dependence: str) -> str:
    """Return how many effects there are, and of how many studies.

    Examples
    --------
    >>> in_words(6, 6, "none"), in_words(6, 3, "ignored"), in_words(6, 3, "labels")
    ('6 studies', '6 effects from 3 studies', '6 effects under 3 study labels')
    """
    if k == n_studies:
        return counted(k, "study", "studies")
    of = (
        f"under {counted(n_studies, 'study label')}"
        if dependence == "labels"
        else f"from {counted(n_studies, 'study', 'studies')}"
    )
    return f"{counted(k, 'effect')} {of}"


def counted_fact(words: str) -> tuple[str, str]:
    """Return the number of effects and studies as a line of a table of facts.

    Examples
    --------
    >>> counted_fact("6 studies"), counted_fact("6 effects from 3 studies")
    (('Studies', '6'), ('Effects', '6 from 3 studies'))
    """
    number, _, *rest = words.split(" ")
    if not rest:
        return "Studies", number
    return "Effects", " ".join([number, *rest])


def listed(labels: Iterable[str]) -> str:
    """Return labels in quotation marks, as many as a message has place for."""
    return shortened(repr(label) for label in labels)
