"""What is recorded of the data that come along: chapter by chapter, at full length.

`calls` tries every function and option on a few invented rows; here are the data sets, the routes
to effects, the logic models, and all code that the documents and notebooks show.
"""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from reading.exports import exports

import logicmodels
import synthesis as syn
from logicmodels import Comparison, LogicModel

Case = Any
"""The recorder: ``case(name, function, ...)`` and ``case.grid(..., vary={option: values})``."""
OUT = Path("out")

# fmt: off
MEASURE_OF = {
    "assink2016": "smd", "bangertdrowns2004": "smd", "baskerville2012": "smd", "bcg": "rr",
    "borenstein2009": "smd", "curtis1998": "rom", "egger2001": "or", "gibson2002": "smd",
    "hackshaw1998": "or", "konstantopoulos2011": "smd", "molloy2014": "fisher_z",
    "normand1999": "smd", "raudenbush1985": "smd",
}
TAU2 = ("reml", "ml", "dl", "dl2", "pm", "pm_median", "eb", "sj", "he", "hs", "hs_k", 0.02)
CI = ("hksj", "hksj_modified", "wald", "wald_t", "profile")
OF_FITS = ("baujat", "blup", "excess_significance", "influence", "influence_limits", "interpret",
           "leave_one_out", "p_value_functions", "peters_test", "pet_peese", "rank_test",
           "tau2_profile")
FIGURES = ("drapery", "forest", "funnel", "influence_plot", "labbe", "orchard", "profile_plot",
           "qq_plot", "radial", "albatross")
FORMULAS = {
    "bcg": ("~ ablat", "ablat + year", "~ alloc", "~ ablat * alloc", "~ ablat - 1"),
    "raudenbush1985": ("~ weeks", "~ weeks + setting"), "egger2001": ("~ year",),
    "bangertdrowns2004": ("~ length + wic",), "molloy2014": ("~ C(quality) + meanage",),
}
MEANS = {"mean_t": 24.1, "sd_t": 5.2, "n_t": 41, "mean_c": 21.7, "sd_c": 4.6, "n_c": 39}
CELLS = MEANS | {
    "yi": 0.31, "vi": 0.04, "sei": 0.2, "n": 80, "r": 0.43, "mean_change_t": 4.2, "sd_pre_t": 5.5,
    "mean_change_c": 1.9, "sd_pre_c": 5.1, "sd_change_t": 4.0, "sd_change_c": 4.4, "events_t": 9,
    "events_c": 15, "events": 17, "time_t": 120.5, "time_c": 131.0, "mean_pre": 20.0, "b": 1.4,
    "mean_post": 23.5, "sd_pre": 5.0, "sd_post": 5.6, "t": 2.1, "f": 4.4, "chi2": 3.9, "beta": 0.2,
    "r_pb": 0.22, "sd_y": 5.1, "sign": 1, "p": "0.034", "effect": 0.62, "se": 0.21, "ci_low": 0.4,
    "ci_high": 0.93,
}
"""A plausible, invented value for each column that a route may need."""
PREPARED = (
    {"sd_t": None, "sd_c": None, "se_t": 0.8, "se_c": 0.7}, {"n_t": None, "n_total": 81},
    {"sd_t": None, "ci_low_t": 22.4, "ci_high_t": 25.8}, {"icc": 0.03, "cluster_size": 14},
    {"mean_t": None, "sd_t": None, "median_t": 24, "q1_t": 20, "q3_t": 28}, {"sd_c": None},
    {"mean_c": None, "sd_c": None, "median_c": 22, "min_c": 11, "max_c": 33},
    {"icc": 0.03, "cluster_size": 14, "cluster_adjusted": "yes"}, {"control_shares": 2},
)
"""Rows of means in which something is given in another way, or has to be borrowed."""
# fmt: on


def effects_of(name: str) -> pd.DataFrame:
    """Return the effects of a data set."""
    table = syn.datasets.load(name)
    if "yi" in table:
        return table.assign(measure=MEASURE_OF[name])
    return syn.effect_sizes(table, MEASURE_OF[name], refused="keep")


