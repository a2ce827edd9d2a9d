"""A small call of every public function; then every option of each, and everything wrong with it.

Options are learned from the message that an unknown one gets. What is wrong follows rules: an
argument of another type, a table without a column or with a cell that cannot be, a file that is
missing or damaged, a specification with one line changed. All numbers and labels are invented.
"""

from __future__ import annotations

import inspect
import re
import shutil
import zipfile
from collections.abc import Iterator
from functools import partial as call
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import logicmodels as lm
import synthesis as syn
from logicmodels import Comparison, LogicModel

Case = Any
OUT, MADE = Path("out"), Path("made")
QUIET = {"progress": False}
OTHERS: tuple[Any, ...] = (None, 17, np.nan, "nonsense", [], object)
CELLS = (None, "abc", np.nan, np.inf, -1.0, 0, "", "1,5", 10**9)
UNTRIED = ("ax", "title", "progress")
"""Options that many functions share, of which none says more than the others."""
ELSEWHERE = ("LogicModel.", "with_actions", "PrismaFlow", "prisma_flow", "read_flow")
"""What gives models and flow diagrams; chapters of their own record these whole."""

# fmt: off
STUDIES = pd.DataFrame({
    "study": list("ABCDEF"), "yi": [0.1, 0.3, 0.8, 0.2, 0.5, -0.1], "group": list("xxyyxy"),
    "vi": [0.04, 0.05, 0.09, 0.02, 0.06, 0.03], "dose": [1, 2, 4, 3, 5, 0], "p": 0.04, "sign": 1,
    "n": range(50, 110, 10), "timepoint_months": range(6, 30, 4)})
ARMS = pd.DataFrame({
    "study": list("ABC"), "mean_t": [94.0, 98, 91], "sd_t": [22.0, 21, 18], "n_t": [60, 65, 40],
    "mean_c": [92.0, 90, 92], "sd_c": [20.0, 22, 19], "n_c": [60, 62, 41]})
COUNTS = pd.DataFrame({
    "study": list("ABC"), "events_t": [0, 6, 9], "n_t": [20, 25, 40], "events_c": [9, 9, 12],
    "n_c": [21, 20, 39]})
SHARED = pd.DataFrame({
    "study": "A", "comparison": ["low", "high"], "events_t": [4, 6], "n_t": [20, 20],
    "events_c": [9, 9], "n_c": [20, 20]})
CODED = pd.DataFrame({
    "unit": ["A1", "A2", "A3"] * 2, "coder": ["ann"] * 3 + ["bob"] * 3, "code": list("xyyxyx")})
TEXTS = pd.DataFrame({"unit": ["A1", "A2", "A3"], "text": ["Kind care; care", "Go", "Pay"]})
RECORDS = pd.DataFrame({
    "record_id": ["a:1", "a:2", "b:1"], "authors": ["Doe, J", "Roe, R", "Doe, J"], "pages": "5-9",
    "title": ["Leaves fall in autumn", "Roots", "Leaves fall in autumn."], "type": "article",
    "year": ["2001", "2003", "2001"], "journal": "Trees", "volume": "3", "number": "1",
    "doi": ["10.1/a", "", "10.1/a"], "abstract": "", "pmid": "", "database": ["A", "A", "B"],
    "source_file": "a", "source_line": [1, 2, 3]})
LINKS = pd.DataFrame({
    "record_id": ["b:1"], "duplicate_of": ["a:1"], "reason": ["same title"], "certain": [False]})
DECIDED = pd.DataFrame({
    "record_id": ["a:1", "a:2", "a:1"], "stage": ["title_abstract", "title_abstract", "full_text"],
    "screener": "ann", "decision": ["include", "exclude", "include"], "reason": "", "time": ""})
CLAIMS = pd.DataFrame({
    "source": ["a1"], "target": ["o1"], "outcome": ["pain"], "estimate": [0.2], "ci_low": [0.1],
    "ci_high": [0.3], "measure": ["SMD"], "k": [3], "direction": ["supports"]})
