"""The analyses of a long table as an R script."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from synthesis import checks
from synthesis.labels import read_labels
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.many import meta_analyses
from synthesis.r_code import subgroups
from synthesis.r_code.script import script


def meta_analyses_to_r(
    table: pd.DataFrame,
    by: str | Sequence[str],
    *,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    model: str = "random",
    tau2: str | float = "reml",
    ci: str | None = None,
    level: float = 0.95,
    prediction: str = "as_interval",
    dependent: str = "refuse",
) -> str:
    """Write an R script with which metafor pools every group of a long table to the same numbers.

    Parameters
    ----------
    table, by, yi, vi, study, model, tau2, ci, level, prediction, dependent
        As in `meta_analyses`.

    Returns
    -------
    str
        A function that pools one group, applied to each; it ends by printing what R finds beside
        what `meta_analyses` found.

    Raises
    ------
    DataError, OptionError
        As in `meta_analyses`.

    Examples
    --------
    >>> table = pd.DataFrame({"review": ["a", "a", "b"], "yi": [0.1, 0.3, 0.2], "vi": [0.1] * 3})
    >>> "split(studies, studies$analysis)" in meta_analyses_to_r(table, by="review", tau2="dl")
    True
    """
    choices = Choices(model=model, tau2=tau2, ci=ci, level=level, prediction=prediction)
    found = meta_analyses(
        table,
        by,
        yi=yi,
        vi=vi,
        study=study,
        model=model,
        tau2=tau2,
        ci=ci,
        level=level,
        prediction=prediction,
        dependent=dependent,
    )
    keys = [by] if isinstance(by, str) else list(by)
    parts = [read_labels(table[key]) for key in keys]
    names = [", ".join(row) for row in zip(*parts, strict=True)]
    columns = {
        **({"study": read_labels(table[study])} if study in table else {}),
        "yi": checks.as_numbers(table[yi]),
        "vi": checks.as_numbers(table[vi]),
        "analysis": names,
    }
    told = not np.isnan(found["p_value"].to_numpy(dtype=float)).any()
    section = subgroups.of_table(columns, list(dict.fromkeys(names)), found, choices, told)
    return script({"": section})