def face(case: Case) -> None:
    """Record what there is, and how it is called."""
    for package in (syn, logicmodels):
        case(package.__name__, sorted, package.__all__)
        for name in package.__all__:
            value = getattr(package, name)
            case(name, _signature, value)
            for member in vars(value) if isinstance(value, type) else ():
                if not member.startswith("_"):
                    # A table of a result can be read from the result alone, not from its class.
                    case(f"{name}.{member}", _signature, getattr(value, member, None))


def _signature(value: Any) -> dict[str, str]:
    return {"$signature": str(inspect.signature(value)) if callable(value) else "not called"}


def data(case: Case) -> None:
    """Record every table that comes along, what is said of it, and the measures."""
    for name in syn.datasets.names():
        about = case(f"about {name}", syn.datasets.about, name)
        for table in (Path(one.file).stem for one in about.tables):
            rows = case(f"{name} {table}", syn.datasets.load, name, table)
            case(f"{name} {table} columns", about.columns, table)
            case(f"{name} {table} lint", syn.lint, rows.rename(columns={rows.columns[0]: "study"}))
    for name in syn.measures.MEASURES:
        measure = case(name, syn.measures.measure_named, name)
        case.grid(f"{name} back", measure.back, vary={"value": (-1.7, 0.0, 0.3)})


def effects(case: Case) -> None:
    """Record every route to every measure, and what is worked out on the way."""
    kept = {"refused": "keep"}
    for measure in syn.measures.MEASURES:
        routes = case(f"routes to {measure}", syn.routes_to, measure)
        for route, needs in zip(routes["route"], routes["needs"], strict=True):
            row = {"study": "A", "route": route, "direction": "lower"}
            row |= {name: CELLS[name] for name in re.findall(r"\w+", needs) if name in CELLS}
            if kind := re.search(r"effect_type '(\w+)'", needs):
                row["effect_type"] = kind[1]
            case(f"{measure} {route}", syn.effect_sizes, pd.DataFrame([row]), measure, **kept)
    for other in PREPARED:
        sheet = pd.DataFrame([MEANS | {"study": "A"}, MEANS | {"study": "B"} | other])
        vary: dict[str, Any] = {"cluster": ("inflate", "reduce"), "impute": ((), ("n", "r", "sd"))}
        es = case.grid(f"{other}", syn.effect_sizes, sheet.assign(outcome="x"), vary=vary, **kept)
        case(f"{other} receipts", syn.receipts, es)
    for name in ("normand1999", "gibson2002", "borenstein2009"):
        vary = {"variance": ("ls", "ls2", "ub", "av", "revman"), "correct": (True, False)}
        case.grid(name, syn.effect_sizes, syn.datasets.load(name), vary=vary, **kept)
    for measure in ("smd", "md", "or", "rr", "hr", "irr"):
        trials = syn.datasets.load("case_management", "trials")
        case(f"trials {measure}", syn.effect_sizes, trials, measure, **kept)


def pooling(case: Case) -> None:
    """Record every model, estimator, interval and moderator."""
    case.brief = True
    for name in MEASURE_OF:
        es = effects_of(name)
        case.grid(name, syn.meta_analysis, es, vary={"tau2": TAU2})
        case.grid(name, syn.meta_analysis, es, vary={"tau2": TAU2[:3], "ci": CI[1:]})
        vary: dict[str, Any] = {"prediction": ("cochrane", "higgins", "normal", "none")}
        case.grid(name, syn.meta_analysis, es, vary=vary, tau2_ci="profile", level=0.9)
        case.grid(name, syn.meta_analysis, es, vary={"ci": ("wald", "hksj")}, model="common")
        case.grid(name, syn.meta_analyses, es, vary={"by": ("study", es.columns[1])}, ci="wald")
    for name, formula in ((one, each) for one, all_ in FORMULAS.items() for each in all_):
        es, vary = effects_of(name), {"tau2": ("reml", "ml", "dl", "pm"), "ci": CI[:4]}
        fit = case.grid(f"{name} {formula}", syn.meta_regression, es, formula, vary=vary)
        case(f"{name} {formula} permuted", fit.permutation_test, 99, seed=1)
        case(f"{name} {formula} predicted", fit.predict, es.dropna().head(3))
        vary = {"kind": ("cr2", "cr1", "cr0")}
        case.grid(f"{name} {formula}", syn.robust, fit, cluster="study", vary=vary)
    case.brief = False
    for name, by in (("bcg", "alloc"), ("baskerville2012", "design"), ("gibson2002", "type")):
        vary = {"common_tau2": (True, False), "model": ("random", "common")}
        case.grid(f"{name} by {by}", syn.subgroup_analysis, effects_of(name), by, vary=vary)
    for name, cluster in (("konstantopoulos2011", "district"), ("assink2016", "study")):
        es, vary = effects_of(name), {"method": ("ml", "reml"), "formula": ("~ 1", "~ year")}
        case(f"{name} t", syn.three_level, es, cluster=cluster, test="t", rho=0.6)
        fit = case.grid(name, syn.three_level, es, cluster=cluster, vary=vary)
        case.grid(name, syn.robust, fit, cluster=cluster, vary={"kind": ("cr2", "cr1", "cr0")})
        case.grid(name, fit.sigma2_ci, vary={"which": ("cluster", "effect")})
    for name in ("bcg", "egger2001"):
        table = syn.datasets.load(name)
        case.grid(name, syn.mantel_haenszel, table, vary={"measure": ("or", "rr", "rd")})
        case(f"{name} peto", syn.peto, table)


