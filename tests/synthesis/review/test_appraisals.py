"""Risk of bias and certainty join the analyses: read, matched, counted, and said where open."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.display import number
from arrowroot.errors import SpecError
from synthesis.review.assessed import assessed_sentence
from synthesis.review.inputs.forms import CertaintyForm
from synthesis.review.judgement_sheets import judgement_sheets
from synthesis.review.review import Review
from synthesis.review.text.values import values_of

YAML = """\
title: Worked example on means
people: [{name: Ann Example}]
outcomes:
  - {id: score, label: Score, measure: smd, direction: higher, mid: 0.2}
comparisons:
  - {id: care, label: Care against none, treated: care, control: none}
plan:
  decided: 2026-01-31
  sensitivity:
    - {id: low, label: Low risk, keep: {overall: [low]}}
    - {id: complete, label: Complete data, leave_out: {D3: [high]}}
risk_of_bias: {tool: rob2}
certainty: {design: rct}
"""
# Synthetic judgements of the six studies of Borenstein et al. 2009, ch. 14.
ROB = """\
study,outcome,assessor,D1,D2,D3,D4,D5,overall
Carroll,score,Ann,low,low,low,low,low,low
Grant,score,Ann,low,low,low,low,low,low
Peck,score,Ann,low,low,high,low,low,high
Donat,Score,Ann,low,low,low,low,low,low
Stewart,,Ann,low,low,low,low,some concerns,some concerns
"""


def with_judgements(make, **files: str) -> Path:
    return make(**{"review.yaml": YAML, "risk_of_bias.csv": ROB, **files})


def messages(review: Review, rule: str) -> list[str]:
    return [str(one) for one in review.check() if one.rule == rule]


def test_judgements_restrict_sensitivity_analyses(make) -> None:
    one = Review(with_judgements(make)).analyses["care.score"]
    assert one.sensitivity["low"].left_out == ("Peck", "Stewart", "Young")
    assert one.sensitivity["complete"].left_out == ("Peck",)
    rows = one.effects[one.effects["study"].isin(["Carroll", "Grant", "Donat"])]
    assert one.sensitivity["low"].fit.estimate == syn.meta_analysis(rows).estimate


def test_the_same_as_the_functions_of_a_notebook(make) -> None:
    review = Review(with_judgements(make))
    fit = review.analyses["care.score"].fit
    rated = review.appraisals.certainties["care.score"]
    rob = {"Carroll": "low", "Grant": "low", "Peck": "high", "Donat": "low"}
    again = syn.certainty(
        fit,
        mid=0.2,
        risk_of_bias={**rob, "Stewart": "some concerns"},
        intervention="care",
        comparator="none",
    )
    assert rated.level == again.level
    assert rated.domains["basis"].tolist() == again.domains["basis"].tolist()
    assert rated.status == "proposed, not judged"


def test_what_nobody_judged_is_said_everywhere(make) -> None:
    review = Review(with_judgements(make))
    state = review.status()
    assert (state.not_assessed, state.not_rated, state.stale) == (1, 1, 0)
    assert "'Young'" in messages(review, "not-assessed")[0]
    review.build()
    article = (review.folder.build / "index.html").read_text("utf-8")
    assert "proposed, not judged" in article
    assert re.search(r'<th scope="row">Young</th><td[^>]*>not judged</td>', article)
    page = (review.folder.build / "care.score.html").read_text("utf-8")
    assert "proposed, not judged" in page
    assert re.search(r'>Young</span><span class="what">not judged<', page)


def judge(folder: Path) -> None:
    """Fill in the sheet of certainty as its proposals are, and what has none as not serious."""
    list(judgement_sheets(Review(folder)))
    table = pd.read_excel(folder / "certainty.xlsx", dtype=str, keep_default_na=False)
    down = table["proposed"] != "none"
    open_ = table["proposed"] == "no proposal"
    table["judgement"] = "as proposed"
    table.loc[open_ & (table["domain"] == "publication bias"), "judgement"] = "undetected"
    table.loc[open_ & (table["domain"] != "publication bias"), "judgement"] = "not serious"
    table.loc[~down, "judgement"] = ""
    table["reason"] = "made for this test"
    (folder / "certainty.xlsx").unlink()
    table.to_csv(folder / "certainty.csv", index=False)


def test_judgements_are_out_of_date_once_the_data_change(make) -> None:
    folder = with_judgements(make)
    judge(folder)
    review = Review(folder)
    assert review.appraisals.certainties["care.score"].status == "judged"
    assert (review.status().not_rated, review.status().stale) == (0, 0)
    sheet = folder / "extraction.csv"
    sheet.write_text(sheet.read_text().replace("Carroll,94", "Carroll,98"))
    text = "# Summary\n\nCertainty: {{ care.score.certainty }}.\n"
    (folder / "text").mkdir()
    (folder / "text" / "summary.md").write_text(text)
    changed = Review(folder)
    assert changed.status().stale == 1
    (said,) = messages(changed, "stale-certainty")
    assert said.startswith("certainty.csv:2: warning: care.score: ")
    changed.build()
    pages = folder / "build"
    for name in ("index.html", "care.score.html", "certainty.html"):
        assert "out of date" in (pages / name).read_text("utf-8"), name
    words = changed.appraisals.certainties["care.score"].certainty_in_words
    prose = (pages / "index.html").read_text("utf-8").split("Summary</h2>")[1].split("</section>")
    assert f"{words[:1].lower()}{words[1:]}" in prose[0]
    # The sheet in build/ has the present proposals, and what is out of date is to be judged again.
    anew = pd.read_excel(pages / "tables" / "certainty.xlsx", dtype=str, keep_default_na=False)
    stale = set(changed.appraisals.certainties["care.score"].stale)
    assert set(anew.loc[anew["judgement"] != "", "domain"]).isdisjoint(stale)
    (folder / "certainty.csv").unlink()
    (pages / "tables" / "certainty.xlsx").rename(folder / "certainty.xlsx")
    assert Review(folder).appraisals.certainties["care.score"].stale == ()


@pytest.mark.parametrize(
    ("rows", "rule", "says"),
    [
        ("Peck,scoer,Ann,low,low,low,low,low,low", "rob-outcome", "Did you mean 'score'?"),
        ("Pek,score,Ann,low,low,low,low,low,low", "not-analysed", "Did you mean 'Peck'?"),
        ("Peck,score,Ann,lwo,low,low,low,low,low", "rob-unknown-judgement", "'lwo' must be one of"),
        (
            "Peck,score,Ann,low,low,low,low,low,low\nPeck,Score,ann,high,low,low,low,low,high",
            "rob-repeated",
            "line 2",
        ),
        (
            "Peck,score,Ann,low,low,low,low,low,low\nPeck,score,Bob,high,low,low,low,low,low",
            "rob-differ",
            "D1 (Ann: low, Bob: high)",
        ),
    ],
)
def test_what_is_wrong_in_the_sheet_is_found(make, rows: str, rule: str, says: str) -> None:
    head = ROB.splitlines()[0]
    review = Review(with_judgements(make, **{"risk_of_bias.csv": f"{head}\n{rows}\n"}))
    (found,) = [one for one in review.check() if one.rule == rule]
    assert says in found.message
    assert (found.file, found.line is not None) == ("risk_of_bias.csv", True)


def test_two_assessors_count_once_they_have_settled(make) -> None:
    head = ROB.splitlines()[0]
    two = "Peck,score,Ann,low,low,low,low,low,low\nPeck,score,Bob,high,low,low,low,low,high\n"
    folder = with_judgements(make, **{"risk_of_bias.csv": f"{head}\n{two}"})
    assert Review(folder).appraisals.risk_of_bias[0].of("Peck", "score", "")["overall"] is None
    settled = f"{two}Peck,score,Consensus,high,low,low,low,low,high\n"
    (folder / "risk_of_bias.csv").write_text(f"{head}\n{settled}")
    review = Review(folder)
    assert review.appraisals.risk_of_bias[0].of("Peck", "score", "")["overall"] == "high"
    assert messages(review, "rob-differ") == []


def test_files_of_boards_join_the_sheet(make) -> None:
    long = "study,outcome,window,assessor,item,answer,reason\nYoung,score,,Bob,overall,low,x\n"
    review = Review(with_judgements(make, **{"risk_of_bias/Bob.csv": long}))
    assert review.appraisals.risk_of_bias[0].of("Young", "score", "")["overall"] == "low"
    assert review.appraisals.risk_of_bias[0].assessors == ("Ann", "Bob")
    assert review.status().not_assessed == 0


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("Pain,,imprecision,serious,x", "The outcome 'Pain' is not declared"),
        ("Score,day 9,imprecision,serious,x", "The follow_up 'day 9' is not declared"),
        ("Score,,imprecison,serious,x", "imprecis"),
        ("Score,,imprecision,grave,x", "must be one of"),
        ("Score,,risk of bias,very serious,", "'risk of bias' needs a reason"),
    ],
)
def test_what_is_wrong_in_the_sheet_of_certainty(make, cell: str, says: str) -> None:
    text = f"outcome,follow_up,domain,judgement,reason\n{cell}\n"
    review = Review(with_judgements(make, **{"certainty.csv": text}))
    (found,) = [one for one in review.check().errors() if one.file == "certainty.csv"]
    assert says in found.message
    assert found.line == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("risk_of_bias: {tool: rob3}", "rob2"),
        ("risk_of_bias: {tool: rob2, effect: per-protocol}", "assignment"),
        ("certainty: {design: cohort}", "nrsi"),
        ("certainty: {desing: rct}", "design"),
    ],
)
def test_options_that_do_not_exist(make, text: str, says: str) -> None:
    declaration = YAML.split("risk_of_bias:")[0] + text + "\n"
    with pytest.raises(SpecError, match=says) as raised:
        Review(make(**{"review.yaml": declaration}))
    assert [one.line for one in raised.value.problems] == [12]


def test_a_tool_outside_the_folder_is_refused(make) -> None:
    declaration = YAML.replace("tool: rob2", "tool: ../../tool.yaml")
    review = Review(with_judgements(make, **{"review.yaml": declaration}))
    (found,) = [one for one in review.check().errors() if one.rule == "risk-of-bias"]
    assert "must be a file in the folder of the review itself" in found.message


def test_comparisons_with_the_same_arms_are_an_error(make) -> None:
    declaration = YAML.replace(
        "control: none}\n", "control: none}\n  - {id: more, treated: care, control: none}\n"
    )
    rows = (Path(__file__).parents[3] / "data/borenstein2009/studies.csv").read_text().splitlines()
    sheet = [f"{rows[0]},comparison", *(f"{row},care" for row in rows[1:])]
    sheet += [f"{row},more" for row in rows[1:3]]
    files = {"review.yaml": declaration, "extraction.csv": "\n".join(sheet)}
    review = Review(with_judgements(make, **files))
    assert any(
        "the same row of a summary of findings" in one for one in messages(review, "comparison")
    )
    assert review.build().page.is_file()


def test_sheets_are_written_once_there_is_something_to_judge(make) -> None:
    folder = make(**{"review.yaml": YAML})
    made = [path.name for path in judgement_sheets(Review(folder))]
    assert made == ["risk_of_bias.xlsx", "certainty.xlsx"]
    table = pd.read_excel(folder / "risk_of_bias.xlsx", dtype=str, keep_default_na=False)
    assert table["study"].tolist() == ["Carroll", "Grant", "Peck", "Donat", "Stewart", "Young"]
    assert list(judgement_sheets(Review(folder))) == []
    assert Review(folder).status().not_assessed == 6
    # A sheet in which somebody has begun is left as it is, whatever changes.
    judge(folder)
    before = (folder / "certainty.csv").read_bytes()
    sheet = folder / "extraction.csv"
    sheet.write_text(sheet.read_text().replace("Carroll,94", "Carroll,98"))
    assert list(judgement_sheets(Review(folder))) == []
    assert (folder / "certainty.csv").read_bytes() == before


def test_a_review_without_the_keys_has_neither(make) -> None:
    folder = make()
    review = Review(folder)
    assert list(judgement_sheets(review)) == []
    assert (review.status().not_assessed, review.status().not_rated) == (None, None)
    assert review.appraisals.summary(review.declared) is None
    review.build()
    assert not (folder / "build" / "certainty.html").exists()


def test_a_judgement_that_cannot_stand_leaves_the_others(make) -> None:
    text = (
        "outcome,domain,judgement,reason\nScore,imprecision,serious,x\n"
        "Score,indirectness,very serious,\nScore,imprecision,not serious,x\n"
    )
    review = Review(with_judgements(make, **{"certainty.csv": text}))
    found = {one.line: one.message for one in review.check().errors()}
    assert set(found) == {3, 4}
    assert "needs a reason" in found[3]
    assert "already judged on line 2" in found[4]
    domains = review.appraisals.certainties["care.score"].domains.set_index("domain")
    assert domains.loc["imprecision", "judgement"] == "serious"
    assert domains.loc["indirectness", "judgement"] == "not judged"


def test_a_value_that_no_row_has_is_an_error_of_the_plan(make) -> None:
    declaration = YAML.replace("overall: [low]", "overall: [lo]").replace(
        "D3: [high]", "study: [Pek]"
    )
    review = Review(with_judgements(make, **{"review.yaml": declaration}))
    found = [one for one in review.check().errors() if one.rule == "plan-value"]
    assert [one.line for one in found] == [10, 11]
    assert "Did you mean 'low'?" in found[0].message
    assert "Did you mean 'Peck'?" in found[1].message
    # A judgement that the tool has and nobody has made is no slip.
    declaration = YAML.replace("overall: [low]", "overall: [low, some concerns]")
    (review.folder.path / "review.yaml").write_text(declaration)
    assert messages(Review(review.folder.path), "plan-value") == []


@pytest.mark.extras
def test_the_board_keeps_its_answers_in_the_folder(make) -> None:
    folder = with_judgements(make)
    board = Review(folder).assess("Bob / Example")
    assert board.path.name == "Bob_Example.csv"
    for choice in ("Y", "Y", "N", "as proposed"):
        item = board.state()["item"]
        board.receive({"do": "choose", "group": "answer", "choice": choice, "item": item})
    review = Review(folder)
    table = review.appraisals.risk_of_bias[0].table
    (row,) = table[table["file"] == "risk_of_bias/Bob_Example.csv"].to_dict("records")[:1]
    assert (row["study"], row["domain"], row["judgement"]) == ("Carroll", "D1", "low")
    # What a person has judged in the sheet is not asked again.
    asked = Review(folder).assess("ann").state()
    assert "Young" in str(asked) or "Stewart" in str(asked)
    assert "Carroll" not in str(asked["reading"])


@pytest.mark.extras
def test_the_word_file_says_what_the_page_says(built: Review) -> None:
    from docx import Document

    document = Document(str(built.folder.build / "tables" / "summary_of_findings.docx"))
    summary = built.appraisals.summary(built.declared).printed()
    (table,) = document.tables
    cells = [cell.text for row in table.rows for cell in row.cells]
    page = (built.folder.build / "index.html").read_text("utf-8")
    for group in summary.groups:
        for row in group.rows:
            assert row[-1][0] in cells
            assert row[-1][0] in page
    for heading in summary.columns:
        assert f">{heading}</th>" in page


def test_numbers_of_the_summary_of_findings_are_those_of_the_results(built: Review) -> None:
    table = pd.read_csv(built.folder.build / "tables" / "summary_of_findings.csv")
    assert len(table) == len(built.analyses)
    for (_, row), one in zip(table.iterrows(), built.analyses.values(), strict=True):
        assert row["estimate"] == one.fit.estimate
        assert (row["ci_low"], row["ci_high"]) == one.fit.ci
        assert row["participants"] == one.participants
        assert f"SMD {number(one.fit.estimate)} higher" in row["risk_with_intervention"]


def test_arrows_carry_the_certainty(built: Review) -> None:
    from synthesis.review.pages.evidence import model_with_evidence, off_the_model

    model = model_with_evidence(built)
    claims = {link.target: link.evidence for link in model.links if link.source == "antihistamine"}
    for key, rated in built.appraisals.certainties.items():
        _, outcome, _ = key.split(".")
        assert rated.level in [claim.certainty for claim in claims[outcome]]
    assert off_the_model(built) == []


def test_a_result_without_an_arrow_is_said(make) -> None:
    model = (
        "spec_version: 1\nprofile: evidence-pathway\ntitle: T\nnodes:\n"
        "  - {id: care, column: interventions, label: Care}\n"
        "  - {id: score, column: short, label: Score}\n"
        "  - {id: life, column: long, label: Life}\n"
        "links:\n  - {from: care, to: life}\n  - {from: score, to: life}\n"
    )
    review = Review(with_judgements(make, **{"logic_model.yaml": model}))
    (said,) = messages(review, "no-arrow")
    assert "no arrow from 'care' to 'score'" in said


def test_the_judgements_of_the_example_are_current(built: Review) -> None:
    held = built.appraisals
    assert {one.status for one in held.certainties.values()} == {"judged"}
    assert held.stale == ()
    assert held.waiting == {"risk_of_bias": 0, "certainty": 0}
    rows = held.risk_of_bias[0].table
    assert (rows["proposed"] == rows["judgement"]).all()
    assert "made for this example" in rows.loc[rows["domain"] == "overall", "reason"].iloc[0]


THRESHOLDS = "certainty:\n  design: rct\n  thresholds: {score: [0.2, 0.5, 0.8]}\n"
APPLIES = """\
  applicability:
    - {target: rural practices, domain: setting, judgement: Unclear, reason: all trials were urban}
    - {target: rural practices, domain: population, judgement: important difference,
       reason: older people, outcomes: [other]}
