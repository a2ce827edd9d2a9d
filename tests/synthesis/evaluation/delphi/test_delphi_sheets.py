"""Feedback sheets of a Delphi study: what they say, what they hide, and how they come back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

import synthesis as syn


@pytest.fixture
def found(ratings: pd.DataFrame, rule: syn.DelphiRule) -> syn.Delphi:
    return syn.delphi(ratings, rule=rule)


def fill(path: Path, values: list[object]) -> None:
    book = load_workbook(path)
    page = book.worksheets[0]
    heads = [cell.value for cell in page[1]]
    for row, value in enumerate(values, start=2):
        page.cell(row, heads.index("rating") + 1, value)
    book.save(path)
    book.close()


def test_a_sheet_shows_ones_own_rating_and_the_panels(found: syn.Delphi, tmp_path: Path) -> None:
    paths = found.feedback_sheets(tmp_path / "round3")
    assert [path.name for path in paths] == [f"round_3_P{at}.xlsx" for at in range(9)]
    sheet = pd.read_excel(paths[7], dtype=str).set_index("item")  # P9 left, P7 skipped an item
    row = sheet.loc["safety"]
    assert row["round"] == "3"
    assert row["your_rating"] == "skipped"
    assert row["panel_median"] == "8"
    assert row["panel_agree"] == "100%"
    assert row["panel_ratings"].endswith("7: 3, 8: 3, 9: 2")
    assert sheet["rating"].isna().all()


def test_what_others_wrote_is_without_names_and_without_ones_own(
    found: syn.Delphi, tmp_path: Path
) -> None:
    paths = found.feedback_sheets(tmp_path)
    others = pd.read_excel(paths[0], dtype=str).set_index("item")["what_others_wrote"]
    assert others["safety"] == "what is safe?"
    text = " ".join(pd.read_excel(paths[0], dtype=str).fillna("").to_numpy().ravel())
    assert "P7" not in text
    own = pd.read_excel(paths[7], dtype=str).set_index("item")["what_others_wrote"]
    assert pd.isna(own["safety"])


def test_cells_accept_the_scale_only(found: syn.Delphi, tmp_path: Path) -> None:
    book = load_workbook(found.feedback_sheets(tmp_path)[0])
    (rule,) = book.worksheets[0].data_validations.dataValidation
    book.close()
    assert (rule.type, rule.formula1, rule.formula2) == ("whole", "1", "9")
    assert rule.showErrorMessage


def test_sheets_come_back_as_the_next_round(
    found: syn.Delphi, rule: syn.DelphiRule, tmp_path: Path
) -> None:
    paths = found.feedback_sheets(tmp_path)
    for path in paths[:-1]:
        fill(path, [8, 4, 9])
    table = syn.read_ratings(tmp_path, earlier=found.ratings)
    again = syn.delphi(table, rule=rule)
    assert again.results["round"].tolist() == [3, 3, 3]
    assert again.results["n"].tolist() == [8, 8, 8]
    assert again.panel.set_index("panellist").loc["P8", "status"] == "left after round 2"
    assert "round_3_P8.xlsx: no rating was filled in" in str(again)


def test_a_wrong_rating_is_named_by_its_sheet(
    found: syn.Delphi, rule: syn.DelphiRule, tmp_path: Path
) -> None:
    paths = found.feedback_sheets(tmp_path)
    fill(paths[3], [8, 44, 9])
    table = syn.read_ratings(paths[3], earlier=found.ratings)
    with pytest.raises(syn.DataError, match=r"got '44' in round_3_P3\.xlsx, line 3"):
        syn.delphi(table, rule=rule)


def test_nothing_is_overwritten(found: syn.Delphi, tmp_path: Path) -> None:
    found.feedback_sheets(tmp_path)
    with pytest.raises(syn.FileError, match="already exists and may hold ratings"):
        found.feedback_sheets(tmp_path)


def test_items_can_be_chosen_and_added(found: syn.Delphi, tmp_path: Path) -> None:
    path = found.feedback_sheets(tmp_path, items=["safety", "access"])[0]
    sheet = pd.read_excel(path, dtype=str)
    assert sheet["item"].tolist() == ["safety", "access"]
    assert sheet.loc[1, ["your_rating", "panel_median"]].isna().all()
    with pytest.raises(syn.DataError, match="name each item of the next round once"):
        found.feedback_sheets(tmp_path / "b", items=["safety", "safety"])


def test_after_the_last_round_there_is_no_sheet(ratings: pd.DataFrame, tmp_path: Path) -> None:
    rule = syn.DelphiRule(consensus="iqr", iqr_at_most=1, rounds=2, decided="2026-01-10")
    with pytest.raises(syn.DataError, match="round 2 is the last that the rule allows"):
        syn.delphi(ratings, rule=rule).feedback_sheets(tmp_path)


def test_names_that_would_share_a_file(rule: syn.DelphiRule, tmp_path: Path) -> None:
    made_up = pd.DataFrame(
        {"round": 1, "panellist": ["A/B", "A:B"], "item": "safety", "rating": [7, 8]}
    )
    with pytest.raises(syn.DataError, match="would share a file name"):
        syn.delphi(made_up, rule=rule).feedback_sheets(tmp_path)


def test_a_sheet_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("round,item\n1,safety\n")
    with pytest.raises(syn.DataError, match=r"other\.csv: .* panellist, rating is missing"):
        syn.read_ratings(path)