def diagnostics(case: Case) -> None:
    """Record what is asked of a fit, and figures of it."""
    for name in MEASURE_OF:
        es = effects_of(name)
        case.brief = True
        fit = case(name, syn.meta_analysis, es)
        for function in OF_FITS:
            case(f"{name} {function}", getattr(syn, function), fit)
        case(f"{name} cumulative", syn.cumulative, fit, order=list(fit.weights.index[::-1]))
        case(f"{name} gosh", syn.gosh, fit, 60, seed=1, progress=False)
        case(f"{name} multiverse", syn.multiverse, es, leave_out="each", progress=False)
        vary: dict[str, Any] = {"model": ("lm", "mixed"), "predictor": ("sei", "vi", "ninv")}
        case.grid(name, syn.egger_test, fit, vary=vary)
        vary = {"estimator": ("l0", "r0", "q0"), "side": ("left", "right")}
        case.grid(name, syn.trim_and_fill, fit, vary=vary)
        vary = {"kind": ("rosenthal", "orwin", "rosenberg")}
        case.grid(name, syn.fail_safe_n, fit, target=0.05, vary=vary)
        vary = {"steps": ((0.025,), (0.025, 0.5)), "alternative": ("greater", "less", None)}
        case.grid(name, syn.selection_model, fit, vary=vary)
        case.brief = False
        for function in FIGURES if name in ("bcg", "baskerville2012", "molloy2014") else ():
            case(f"{name} {function}", getattr(syn, function), fit)
    groups = syn.subgroup_analysis(effects_of("bcg"), "alloc")
    vary = {"style": ("revman", "jama", "bmj", "plain"), "width": (None, "single")}
    case.grid("groups", syn.forest, groups, vary=vary, columns={"year": "Year"}, order="effect")


def reproduce(case: Case) -> None:
    """Record whether printed numbers are right, and what gave them."""
    case("ledger", syn.ledger)
    for name in case("exercises", syn.exercises)["name"]:
        task = case(name, syn.exercise, name)
        case.grid(f"{name} hint", task.hint, vary={"step": range(1, task.hints + 1)})
        case.grid(name, task.check, vary={"answer": ("0.5", "20.2", "-0.71", 0.411, "12", "1.00")})
    for high in ("0.68", "0.86"):
        printed = {"estimate": "0.56", "ci_low": "0.43", "ci_high": high}
        es = effects_of("baskerville2012")
        case(f"found {high}", syn.find_conventions, es, printed, progress=False)


