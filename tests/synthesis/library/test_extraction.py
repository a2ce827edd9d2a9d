"""From included reports to a sheet, and citations by key. Oak and Elm are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from arrowroot.sheets import write_table
from synthesis.effects.sheet.reading import read_extraction
from synthesis.library.citations import Citations
from synthesis.library.extraction import extraction_rows
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


def cited(style: str, **given: str) -> tuple[str, str]:
    """Return mark and reference of one made-up record."""
    row = {**dict.fromkeys(FIELDS, ""), "record_id": "a:1", "type": "article", **given}
    cite = Citations(pd.DataFrame([row]), style=style)
    mark = cite("1")
    (reference,) = cite.references()
    return mark, reference


LEAVES = {"title": "Leaves", "authors": "Doe, Jane", "journal": "Trees", "volume": "3"}


@pytest.mark.parametrize(
    ("changes", "vancouver", "mark", "apa"),
    [
        ({}, "Doe J. Leaves. Trees. 3.", "(Doe, n.d.)", "Doe, J. (n.d.). Leaves. Trees, 3."),
        (
            {"year": "in press", "volume": ""},
            "Doe J. Leaves. Trees. in press.",
            "(Doe, in press)",
            "Doe, J. (in press). Leaves. Trees.",
        ),
        (
            {"authors": "", "year": "1999"},
            "Leaves. Trees. 1999;3.",
            "(“Leaves,” 1999)",
            "Leaves. (1999). Trees, 3.",
        ),
        (
            {"authors": "World Health Organization", "type": "report", "year": "2015",
             "journal": "", "volume": "", "url": "https://who.example/x"},
            "World Health Organization. Leaves [Internet]. 2015. Available from: "
            "https://who.example/x",
            "(World Health Organization, 2015)",
            "World Health Organization. (2015). Leaves. https://who.example/x",
        ),
        (
            {"type": "preprint", "journal": "medRxiv", "volume": "", "year": "2021",
             "doi": "10.1101/x"},
            "Doe J. Leaves [Preprint]. medRxiv. 2021. doi:10.1101/x",
            "(Doe, 2021)",
            "Doe, J. (2021). Leaves [Preprint]. medRxiv. https://doi.org/10.1101/x",
        ),
        (
            {"authors": "Deeks, JJ; Care Group; Müller-Lüden, H. P., Jr.", "year": "2003"},
            "Deeks JJ, Care Group, Müller-Lüden HP Jr. Leaves. Trees. 2003;3.",
            "(Deeks et al., 2003)",
            "Deeks, J. J., Care Group, & Müller-Lüden, H. P., Jr. (2003). Leaves. Trees, 3.",
        ),
        (
            {"title": "Do <i>leaves</i> fall?", "year": "2003"},
            "Doe J. Do leaves fall? Trees. 2003;3.",
            "(Doe, 2003)",
            "Doe, J. (2003). Do leaves fall? Trees, 3.",
        ),
        (
            {"type": "thesis", "journal": "Utrecht University", "volume": "", "year": "2010"},
            "Doe J. Leaves. Utrecht University; 2010.",
            "(Doe, 2010)",
            "Doe, J. (2010). Leaves. Utrecht University.",
        ),
        ({"title": "", "authors": "", "journal": "", "volume": ""}, "Untitled.",
         "(Untitled, n.d.)", "Untitled. (n.d.)."),
    ],
)  # fmt: skip
def test_unusual_records(changes: dict[str, str], vancouver: str, mark: str, apa: str) -> None:
    assert cited("vancouver", **{**LEAVES, **changes}) == ("[1]", f"1. {vancouver}")
    assert cited("apa", **{**LEAVES, **changes}) == (mark, apa)


def test_many_authors() -> None:
    authors = "; ".join(f"Doe{number}, A. B." for number in range(1, 26))
    given = {**LEAVES, "authors": authors, "year": "2003"}
    assert cited("vancouver", **given)[1].startswith("1. Doe1 AB, Doe2 AB, Doe3 AB, Doe4 AB, Doe5 ")
    assert "Doe6 AB, et al. Leaves." in cited("vancouver", **given)[1]
    mark, reference = cited("apa", **given)
    assert mark == "(Doe1 et al., 2003)"
    assert "Doe19, A. B., … Doe25, A. B. (2003). Leaves." in reference


def test_two_of_one_author_and_year_get_letters() -> None:
    rows = [
        {**LEAVES, "record_id": "a:1", "year": "2003", "title": "Roots"},
        {**LEAVES, "record_id": "a:2", "year": "2003"},
        {**LEAVES, "record_id": "a:3", "title": "Stems"},
        {**LEAVES, "record_id": "a:4", "title": "Bark"},
        {**LEAVES, "record_id": "a:5", "year": "2003", "authors": "Doe, Jane; Roe, R."},
    ]
    filled = pd.DataFrame([{**dict.fromkeys(FIELDS, ""), "type": "article", **row} for row in rows])
    cite = Citations(filled, style="apa")
    assert cite("1", "2") == "(Doe, 2003a; Doe, 2003b)"
    assert (cite("3"), cite("5")) == ("(Doe, n.d.-b)", "(Doe & Roe, 2003)")
    assert cite.references()[:2] == [
        "Doe, J. (2003a). Leaves. Trees, 3.",
        "Doe, J. (2003b). Roots. Trees, 3.",
    ]
    assert Citations(filled)("1", "2") == "[1, 2]"


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


def test_reports_of_one_study_are_one_row_an_outcome(tmp_path: Path) -> None:
    studies = {"plos:stokes2015": "Guided Care", "b:oak": "Guided Care"}
    sheet = extraction_rows(
        RECORDS,
        decisions("plos:stokes2015", "b:oak", "b:board"),
        outcomes=["cost", "mortality"],
        windows=["short", "long"],
        studies=studies,
    )
    assert sheet["study"].tolist() == ["Guided Care"] * 4 + ["Elm Board"] * 4
    assert sheet["record_id"][0] == "plos:stokes2015; b:oak"
    assert sheet["doi"][0] == STOKES["doi"]
    # The sheet is written, filled in, and read as it stands.
    path = write_table(sheet.assign(n_t=10, n_c=10, mean_t=1, mean_c=2, sd_t=1, sd_c=1),
                             tmp_path / "sheet.csv")  # fmt: skip
    read = read_extraction(path)
    assert read["record_id"].tolist() == sheet["record_id"].tolist()
    assert len(read) == 8


def test_a_decision_about_a_duplicate_is_carried_to_its_record() -> None:
    twin = pd.DataFrame([{**OAK, "record_id": "c:oak"}])
    records = pd.concat([RECORDS, twin], ignore_index=True).fillna("")
    links = pd.DataFrame({"record_id": ["c:oak"], "duplicate_of": ["b:oak"], "certain": [True]})
    sheet = extraction_rows(records, decisions("c:oak"), outcomes=["cost"], links=links)
    assert sheet["record_id"].tolist() == ["b:oak"]
    with pytest.raises(DataError, match=r"not among the records: c:oak. Pass all records"):
        extraction_rows(RECORDS, decisions("c:oak"), outcomes=["cost"])
    with pytest.raises(DataError, match=r"outcomes must differ; repeated: cost"):
        extraction_rows(RECORDS, decisions("b:oak"), outcomes=["cost", "cost"])


def test_nothing_to_extract() -> None:
    with pytest.raises(DataError, match="no report has been included"):
        extraction_rows(RECORDS, decisions(), outcomes=["cost"])
    with pytest.raises(DataError, match="name at least one of each"):
        extraction_rows(RECORDS, decisions("b:oak"), outcomes=[])