JUDGED = pd.DataFrame({
    "part": ["a1"], "target": "here", "domain": "setting", "judgement": "unclear",
    "reason": "not said", "by": "ann", "date": "2026-01-02"})
DECISION = pd.DataFrame({"unit": ["A3"], "code": "x", "by": "ann", "why": "it names staff"})
FLOW = {"records_screened": 9, "dbr_excluded": {"design": 3}}
COUNTED = pd.DataFrame({"quantity": ["all"], "coder": ["ann"], "count": [1], "out_of": [64]})
# fmt: on
MODEL = """\
spec_version: 1
profile: theory-of-change
title: Home visits (invented)
description: Visits lead to earlier reporting, and that to better health.
nodes:
  - {id: a1, column: activities, label: Home visits, who: nurses, by: "2024"}
  - {id: o1, column: outcomes, label: Earlier reporting, indicators: [days], url: "https://a.b"}
  - {id: i1, column: impact, label: Better health, short: Health}
links:
  - {from: a1, to: o1, because: They learn, assumptions: [{text: Visits are kept}]}
  - from: o1
    to: i1
    evidence: [{outcome: health, k: 3, direction: supports, certainty: low, citation: Smith 2019}]
views:
  - {id: brief, title: In short, columns: [activities, outcomes], show: public}
"""
LINES = "[activities]\na: Visits\n[outcomes]\nb: Calls\n[impact]\nc: Health\na -> b: so\nb -> c\n"
RULES = "severity: {W02: 'off', S08: error}\nlimits: {S08: {column: 12}}\n"
RIS = "TY  - JOUR\nAU  - Doe, Jane\nTI  - Leaves\nPY  - 2001\nJO  - Trees\nER  - \n"


