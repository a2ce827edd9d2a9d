"""Which data a multiverse analyses: forms of the variance, subgroups, studies left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from arrowroot.text import counted, label, shortened
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.pooling.engine.weighted import Array
from synthesis.pooling.studies import AS_GIVEN as STUDY_AS_GIVEN
from synthesis.pooling.studies import find_measure, split_studies

ALL = "all"
NONE = "none"
AS_GIVEN = "as given"


@dataclass(frozen=True, eq=False)
class Selection:
    """A selection of studies, by row, with the names of the subgroup and of what is left out."""

    subgroup: str
    left_out: str
    rows: Array

    n_studies: int

    @property
    def k(self) -> int:
        """Number of effects."""
        return len(self.rows)


def variants(
    effects: pd.DataFrame,
    *,
    yi: str,
    vi: str,
    study: str,
    measure: str | None,
    forms: Sequence[str] | None,
    dependent: str,
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Return the studies under each form of the variance, and notes on them.

    Raises
    ------
    OptionError
        If the effects are not standardised mean differences, the only ones with such forms.
    DataError
        If no row has the arms that effects could be computed from.
    """
    if forms is None:
        studies, _, notes, _ = split_studies(
            effects, yi=yi, vi=vi, study=study, dependent=dependent
        )
        return {AS_GIVEN: studies}, notes
    from synthesis.effects.effect_sizes import effect_sizes

    name = find_measure(effects, measure).name
    if name != "smd":
        raise OptionError(
            f"variance: forms of the variance belong to standardised mean differences; these "
            f"effects are {name!r}. Leave variance out, or name measure='smd'."
        )
    if isinstance(forms, str) or not len(forms):
        raise OptionError(f"variance must be a list of options, such as [{forms!r}].")
    sheet = (
        effects
        if study == "study"
        else effects.assign(study=checks.column(effects, study, "study"))
    )
    tables = {}
    for form in forms:
        computed = effect_sizes(sheet, name, variance=form)
        given = computed["route"] == "given"
        if given.all():
            raise DataError(
                "variance: no row has the columns of both arms (mean_t sd_t n_t mean_c sd_c n_c), "
                "so its variance cannot be computed in other forms. Leave variance out."
            )
        studies, _, notes, _ = split_studies(
            computed, yi="yi", vi="vi", study="study", dependent=dependent
        )
        tables[form] = studies
    if given.any():
        kept = counted(int(given.sum()), "study keeps its", "studies keep their")
        notes = [*notes, f"{kept} given variance under every form, because the arms are not given."]
    return tables, notes


def selections(
    studies: pd.DataFrame,
    columns: Sequence[str],
    leave_out: str | Mapping[str, Sequence[str]] | None,
) -> list[Selection]:
    """Cross subgroups with what is left out; a selection that leaves nothing out is not repeated.

    Parameters
    ----------
    studies : DataFrame
        With a column ``study`` of labels that differ.
    columns : sequence of str
        Each value of each column makes a subgroup.
    leave_out : {"each"} or mapping of str to sequence of str, or None
        What to leave out in turn.
    """
    names = read_labels(studies["study"])
    given = np.array(read_labels(studies[STUDY_AS_GIVEN if STUDY_AS_GIVEN in studies else "study"]))
    everyone = np.ones(len(names), dtype=bool)
    groups = [(ALL, everyone)]
    for column in columns:
        values = np.array(read_labels(checks.column(studies, column, "subgroups")), dtype=object)
        groups += [
            (f"{column}: {value}", values == value) for value in dict.fromkeys(values) if value
        ]
    rules = [(NONE, everyone), *_left_out(names, leave_out)]
    return [
        Selection(group, rule, np.flatnonzero(members & stays), len(set(given[members & stays])))
        for group, members in groups
        for rule, stays in rules
        if stays.all() or (members & ~stays).any()
    ]


def _left_out(
    names: Sequence[str], leave_out: str | Mapping[str, Sequence[str]] | None
) -> list[tuple[str, Array]]:
    """Return which studies remain under each rule."""
    if leave_out is None:
        return []
    if isinstance(leave_out, str):
        one_of("leave_out", leave_out, ("each",))
        return [(name, np.array([name != other for other in names])) for name in names]
    rules = []
    for rule, given in leave_out.items():
        labels = {} if isinstance(given, str) else {label(one): one for one in given}
        unknown = [repr(one) for read, one in labels.items() if read not in names]
        if isinstance(given, str) or unknown:
            raise DataError(
                f"leave_out: {rule!r} must list study labels of the table; it has "
                f"{shortened(unknown) or repr(given)}."
            )
        rules.append((rule, np.array([name not in labels for name in names])))
    return rules
