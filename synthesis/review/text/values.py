"""The numbers of a review by name, as its prose calls them: ``care.pain.short.estimate``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arrowroot.display import number, p_value
from arrowroot.text import did_you_mean
from synthesis.library.flow.rules import total
from synthesis.pooling.results import MetaAnalysis
from synthesis.review.analyses import Analysis
from synthesis.review.inputs.forms import ReviewForm

if TYPE_CHECKING:
    from synthesis.appraisal.certainty.result import Certainty

MOST_DIGITS = 6
"""Decimals that a format may ask for."""


@dataclass(frozen=True)
class Value:
    """One value that prose may contain.

    Attributes
    ----------
    kind : {"number", "interval", "p", "count", "text"}
        How it is written.
    held : tuple
        The number, the two limits, or the text.
    digits : int
        Decimals, unless the prose asks for others.
    page : str
        Where it is explained: an address within the pages.
    """

    kind: str
    held: tuple[Any, ...]
    digits: int = 2
    page: str = ""

    def text(self, digits: int | None = None, *, bare: bool = False) -> str:
        """Return the value as it is printed; a p-value `bare`, without its sign of equality.

        Examples
        --------
        >>> Value("interval", (0.1602, 0.3644)).text(), Value("number", (0.2612,)).text(3)
        ('0.16 to 0.36', '0.261')
        """
        places = self.digits if digits is None else digits
        if self.kind == "interval":
            return " to ".join(number(one, places) for one in self.held)
        if self.kind == "p":
            return p_value(self.held[0]).removeprefix("= " if bare else "")
        if self.kind == "count":
            return f"{self.held[0]:,}"
        return number(self.held[0], places) if self.kind == "number" else str(self.held[0])


class Values(Mapping[str, Value]):
    """Every value of a review by its dotted name.

    Attributes
    ----------
    rated : dict of str to (Analysis, str)
        The results whose certainty is rated, each with its level, by their keys: what levels that
        are typed into prose are compared with.
    """

    def __init__(
        self,
        held: Mapping[str, Value],
        rated: Mapping[str, tuple[Analysis, str]] | None = None,
    ) -> None:
        self._held = dict(held)
        self.rated = dict(rated or {})

    def __getitem__(self, name: str) -> Value:
        """Return the value of a name."""
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self._held)

    def __len__(self) -> int:
        """Return how many values there are."""
        return len(self._held)

    def missing(self, name: str) -> str:
        """Return what to say of a name that does not exist."""
        head, _, last = name.rpartition(".")
        beside = [one.rpartition(".")[2] for one in self if one.rpartition(".")[0] == head]
        if beside and head:
            hint = did_you_mean(last, beside, " Did you mean {!r}?")
            return f"There is no value {name!r}: {head} has {', '.join(beside)}.{hint}"
        hint = did_you_mean(name, list(self), " Did you mean {!r}?")
        keys = dict.fromkeys(one.rpartition(".")[0] for one in self if one.endswith(".estimate"))
        shown = ", ".join(list(keys)[:6]) or "none"
        return f"There is no value {name!r}; the names of values begin with {shown}.{hint}"


def values_of(
    form: ReviewForm,
    analyses: Sequence[Analysis],
    flow: Mapping[str, Any],
    certainties: Mapping[str, Certainty] | None = None,
) -> Values:
    """Return every value of a review.

    Parameters
    ----------
    form : ReviewForm
        For its title and date.
    analyses : sequence of Analysis
        With their results.
    flow : mapping of str to count
        The counts of the flow diagram.
    certainties : mapping of str to Certainty, optional
        Ratings by the keys of the analyses.
    """
    held = {"review.title": Value("text", (form.title,))}
    if form.date:
        held["review.date"] = Value("text", (form.date,))
    studies: set[str] = set()
    for one in analyses:
        held |= _of_analysis(one)
        if one.fit is not None:
            studies |= set(one.fit.studies["study"])
    for key, rated in (certainties or {}).items():
        where = f"certainty.html#{key}"
        # What a reader must know of it goes with it: proposed only, in part, out of date.
        said = rated.certainty_in_words
        words = said[:1].lower() + said[1:]
        held[f"{key}.certainty"] = Value("text", (words,), page=where)
        held[f"{key}.what_happens"] = Value("text", (rated.what_happens,), page=where)
    held["review.studies_pooled"] = Value("count", (len(studies),), page="studies.html")
    for key, count in flow.items():
        if (n := total(count)) is not None:
            held[f"flow.{key}"] = Value("count", (n,), page="index.html#flow")
    return Values(held, _rated(analyses, certainties or {}))


def _rated(
    analyses: Sequence[Analysis], certainties: Mapping[str, Certainty]
) -> dict[str, tuple[Analysis, str]]:
    """Return the levels that people have judged: prose cannot contradict what is proposed."""
    if not certainties:
        return {}
    from synthesis.appraisal.certainty.levels import LEVELS
    from synthesis.appraisal.certainty.result import PROPOSED

    levels = {key: one.level for key, one in certainties.items() if one.status != PROPOSED}
    return {one.key: (one, levels[one.key]) for one in analyses if levels.get(one.key) in LEVELS}


def page_of(analysis: Analysis) -> str:
    """Return the name of the page of an analysis."""
    return f"{analysis.key}.html"


def in_names(text: str) -> str:
    """Return a label as dotted names contain it.

    Examples
    --------
    >>> in_names("Social worker: yes")
    'social-worker-yes'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "blank"