def calls() -> list[call[Any]]:
    """Return a small call of every public function, and of every method that takes an argument."""
    es, fit = syn.effect_sizes(ARMS), syn.meta_analysis(STUDIES, measure="smd")
    of_counts = syn.meta_analysis(syn.effect_sizes(COUNTS, "rr"))
    book = syn.Codebook("Who", "1", (syn.Code("x", "Staff"), syn.Code("y", "Nurses", parent="x")))
    model, schemes = LogicModel.from_text(MODEL), {"code": book}
    sketch = {"profile": "theory-of-change", "title": "Visits"}
    regression, task = syn.meta_regression(STUDIES, "~ dose"), syn.exercise("bcg_one_trial")
    levels, cite = syn.three_level(STUDIES, cluster="group"), syn.Citations(RECORDS)
    several, gosh = syn.multiverse(STUDIES, **QUIET), syn.gosh(fit, **QUIET)
    matrices = [ARMS[name].to_numpy() for name in ("mean_t", "sd_t", "mean_c", "sd_c", "n_t")]
    coded = pd.DataFrame({"area": ["1"], "code": ["x"]})
    carried = syn.actions_by_activity(coded, {"1": "a1"})
    bias = pd.DataFrame({"study": ["A", "B"]} | {f"D{n}": ["low", "high"] for n in range(1, 6)})
    twice = pd.concat([DECIDED, DECIDED.assign(screener="bob", decision="unsure")])
    _write(model, book)
    # fmt: off
    return [
        *(call(function, fit) for function in (
            syn.alt_text, syn.baujat, syn.blup, syn.drapery, syn.egger_test, syn.fail_safe_n,
            syn.excess_significance, syn.forest, syn.funnel, syn.influence, syn.influence_limits,
            syn.influence_plot, syn.leave_one_out, syn.orchard, syn.p_value_functions,
            syn.peters_test, syn.pet_peese, syn.profile_plot, syn.qq_plot, syn.radial,
            syn.rank_test, syn.selection_model, syn.tau2_profile, syn.trim_and_fill)),
        *(call(function, CODED) for function in (
            syn.agreement, syn.agreement_by_code, syn.agreement_by_pair, syn.co_occurrence,
            syn.check_codings, syn.disagreements, syn.saturation)),
        call(syn.datasets.load, "bcg"), call(syn.datasets.about, "bcg"), call(syn.lint_rules),
        call(syn.measures.measure_named, "rr"), call(syn.routes_to, "smd"), call(syn.exercises),
        call(syn.read_extraction, ARMS), call(syn.read_extraction, MADE / "arms.csv"),
        call(syn.effect_sizes, ARMS), call(syn.effect_sizes, COUNTS, "or"), call(syn.lint, ARMS),
        call(syn.receipts, es), call(syn.template, OUT), call(syn.time_windows, STUDIES),
        call(syn.sensitivity, ARMS.assign(cluster_size=9), "icc", [0.0, 0.1]),
        call(syn.choose_rows, STUDIES, "group", ["x", "y"], within=["dose"]),
        call(syn.average_within_studies, es.assign(study="A"), rho=0.5),
        call(syn.within_study_covariance, es.assign(study="A"), rho=0.5),
        call(syn.shared_control, SHARED), call(syn.design_effect, np.array([0.02]), np.array([9])),
        call(syn.shared_control_covariance, syn.effect_sizes(SHARED, "rd")),
        call(syn.combine_arms, *(ARMS[name].to_numpy() for name in ARMS.columns[1:])),
        call(syn.crossover_difference, *matrices, np.full(3, 0.5)),
        call(syn.crossover_smd, *matrices, np.full(3, 0.5)), call(syn.peto, COUNTS),
        call(syn.meta_analysis, STUDIES), call(syn.meta_analyses, STUDIES, "group"),
        call(syn.meta_regression, STUDIES, "~ dose"), call(syn.subgroup_analysis, STUDIES, "group"),
        call(syn.three_level, STUDIES, cluster="group"), call(syn.robust, levels, cluster="group"),
        call(syn.rho_sensitivity, STUDIES, cluster="group", rhos=(0.0, 0.5)),
        call(syn.mantel_haenszel, COUNTS), call(syn.combine_p_values, STUDIES),
        call(syn.cumulative, fit, list("FEDCBA")), call(syn.gosh, fit, **QUIET),
        call(syn.interpret, fit, baseline=0.2), call(syn.multiverse, STUDIES, **QUIET),
        call(syn.effect_directions, STUDIES, domain="group"), call(syn.ledger, "bcg"),
        call(syn.sign_test, pd.Series(["positive", "positive", "negative"])),
        call(syn.find_conventions, STUDIES, {"estimate": "0.28"}, among={"tau2": "dl"}, **QUIET),
        call(syn.check_claim, "0.07", ("0.00", "0.14")), call(syn.exercise, "bcg_one_trial"),
        call(syn.check_flow, {"article": {"screened": "153"}, "abstract": {"screened": "135"}}),
        call(task.check, "0.411"), call(task.hint, 1), call(syn.labbe, of_counts),
        call(syn.albatross, STUDIES, measure="smd"), call(syn.baujat_plot, syn.baujat(fit)),
        call(syn.bubble, regression, "dose"), call(syn.gosh_plot, gosh, study="B"),
        call(syn.effect_direction, syn.effect_directions(STUDIES, domain="group")),
        call(syn.heat, syn.cross_table(CODED, "code", "coder")), call(syn.rob_summary, bias),
        call(syn.hover, syn.forest(fit)), call(syn.rob_summary, bias),
        call(syn.outcome_forest, {"Pain": fit}), call(syn.rob_traffic_light, bias),
        call(syn.save, syn.funnel(fit), OUT / "figure.png", dpi=60),
        call(syn.specification_curve, several), call(syn.summary_forest, syn.leave_one_out(fit)),
        call(fit.back, 0.4), call(fit.share_beyond, 0.2), call(levels.sigma2_ci, "cluster"),
        call(regression.predict, pd.DataFrame({"dose": [2.0]})), call(several.by, "tau2"),
        call(regression.permutation_test, 9, seed=1), call(gosh.contains, "B"),
        call(syn.actions_by_activity, coded, {"1": "a1"}), call(syn.uncoded, CODED, ["A1", "A4"]),
        call(syn.reached_by, carried, model.links, ["x"]), call(syn.with_actions, model, carried),
        call(syn.coded_units, TEXTS, CODED), call(syn.cross_table, CODED, "code", "coder"),
        call(syn.consensus, CODED, DECISION),
        call(syn.count_matching, CODED, {"all": {"code": "x"}}), call(syn.share_interval, 4, 108),
        call(syn.compare_counts, COUNTED.drop(columns="coder"), COUNTED),
        call(syn.find_indicators, TEXTS, {"values": ["care", "nurs*"]}),
        call(syn.keyword_in_context, TEXTS, "care"), call(syn.Code, "x", "Staff"),
        call(syn.Codebook, "Who", "1", book.codes), call(syn.Codebook.read, MADE / "book.yaml"),
        call(syn.Codebook.from_frame, book.to_frame(), title="Who", version="1"),
        call(book.write, OUT / "book.csv"), call(book.check, ["x", "z"]), call(book.path, "y"),
        call(book.children, "x"), call(book.suggestion, "xx"),
        call(syn.epoc_2002, syn.datasets.load("sixcs", "epoc_2002").head(9)),
        call(syn.epoc_2015_partial, syn.datasets.load("sixcs", "epoc_2015_partial").head(9)),
        call(syn.write_sheets, TEXTS, ["ann", "bob"], OUT, schemes=schemes, seed=1),
        call(syn.read_sheets, MADE / "sheet.csv", ["A1", "A2", "A3"], schemes=schemes),
        call(syn.read_codings, MADE / "codings.csv"), call(syn.read_qdc, MADE / "book.qdc"),
        call(syn.write_qdc, book, OUT / "book.qdc"), call(syn.read_qdpx, MADE / "project.qdpx"),
        call(syn.write_qdpx, OUT / "project.qdpx", TEXTS, CODED, book),
        call(syn.coding_board, TEXTS, book, coder="ann", path=OUT / "ann.csv"),
        call(syn.screening_board, RECORDS, stage="full_text", screener="ann", reasons=["design"],
             path=OUT / "ann.csv"),
        call(syn.duplicate_board, RECORDS, LINKS, reviewer="ann", path=OUT / "ann.csv"),
        call(syn.read_records, MADE / "records.ris"), call(syn.related_reports, RECORDS, **QUIET),
        call(syn.write_records, RECORDS, OUT / "records.bib"), call(syn.Citations, RECORDS),
        call(syn.find_duplicates, RECORDS, **QUIET), call(syn.merge_duplicates, RECORDS, LINKS),
        call(cite.__call__, "a:1"), call(syn.prisma_flow, RECORDS, LINKS, DECIDED),
        call(syn.PrismaFlow, FLOW), call(syn.read_flow, MADE / "flow.csv"),
        call(syn.read_decisions, MADE / "decisions.csv", RECORDS), call(syn.settle, twice),
        call(syn.check_decisions, DECIDED, RECORDS), call(syn.screening_agreement, twice),
        call(syn.screening_conflicts, twice, stage="title_abstract"),
        call(syn.write_screening_sheets, RECORDS, ["ann"], OUT, stage="full_text", seed=1),
        call(syn.extraction_rows, RECORDS, DECIDED, outcomes=["pain"]),
        call(LogicModel.read, MADE / "model.yaml"), call(LogicModel.from_text, MODEL),
        call(LogicModel.from_lines, LINES, **sketch), call(model.with_evidence, CLAIMS),
        call(LogicModel.from_tables, MADE / "nodes.csv", MADE / "links.csv", **sketch),
        call(model.with_actions, pd.DataFrame({"node": ["a1"], "type": ["x"], "count": [3]})),
        call(model.with_applicability, JUDGED), call(model.comment_sheet, OUT / "sheet.xlsx"),
        call(model.applicability_sheet, OUT / "sheet.xlsx", targets="here"),
        call(model.read_comments, MADE / "comments.xlsx"), call(model.write, OUT / "model.yaml"),
        call(model.as_profile, "wisconsin"), call(model.check, MADE / "rules.yaml"),
        call(model.diff, LogicModel.from_lines(LINES, **sketch)), call(LogicModel.json_schema),
        *(call(method, view="brief") for method in (
            model.draw, model.to_drawio, model.to_graphml, model.to_mermaid, model.to_pptx)),
        call(model.draw().save, OUT / "figure.dot"), call(model.node, "a1"),
        call(model.column, "impact"), call(model.heading, "impact"),
        call(model.sentence, model.links[0]), call(model.runs_forward, model.links[0]),
        call(Comparison.read, MADE / "comparison.yaml"), call(lm.Claim, "pain", estimate=0.2),
        call(Comparison.from_text, (MADE / "comparison.yaml").read_text("utf-8")),
        call(lm.Applicability, "here", "setting", "unclear", "so"), call(lm.Comment, "ann", "2026"),
        call(lm.Assumption, "so"), call(lm.Link, "a", "b"), call(lm.Node, "a", "A", "impact"),
        call(lm.Problem, 1, 1, "rule", "so"), call(lm.View, "brief"),
    ]
    # fmt: on


