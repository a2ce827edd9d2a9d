"""Sheets of risk of bias read back: every layout, and everything that is amiss. All synthetic."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.errors import DataError, FileError


def read(*rows: dict[str, str], **options) -> syn.RiskOfBias:
    return syn.RiskOfBias.read(pd.DataFrame(list(rows)), **options)


def rules(rob: syn.RiskOfBias) -> list[str]:
    return rob.problems["rule"].tolist()


def test_a_clean_sheet_has_no_problems(judged: syn.RiskOfBias) -> None:
    assert rules(judged) == []
    first = judged.judgements.iloc[0]
    assert first[["study", "outcome", "domain", "proposed", "judgement"]].tolist() == [
        *("A", "pain", "D1", "low", "low"),
    ]
    high = judged.judgements.query("study == 'C' and domain == 'D3'").iloc[0]
    assert high["path"] == "3.1 no, 3.2 no, 3.3 yes, 3.4 yes: high"
    assert "problems 0" in str(judged)


@pytest.mark.parametrize(
    ("changed", "rule", "message"),
    [
        ({"q1_1": "perhaps"}, "unknown-answer", "1.1: 'perhaps' is not an answer"),
        ({"q3_1": "N", "q3_2": "NI"}, "impossible-answer", "3.2 cannot be answered 'no inform"),
        ({"q1_3": "NA"}, "impossible-answer", "because it always applies"),
        ({"q2_4": "Y"}, "not-applicable-due", "2.4 is answered 'yes', but 'not applicable' is due"),
        ({"q2_1": "Y"}, "applies", "2.3 is answered 'not applicable', but it applies"),
        ({"q5_3": ""}, "missing-answer", "no answer to 5.3, which applies"),
        ({"D4": "moderate"}, "unknown-judgement", "D4: 'moderate' must be one of"),
        ({"D1": ""}, "not-judged", "D1 is not judged; the answers propose 'low'"),
        ({"overall": ""}, "not-judged", "overall is not judged; the answers propose 'low'"),
        ({"D1": "high", "overall": "high"}, "unexplained", "D1 is judged 'high' where 'low' is"),
        ({"D1": "high", "D1__reason": "r"}, "overall-better", "better than that of a domain"),
    ],
)
def test_what_is_amiss_is_found(changed: dict[str, str], rule: str, message: str, row) -> None:
    rob = read(row("A"), row("B", **changed))
    found = rob.problems[rob.problems["rule"] == rule]
    assert len(found) == 1, rules(rob)
    assert message in found.iloc[0]["message"]
    assert found.iloc[0][["line", "study", "outcome"]].tolist() == [2, "B", "pain"]


def test_several_concerns_are_asked_about_until_there_is_a_reason(row) -> None:
    concerns = {
        "q1_2": "NI",
        "D1": "some concerns",
        "q5_1": "N",
        "D5": "some concerns",
        "overall": "some concerns",
    }
    rob = read(row("A", **concerns))
    assert rules(rob) == ["several-concerns"]
    assert rules(read(row("A", **concerns, overall__reason="both are minor"))) == []
    worse = {**concerns, "overall": "high"}
    assert rules(read(row("A", **worse))) == ["unexplained"]
    explained = read(row("A", **worse, overall__reason="both favour the treatment"))
    assert rules(explained) == []
    assert explained.table()["overall"].tolist() == ["high"]


def test_a_judgement_as_proposed(row) -> None:
    rob = read(row("A", D1="as proposed"))
    assert rob.judgements.iloc[0]["judgement"] == "low"
    assert rules(read(row("A", q1_1="", D1="as proposed"))) == [
        "missing-answer",
        "unknown-judgement",
    ]


def test_proposals_are_no_judgements_until_somebody_takes_them(row) -> None:
    blank = dict.fromkeys(["D1", "D2", "D3", "D4", "D5", "overall"], "")
    rob = read(row("A", **blank))
    assert rob.judgements["proposed"].tolist() == ["low"] * 6
    assert rob.judgements["judgement"].isna().all()
    assert rob.table()["overall"].tolist() == [None]
    taken = rob.accepted("Ann")
    assert taken.table()["overall"].tolist() == ["low"]
    assert set(taken.judgements["assessor"]) == {"Ann"}
    assert taken.judgements["reason"].iloc[0] == "as proposed, accepted by Ann"
    with pytest.raises(DataError, match="say who accepts"):
        rob.accepted(" ")


def test_rows_that_cannot_be_read_are_named(row) -> None:
    rob = read(row("A"), row("", D1="low"), row("A"))
    assert rules(rob) == ["no-study", "repeated"]
    assert "already on line 1" in rob.problems.iloc[1]["message"]


def test_unknown_columns_are_named_and_similar_ones_suggested(row) -> None:
    rob = read({**row("A"), "3.5": "Y", "Weight": "2"})
    assert rules(rob) == ["unknown-column"]
    assert "'3.5' is none of RoB 2's questions" in rob.problems.iloc[0]["message"]
    with pytest.raises(DataError, match="'D1' and 'D1 judgement' mean the same"):
        read({**row("A"), "D1 judgement": "low"})
    with pytest.raises(DataError, match="no column 'study'"):
        read({"D1": "low"})
    with pytest.raises(DataError, match="no column of RoB 2"):
        read({"study": "A", "year": "2001"})


def test_the_template_comes_back(tmp_path: Path, synthetic: pd.DataFrame) -> None:
    results = pd.concat([synthetic.assign(outcome=one) for one in ("pain", "sleep")])
    path = syn.RiskOfBias.template(tmp_path / "rob.xlsx", results, assessors=["Ann", "Bo"])
    rob = syn.RiskOfBias.read(path)
    assert rules(rob) == ["empty"] * 16
    assert rob.remarks == ()
    assert rob.assessors == ["Ann", "Bo"]
    assert rob.outcomes == [("pain", ""), ("sleep", "")]
    with pytest.raises(FileError, match="already exists and may contain work"):
        syn.RiskOfBias.template(path)


def test_the_template_offers_what_is_possible(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = syn.RiskOfBias.template(tmp_path / "rob.xlsx", ["A"])
    book = load_workbook(path)
    page = book["Risk of bias"]
    headings = [cell.value for cell in page[1]]
    lists = {
        str(one.sqref).split(":")[0].rstrip("0123456789"): one.formula1
        for one in page.data_validations.dataValidation
    }

    def offered(heading: str) -> str:
        return lists[page.cell(1, headings.index(heading) + 1).column_letter]

    assert offered("1.1") == '"Y,PY,PN,N,NI"'
    assert offered("3.2") == '"Y,PY,PN,N,NA"'
    assert offered("2.3") == '"Y,PY,PN,N,NI,NA"'
    assert offered("D1") == '"low,some concerns,high,as proposed"'
    assert headings[:5] == ["study", "outcome", "window", "assessor", "1.1"]
    assert book["Questions"]["A2"].value == "D1"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_everything_comes_back(judged: syn.RiskOfBias, tmp_path: Path, ending: str, row) -> None:
    rows = [row("E", D1="high", D1__reason="=1+1", overall="high", assessor="Ann", window="short")]
    rob = syn.RiskOfBias.read(pd.DataFrame([*rows, row("F", q1_1="perhaps")]))
    back = syn.RiskOfBias.read(rob.save(tmp_path / f"rob.{ending}"))
    lines = ["line"]
    pd.testing.assert_frame_equal(
        back.judgements.drop(columns=lines), rob.judgements.drop(columns=lines)
    )
    pd.testing.assert_frame_equal(back.answers.drop(columns=lines), rob.answers.drop(columns=lines))
    assert rules(back) == rules(rob)


def test_the_long_table_keeps_reasons_of_questions(tmp_path: Path) -> None:
    long = pd.DataFrame(
        {
            "study": "A",
            "item": ["1.1", "1.2", "1.3", "D1", "1.2", "9.9"],
            "answer": ["Y", "Y", "N", "low", "N", "Y"],
            "reason": ["p. 3: drawn by computer", "", "", "", "", ""],
        }
    )
    rob = syn.RiskOfBias.read(long)
    assert rules(rob)[:2] == ["repeated", "unknown-item"]
    back = pd.read_excel(rob.save(tmp_path / "rob.xlsx"))
    assert back["1.1 reason"].tolist() == ["p. 3: drawn by computer"]
    again = syn.RiskOfBias.read(tmp_path / "rob.xlsx").save(tmp_path / "again.csv")
    assert "p. 3: drawn by computer" in again.read_text("utf-8")


@pytest.mark.parametrize(
    "spelled", ["Some concerns", "some_concerns", "SOME", "s", "Some-concerns"]
)
def test_robvis_files_in_any_spelling(spelled: str, tmp_path: Path) -> None:
    path = tmp_path / "robvis.csv"
    path.write_text(f"Study,D1,D2,D3,D4,D5,Overall,Weight\nA,{spelled},l,Low,LOW,Low risk,S,3\n")
    rob = syn.RiskOfBias.read(path)
    assert rob.table().iloc[0].tolist() == ["A", "some concerns", *["low"] * 4, "some concerns"]
    assert rules(rob) == []


def test_robvis_files_are_written(judged: syn.RiskOfBias, synthetic, tmp_path: Path) -> None:
    fit = syn.meta_analysis(synthetic)
    path = judged.write_robvis(tmp_path / "robvis.csv", weights=fit)
    table = pd.read_csv(path)
    assert list(table.columns) == ["Study", "D1", "D2", "D3", "D4", "D5", "Overall", "Weight"]
    assert table["Overall"].tolist() == ["Low", "Some concerns", "High", "Low"]
    assert table["Weight"].sum() == pytest.approx(100)
    fewer = syn.meta_analysis(synthetic.head(3))
    with pytest.raises(DataError, match="weights: D not in the analysis"):
        judged.write_robvis(path, weights=fewer)


def test_judgements_of_a_study_as_a_whole_stand_for_its_results() -> None:
    table = pd.DataFrame(
        {
            "study": ["A", "A", "B"],
            "outcome": ["pain", "", ""],
            "D1": ["high", "low", "low"],
        }
    )
    rob = syn.RiskOfBias.read(table)
    assert rob.table("pain")["D1"].tolist() == ["high", "low"]
    assert rob.table("sleep")["D1"].tolist() == ["low", "low"]
    with pytest.raises(DataError, match="several were judged \\('pain', ''\\); name one"):
        rob.table()


def test_results_are_told_apart_by_outcome_and_window() -> None:
    table = pd.DataFrame(
        {"study": "A", "outcome": ["pain", "pain", "sleep"], "window": ["short", "long", ""]}
    ).assign(D1=["low", "high", "low"])
    rob = syn.RiskOfBias.read(table)
    assert rob.table("pain", "long")["D1"].tolist() == ["high"]
    with pytest.raises(DataError, match=r"must be one of 'pain', 'sleep'; got 'pian'.*pain"):
        rob.table("pian")
    with pytest.raises(DataError, match="several were judged of 'pain' \\('short', 'long'\\)"):
        rob.table("pain")
    with pytest.raises(DataError, match="window must be one of 'short', 'long'"):
        rob.table("pain", "medium")


def test_studies_of_the_analysis_are_compared(judged: syn.RiskOfBias, synthetic) -> None:
    other = synthetic.replace({"study": {"A": "a trial"}})
    found = judged.check(syn.meta_analysis(other))
    assert found["rule"].tolist() == ["not-assessed", "not-analysed"]
    assert found["study"].tolist() == ["a trial", "A"]
    assert judged.check(syn.meta_analysis(synthetic)).empty


def test_an_answer_that_decides_is_missed_although_it_need_not_be_given() -> None:
    """1b.3 decides only where 1b.2 is no or no information."""
    table = pd.DataFrame({"study": ["A", "B"], "1b.1": "N", "1b.2": ["N", "Y"], "1b.3": ""})
    rob = syn.RiskOfBias.read(table, design="cluster")
    missing = rob.problems.query("rule == 'missing-answer'")
    assert missing["study"].tolist() == ["A"]
    assert missing.iloc[0]["message"] == "no answer to 1b.3, on which the judgement depends"
    assert rob.judgements.query("domain == 'D1b'")["proposed"].tolist() == [None, "high"]


def test_a_window_of_the_analysis_that_was_judged_for_all_windows() -> None:
    table = pd.DataFrame({"study": ["A", "A"], "window": ["", "long"], "overall": ["low", "high"]})
    rob = syn.RiskOfBias.read(table)
    effects = pd.DataFrame({"study": ["A", "B"], "yi": [0.1, 0.2], "vi": 0.1, "window": "short"})
    assert rob.of_analysis(syn.meta_analysis(effects))["overall"].tolist() == ["low", None]
    long = syn.meta_analysis(effects.assign(window="long"))
    assert rob.of_analysis(long)["overall"].tolist() == ["high", None]


def test_accepting_proposals_leaves_several_concerns_to_a_person(row) -> None:
    blank = dict.fromkeys(["D1", "D2", "D3", "D4", "D5", "overall"], "")
    taken = read(row("A", **{**blank, "q1_2": "NI", "q5_1": "N"})).accepted("Ann")
    assert taken.table().iloc[0].tolist() == [
        *("A", "some concerns", "low", "low", "low", "some concerns", None),
    ]
    (found,) = taken.problems.to_dict("records")
    assert found["rule"] == "not-judged"
    assert "2 domains have some concerns (D1, D5)" in found["message"]


def test_a_sheet_of_what_was_read_has_the_proposals(judged: syn.RiskOfBias, tmp_path: Path) -> None:
    path = judged.template(tmp_path / "rob.xlsx")
    cells = pd.read_excel(path).set_index("study")
    assert cells.loc["B", "D1 proposed"] == (
        "some concerns (1.2 no information, 1.3 no: some concerns)"
    )
    assert syn.RiskOfBias.read(path).judgements["judgement"].equals(judged.judgements["judgement"])
    with pytest.raises(FileError, match="already exists and may contain work"):
        judged.template(path)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (5, "several files or a table is needed; got 5"),
        (None, "several files or a table is needed; got None"),
        ([], "there are no sheets to read"),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(given: object, told: str) -> None:
    with pytest.raises(DataError, match=told):
        syn.RiskOfBias.read(given)  # type: ignore[arg-type]
