"""Decisions of other programs and by hand, in the spellings that are met; all made up."""

import pandas as pd
import pytest

import synthesis as syn

RECORDS = pd.DataFrame(
    {
        "record_id": ["1", "2", "3"],
        "title": ["Care at home", "Walks a day", "Café talks"],
        "year": ["2015", "2016", "2017"],
        "doi": ["10.1000/a", "", ""],
        "pmid": ["", "", "21999931"],
    }
)


@pytest.fixture
def decided(tmp_path):
    def _decided(text, name):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return syn.read_decisions(path, RECORDS)

    return _decided


def rayyan(*notes):
    rows = [(f"rayyan-{at}", title, note) for at, (title, note) in enumerate(notes)]
    return pd.DataFrame(rows, columns=["key", "title", "notes"]).to_csv(index=False)


def test_an_id_of_another_program_is_not_ours_if_the_titles_differ(decided):
    """ASReview numbers its records too: its number 1 is not the record that we call 1."""
    text = "record_id,title,year,included\n0,Care at home,2015,1\n1,Walks a day,2016,0\n"
    result = decided(text, "asreview.csv")
    held = result.decisions[["record_id", "decision"]].to_numpy().tolist()
    assert held == [["1", "include"], ["2", "exclude"]]
    stranger = decided("record_id,title,included\n1,Nowhere to be found,1\n", "b.csv")
    assert len(stranger.decisions) == 0
    assert "has another title" in stranger.problems["message"][0]


@pytest.mark.parametrize("quotes", ['"', '""', "“", ""])
def test_rayyan_s_notes_are_read_whatever_became_of_their_quotation_marks(decided, quotes):
    note = f"RAYYAN-INCLUSION: {{{quotes}Ann B{quotes}=>{quotes}Included{quotes}}}"
    rows = decided(rayyan(("Care at home", note)), "r.csv").decisions
    assert rows[["screener", "decision"]].to_numpy().tolist() == [["Ann B", "include"]]


def test_what_cannot_be_read_in_rayyan_s_note_is_a_problem_and_no_decision(decided):
    note = "RAYYAN-INCLUSION: {Ann Included}"
    result = decided(rayyan(("Care at home", note)), "r.csv")
    assert len(result.decisions) == 0
    assert "got 'Ann Included'" in result.problems["message"][0]


def test_somebody_undecided_has_not_decided(decided):
    note = 'RAYYAN-INCLUSION: {"Ann"=>"Undecided", "Bob"=>"Included"}'
    result = decided(rayyan(("Care at home", note)), "r.csv")
    assert result.decisions["screener"].tolist() == ["Bob"]
    assert len(result.problems) == 0


def test_labels_and_notes_of_rayyan_are_named_in_a_remark(decided):
    note = (
        'RAYYAN-INCLUSION: {"Ann"=>"Included"} | RAYYAN-LABELS: pilot,old | '
        'USER-NOTES: {"Ann"=>["read again"]}'
    )
    remarks = " ".join(decided(rayyan(("Care at home", note)), "r.csv").remarks)
    assert 'label "pilot", label "old", notes of people' in remarks


def test_rows_are_matched_by_pubmed_number_too(decided):
    text = "key,title,pubmed_id,notes\nr,Talks in cafés,21999931,"
    result = decided(text + '"RAYYAN-INCLUSION: {""Ann""=>""Included""}"\n', "r.csv")
    assert result.decisions["record_id"].tolist() == ["3"]
    assert "1 by PubMed number" in result.remarks[0]


def test_all_reasons_in_a_note_of_covidence_are_kept(decided):
    notes = "Exclusion reason: Wrong design; Exclusion reason: Wrong population;"
    text = f"Title,DOI,Covidence #,Notes\nCare at home,10.1000/a,#1,{notes}\n"
    rows = decided(text, "review_1_excluded_csv.csv").decisions
    assert rows["reason"].tolist() == ["Wrong design; Wrong population"]


@pytest.mark.parametrize("column", ["included", "label_included", "final_included", "label"])
def test_every_column_that_asreview_takes_for_labels_is_read(decided, column):
    rows = decided(f"title,year,{column}\nCare at home,2015,1\nWalks a day,2016,0\n", "a.csv")
    assert rows.decisions["decision"].tolist() == ["include", "exclude"]


@pytest.mark.parametrize(
    ("written", "stage"),
    [
        ("Title/abstract", "title_abstract"), ("TIAB", "title_abstract"),
        ("Title & Abstract", "title_abstract"), ("title-abstract screening", "title_abstract"),
        ("Abstract", "title_abstract"), ("Full-text review", "full_text"),
        ("FULLTEXT", "full_text"), ("full text screening", "full_text"),
        ("Before screening", "before_screening"),
    ],
)  # fmt: skip
def test_stages_are_known_as_people_write_them(decided, written, stage):
    text = f"Record ID;Stage;Screener;Decision;Reason\n1;{written};Ann;Reject;design\n"
    rows = decided(text, "own.csv").decisions
    assert rows[["stage", "decision"]].to_numpy().tolist() == [[stage, "exclude"]]


def test_a_table_of_references_without_decisions_is_told_what_it_lacks(decided):
    with pytest.raises(syn.errors.DataError, match="not an export that is recognised") as told:
        decided("Title,Year\nCare at home,2015\n", "a.csv")
    assert "file" not in str(told.value).split("it has ")[1].split(". ")[0]