def _write(model: LogicModel, book: syn.Codebook) -> None:
    """Write the files that calls read."""
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir()
    sheet = TEXTS.assign(coder="ann", code=list("xyz"), note="")
    tables = {"arms": ARMS, "codings": CODED, "decisions": DECIDED, "sheet": sheet}
    for name, table in tables.items():
        table.to_csv(MADE / f"{name}.csv", index=False)
    for name, text in (("model.yaml", MODEL), ("rules.yaml", RULES), ("records.ris", RIS)):
        (MADE / name).write_text(text, "utf-8")
    shutil.copy("data/ham2014/comparison.yaml", MADE)
    model.to_tables().save(MADE)
    model.comment_sheet(MADE / "comments.xlsx")
    book.write(MADE / "book.yaml")
    syn.write_qdc(book, MADE / "book.qdc")
    syn.write_qdpx(MADE / "project.qdpx", TEXTS, CODED, book)
    syn.PrismaFlow(FLOW).write(MADE / "flow.csv")


def right(case: Case) -> None:
    """Record every call as it should be."""
    for asked in calls():
        case.brief = _name(asked).startswith(ELSEWHERE)
        _record(case, "", asked)


def wrong(case: Case) -> None:
    """Record every call with each argument made wrong in turn, and with every other option."""
    fits = {
        "two studies": syn.meta_analysis(STUDIES.head(2)),
        "no spread": syn.meta_analysis(STUDIES.assign(yi=0.2), ci="wald"),
        "groups": syn.subgroup_analysis(STUDIES, "group"),
    }
    for asked in calls():
        bound = inspect.signature(asked.func).bind(*asked.args, **asked.keywords)
        bound.apply_defaults()
        for argument, value in bound.arguments.copy().items():
            if argument in UNTRIED:
                continue
            case.brief, learned = True, dict[str, Any]()
            of_fits = isinstance(value, syn.MetaAnalysis)
            for words, other in fits.items() if of_fits else _worse(value):
                bound.arguments[argument] = other
                _record(case, f" {argument} {words}", call(asked.func, *bound.args, **bound.kwargs))
                learned |= _options(value, other, case.raised)
            case.brief = _name(asked).startswith(ELSEWHERE)
            for words, other in learned.items():
                bound.arguments[argument] = other
                _record(case, f" {argument}={words}", call(asked.func, *bound.args, **bound.kwargs))
            bound.arguments[argument] = value


