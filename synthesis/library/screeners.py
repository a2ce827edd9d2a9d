"""Where screeners differ, and how far they agree, using the functions that compare coders."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from arrowroot.errors import DataError
from arrowroot.options import one_of
from arrowroot.text import person
from synthesis import checks
from synthesis.labels import read_labels, with_labels
from synthesis.library.screening import STAGES
from synthesis.library.settling import CONSENSUS, OPEN, REASONS_DIFFER, settle


def screening_conflicts(
    decisions: pd.DataFrame, *, stage: str, rules: str | Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the records at a stage on which screeners differ and which are not settled yet.

    Parameters
    ----------
    decisions : DataFrame
        From `read_decisions`.
    stage : {"before_screening", "title_abstract", "full_text"}
        Which stage.
    rules : str or mapping of str to str, optional
        How differing decisions are settled, as in `settle`; what the rule settles is no conflict.

    Returns
    -------
    DataFrame
        Indexed by ``record_id``, one column per screener. At full text people may agree to exclude
        and differ in the reason; the cells then give it, as in ``exclude (design)``.
    """
    from synthesis.coding.codings import disagreements

    rows = _at(decisions, stage).reset_index(drop=True)
    settled = settle(rows, rules=rules).set_index("record_id")["how"]
    how = rows["record_id"].map(settled)
    open_ = rows[how.isin([*OPEN, REASONS_DIFFER])]
    why = read_labels(open_["reason"]) if "reason" in open_ else [""] * len(open_)
    said = [
        f"{decision} ({reason})" if found == REASONS_DIFFER and reason else decision
        for decision, reason, found in zip(open_["decision"], why, how[open_.index], strict=True)
    ]
    return disagreements(
        open_.assign(decision=said), unit="record_id", coder="screener", code="decision"
    )


def screening_agreement(
    decisions: pd.DataFrame, *, bootstrap: int = 0, seed: int | None = None
) -> pd.DataFrame:
    """Return how far screeners agree, stage by stage, before any consensus.

    Parameters
    ----------
    decisions : DataFrame
        From `read_decisions`.
    bootstrap, seed
        As in `synthesis.coding.agreement.agreement.agreement`.

    Returns
    -------
    DataFrame
        Indexed by stage and coefficient, with the columns of that function.

    Raises
    ------
    DataError
        If no stage has two screeners.
    """
    from synthesis.coding.agreement.agreement import agreement

    tables = {}
    for stage in STAGES:
        rows = _at(decisions, stage)
        rows = rows[~_is_consensus(rows)]
        if len(set(read_labels(rows["screener"]))) > 1:
            tables[stage] = agreement(
                rows,
                unit="record_id",
                coder="screener",
                code="decision",
                bootstrap=bootstrap,
                seed=seed,
            )
    if not tables:
        raise DataError("decisions: no stage has two screeners; there is nothing to compare.")
    return pd.concat(tables, names=["stage", "coefficient"])


def _at(decisions: pd.DataFrame, stage: str) -> pd.DataFrame:
    one_of("stage", stage, STAGES)
    for name in ("record_id", "screener", "decision"):
        checks.column(decisions, name, "decisions")
    stages = read_labels(checks.column(decisions, "stage", "decisions"))
    rows = decisions[[one == stage for one in stages]]
    return with_labels(rows, ["record_id", "decision"], people=["screener"])


def _is_consensus(rows: pd.DataFrame) -> pd.Series:
    return rows["screener"].map(lambda name: person(name) == CONSENSUS).astype(bool)
