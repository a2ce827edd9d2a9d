"""A seed that is none is answered alike, whatever is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import synthesis as syn

EFFECTS = pd.DataFrame(
    {"study": list("abcdefghijkl"), "yi": np.sin(range(12)), "vi": 0.1, "dose": range(12)}
)
CODED = pd.DataFrame({"unit": [1, 1, 2, 2], "coder": list("abab"), "code": list("xxyx")})


@pytest.mark.parametrize("seed", [-1, 1.5, "2026"])
@pytest.mark.parametrize(
    "draw",
    [
        lambda seed: syn.gosh(syn.meta_analysis(EFFECTS), subsets=20, seed=seed),
        lambda seed: syn.meta_regression(EFFECTS, "~ dose").permutation_test(n=20, seed=seed),
        lambda seed: syn.agreement(CODED, bootstrap=10, seed=seed),
    ],
)
def test_a_seed_is_a_whole_number_of_0_or_more(
    draw: Callable[[object], object], seed: object
) -> None:
    with pytest.raises(syn.OptionError, match="seed must be a whole number of 0 or more"):
        draw(seed)


def test_sheets_are_not_written_with_a_wrong_seed(tmp_path: Path) -> None:
    records = pd.DataFrame({"record_id": ["1", "2"], "title": ["One", "Two"]})
    with pytest.raises(syn.OptionError, match="seed must be a whole number of 0 or more"):
        syn.write_screening_sheets(records, ["Ann"], tmp_path, stage="title_abstract", seed=-1)
    assert not list(tmp_path.iterdir())