def _options(value: Any, other: Any, error: Exception | None) -> dict[str, Any]:
    """Return the values that an error lists as legal; for a path, itself with each ending."""
    if type(error).__name__ != "OptionError":
        return {}
    if isinstance(value, Path):
        return {one: value.with_suffix(one) for one in re.findall(r"\.[a-z]{2,7}\b", str(error))}
    return {one: one for one in re.findall(r"'([^' ]+)'", str(error)) if one != other}


def _record(case: Case, words: str, asked: call[Any]) -> None:
    shutil.rmtree(OUT)
    OUT.mkdir()
    case(f"{_name(asked)}{words}", asked.func, *asked.args, **asked.keywords)


def _name(asked: call[Any]) -> str:
    owner = getattr(asked.func, "__self__", None)
    home = owner if isinstance(owner, type) else type(owner)
    return asked.func.__name__ if owner is None else f"{home.__name__}.{asked.func.__name__}"


def _worse(value: Any) -> Iterator[tuple[str, Any]]:
    """Return what could stand wrongly in place of a value, with a name for each."""
    for other in OTHERS:
        if type(other) is not type(value):
            yield f"is {other!r}", other
    if isinstance(value, pd.DataFrame):
        yield from _tables(value)
    elif isinstance(value, Path):
        yield from _paths(value)
    elif isinstance(value, str):
        yield "is unknown", f"{value}x"
        yield "is blank", " "
    elif isinstance(value, list | tuple) and value:
        yield "repeats", type(value)([*value, value[0]])
        yield "holds None", type(value)([None, *value[1:]])
    elif isinstance(value, np.ndarray):
        yield "is shorter", value[:-1]
        yield "is negative", -value


