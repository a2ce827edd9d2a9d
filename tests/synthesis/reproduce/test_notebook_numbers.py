"""The figures that the notebook on differing numbers states in prose, recomputed."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pandas as pd
import pytest

from synthesis import datasets
from synthesis.pooling.model import meta_analysis
from synthesis.reproduce.claims.check import check_claim
from synthesis.reproduce.conventions.search import ConventionSearch, find_conventions

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "08_why_is_my_number_different.ipynb"


@pytest.fixture(scope="module")
def cells() -> list[dict[str, object]]:
    read: list[dict[str, object]] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    return read


@pytest.fixture(scope="module")
def text(cells: list[dict[str, object]]) -> str:
    return "\n\n".join("".join(cell["source"]) for cell in cells)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def studies() -> pd.DataFrame:
    return datasets.load("baskerville2012")


@pytest.fixture(scope="module")
def found(studies: pd.DataFrame) -> ConventionSearch:
    targets = datasets.about("baskerville2012").targets()
    printed = dict(zip(targets["quantity"], targets["printed"], strict=True))
    return find_conventions(studies, printed, measure="smd", progress=False)


def test_it_is_stored_without_output_and_imports_one_thing(cells: list[dict[str, object]]) -> None:
    imports = []
    for cell in cells:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
            tree = ast.parse("".join(cell["source"]))  # type: ignore[arg-type]
            imports += [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import)]
    assert imports == ["import synthesis as syn"]


def test_the_surprise(text: str, studies: pd.DataFrame) -> None:
    fit = meta_analysis(studies, measure="smd")
    assert (f"{fit.estimate:.2f}", f"{fit.ci[1]:.2f}", f"{fit.i2:.0f}") == ("0.56", "0.69", "22")
    assert "ours is 0.69, the printed one 0.68. Nor does I²: ours is 22, the printed one 20" in text
    assert not 0.675 <= fit.ci[1] < 0.685
    assert not 19.5 <= fit.i2 < 20.5


def test_what_has_to_change(text: str, found: ConventionSearch) -> None:
    assert found.matches[["tau2", "ci"]].iloc[0].tolist() == ["dl", "wald"]
    assert set(found.matches["ci"]) == {"wald"}
    assert set(found.matches["model"]) == {"random"}
    assert found.matches["tau2"].nunique() > 3
    assert "**Two choices have to change**" in text
    assert "Every match has a Wald-type interval under random effects" in text


def test_what_separates(text: str, found: ConventionSearch) -> None:
    single = found.separating.set_index(["choice", "instead"])
    hksj, reml = single.loc[("ci", "hksj")], single.loc[("tau2", "reml")]
    assert (hksj["missed"], hksj["would_print"]) == ("ci_high", "0.69")
    assert reml["missed"] == "ci_high, i2"
    assert "moves the upper limit to 0.69 and nothing else" in text
    assert "moves both the limit and I²" in text


def test_nobody_was_wrong(text: str, studies: pd.DataFrame) -> None:
    ours, theirs = meta_analysis(studies), meta_analysis(studies, tau2="dl", ci="wald")
    assert max(abs(a - b) for a, b in zip(ours.ci, theirs.ci, strict=True)) < 0.0105
    assert "differ by 0.01 at each end at most" in text


def test_the_words_about_case_management(text: str) -> None:
    rows = datasets.load("case_management").dropna(subset="estimate")
    health, satisfaction = rows.iloc[0], rows.iloc[1]
    for row, verdict in ((health, "undecidable"), (satisfaction, "consistent")):
        assert check_claim(row["estimate"], (row["ci_low"], row["ci_high"])).verdict == verdict
        assert f'("{row["ci_low"]}", "{row["ci_high"]}")' in text
        assert f"{row['estimate']} ({row['ci_low']} to {row['ci_high']})" in text
    assert "15,327 records in its article and 15,372 in a conference abstract" in text