def coding(case: Case) -> None:
    """Record agreement on the coded actions of the 6Cs, and codebooks in every format."""
    codings = syn.datasets.load("sixcs", "coding")
    for code in ("epoc_code", "level", "compassion_indicator", "confidence"):
        named = {"unit": "action_id", "code": code}
        vary = {"level": ("nominal", "ordinal", "interval")}
        case.grid(code, syn.agreement, codings, vary=vary, bootstrap=50, seed=1, **named)
        for function in ("agreement_by_code", "agreement_by_pair", "disagreements", "consensus"):
            case(f"{code} {function}", getattr(syn, function), codings, **named)
    for read in (syn.epoc_2002, syn.epoc_2015_partial):
        name = read.__name__
        book = case(name, read, syn.datasets.load("sixcs", name))
        case(f"{name} QDC", syn.write_qdc, book, OUT / f"{name}.qdc")
        case(f"{name} QDC read", syn.read_qdc, OUT / f"{name}.qdc")
        for ending in ("yaml", "csv", "xlsx"):
            path = case(f"{name} {ending}", book.write, OUT / f"{name}.{ending}")
            case(f"{name} {ending} read", syn.Codebook.read, path)


def library(case: Case) -> None:
    """Record what is read from exports, and what is counted of them."""
    texts = {name: (text, "utf-8") for name, text in exports().items()}
    texts |= {f"{name}.ris": (texts["index.ris"][0], name) for name in ("utf-16", "cp1252")}
    for name, (text, encoding) in texts.items():
        (OUT / name).write_text(text, encoding)
        read = case(f"read {name}", syn.read_records, OUT / name)
        for ending in ("bib", "ris", "csv"):
            path = case(f"{name} {ending}", syn.write_records, read.records, OUT / f"a.{ending}")
            case(f"{name} {ending} read", syn.read_records, path)
    shelf = Path("data/case_management/library")
    for files in (
        [OUT / name for name in texts],
        [p for p in shelf.iterdir() if p.suffix == ".ris"],
    ):
        found = case(f"{len(files)} files", syn.read_records, files).records
        links = case(f"{len(files)} duplicates", syn.find_duplicates, found, progress=False)
        case(f"{len(files)} merged", syn.merge_duplicates, found, links)
        case(f"{len(files)} related", syn.related_reports, found, progress=False)
    found = syn.read_records(
        [shelf / n for n in ("pubmed.nbib", "zotero.bib", "index.ris")]
    ).records
    links = syn.find_duplicates(found, progress=False)
    for style in ("vancouver", "apa"):
        cite = case(style, syn.Citations, found, style=style)
        case(f"{style} cited", lambda cite=cite: [cite(one) for one in found["record_id"]])
        case(f"{style} references", cite.references)
    made = case("decisions", syn.read_decisions, shelf / "decisions.csv", found).decisions
    for left in range(0, len(made), 9):
        flow = case(f"flow {left}", syn.prisma_flow, found, links, made.drop(index=left))
        path = case(f"flow {left} written", flow.write, OUT / f"{left}.csv")
        case(f"flow {left} read", lambda path=path: syn.read_flow(path).counts)