"""


def with_certainty(make, text: str) -> Path:
    """Return the review with two outcomes, one of which no study reports."""
    declaration = YAML.replace("comparisons:", "  - {id: other, label: Other}\ncomparisons:")
    declaration = declaration.replace("certainty: {design: rct}\n", text)
    rows = (Path(__file__).parents[3] / "data/borenstein2009/studies.csv").read_text().splitlines()
    sheet = [f"{rows[0]},outcome", *(f"{row},score" for row in rows[1:])]
    files = {"review.yaml": declaration, "extraction.csv": "\n".join(sheet)}
    return with_judgements(make, **files)


def test_thresholds_and_applicability_reach_the_rating(make) -> None:
    review = Review(with_certainty(make, THRESHOLDS + APPLIES))
    rated = review.appraisals.certainties["care.score"]
    assert rated.size.cuts == (0.2, 0.5, 0.8)
    again = syn.certainty(
        review.analyses["care.score"].fit,
        mid=0.2,
        thresholds=(0.2, 0.5, 0.8),
        risk_of_bias=review.appraisals.bias["care.score"],
        intervention="care",
        comparator="none",
    )
    kept = rated.domains["domain"] != "indirectness"
    assert rated.domains[kept]["basis"].tolist() == again.domains[kept]["basis"].tolist()
    (said,) = rated.domains.loc[~kept, "basis"]
    assert "for rural practices: setting unclear (all trials were urban)" in said
    assert "older people" not in said
    assert "logic model" not in said
    review.build()
    article = (review.folder.build / "index.html").read_text("utf-8")
    assert "The size of effects on Score is judged against SMD ±0.2, ±0.5, ±0.8." in article


def test_judgements_are_out_of_date_once_thresholds_or_applicability_change(make) -> None:
    folder = with_certainty(make, THRESHOLDS + APPLIES)
    judge(folder)
    path = folder / "review.yaml"
    text = path.read_text("utf-8")

    def stale(old: str, new: str) -> tuple[str, ...]:
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")
        return Review(folder).appraisals.certainties["care.score"].stale

    assert stale("Worked", "Worked") == ()
    assert stale("older people", "younger people") == ()  # of another outcome
    assert stale("all trials were urban", "most trials were urban") == ("indirectness",)
    assert "imprecision" in stale("[0.2, 0.5, 0.8]", "[0.2, 0.6, 0.8]")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (
            "certainty:\n  thresholds: {scor: 0.2}\n",
            15,
            "no outcome 'scor' (did you mean 'score'?)",
        ),
        ("certainty:\n  thresholds: {score: [1, 2, 3, 4]}\n", 15, "at most three"),
        ("certainty:\n  thresholds: {score: [small]}\n", 15, "must be a number"),
        ("certainty:\n  treshold: {score: 0.2}\n", 15, "thresholds"),
        (f"certainty:\n{APPLIES.replace('other', 'othr')}", 18, "did you mean 'other'?"),
        (f"certainty:\n{APPLIES.replace('setting', 'seting')}", 16, "'setting'"),
        (f"certainty:\n{APPLIES.replace('outcomes: [other]', 'comparisons: cre')}", 18, "'care'"),
    ],
)
def test_slips_in_how_certainty_is_rated(make, text: str, line: int, says: str) -> None:
    with pytest.raises(SpecError) as raised:
        Review(with_certainty(make, text))
    assert [one.line for one in raised.value.problems] == [line]
    assert says in str(raised.value)


@pytest.mark.parametrize(
    ("thresholds", "says"),
    [("[20, 50]", "counts standard deviations"), ("[0.1, 0.5]", "must be the smallest boundary")],
)
def test_thresholds_of_another_scale_are_said_at_their_line(make, thresholds, says) -> None:
    text = f"certainty:\n  thresholds:\n    score: {thresholds}\n"
    review = Review(with_certainty(make, text))
    (found,) = [one for one in review.check().errors() if one.rule == "certainty"]
    assert (found.file, found.line) == ("review.yaml", 16)
    assert says in found.message


def test_some_outcomes_start_as_another_design(make) -> None:
    designs = "certainty:\n  designs: [{design: nrsi, outcomes: [score]}]\n"
    review = Review(with_certainty(make, designs))
    rated = review.appraisals.certainties["care.score"]
    assert (rated.design, rated.start) == ("nrsi", "low")
    assert "the tool for risk of bias is for other studies" in str(review.check())
    review.build()
    article = (review.folder.build / "index.html").read_text("utf-8")
    assert "studies that are not randomised start low (Core GRADE 2025)" in article
    assert "randomised trials start high" not in article


@pytest.mark.parametrize(
    ("entries", "outcome", "comparison", "starts"),
    [
        ([], "harm", "care", "rct"),
        ([{"design": "nrsi", "outcomes": ["harm"]}], "harm", "care", "nrsi"),
        ([{"design": "nrsi", "outcomes": ["harm"]}], "good", "care", "rct"),
        ([{"design": "nrsi", "comparisons": ["drug"]}], "harm", "care", "rct"),
        (
            [
                {"design": "nrsi_robins_i", "outcomes": ["harm"], "comparisons": ["care"]},
                {"design": "nrsi", "outcomes": ["harm"]},
            ],
            "harm",
            "care",
            "nrsi_robins_i",
        ),
    ],
)
def test_the_first_entry_about_a_result_counts(
    entries: list[dict[str, object]], outcome: str, comparison: str, starts: str
) -> None:
    form = CertaintyForm.model_validate({"designs": entries})
    assert form.options(comparison, outcome)["design"] == starts


@pytest.mark.parametrize(
    ("designs", "says"),
    [
        ("[{design: cohort, outcomes: [score]}]", "cohort"),
        ("[{design: nrsi, outcomes: [scores]}]", "there is no outcome 'scores'"),
        ("[{design: nrsi, comparisons: [cares]}]", "there is no comparison 'cares'"),
        ("[{design: nrsi}]", "name the outcomes or comparisons that start as 'nrsi'"),
        ("[{outcomes: [score]}]", "the key 'design' is missing"),
    ],
)
def test_designs_name_what_is_declared(make, designs: str, says: str) -> None:
    with pytest.raises(SpecError, match=re.escape(says)):
        Review(make(**{"review.yaml": YAML.replace("{design: rct}", f"{{designs: {designs}}}")}))


def test_designs_that_change_nothing_are_said(make) -> None:
    narrow = "{design: nrsi, comparisons: [care]}, {design: nrsi_robins_i, outcomes: [score]}"
    review = Review(with_certainty(make, f"certainty:\n  designs: [{narrow}]\n"))
    (one,) = [one for one in review.check() if "designs" in one.message]
    assert one.message.startswith("Entry 2 of designs changes nothing")
    line = review.folder.declaration.read_text("utf-8").splitlines()[one.line - 1]
    assert "designs:" in line


def test_methods_say_which_outcomes_start_where(make) -> None:
    """Synthetic: the same six studies as two outcomes, one of them declared as of cohorts."""
    folder = with_certainty(make, "certainty:\n  designs: [{design: nrsi, outcomes: [other]}]\n")
    sheet = folder / "extraction.csv"
    head, *rows = sheet.read_text("utf-8").splitlines()
    again = [row.removesuffix("score") + "other" for row in rows]
    sheet.write_text("\n".join([head, *rows, *again]), "utf-8")
    review = Review(folder)
    starts = {key: one.start for key, one in review.appraisals.certainties.items()}
    assert starts == {"care.score": "high", "care.other": "low"}
    review.build()
    article = (folder / "build" / "index.html").read_text("utf-8")
    assert (
        "for Score, randomised trials start high (GRADE); for Other, studies that are not "
        "randomised start low (Core GRADE 2025)"
    ) in article


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("A:Ann:llllll B:Ann:llllll", "results of 2 studies was judged by Ann with RoB 2."),
        (
            "A:Ann:llllll A:Ben:llllll",
            "1 result of 1 study was judged with RoB 2 by Ann and Ben, who agreed.",
        ),
        (
            "A:Ann:llllll A:Ben:hllllh A:Consensus:llllll B:Ann:llllll B:Ben:llllll",
            "2 results of 2 studies was judged with RoB 2 by Ann and Ben, who settled where they "
            "differed.",
        ),
        (
            "A:Ann:llllll A:Ben:hllllh B:Ann:llllll B:Ben:llllll",
            "2 results of 2 studies was judged with RoB 2 by Ann and Ben, who have not settled "
            "where they differ on 1 of them.",
        ),
        (
            "A:Ann:llllll A:Ben:hllllh A:Consensus:llllll B:Ann:llllll C:Ann:llllll D:Ben:llllll",
            "4 results of 4 studies was judged with RoB 2: 1 by Ann and Ben, who settled where "
            "they differed; 2 by Ann alone; 1 by Ben alone.",
        ),
        (
            "A:Ann:llllll A:Ben:l..... B:Ann:llllll",
            "2 results of 2 studies was judged with RoB 2: 1 by Ann and Ben (not every domain by "
            "each of them); 1 by Ann alone.",
        ),
        (
            "A:Ann:llllll B:Consensus:llllll",
            "2 results of 2 studies was judged with RoB 2: 1 by Ann alone; 1 with only a consensus "
            "entered.",
        ),
    ],
)
def test_methods_say_how_many_results_were_judged_by_whom(make, rows: str, says: str) -> None:
    studies = dict(zip("ABCD", ("Carroll", "Grant", "Peck", "Donat"), strict=True))
    words = {"l": "low", "h": "high", ".": ""}
    lines = ["study,outcome,assessor,D1,D2,D3,D4,D5,overall"]
    for row in rows.split():
        study, who, cells = row.split(":")
        lines.append(",".join([studies[study], "score", who, *(words[one] for one in cells)]))
    review = Review(with_judgements(make, **{"risk_of_bias.csv": "\n".join(lines)}))
    (held,) = review.appraisals.risk_of_bias
    assert assessed_sentence(held).replace(" (effect of assignment)", "") == (
        f"Risk of bias of {says}"
    )


def test_levels_in_prose_are_compared_once_people_have_judged(make, built: Review) -> None:
    certainties = built.appraisals.certainties
    rated = values_of(built.declared.form, list(built.analyses.values()), {}, certainties).rated
    held = {key: level for key, (_, level) in rated.items()}
    assert held == {key: one.level for key, one in certainties.items()}
    assert held
    folder = with_judgements(make)
    (folder / "text").mkdir(exist_ok=True)
    (folder / "text" / "results.md").write_text("Score: very low certainty.", "utf-8")
    assert messages(Review(folder), "typed") == []
    judge(folder)
    (said,) = messages(Review(folder), "typed")
    assert "Very low certainty is typed here, but Score is rated" in said