def _tables(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "no rows", table.iloc[:0]
    yield "no columns", table[[]]
    yield "rows twice", pd.concat([table, table])
    yield "a column twice", pd.concat([table, table.iloc[:, :1]], axis=1)
    for place, column in enumerate(table.columns[:9]):
        yield f"without {column}", table.drop(columns=column)
        # Each column meets two of the cells that cannot be; all of them meet some column.
        for cell in (CELLS[(2 * place + step) % len(CELLS)] for step in range(2)):
            cells = table.astype(object)
            cells.iloc[0, place] = cell
            yield f"{column} {cell!r}", cells.infer_objects()


def _paths(path: Path) -> Iterator[tuple[str, Path]]:
    """Return paths that cannot be read or written, and damaged copies of a file."""
    yield "missing", path.with_stem("missing")
    yield "no such folder", Path("nowhere") / path.name
    yield "a folder", path.parent
    yield "another ending", path.with_suffix(".xyz")
    yield "a NUL", Path("a\0b")
    for words, data in _damaged(path):
        copy = MADE / f"damaged{path.suffix}"
        copy.write_bytes(data)
        yield words, copy
    if path.suffix == ".csv" and path.is_file():
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        table.to_excel(path.with_suffix(".xlsx"), index=False)
        table.to_csv(path.with_suffix(".tsv"), index=False, sep="\t")
        table.to_csv(path.with_suffix(".txt"), index=False, sep="\t")
        yield from ((ending, path.with_suffix(ending)) for ending in (".xlsx", ".tsv", ".txt"))


def _damaged(path: Path) -> Iterator[tuple[str, bytes]]:
    """Return the contents of a file, damaged or saved in the ways that programs have."""
    if not path.is_file():
        return
    data = path.read_bytes()
    yield "empty", b""
    yield "half", data[: len(data) // 2]
    yield "binary", bytes(range(256))
    if data.startswith(b"PK"):
        for part in (names := zipfile.ZipFile(path).namelist()):
            with zipfile.ZipFile(path) as whole, zipfile.ZipFile(held := BytesIO(), "w") as rest:
                for name in names:
                    rest.writestr(name, whole.read(name)[: 200 if name == part else None])
            yield f"{part} cut", held.getvalue()
        return
    text = data.decode()
    for encoding in ("utf-16", "utf-8-sig", "cp1252"):
        yield encoding, text.replace("a", "á").encode(encoding, "replace")
    for mark in (";", "\t", "\0", '"', "\n\n"):
        yield f"{mark!r} for commas", text.replace(",", mark).encode()
    yield "sep=;", f"sep=;\n{text.replace(',', ';')}".encode()
    for words, other in _edited(text, every=3):
        yield words, other.encode()


def _edited(text: str, *, every: int) -> Iterator[tuple[str, str]]:
    """Return a text with one of its lines changed, for some lines and each kind of change."""
    lines = text.splitlines(keepends=True)
    for place in range(0, len(lines), every):
        line, key = lines[place], lines[place].split(":")[0]
        changes = {"missing": "", "twice": line * 2, "indented": f"  {line}", "tab": f"\t{line}"}
        changes |= {"key": line.replace(":", "s:", 1), "more": f"{line.rstrip()}, more\n"}
        changes |= {"text": f"{key}: nonsense\n", "number": f"{key}: 7\n"}
        for words, line in changes.items():
            changed = [*lines[:place], line, *lines[place + 1 :]]
            yield f"line {place + 1} {words}", "".join(changed)


def specs(case: Case) -> None:
    """Record what is said of specifications in which one line is wrong, and of what they give."""
    case.brief = True
    texts = [("model", MODEL, 1, _checked), ("lines", LINES, 1, _sketched)]
    files = {"sixcs/logic_model": 9, "case_management/logic_model": 7, "ham2014/comparison": 2}
    for name, every in files.items():
        read = Comparison.from_text if "comparison" in name else _checked
        texts.append((name, Path(f"data/{name}.yaml").read_text("utf-8"), every, read))
    for name, whole, every, read in texts:
        for words, text in _edited(whole, every=every):
            case(f"{name} {words}", read, text)


def _checked(text: str) -> Any:
    return LogicModel.from_text(text).check().to_records()


def _sketched(text: str) -> Any:
    return LogicModel.from_lines(text, profile="theory-of-change", title="Visits").to_yaml()


def boards(case: Case) -> None:
    """Record what boards show and keep, message by message."""
    book = syn.Codebook("Who", "1", (syn.Code("x", "Staff", "Nurses."), syn.Code("y", "Patients")))
    paths = [OUT / f"{name}.csv" for name in "abc"]
    coding = syn.coding_board(TEXTS, book, coder="ann", path=paths[0])
    reasons = {"stage": "full_text", "reasons": ["design"], "highlight": ["leaves"]}
    screening = syn.screening_board(RECORDS, screener="ann", path=paths[1], **reasons)
    pairs = syn.duplicate_board(RECORDS, LINKS, reviewer="ann", path=paths[2])
    for name, board, group, choices in (
        ("coding", coding, "code", ("x", "y", "z")),
        ("screening", screening, "decision", ("include", "exclude: design", "unsure", "nonsense")),
        ("duplicates", pairs, "decision", ("same", "different")),
    ):
        case(f"{name} begins", lambda board=board: board)
        messages = [{"do": "choose", "group": group, "choice": choice} for choice in choices]
        messages += [{"do": "confidence", "value": value} for value in ("2", "next", "9")]
        messages += [{"do": "note", "text": "a note"}, {"do": "note", "text": "x" * 20_000}]
        messages += [{"do": "go", "to": to} for to in ("previous", "open", "next", 2, 99)]
        for message in (*messages, {"do": "undo"}, {"do": "save"}, {"do": "nonsense"}):
            board.receive({"item": board.state()["item"]} | message)
            case(f"{name} {message}", board.state)
        case(f"{name} ends", lambda board=board: [board, board.path])


CHAPTERS = (right, boards, wrong, specs)