def models(case: Case) -> None:
    """Record every logic model in every view, profile and format."""
    every: list[LogicModel] = []
    for source in sorted(Path("data").glob("*/logic_model.yaml")):
        name = source.parent.name
        model = case(name, LogicModel.read, source)
        every.append(model)
        own = tuple(view.id for view in model.views)
        vary: dict[str, Any] = {"view": ("evidence", "applicability", "implementation", "public")}
        case.grid(name, model.draw, vary={"view": vary["view"] + own})
        case(f"{name} print", model.draw, theme="print", title=False)
        for export in (model.to_drawio, model.to_graphml, model.to_mermaid, model.to_pptx):
            case.grid(f"{name} {export.__name__}", export, vary={"view": vary["view"][:3]})
        for ending in ("svg", "dot", "png", "pdf", "pptx", "drawio", "mmd", "graphml"):
            case(f"{name} {ending}", model.draw(view="evidence").save, OUT / f"{name}.{ending}")
        for method, given in (
            *((model.node, node.id) for node in model.nodes),
            *((model.column, column.id) for column in model.profile.columns),
            *((model.heading, column.id) for column in model.profile.columns),
            *((one, link) for link in model.links for one in (model.sentence, model.runs_forward)),
        ):
            case(f"{name} {method.__name__}", method, given)
        shutil.copy(source, OUT / "again.yaml")
        for file in ("again.yaml", f"{name}.yaml"):
            case(f"{name} in {file}", model.write, OUT / file)
        case.brief = True  # what comes of a model is told by its fields
        case.grid(name, model.as_profile, vary={"name": ("wisconsin", "results-chain", "process")})
        for place in (OUT, OUT / f"{name}.xlsx"):
            saved = case(f"{name} to {place}", model.to_tables().save, place)
            named = {"profile": model.profile.id, "title": model.title}
            case(f"{name} from {place}", LogicModel.from_tables, saved[0], saved[-1], **named)
        sheet = case(f"{name} sheet", model.comment_sheet, OUT / f"{name}_comments.xlsx")
        rows = pd.read_excel(sheet, keep_default_na=False, dtype=str)
        for column in rows.columns[-5:]:
            rows[column] = "2026-01-02" if column == "date" else "agree"
        rows.to_csv(OUT / "back.csv", index=False)
        case(f"{name} back", model.read_comments, [sheet, OUT / "back.csv"])
        path = OUT / f"{name}_applicability.xlsx"
        case(f"{name} asked", model.applicability_sheet, path, targets=["here", "there"])
        case(f"{name} applied", model.with_applicability, path)
        actions = [{"node": node.id, "type": "training", "count": 3} for node in model.nodes]
        changed = case(f"{name} with actions", model.with_actions, actions)
        case.brief = False
        case(f"{name} changed", changed.diff, model)
        case(f"{name} changes drawn", lambda new=changed, old=model: new.diff(old).draw())
        case(f"{name} from others", model.diff, every[0])
    both = case("comparison", Comparison.read, "data/ham2014/comparison.yaml")
    case.grid("comparison", both.draw, vary={"theme": ("screen", "print", "contrast")})
    case("comparison in words", lambda: [both.sentence(row) for row in both.rows])


def documents(case: Case) -> None:
    """Record what each line of code in the documents gives, the gallery's figures among them."""
    fence = re.compile(r"```(?:\{drawn\} \S+|(?:\{code-block\} )?python)\n(.*?)```", re.DOTALL)
    for page in sorted(Path("docs").glob("*.md")):
        known: dict[str, Any] = {}
        for number, code in enumerate(fence.findall(page.read_text("utf-8")), start=1):
            for line in ast.parse(code).body:
                case(f"{page.stem} {number} line {line.lineno}", _run, line, known)


def _run(line: ast.stmt, known: dict[str, Any]) -> Any:
    if isinstance(line, ast.Expr):
        return eval(compile(ast.Expression(line.value), "<document>", "eval"), known)
    return exec(compile(ast.Module([line], []), "<document>", "exec"), known)


def report(case: Case) -> None:
    """Record the pages that the command makes of a small notebook."""
    import nbformat

    code = "import synthesis as syn\nfit = syn.meta_analysis(syn.datasets.load('baskerville2012'))"
    cells = [
        nbformat.v4.new_markdown_cell("# A page\n\n*Words* and `code`.", id="a"),
        nbformat.v4.new_code_cell(f"{code}\nfit", id="b"),
        nbformat.v4.new_code_cell("syn.forest(fit)", id="c"),
    ]
    (OUT / "small").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), OUT / "small" / "01_small.ipynb")
    command = f"{sys.executable} -m synthesis.report --notebooks out/small --out out/pages".split()
    done = case("command", lambda: subprocess.run(command, capture_output=True, check=False).stdout)
    case("pages", lambda _: sorted(p for p in (OUT / "pages").rglob("*") if p.is_file()), done)


def notebooks(case: Case) -> None:
    """Record what every cell of every notebook shows."""
    import nbformat
    from nbclient import NotebookClient

    figures = "--InlineBackend.figure_formats={'svg'}"
    options = [figures, "--InlineBackend.rc={'svg.hashsalt': 'arrowroot'}"]
    for path in sorted(Path("notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(notebook, timeout=600, allow_errors=True, extra_arguments=options)
        client.execute(cwd="notebooks")
        for number, cell in enumerate(notebook.cells):
            case(f"{path.stem} cell {number}", lambda cell=cell: [
                dict(one.get("data", {"text": one.get("text", one.get("evalue"))}))
                for one in cell.get("outputs", [])])  # fmt: skip


CHAPTERS = (face, data, effects, pooling, diagnostics, reproduce, coding, library, models,
            documents, report)  # fmt: skip
