"""Judgements in a sheet: written, filled in by a person, read back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, FileError, OptionError

TABLE = pd.DataFrame({"study": list("ABC"), "yi": [0.4, 0.5, 0.6], "vi": 0.01})  # synthetic
FIT = syn.meta_analysis(TABLE, measure="smd", ci="wald")
NAMES = {"intervention": "care", "comparator": "usual care"}


def rated(outcome: str = "Pain", fit: syn.MetaAnalysis = FIT, **options: object) -> syn.Certainty:
    return syn.certainty(fit, mid=0.2, outcome=outcome, **{**NAMES, **options})  # type: ignore[arg-type]


def filled(path: Path, cells: dict[str, str], column: str = "judgement") -> None:
    """Write a column of a workbook by reason, as a person would."""
    book = openpyxl.load_workbook(path)
    page = book.active
    names = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        domain = row[names.index("domain")].value
        if domain in cells:
            row[names.index(column)].value = cells[domain]
    book.save(path)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_judgements_come_back_as_they_were(ending: str, tmp_path: Path) -> None:
    judged = {"imprecision": (-1, "few people"), "risk of bias": (None, "-- see the article")}
    before = rated(judged=judged)
    path = syn.Certainty.template(tmp_path / f"certainty.{ending}", before)
    read = syn.Certainty.read(path)
    assert len(read) == 2
    after = rated(judged=read)
    assert after.level == before.level == "not judged"
    assert after.reasons() == before.reasons()
    assert after.stale == ()


def test_a_person_fills_in_the_workbook(tmp_path: Path) -> None:
    path = syn.summary_of_findings([rated(), rated("Falls")]).template(tmp_path / "c.xlsx")
    page = openpyxl.load_workbook(path).active
    assert page.max_row == 1 + 2 * 8
    lists = [one.formula1 for one in page.data_validations.dataValidation]
    assert any("very serious" in one and "cannot be judged" in one for one in lists)
    filled(path, {"imprecision": "serious", "inconsistency": "as proposed"})
    filled(path, {"imprecision": "few people"}, "reason")
    filled(path, {"imprecision": "Ann"}, "assessor")
    found = rated(judged=syn.Certainty.read(path)).domains.set_index("domain")
    assert found.loc["imprecision", ["levels", "reason", "assessor"]].tolist() == [
        -1,
        "few people",
        "Ann",
    ]
    assert found.loc["inconsistency", "judgement"] == "not serious"


def test_a_sheet_shows_when_the_data_change(tmp_path: Path) -> None:
    path = syn.Certainty.template(tmp_path / "c.csv", rated(judged={"imprecision": (-1, "few")}))
    other = syn.meta_analysis(TABLE.assign(vi=0.02), measure="smd", ci="wald")
    assert rated(fit=other, judged=syn.Certainty.read(path)).stale == ("imprecision",)


def test_what_is_out_of_date_is_judged_again_in_a_new_sheet(tmp_path: Path) -> None:
    first = syn.Certainty.template(tmp_path / "a.xlsx", rated())
    filled(first, {"imprecision": "serious", "inconsistency": "as proposed"})
    filled(first, {"imprecision": "few people"}, "reason")
    other = syn.meta_analysis(TABLE.assign(vi=0.5), measure="smd", ci="wald")
    old = rated(fit=other, judged=syn.Certainty.read(first))
    assert old.stale == ("inconsistency", "imprecision")
    table = old.domains.set_index("domain")
    assert table.loc["inconsistency", "reason"] == rated().domains.loc[1, "basis"]  # as it was then
    second = syn.Certainty.template(tmp_path / "b.xlsx", old)
    page = pd.read_excel(second, dtype=str, keep_default_na=False).set_index("domain")
    assert page.loc["imprecision", "judgement"] == ""
    assert page.loc["imprecision", "reason"].endswith("as serious: few people")
    filled(second, {"imprecision": "very serious", "inconsistency": "not serious"})
    assert rated(fit=other, judged=syn.Certainty.read(second)).stale == ()


def test_an_old_judgement_that_agreed_without_a_reason_is_out_of_date_not_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "c.csv"
    path.write_text("outcome,domain,levels,hash\nPain,imprecision,0,0123456789ab\n", "utf-8")
    wide = syn.meta_analysis(TABLE.assign(vi=0.5), measure="smd", ci="wald")
    found = rated(fit=wide, judged=syn.Certainty.read(path))
    assert found.stale == ("imprecision",)
    assert "no reason was given" in found.domains.set_index("domain").loc["imprecision", "reason"]


def test_a_sheet_that_somebody_may_have_filled_in_is_not_overwritten(tmp_path: Path) -> None:
    path = syn.Certainty.template(tmp_path / "c.csv", rated())
    before = path.read_bytes()
    with pytest.raises(FileError, match=r"c\.csv already exists and may contain work"):
        syn.Certainty.template(path, rated(judged={"imprecision": (-1, "few")}))
    assert path.read_bytes() == before


def test_judgements_of_another_outcome_or_comparison_are_not_silently_left_out(
    tmp_path: Path,
) -> None:
    path = syn.Certainty.template(tmp_path / "c.csv", rated(judged={"imprecision": (-1, "few")}))
    read = syn.Certainty.read(path)
    assert rated(judged=read).notes[-1].startswith("Start:")
    renamed = rated(judged=read, intervention="case management")
    assert renamed.status == "proposed, not judged"
    assert "of another comparison or follow-up (Care against usual care)" in renamed.notes[-1]
    other = rated("Falls", judged=read)
    assert "No judgement in c.csv is about 'Falls'; it has judgements of 'Pain'" in other.notes[-1]
    assert "No judgement in c.csv" in syn.summary_of_findings([other])._repr_html_()


def test_a_sheet_without_hashes_says_that_it_cannot_be_seen(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("outcome,domain,judgement,reason\nPain,imprecision,serious,few\n", "utf-8")
    found = rated(judged=syn.Certainty.read(path))
    assert found.stale == ()
    assert any("does not say what was judged (imprecision)" in note for note in found.notes)


def test_judgements_go_to_their_own_outcome_and_time(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(
        "outcome,follow_up,domain,levels,reason\n"
        "Pain,short,imprecision,-1,few\nPain,long,imprecision,-2,fewer\nFalls,,imprecision,0,no\n",
        "utf-8",
    )
    read = syn.Certainty.read(path)
    levels = [
        int(rated(outcome, follow_up=time, judged=read).domains["levels"][3])
        for outcome, time in (("Pain", "short"), ("Pain", "long"), ("Falls", "long"))
    ]
    assert levels == [-1, -2, 0]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (",imprecision,serious,,few", "line 2: no outcome is named beside this judgement"),
        ("Pain,imprecision,dreadful,,few", "line 2: the judgement of 'imprecision' must be one of"),
        ("Pain,imprecision,no proposal,,few", "'imprecision' has no proposal to agree with"),
        ("Pain,imprecison,serious,,few", "there is no domain 'imprecison'"),
        ("Pain,imprecision,serious,-2,few", "is judged 'serious', which is -1, and yet has levels"),
        ("Pain,imprecision,cannot be judged,-2,few", "cannot be judged, and yet has levels"),
        ("Pain,imprecision,,one,few", "levels must be a whole number such as -1; got 'one'"),
        ("Pain,imprecision,,2,few", "its levels are -3 to 0; got 2. Write -2"),
    ],
)
def test_lines_that_cannot_be_read(line: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f"outcome,domain,judgement,levels,reason\n{line}\n", "utf-8")
    with pytest.raises(DataError, match=message):
        syn.Certainty.read(path)


def test_a_sheet_that_is_another(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("study,yi\nA,1\n", "utf-8")
    with pytest.raises(DataError, match="there is no column 'outcome'"):
        syn.Certainty.read(path)
    path.write_text("outcome,domain,levels\nPain,imprecision,0\nPain,imprecision,-1\n", "utf-8")
    with pytest.raises(DataError, match="judged twice for outcome 'Pain'"):
        rated(judged=syn.Certainty.read(path))
    with pytest.raises(OptionError, match="there is none"):
        syn.Certainty.template(tmp_path / "c.csv", [])
