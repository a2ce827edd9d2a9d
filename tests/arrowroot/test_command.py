"""The command ``arrowroot``: what it prints, its exit codes, and errors in words."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import arrowroot
from arrowroot.__main__ import VERBS, main

ROOT = Path(__file__).parents[2]
SALFORD = ROOT / "data" / "salford" / "logic_model.yaml"

WITH_ERROR = """
spec_version: 1
profile: theory-of-change
title: Made for a test
nodes:
  - {id: a, column: activities, label: Visits}
  - {id: b, column: impact, label: Fewer admissions}
  - {id: c, column: impact, label: Never reached}
links:
  - {from: a, to: b}
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let every test write where nothing is."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_version_is_told_before_anything_heavy_is_loaded() -> None:
    code = "import sys; sys.argv = ['arrowroot', '--version']\n"
    code += "from arrowroot.__main__ import main\n"
    code += "try: main()\nexcept SystemExit as end: print(end.code)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    version, code, modules = done.stdout.splitlines()
    assert (version, code) == (f"arrowroot {arrowroot.__version__}", "0")
    loaded = {name.partition(".")[0] for name in modules.split()}
    assert not loaded & {"numpy", "pandas", "matplotlib", "synthesis", "logicmodels"}


@pytest.mark.parametrize("arguments", [["--help"], *([verb, "--help"] for verb in VERBS)])
def test_help_names_the_exit_codes(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(arguments)
    told = capsys.readouterr().out
    assert "exit codes:\n  0  done" in told
    assert all(f"\n    {verb} " in told for verb in VERBS) or len(arguments) == 2


def test_every_verb_says_what_it_does() -> None:
    assert {"draw", "check", "ledger"} <= set(VERBS)
    assert all((verb.run.__doc__ or "").strip().endswith(".") for verb in VERBS.values())


def test_without_a_verb_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("usage: arrowroot")


def test_a_command_leaves_the_settings_of_python_as_they_were(elsewhere: Path) -> None:
    before = gc.get_threshold()
    main(["check", "nowhere.yaml"])
    assert gc.get_threshold() == before


def test_an_unknown_verb_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["pool"])
    assert "invalid choice: 'pool'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ending", "start"),
    [
        ("svg", b"<svg"),
        ("png", b"\x89PNG"),
        ("pdf", b"%PDF"),
        ("dot", b"digraph"),
        ("drawio", b"<mxfile"),
        ("mmd", b""),
    ],
)
def test_a_figure_is_drawn_in_the_form_of_its_name(
    ending: str, start: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path(f"figure.{ending}")
    assert main(["draw", str(SALFORD), "--view", "implementation", "-o", str(out)]) == 0
    assert start in out.read_bytes()[:200]
    assert capsys.readouterr().out == f"figure.{ending}\n"


def test_a_figure_is_named_after_its_model_if_no_name_is_given(elsewhere: Path) -> None:
    assert main(["draw", str(SALFORD)]) == 0
    assert [path.name for path in elsewhere.iterdir()] == ["logic_model.svg"]


@pytest.mark.parametrize("name", ["model.yaml", "MODEL.YML", "model.xlsx"])
def test_a_model_to_begin_with_is_made_once(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", name, "--profile", "wisconsin"]) == 0
    assert capsys.readouterr().out == f"{name}\n"
    before = Path(name).read_bytes()
    assert main(["new", name]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert f"{name}: this file exists already" in told.err
    assert Path(name).read_bytes() == before


def test_a_new_model_can_be_checked_and_drawn() -> None:
    assert main(["new", "model.yaml"]) == 0
    assert main(["check", "model.yaml"]) == 0
    assert main(["draw", "model.yaml"]) == 0


@pytest.mark.parametrize("name", ["model.txt", "model.json"])
def test_what_new_cannot_make_is_said(
    name: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", name]) == 2
    assert "a logic model that ends in .yaml or .xlsx" in capsys.readouterr().err
    assert list(elsewhere.iterdir()) == []


def test_a_review_is_made_checked_and_built(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "demo", "--from", "example"]) == 0
    assert "demo/review.yaml" in capsys.readouterr().out.splitlines()[0]
    assert main(["check", "demo"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("Antihistamines")
    assert main(["check", "demo", "--sarif"]) == 0
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"
    assert main(["build", "demo"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("demo/build/index.html: ")
    assert "figures/flow.svg" in told.err
    assert main(["build", "demo"]) == 0
    assert "nothing to make" in capsys.readouterr().out
    assert main(["status", "demo"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert main(["draw", "demo", "-o", "model.svg"]) == 0
    assert Path("model.svg").is_file()


def test_an_error_that_is_open_ends_a_build_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "demo", "--from", "example"]) == 0
    Path("demo/text/summary.md").write_text("# Summary\n\n{{ no.such }}\n", "utf-8")
    capsys.readouterr()
    assert main(["build", "demo"]) == 1
    assert "text/summary.md:3: error: There is no value 'no.such'" in capsys.readouterr().out
    assert Path("demo/build/index.html").is_file()


def test_a_check_ends_by_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SALFORD)]) == 0
    assert "0 error" in capsys.readouterr().out.splitlines()[0]
    broken = Path("broken.yaml")
    broken.write_text(WITH_ERROR, "utf-8")
    assert main(["check", str(broken)]) == 1
    assert "2 error" in capsys.readouterr().out.splitlines()[0]


def test_a_check_waives_rules_and_lists_every_finding(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", str(SALFORD), "--waive", "C05=in the protocol"])
    short = capsys.readouterr().out.splitlines()
    assert "  waived C05 model: in the protocol" in short
    many = Path("many.yaml")
    nodes = "".join(f"  - {{id: o{n}, column: outcomes, label: L{n}}}\n" for n in range(9))
    head = "spec_version: 1\nprofile: theory-of-change\ntitle: Many (invented)\nnodes:\n"
    many.write_text(head + nodes, "utf-8")
    main(["check", str(many)])
    short = capsys.readouterr().out.splitlines()
    main(["check", str(many), "--all"])
    assert len(capsys.readouterr().out.splitlines()) > len(short)
    assert main(["check", str(SALFORD), "--waive", "C05"]) == 2
    assert "waive: C05 has no reason" in capsys.readouterr().err


def test_a_check_comes_as_json_and_as_sarif(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SALFORD), "--json"])
    report = json.loads(capsys.readouterr().out)
    main(["check", str(SALFORD), "--sarif"])
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert len(run["results"]) == len(report["findings"]) + len(report["waived"]) > 0
    (place,) = run["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == SALFORD.as_posix()


def test_the_ledger_of_one_data_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "bcg"]) == 0
    *rows, last = capsys.readouterr().out.splitlines()
    assert rows[1].startswith("bcg: risk ratio, REML, Wald, back-transformed: estimate 0.49, ")
    assert last.startswith("8 of 8 printed numbers reproduced to the last digit")


def test_a_number_that_differs_is_shown_and_ends_with_1(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held = (ROOT / "data" / "bcg" / "dataset.yaml").read_text("utf-8")
    folder = elsewhere / "bcg"
    folder.mkdir()
    for name in ("trials.csv", "references.bib"):
        (folder / name).write_bytes((ROOT / "data" / "bcg" / name).read_bytes())
    assert held.count('"0.49"') == 1
    (folder / "dataset.yaml").write_text(held.replace('"0.49"', '"0.48"'), "utf-8")
    monkeypatch.setenv("ARROWROOT_DATA", str(elsewhere))
    assert main(["ledger"]) == 1
    assert "estimate 0.48 (differs: 0.49)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["draw", "none.yaml"], 2, "none.yaml: 1 problem"),
        (["check", "none.yaml"], 2, "none.yaml: 1 problem"),
        (["check", "x" * 300 + ".yaml"], 2, "File name too long"),
        (["check", "."], 2, "not the folder of a review, since it holds no review.yaml"),
        (["status", "nowhere"], 2, "Begin a review with  arrowroot new nowhere"),
        (["status", "model.yaml"], 2, "is a logic model; write  arrowroot check model.yaml"),
        (["build", "model.yaml"], 2, "is a logic model; write  arrowroot draw model.yaml"),
        (["check", "a/review.yaml"], 2, "named by its folder: arrowroot check a"),
        (["new", "m.yaml", "--from", "example"], 2, "--from is for a review"),
        (["check", ".", "--waive", "S01=x"], 2, "are for a logic model"),
        (["check", "list.yaml"], 1, "line 1, column 1: a specification must be a mapping"),
        (["draw", "list.yaml"], 1, "line 1, column 1: a specification must be a mapping"),
        (["draw", str(SALFORD), "-o", "x.gif"], 2, "arrowroot: save: the name must end in .svg"),
        (["draw", str(SALFORD), "-o", "x" * 300 + ".svg"], 2, "File name too long"),
        (
            ["draw", str(SALFORD), "-o", "no/x.svg"],
            2,
            "arrowroot: no/x.svg: not saved, because there is no folder",
        ),
        (["draw", str(SALFORD), "--view", "evidenc"], 2, "arrowroot: view must be one of"),
        (["draw", str(SALFORD), "--theme", "pink"], 2, "arrowroot: theme must be one of"),
        (["check", str(SALFORD), "--rules", "no.yaml"], 2, "no.yaml"),
        (["ledger", "bgc"], 2, "Did you mean 'bcg'?"),
    ],
)
def test_an_error_is_told_in_words(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("list.yaml").write_text("- a list\n", "utf-8")
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def test_a_warning_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = "import sys, warnings\nfrom arrowroot import __main__ as command\n"
    code += "def warned(options):\n    'Warn.'\n    warnings.warn('Sheet 2 was not read.')\n"
    code += "    return 0\n"
    code += "command.verb()(warned)\nsys.exit(command.main(['warned']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "arrowroot: Sheet 2 was not read.\n"


def test_a_terminal_that_lacks_a_letter_still_shows_the_rest() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "arrowroot", "check", str(SALFORD)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "rules" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal on Windows")
def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m arrowroot check {SALFORD} --json | head -c 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "{", "")


def test_an_interruption_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("synthesis.reproduce.ledger.ledger", interrupted)
    assert main(["ledger"]) == 130
    assert capsys.readouterr().err == "arrowroot: interrupted.\n"
