"""From included reports to a sheet, and citations by key. Oak and Elm are made up."""

from __future__ import annotations

import pandas as pd
import pytest

from synthesis.errors import DataError, OptionError
from synthesis.library.citations import Citations
from synthesis.library.onward import extraction_rows
from synthesis.library.readers.found import FIELDS
from synthesis.library.screening import COLUMNS

# Stokes et al. 2015 is a real article; the rest is made up.
STOKES = {
    "record_id": "plos:stokes2015",
    "type": "article",
    "title": "Effectiveness of case management for 'at risk' patients in primary care: "
    "A systematic review and meta-analysis",
    "authors": "Stokes, J.; Panagioti, M.; Alam, R.; Checkland, K.; Cheraghi-Sohi, S.; Bower, P.",
    "year": "2015",
    "journal": "PLoS ONE",
    "volume": "10",
    "number": "7",
    "pages": "e0132340",
    "doi": "10.1371/journal.pone.0132340",
}
OAK = {"record_id": "b:oak", "type": "book", "title": "Oaks", "authors": "Oak, Ann", "year": "2001"}
BOARD = {"record_id": "b:board", "type": "report", "title": "Elms & all", "authors": "Elm Board"}
RECORDS = pd.DataFrame([{**dict.fromkeys(FIELDS, ""), **record} for record in (STOKES, OAK, BOARD)])


def test_vancouver() -> None:
    cite = Citations(RECORDS)
    assert cite("oak") == "[1]"
    assert cite("plos:stokes2015", "oak") == "[1, 2]"
    assert cite.references() == [
        "1. Oak A. Oaks. 2001.",
        "2. Stokes J, Panagioti M, Alam R, Checkland K, Cheraghi-Sohi S, Bower P. Effectiveness of "
        "case management for 'at risk' patients in primary care: A systematic review and "
        "meta-analysis. PLoS ONE. 2015;10(7):e0132340. doi:10.1371/journal.pone.0132340",
    ]


def test_apa() -> None:
    cite = Citations(RECORDS, style="apa")
    assert cite("stokes2015", "oak") == "(Oak, 2001; Stokes et al., 2015)"
    first, second = cite.references()
    assert first == "Oak, A. (2001). Oaks."
    assert second.startswith("Stokes, J., Panagioti, M., Alam, R., Checkland, K., Cheraghi-Sohi, S")
    assert second.endswith(
        "PLoS ONE, 10(7), e0132340. https://doi.org/10.1371/journal.pone.0132340"
    )


def test_bodies_and_missing_years() -> None:
    cite = Citations(RECORDS)
    cite("board")
    assert cite.references() == ["1. Elm Board. Elms & all."]
    assert "Elms &amp; all" in cite._repr_html_()
    assert "n.d." in Citations(RECORDS, style="apa")("board")


def test_keys_and_styles_that_are_not_there() -> None:
    with pytest.raises(
        DataError, match=r"no record 'stokes' to cite. Did you mean plos:stokes2015"
    ):
        Citations(RECORDS)("stokes")
    with pytest.raises(OptionError, match="style must be one of 'vancouver', 'apa'"):
        Citations(RECORDS, style="harvard")


def decisions(*ids: str) -> pd.DataFrame:
    rows = [[one, "full_text", "ann", "include", "", ""] for one in ids]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_extraction_rows() -> None:
    twin = {**OAK, "record_id": "c:oak"}
    records = pd.concat([RECORDS, pd.DataFrame([twin])], ignore_index=True).fillna("")
    sheet = extraction_rows(
        records,
        decisions("plos:stokes2015", "b:oak", "c:oak", "b:board"),
        outcomes=["cost", "mortality"],
        windows=["short", "long"],
        studies={"b:board": "Elm study"},
    )
    assert sheet.columns.tolist() == ["study", "outcome", "timepoint", "record_id", "title", "doi"]
    assert len(sheet) == 4 * 2 * 2
    assert sheet["study"].unique().tolist() == [
        "Stokes 2015",
        "Oak 2001a",
        "Elm study",
        "Oak 2001b",
    ]
    assert sheet.iloc[1][["outcome", "timepoint", "record_id"]].tolist() == [
        "cost", "long", "plos:stokes2015",
    ]  # fmt: skip


def test_nothing_to_extract() -> None:
    with pytest.raises(DataError, match="no report has been included"):
        extraction_rows(RECORDS, decisions(), outcomes=["cost"])
    with pytest.raises(DataError, match="name at least one of each"):
        extraction_rows(RECORDS, decisions("b:oak"), outcomes=[])