def _of_analysis(one: Analysis) -> dict[str, Value]:
    if one.fit is None:
        return {}
    page = page_of(one)
    held = _of_fit(one.key, one.fit, f"{page}#result")
    if one.participants is not None:
        held[f"{one.key}.participants"] = Value("count", (one.participants,), page=f"{page}#result")
    for by, groups in one.subgroups.items():
        name, where = f"{one.key}.subgroups.{in_names(by)}", f"{page}#subgroups"
        held[f"{name}.p"] = Value("p", (groups.p_value,), page=where)
        held[f"{name}.q"] = Value("number", (groups.q_between,), page=where)
        held[f"{name}.q_df"] = Value("count", (groups.df,), page=where)
        for label, fit in groups.groups.items():
            held |= _of_fit(f"{name}.{in_names(label)}", fit, where)
    for key, variant in one.sensitivity.items():
        held |= _of_fit(f"{one.key}.sensitivity.{key}", variant.fit, f"{page}#sensitivity")
    for key, test in one.small_studies.items():
        p = getattr(test, "p_value", None)
        if p is not None:
            name = f"{one.key}.small_studies.{key}.p"
            held[name] = Value("p", (p,), page=f"{page}#small-studies")
    return held


def _of_fit(name: str, fit: MetaAnalysis, page: str) -> dict[str, Value]:
    low, high = (fit.back(limit) for limit in fit.ci)
    held = {
        "estimate": Value("number", (fit.back(fit.estimate),)),
        "ci": Value("interval", (low, high)),
        "ci_low": Value("number", (low,)),
        "ci_high": Value("number", (high,)),
        "k": Value("count", (fit.k,)),
        "studies": Value("count", (fit.n_studies,)),
        "measure": Value("text", (fit.measure.abbreviation,)),
        "sentence": Value("text", (fit.sentence(),)),
    }
    if fit.measure.has_null:
        held["p"] = Value("p", (fit.p_value,))
    if fit.k > 1:
        held |= {
            "i2": Value("number", (fit.i2,), 0),
            "tau2": Value("number", (fit.tau2,), 3),
            "tau": Value("number", (fit.tau,), 3),
            "q": Value("number", (fit.q,)),
            "q_df": Value("count", (fit.q_df,)),
            "q_p": Value("p", (fit.q_p_value,)),
        }
    if fit.prediction_interval is not None:
        limits = tuple(fit.back(limit) for limit in fit.prediction_interval)
        held["prediction"] = Value("interval", limits)
        held["prediction_low"] = Value("number", limits[:1])
        held["prediction_high"] = Value("number", limits[1:])
    return {
        f"{name}.{key}": Value(one.kind, one.held, one.digits, page) for key, one in held.items()
    }
