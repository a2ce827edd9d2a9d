from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

import synthesis as syn
from arrowroot.__main__ import main
from arrowroot.errors import DataError
from synthesis.review.findings import Finding, Findings, of_error
from synthesis.review.review import Review
from synthesis.review.template import new_review


def of_rule(folder: Path, rule: str) -> list[Finding]:
    return [one for one in Review(folder).check() if one.rule == rule]


def test_a_check_waits_for_nothing_that_only_pages_need(example: Path) -> None:
    drawing = ("matplotlib", "fontTools", "graphviz", "pygraphviz", "jinja2", "docx", "sympy")
    code = (
        "import sys\nfrom arrowroot.__main__ import main\n"
        f"main(['check', {str(example)!r}])\n"
        f"print('loaded', *(name for name in {drawing} if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "loaded"


def test_the_example_has_no_error_and_no_warning(built: Review) -> None:
    found = built.check()
    assert {one.severity for one in found} == {"note"}
    assert (found.ok, found.exit_code) == (True, 0)


def test_the_lint_of_the_sheet_names_the_cell(make) -> None:
    rows = "study,mean_t,sd_t,n_t,mean_c,sd_c,n_c\nA,5,26,20,4,2.6,20\nB,5,2,20,4,2,20\n"
    folder = make(**{"extraction.csv": rows})
    (found,) = of_rule(folder, "sd-ratio")
    assert (found.file, found.line, found.severity) == ("extraction.csv", 2, "warning")
    assert "A: sd_t = 26 and sd_c = 2.6: a ratio of 10 (cell C2)." in found.message
    waived = rows.replace("n_c\n", "n_c,waived,waived_because\n")
    waived = waived.replace("2.6,20\n", "2.6,20,sd-ratio,as printed\n").replace(
        "4,2,20\n", "4,2,20,,\n"
    )
    (folder / "extraction.csv").write_text(waived, "utf-8")
    assert of_rule(folder, "sd-ratio") == []


def test_a_plan_without_a_day_or_of_tomorrow(make) -> None:
    folder = make()
    path = folder / "review.yaml"
    text = path.read_text("utf-8")
    assert of_rule(folder, "plan-date") == []
    path.write_text(text.replace("  decided: 2026-01-31\n", ""), "utf-8")
    assert "does not say when" in of_rule(folder, "plan-date")[0].message
    later = (date.today() + timedelta(days=400)).isoformat()
    path.write_text(text.replace("2026-01-31", later), "utf-8")
    (found,) = of_rule(folder, "plan-date")
    assert (found.line, "still to come" in found.message) == (9, True)


def test_text_is_checked_against_the_results(make) -> None:
    text = "# Summary\n\nThe score was higher (SMD 0.99).\n\n{{ care.scor.estimate }}\n"
    folder = make(**{"text/summary.md": text})
    assert [(one.rule, one.line) for one in Review(folder).check().errors()] == [
        ("typed", 3),
        ("value", 5),
    ]


def test_the_logic_model_is_checked(make) -> None:
    folder = make(**{"logic_model.yaml": "spec_version: 1\nprofil: x\n"})
    found = of_rule(folder, "unknown-key") + of_rule(folder, "missing-key")
    assert found
    assert {one.file for one in found} == {"logic_model.yaml"}


def test_findings_as_json_sarif_table_and_text() -> None:
    found = Findings.of(
        "T",
        [
            Finding("note", "b", "review.yaml", None, "A note."),
            Finding("error", "a", "extraction.xlsx", 7, "Wrong.", "Correct it."),
            Finding("error", "a", "extraction.xlsx", 7, "Wrong.", "Correct it."),
        ],
    )
    assert str(found).splitlines() == [
        "extraction.xlsx:7: error: Wrong. Correct it. [a]",
        "review.yaml: note: A note. [b]",
        "T: 1 error, 1 note.",
    ]
    sarif = json.loads(found.to_sarif())
    (run,) = sarif["runs"]
    assert sarif["version"] == "2.1.0"
    assert [one["level"] for one in run["results"]] == ["error", "note"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "extraction.xlsx"}, "region": {"startLine": 7}}
    assert [one["rule"] for one in json.loads(found.to_json())["findings"]] == ["a", "b"]
    assert found.to_frame()["line"].tolist()[0] == 7
    assert found.exit_code == 1
    assert "&lt;" in Findings.of("<T>", found)._repr_html_()


def test_status_names_the_next_three_things(make, built: Review) -> None:
    assert built.status().pages == "up to date"
    folder = make(**{"text/summary.md": "# Summary\n\n<!-- write -->\n"})
    state = Review(folder).status()
    assert (state.rows, state.results, state.analyses, state.errors) == (6, 1, 1, 0)
    assert state.next_steps == (
        "Save the exports of the databases in search/.",
        "Write text/summary.md.",
        "Make the pages: arrowroot build.",
    )
    Review(folder).build()
    assert Review(folder).status().pages == "up to date"
    (folder / "text/summary.md").write_text("# Summary\n\nx\n", "utf-8")
    assert Review(folder).status().pages == "older than text/summary.md"


