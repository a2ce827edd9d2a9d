"""Receipts: for every effect, which route and formula it came from, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from arrowroot.display import Shown
from arrowroot.errors import DataError
from arrowroot.frames import TextTable
from synthesis import checks
from synthesis.effects.routes.clusters import design_effects
from synthesis.effects.routes.control_parts import ControlPart
from synthesis.effects.routes.route import Options, Route
from synthesis.effects.rows.effect_types import EffectType, effect_type
from synthesis.effects.rows.workings import Basis, Remark, Step, Workings
from synthesis.effects.shared_controls import DIVIDED
from synthesis.labels import read_labels
from synthesis.outcomes import Outcome

_COHENS_D = "Cohen's d as printed, not corrected for small samples"
_GLASS = "Glass's delta as printed, in SDs of the control group"
_RANKS = "Correlation of ranks (Spearman) taken as an ordinary one"
_UNSTATED = "whether the printed SMD is corrected for small samples is not stated"


@dataclass(frozen=True, repr=False)
class Receipt(Shown):
    """How one effect was derived.

    Attributes
    ----------
    study : str
        Label of the study.
    measure : str
        The effect measure.
    route : str
        The route taken; ``"none"`` for a row that was refused.
    formula : str
        The formula with its source.
    inputs : str
        The cells of the sheet that went in.
    steps : tuple of str
        How cells that are not in the sheet were derived from those that are.
    assumptions : tuple of str
        What was assumed, estimated or imputed; empty if nothing was.
    alternatives : tuple of str
        What the row's other routes would have given.
    disagreements : tuple of str
        Which of them give effects further from this one than rounding of the printed numbers can
        explain.
    refused : str
        Why there is no effect; empty if there is one.
    footnotes : tuple of str
        What a reader of a figure should know about this row, in a few words each.
    doubts : tuple of str
        What is doubtful about the effect, in the same words for every row with that doubt.
    unit : str
        What the effect is expressed in, such as ``"SDs of the change"``, where effects in
        different units have the same measure; otherwise empty.
    control : ControlPart or None
        What the control arm contributes to the variance, for the covariance with other effects
        that share it; None where the route does not say.
    corrected : bool, optional
        Whether a standardised mean difference is corrected for small samples, as Hedges' g is and
        Cohen's d is not; None where that is not known or means nothing.
    outcome : Outcome, optional
        The outcome that the row is of, where it was declared.
    """

    study: str
    measure: str
    route: str
    formula: str
    inputs: str
    steps: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()
    refused: str = ""
    footnotes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    unit: str = ""
    control: ControlPart | None = None
    corrected: bool | None = None
    outcome: Outcome | None = None

    def _title(self) -> str:
        return self.study

    def _facts(self) -> Sequence[tuple[str, str]]:
        if self.refused:
            return (("refused", self.refused),)
        facts = [
            ("route", f"{self.route} to {self.measure}"),
            ("formula", self.formula),
            ("inputs", self.inputs),
            ("worked out", " | ".join(self.steps) or "nothing"),
            ("assumed", " | ".join(self.assumptions) or "nothing"),
        ]
        if self.alternatives:
            facts.append(("other routes", " | ".join(self.alternatives)))
        if self.disagreements:
            facts.append(("routes disagree", " | ".join(self.disagreements)))
        return facts


def receipts(es: pd.DataFrame) -> pd.DataFrame:
    """Return the receipts of a table of effects, one row per effect, in columns.

    Parameters
    ----------
    es : DataFrame
        What `effect_sizes` returned, or some of its rows.

    Returns
    -------
    DataFrame
        With the columns `study`, `yi`, `vi`, `route`, `formula`, `inputs`, `worked_out`,
        `assumed`, `other_routes`, `routes_disagree` and `refused`, and `line` if the sheet was
        read from a file.

    Raises
    ------
    DataError
        If the table has no receipts.

    Examples
    --------
    >>> from synthesis.effects.effect_sizes import effect_sizes
    >>> sheet = pd.DataFrame({"study": ["A"], "t": [2.0], "n_t": [50], "n_c": [50]})
    >>> receipts(effect_sizes(sheet)).loc[0, "inputs"]
    't = 2, n_t = 50, n_c = 50'
    """
    checks.is_table(es, "es")
    if "receipt" not in es or not es["receipt"].map(lambda cell: isinstance(cell, Receipt)).all():
        raise DataError(
            "the table has no receipts: pass what effect_sizes returned, not a copy that "
            "was saved and read back in."
        )
    written: list[Receipt] = es["receipt"].tolist()
    table = es[[name for name in ("line", "study", "yi", "vi", "route") if name in es]].copy()
    table["formula"] = [receipt.formula for receipt in written]
    table["inputs"] = [receipt.inputs for receipt in written]
    table["worked_out"] = ["; ".join(receipt.steps) for receipt in written]
    table["assumed"] = ["; ".join(receipt.assumptions) for receipt in written]
    table["other_routes"] = ["; ".join(receipt.alternatives) for receipt in written]
    table["routes_disagree"] = ["; ".join(receipt.disagreements) for receipt in written]
    table["refused"] = [receipt.refused for receipt in written]
    shown = TextTable(table)
    shown.attrs = table.attrs
    return shown


def write_receipts(
    workings: Workings,
    routes: Sequence[Route],
    chosen: np.ndarray,
    options: Options,
    *,
    others: Mapping[int, tuple[str, ...]],
    apart: Mapping[int, tuple[str, ...]],
    refusals: Mapping[int, str],
    parts: Mapping[int, ControlPart],
) -> list[Receipt]:
    """Return a receipt for every row.

    Parameters
    ----------
    workings : Workings
        The cells, with how they were worked out.
    routes : sequence of Route
        The routes to the measure.
    chosen : ndarray of int
        The position of the route that each row takes.
    options : Options
        The choices of the call.
    others : mapping of int to tuple of str
        What the other routes would give, by row.
    apart : mapping of int to tuple of str
        What is said about routes that disagree, by row.
    refusals : mapping of int to str
        Why rows have no effect, by row.
    parts : mapping of int to ControlPart
        What the control contributes to the variance, by row, where the route says.
    """
    studies = workings.sheet["study"].tolist()
    prepared = [""] * workings.size
    if "combined_from" in workings.sheet:
        prepared = read_labels(workings.sheet["combined_from"])
    remarks = workings.remarks_by_row()
    in_clusters = ~np.isnan(design_effects(workings, routes, chosen))
    types = list(map(effect_type, workings.words("effect_type").tolist()))
    written = {}
    for at, route in enumerate(routes):
        formula = route.formulas[options.measure]
        text = formula.described(options)
        always = (formula.assumes,) if formula.assumes else ()
        unit = formula.unit(options)
        corrected = formula.is_corrected(options)
        is_printed = (options.measure, route.name) == ("smd", "printed")
        footnote = formula.footnotes(options)
        for clustered in (False, True):
            rows = np.flatnonzero((chosen == at) & (in_clusters == clustered))
            needs = (*route.needs, "icc", "cluster_size") if clustered else route.needs
            if not {*DIVIDED}.isdisjoint(needs):
                needs = (*needs, "control_shares")
            for basis in workings.bases(rows, needs):
                steps = tuple(step.note for step in basis.steps if not step.is_guess)
                guesses = tuple(step.note for step in basis.steps if step.is_guess)
                usual = _Said(
                    assumptions=(*guesses, *always),
                    footnotes=_each((*footnote, *map(_footnote, basis.steps))),
                )
                for row, inputs in zip(basis.rows.tolist(), _inputs(workings, basis), strict=True):
                    said = usual
                    of_type = _said_of_type(types[row], route.name, options.measure)
                    if of_type is not _AS_PRINTED or row in remarks:
                        said = _said(basis, remarks.get(row, ()), of_type, usual, footnote)
                    written[row] = Receipt(
                        studies[row],
                        options.measure,
                        route.name,
                        text,
                        inputs,
                        (prepared[row], *steps) if prepared[row] else steps,
                        said.assumptions,
                        others.get(row, ()),
                        apart.get(row, ()),
                        "",
                        said.footnotes,
                        said.doubts,
                        unit,
                        parts.get(row),
                        types[row].corrected if is_printed else corrected,
                    )
    for row, reason in refusals.items():
        written[row] = Receipt(studies[row], options.measure, "none", "", "", refused=reason)
    return [written[row] for row in range(workings.size)]


_AS_PRINTED = Remark("")


class _Said(NamedTuple):
    """What a receipt says of how an effect was derived, beyond its formula."""

    assumptions: tuple[str, ...]
    footnotes: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def _said(
    basis: Basis,
    remarks: Sequence[Remark],
    of_type: Remark,
    usual: _Said,
    footnote: Sequence[str],
) -> _Said:
    """Return what the receipt of a row says that has remarks of its own, or a type worth a word."""
    noted: tuple[Step | Remark, ...] = (*basis.steps, *remarks)
    texts = (*(remark.text for remark in remarks), of_type.text)
    footnotes = (of_type.footnote,) if of_type.footnote else footnote
    return _Said(
        (*usual.assumptions, *filter(None, texts)),
        _each((*footnotes, *map(_footnote, noted))),
        _each((of_type.doubt, *(remark.doubt for remark in remarks))),
    )


def _said_of_type(kind: EffectType, route: str, measure: str) -> Remark:
    """Return what a receipt must say of the type of a printed effect that it takes as it is."""
    if route == "printed_g" and kind.corrected is None:
        return Remark(f"{_UNSTATED}; taken as it is")
    if route != "printed":
        return _AS_PRINTED
    if measure == "smd" and kind.is_glass:
        return Remark(_GLASS, footnote=_GLASS, doubt=_GLASS)
    if measure == "smd" and kind.corrected is False:
        return Remark("", footnote=_COHENS_D)
    if measure == "smd" and kind.name == "smd" and kind.corrected is None:
        return Remark(_UNSTATED)
    if measure == "r" and kind.is_rank:
        return Remark(_RANKS, footnote=_RANKS, doubt=_RANKS)
    return _AS_PRINTED


def _footnote(noted: Step | Remark) -> str:
    """Return what a figure says of something noted: of a doubt without words of its own, itself."""
    return noted.footnote or (noted.doubt if isinstance(noted, Remark) else "")


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts, each once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, texts)))


def _inputs(workings: Workings, basis: Basis) -> list[str]:
    form = ", ".join(f"{name} = {{:.10g}}" for name in basis.inputs)
    columns = [workings[name][basis.rows].tolist() for name in basis.inputs]
    return [form.format(*cells) for cells in zip(*columns, strict=True)] or [""] * basis.rows.size
