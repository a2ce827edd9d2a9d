"""The commonest mistakes of somebody new: each is answered by one sentence that says what to type.

Made-up effects; the sentences are what a notebook shows.
"""

from __future__ import annotations

import doctest
import inspect
import pickle
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import arrowroot
import logicmodels
import synthesis as syn
from arrowroot.errors import ArrowrootError
from arrowroot.lab.calls import guarded
from logicmodels import LogicModel

TABLE = pd.DataFrame(
    {
        "study": list("abcdef"),
        "yi": [0.1, 0.3, 0.2, 0.5, 0.4, 0.2],
        "vi": [0.04, 0.05, 0.03, 0.02, 0.06, 0.04],
        "team": list("xxyyxy"),
    }
)
UNITS = pd.DataFrame({"unit": ["1", "2"], "text": ["A clinic opened.", "Staff were trained."]})

MISTAKES = [
    # a figure where a result or a table belongs
    ("syn.egger_test(ax)", "fit: this is a figure; pass the result"),
    ("syn.forest(ax)", "result: this is a figure; pass the result"),
    ("syn.forest(ax.figure)", "result: this is a figure; pass the result"),
    ("syn.leave_one_out(drawing)", "fit: this is a figure; pass the result"),
    ("syn.outcome_forest({'Pain': ax})", "results: this is a figure; pass the result"),
    ("syn.meta_analysis(ax)", "effects: this is a figure; pass the table"),
    ("model.with_evidence(ax)", "must be a table: a data frame or a list of rows; got a figure"),
    ("syn.specification_curve(ax)", "this is a figure; a result of multiverse is needed"),
    ("syn.summary_of_findings(ax)", "Rate it first: certainty(fit, ...)"),
    ("syn.save('a.png', ax)", "the path of a file is needed, in quotes, such as 'name.csv'; got a"),
    ("syn.hover(drawing)", "saved with figure.save('figure.png')"),
    # a table where a result belongs, and the other way round
    ("syn.forest(table)", "got a table. Pool it first: result = meta_analysis(effects)"),
    ("syn.gosh_plot(table)", "a result of gosh is needed; got a table"),
    ("syn.meta_analysis(fit)", "this is a result already (MetaAnalysis), and a table is needed"),
    ("syn.subgroup_analysis(fit, by='team')", "pass the table it was computed from"),
    ("syn.heat(fit)", "or its to_frame()"),
    ("syn.baujat_plot(fit)", "a result of baujat is needed; got a meta-analysis"),
    ("syn.outcome_forest({'Pain': table})", "Pool it first: fit = meta_analysis(effects)"),
    (
        "syn.meta_analysis(sheet)",
        "no column 'yi'; it has study, mean_t. Compute the effects first:",
    ),
    (
        "syn.agreement([table])",
        "codings: a table, that is a pandas DataFrame, is needed; got a list",
    ),
    ("syn.meta_analysis(table, yi=table['yi'])", "the name of a column is needed, in quotes; got"),
    ("syn.forest(fit, ax=fit)", "ax: axes of matplotlib are needed, as plt.subplots() makes them"),
    ("syn.save(fit, 'a.png')", "Draw it first: forest(fit)"),
    ("syn.egger_test(None)", "got None. Run the cell that makes it again"),
    # a file name, or the name of a table in quotes
    ("syn.meta_analysis('trials.csv')", "read it first with read_extraction('trials.csv')"),
    ("syn.forest('trials.csv')", "read_extraction('trials.csv'), and pool it with meta_analysis"),
    ("syn.agreement('ann.csv')", "read it first with read_codings('ann.csv')"),
    ("syn.find_duplicates('export.ris')", "read it first with read_records('export.ris')"),
    ("syn.with_actions('model.yaml', table)", "read it first with LogicModel.read('model.yaml')"),
    ("syn.bubble('a.csv', 'x')", "read_extraction('a.csv'); a result of meta_regression is needed"),
    (
        "syn.screening_board('a.csv', stage='title_abstract', screener='Ann', path='b.csv')",
        "read it first with read_records('a.csv')",
    ),
    ("syn.coding_board('a.xlsx', book, coder='Ann', path='b.csv')", "pandas.read_excel('a.xlsx')"),
    ("syn.coding_board(units, 'a.yaml', coder='Ann', path='b.csv')", "Codebook.read('a.yaml')"),
    ("syn.coding_board(units, 'book', coder='Ann', path='b.csv')", "write book without them"),
    ("syn.rob_traffic_light('a.xlsx')", "read it first with RiskOfBias.read('a.xlsx')"),
    (
        "syn.certainty('trials.csv')",
        "read_extraction('trials.csv'), and pool it with meta_analysis",
    ),
    ("syn.find_indicators(units, 'costs')", "indicators: a dictionary is needed, such as"),
    ("syn.rob_judgement('rob2', answers={})", "write rob_judgement(domain=..., answers=...)"),
    ("syn.shared_control('trials.csv')", "the table has column names but no rows"),
    ("syn.design_effect('0.05', 30)", "icc: '0.05' in quotes is text; write 0.05 without them"),
    ("syn.gosh(fit, '10')", "subsets: '10' in quotes is text; write 10 without them"),
    ("syn.forest('fit')", "'fit' in quotes is text; write fit without them"),
    ("model.with_evidence('evidence.csv')", "read a file with pandas.read_csv"),
    # files and folders that are not there
    ("syn.read_extraction('trails.csv')", "did you mean 'trials.csv'?"),
    (
        "syn.read_extraction('dat/trials.csv')",
        "no folder {here}/dat; did you mean 'data'?",
    ),
    ("LogicModel.read('modle.yaml')", "did you mean 'model.yaml'?"),
    ("LogicModel.read('dat/model.yaml')", "did you mean 'data'?"),
    ("drawing.save('figures/a.svg')", "there is no folder {here}/figures; make it first"),
    ("ax.save('dat/new/a.svg')", "there is no 'dat' in {here}; did you mean 'data'?"),
    # a function that was not called
    (
        "syn.coding_board(units, {'epoc': syn.epoc_2002}, coder='Ann', path='a.csv')",
        "schemes: epoc_2002 is a function that was not called; add brackets: epoc_2002(table)",
    ),
    ("syn.forest(fit.to_frame)", "result: to_frame is a function that was not called"),
    ("syn.forest(syn.meta_analysis)", "add brackets: meta_analysis(effects)"),
    # names
    ("syn.meta_analisis", "Did you mean 'meta_analysis'?"),
    ("syn.datasets.laod('bcg')", "Did you mean 'load'?"),
    ("syn.datasets.load('bgc')", "Did you mean 'bcg'?"),
    ("logicmodels.LogicModle", "Did you mean 'LogicModel'?"),
    ("LogicModel.raed('model.yaml')", "Did you mean 'read'?"),
    ("arrowroot.show_traceback(True)", "Did you mean 'show_tracebacks'?"),
    ("model.darw()", "Did you mean 'draw'?"),
    # arguments
    ("syn.meta_analysis(table, tua2='dl')", "no argument 'tua2'. Did you mean 'tau2'?"),
    ("syn.meta_analysis(table, subgroup='team')", "write subgroup_analysis(...)"),
    (
        "syn.meta_analysis(table, weights='n')",
        "argument 'weights'. Its arguments are effects, yi",
    ),
    ("model.draw(veiw='evidence')", "draw has no argument 'veiw'. Did you mean 'view'?"),
    ("fit.to_frame(digits=2)", "to_frame has no argument 'digits'. It takes none"),
    ("syn.forest(fit, 'jama')", "give the others by name, such as forest(result, style=...)"),
    ("syn.subgroup_analysis(table)", "also needs by: write subgroup_analysis(effects, by=...)"),
    ("syn.forest()", "also needs result: write forest(result)"),
    ("fit.sentence(2)", "sentence takes no arguments: write sentence()"),
    ("syn.Outcome('pain', mesure='smd')", "Outcome has no argument 'mesure'. Did you mean"),
    ("syn.Outcome()", "Outcome also needs id: write Outcome(id)"),
    ("syn.Review()", "Review also needs path: write Review(path)"),
    ("syn.MetaAnalysis(table)", "MetaAnalysis is what functions and readers return"),
    ("logicmodels.Node('a')", "Node also needs label and column: write Node("),
    # values of options
    ("syn.meta_analysis(table, tau2='rmel')", "Did you mean 'reml'?"),
    ("syn.forest(fit, style='revmn')", "Did you mean 'revman'?"),
    ("model.draw(view='evidense')", "Did you mean 'evidence'?"),
    ("model.draw(theme='pritn')", "Did you mean 'print'?"),
    ("syn.meta_analysis(table, yi='y')", "Did you mean 'yi'?"),
    # attributes, and what other programs call them
    ("fit.pvalue", "Write p_value"),
    ("fit.estimte", "Did you mean 'estimate'?"),
    ("fit.se", "Write std_error"),
    ("fit.summary()", "Write sentence()"),
    ("fit.forest()", "forest is a function that takes it: write forest(...)"),
    ("syn.egger_test(fit).pval", "Write p_value"),
    ("ax.savefig('a.png')", "Write save('figure.png')"),
    ("drawing.savefig('a.png')", "Write save('figure.png')"),
    ("fit.savefig('a.png')", "forest(fit).save('figure.png')"),
    ("model.save('a.png')", "Write draw().save('figure.png')"),
]


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What stands in the notebook in which the mistakes are made."""
    fit = syn.meta_analysis(TABLE)
    model = LogicModel.example("sixcs")
    return {
        "syn": syn,
        "logicmodels": logicmodels,
        "arrowroot": arrowroot,
        "LogicModel": LogicModel,
        "table": TABLE,
        "sheet": pd.DataFrame({"study": ["a", "b"], "mean_t": [1.0, 2.0]}),
        "book": syn.Codebook("Types", "1", (syn.Code("staff", "Staff"),)),
        "units": UNITS,
        "fit": fit,
        "ax": syn.forest(fit),
        "model": model,
        "drawing": model.draw(),
    }


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table, a model and another folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "trials.csv").write_text("study,yi,vi\n")
    (tmp_path / "model.yaml").write_text("title: x\n")
    (tmp_path / "data").mkdir()
    return tmp_path


NEED_EXTRAS = ("syn.find_duplicates(", "_board(")
"""Calls that are answered by the name of a missing package where only the core is installed."""


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        pytest.param(
            *one, marks=[pytest.mark.extras] if any(it in one[0] for it in NEED_EXTRAS) else []
        )
        for one in MISTAKES
    ],
)
def test_a_mistake_is_answered_in_one_sentence(
    typed: str, answer: str, names: dict[str, Any], here: Path
) -> None:
    with pytest.raises(ArrowrootError) as caught:
        eval(typed, dict(names))
    shown = caught.value._render_traceback_()
    assert len(shown) == 1
    assert answer.format(here=here) in " ".join(shown[0].split())
    assert shown[0].startswith(f"{type(caught.value).__name__}: ")
    assert "\n" not in shown[0]
    assert shown[0].rstrip("]").endswith((".", "?", ")", "[file"))
    assert "File " not in shown[0]
    assert len(shown[0]) < 500


def test_several_problems_of_a_file_stand_on_a_line_each(here: Path) -> None:
    with pytest.raises(ArrowrootError) as caught:
        LogicModel.read("model.yaml")
    assert caught.value._render_traceback_() == [f"SpecError: {caught.value}"]
    assert str(caught.value).count("\n") == 3


def test_frames_come_back_when_they_are_asked_for() -> None:
    error = syn.DataError("No.")
    try:
        arrowroot.show_tracebacks(True)
        assert not hasattr(error, "_render_traceback_")
        arrowroot.show_tracebacks(False)
        assert error._render_traceback_() == ["DataError: No."]
    finally:
        arrowroot.show_tracebacks(False)


def test_stopping_a_call_ends_in_one_line() -> None:
    def long() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        guarded(long)()
    assert type(caught.value) is KeyboardInterrupt
    shown = caught.value._render_traceback_()  # type: ignore[attr-defined]
    assert shown == ["KeyboardInterrupt: long was stopped before it was done."]
    try:
        arrowroot.show_tracebacks(True)
        with pytest.raises(KeyboardInterrupt) as caught:
            guarded(long)()
        assert not hasattr(caught.value, "_render_traceback_")
    finally:
        arrowroot.show_tracebacks(False)


def test_what_fails_inside_a_function_is_left_as_it_is() -> None:
    def inner(value: pd.DataFrame) -> None:
        raise TypeError("about something else")

    with pytest.raises(TypeError, match="about something else") as caught:
        guarded(inner)(TABLE)
    assert not isinstance(caught.value, ArrowrootError)


def test_a_guard_changes_nothing_else() -> None:
    meta_analysis = inspect.unwrap(syn.meta_analysis)
    assert syn.meta_analysis is not meta_analysis
    assert syn.meta_analysis.__module__ == "synthesis.pooling.model"
    assert inspect.signature(syn.meta_analysis) == inspect.signature(meta_analysis)
    assert syn.meta_analysis.__doc__ == meta_analysis.__doc__
    assert inspect.getsource(syn.meta_analysis) == inspect.getsource(meta_analysis)
    assert pickle.loads(pickle.dumps(syn.meta_analysis)) is syn.meta_analysis
    found = doctest.DocTestFinder().find(LogicModel.draw, "draw", inspect.getmodule(LogicModel))
    assert any(test.examples for test in found) == (">>>" in (LogicModel.draw.__doc__ or ""))


def test_examples_of_guarded_methods_are_still_found() -> None:
    import synthesis.pooling.results as module

    found = doctest.DocTestFinder().find(module)
    written = [name for name in found if name.examples]
    methods = {
        name
        for name, value in vars(syn.MetaAnalysis).items()
        if inspect.isfunction(value) and ">>>" in (value.__doc__ or "")
    }
    assert {name.name.rpartition(".")[2] for name in written} >= methods


def test_a_failing_property_says_what_failed() -> None:
    from arrowroot.display import Shown

    class Broken(Shown):
        @property
        def share(self) -> float:
            return self.nothing.real  # type: ignore[attr-defined,no-any-return]

    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = Broken().share


def test_results_can_still_be_copied_and_pickled() -> None:
    fit = syn.meta_analysis(TABLE)
    again = pickle.loads(pickle.dumps(fit))
    assert again.estimate == fit.estimate
    assert not hasattr(fit, "_ipython_display_")
    assert not hasattr(fit, "nothing_of_the_kind")


SAID = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.extras
def test_ipython_shows_the_sentence_alone(capsys: pytest.CaptureFixture[str]) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_cell("import arrowroot, synthesis as syn")
    shell.run_cell("syn.forest('trials.csv')")
    said = SAID.sub("", capsys.readouterr().out).strip()
    assert said.splitlines() == [
        "DataError: result: 'trials.csv' is the name of a file; read it first with "
        "read_extraction('trials.csv'), and pool it with meta_analysis."
    ]
    try:
        shell.run_cell("arrowroot.show_tracebacks(True)\nsyn.forest('trials.csv')")
        said = SAID.sub("", capsys.readouterr().out)
    finally:
        arrowroot.show_tracebacks(False)
    assert "Traceback" in said
    assert "syn.forest('trials.csv')" in said