def test_a_review_shows_itself(make) -> None:
    review = syn.Review(make())
    assert "Worked example on means" in str(review)
    assert "1 of 1 analysis with a result" in str(review)
    assert "<table" in review._repr_html_()
    assert "SMD 0.36" in str(review.analyses["care.score"])


def test_what_cannot_be_pooled_is_answered_with_the_key_of_the_plan(make) -> None:
    text = "title: T\npeople: [{name: A}]\noutcomes: [{id: d}]\ncomparisons: [{id: care}]\n"
    folder = make(**{"review.yaml": text, "extraction.csv": "study,yi,vi\nA,0.5,0.1\nB,0.5,0.2\n"})
    (found,) = of_rule(folder, "not-pooled")
    assert "under plan: model: ci" in found.todo
    rows = "study,arm,yi,vi\nA,1,0.5,0.1\nA,2,0.2,0.2\nB,1,0.1,0.1\n"
    (folder / "extraction.csv").write_text(rows, "utf-8")
    (found,) = of_rule(folder, "not-pooled")
    assert found.todo.endswith("several_results, or several_arms.")


def test_a_file_of_decisions_that_cannot_be_read_is_named(make) -> None:
    records = "record_id,type,title,year\nr1,article,T,2001\n"
    folder = make(**{"search/a.csv": records, "screening/x.csv": "a,b\n1,2\n"})
    (found,) = of_rule(folder, "search")
    assert found.file == "screening/x.csv"


@pytest.mark.parametrize("form", ["--json", "--sarif"])
def test_a_declaration_that_cannot_be_read_is_findings_for_programs(
    make, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make()
    text = (folder / "review.yaml").read_text("utf-8")
    (folder / "review.yaml").write_text(text.replace("outcomes:", "outcome:"), "utf-8")
    assert main(["check", form, str(folder)]) == 1
    held = json.loads(capsys.readouterr().out)
    if form == "--json":
        assert {(one["line"], one["rule"]) for one in held["findings"]} == {
            (1, "missing-key"),
            (4, "unknown-key"),
        }
    else:
        places = [one["locations"][0]["physicalLocation"] for one in held["runs"][0]["results"]]
        assert {one["artifactLocation"]["uri"] for one in places} == {"review.yaml"}


def test_a_sheet_that_cannot_be_read_is_the_only_error(make) -> None:
    folder = make(
        **{
            "text/summary.md": "# S\n\n{{ care.score.estimate }}\n",
            "risk_of_bias.csv": "study,D1,overall\nCarroll,low,low\n",
            "extraction.csv": "study,yi,vi\nCarroll,1,1\nCarroll,2,1\n",
        }
    )
    found = Review(folder).check()
    assert [one.rule for one in found if one.severity != "note"] == ["extraction"]


def test_words_of_the_template_are_pointed_out(tmp_path: Path) -> None:
    new_review(tmp_path / "mine")
    found = [one for one in Review(tmp_path / "mine").check() if one.rule == "template"]
    assert [(one.line, one.severity) for one in found] == [(2, "warning"), (3, "warning")]


def test_subgroups_that_may_be_one_are_said(make) -> None:
    declared = (
        "title: T\npeople: [{name: Ann}]\noutcomes: [{id: score}]\ncomparisons: [{id: care}]\n"
        "plan: {decided: 2026-01-31, subgroups: [design]}\n"
    )
    names = ["Carroll", "Grant", "Peck", "Donat", "Stewart", "Young"]
    designs = ["trial", "Trial", "n.r.", "cohort", "cohort ", ""]
    rows = "\n".join(map(",".join, zip(names, designs, strict=True)))
    folder = make(**{"review.yaml": declared, "studies.csv": f"study,design\n{rows}\n"})
    found = of_rule(folder, "subgroups")
    assert [(one.severity, one.file) for one in found] == [("warning", "studies.csv")] * 2
    assert "'trial' and 'Trial' in the column 'design'" in str(found[0])
    assert "'n.r.' in the column 'design' is compared as a subgroup of its own" in str(found[1])
    text = (folder / "studies.csv").read_text("utf-8")
    (folder / "studies.csv").write_text(text.replace("Trial", "trial").replace("n.r.", ""), "utf-8")
    assert of_rule(folder, "subgroups") == []


def test_a_problem_names_its_line_once() -> None:
    error = DataError("certainty.xlsx: 1 problem\n  - line 6: 'maybe' is no judgement.")
    (found,) = of_error(error, "certainty.xlsx", "certainty")
    assert (found.line, found.message) == (6, "'maybe' is no judgement.")


def test_a_plan_for_several_arms_answers_the_lint(make) -> None:
    rows = (
        "study,arm,mean_t,sd_t,n_t,mean_c,sd_c,n_c\nA,phone,25,4,50,24,4.4,52\n"
        "A,visit,26,4,48,24,4.4,52\nDonat,,25,4,50,24,4,50\n"
    )
    folder = make(**{"extraction.csv": rows})
    assert of_rule(folder, "shared-control")
    path = folder / "review.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("plan:\n", "plan:\n  several_arms: combine\n"), "utf-8")
    assert of_rule(folder, "shared-control") == []
    assert not Review(folder).check().errors()
