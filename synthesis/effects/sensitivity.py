"""What an assumed number changes: the same effects over several of its values."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pandas as pd

from synthesis.effects.effect_sizes import effect_sizes


def sensitivity(
    sheet: pd.DataFrame | str | os.PathLike[str],
    column: str,
    values: Iterable[float],
    *,
    measure: str | None = None,
    **options: Any,
) -> pd.DataFrame:
    """Compute the effects of a sheet for several values of a number that it does not report.

    Parameters
    ----------
    sheet : DataFrame or path
        The extraction sheet.
    column : str
        The column that is blank in some rows, such as ``"r"`` or ``"icc"``.
    values : iterable of float
        The numbers to use there, one after another.
    measure, **options
        As in `effect_sizes`.

    Returns
    -------
    DataFrame
        The tables of `effect_sizes` one below the other, with the column `assumed`; ready for one
        analysis per value, such as ``meta_analyses(table, by="assumed")``.

    Examples
    --------
    >>> trial = pd.DataFrame({"study": ["A"], "effect": [0.3], "se": [0.1], "cluster_size": [11]})
    >>> sensitivity(trial, "icc", [0.0, 0.1])[["assumed", "vi"]].round(3).values.tolist()
    [[0.0, 0.01], [0.1, 0.02]]
    """
    assume = options.pop("assume", None) or {}
    tables = [
        effect_sizes(sheet, measure, assume={**assume, column: value}, **options).assign(
            assumed=float(value)
        )
        for value in values
    ]
    return pd.concat(tables, ignore_index=True)
