"""Exercises: every one is solvable, recognises its slips, and never tells the answer."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from arrowroot.errors import DataError, FileError, OptionError
from synthesis.reproduce.answer_recipes import solve
from synthesis.reproduce.exercises import FOLDER, exercise, exercises
from synthesis.reproduce.slips import slips

NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def right(name: str) -> str:
    one = exercise(name)
    return f"{solve(one.file.answer, one.data):.{one.file.digits}f}"


def test_there_are_ten_on_real_data() -> None:
    table = exercises()
    assert len(table) == 10
    assert table["name"].tolist() == NAMES
    assert table["dataset"].nunique() >= 5


@pytest.mark.parametrize("name", NAMES)
def test_the_right_answer_is_right_as_text_and_as_a_number(name: str) -> None:
    one = exercise(name)
    assert one.check(right(name)).correct
    assert one.check(float(right(name))).correct
    assert one.check(solve(one.file.answer, one.data)).correct
    assert one.check(np.float64(right(name))).correct


@pytest.mark.parametrize("name", NAMES)
def test_every_slip_that_shows_is_recognised(name: str) -> None:
    one = exercise(name)
    seen = 0
    for slip in slips(one.file.answer, one.data):
        given = f"{slip.value:.{one.file.digits}f}"
        if given == right(name) or float(given) == 0:
            continue
        found = one.check(given)
        assert not found.correct
        assert slip.name in found.slips, slip
        assert found.message
        seen += 1
    assert seen >= 2


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_told_nowhere(name: str) -> None:
    one = exercise(name)
    number = right(name).lstrip("-")
    told = [str(one), one._repr_html_(), *(one.hint(step + 1) for step in range(one.hints))]
    told += [one.check(given).message for given in ("123.456", "-9.99")]
    told.append((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    for text in told:
        assert not re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", text)


SLIPS = [
    ("bcg_one_trial", "0.411", "log not taken"),
    ("bcg_one_trial", 0.41, "log not taken"),
    ("bcg_one_trial", "0.889", "wrong sign"),
    ("bcg_one_trial", "-0.939", "odds ratio instead"),
    ("bcg_figure_1", "0.33", "HKSJ for WALD"),
    ("bcg_figure_1", "-1.07", "not transformed back"),
    ("bcg_between_trials", "0.3088", "DL for REML"),
    ("bcg_between_trials", "0.5597", "τ for τ²"),
    ("borenstein_hedges_g", "0.370", "d for g"),
    ("borenstein_random_effects", "0.414", "common for random"),
    ("baskerville_i2", "20.2", "I² by Q"),
    ("baskerville_i2", "0.2", "share for percent"),
    ("baskerville_interval", "0.688", "WALD for HKSJ"),
    ("baskerville_interval", "0.732", "SE for variance"),
    ("normand_length_of_stay", "1129.00", "SD for SE"),
    ("molloy_correlation", "0.220", "not transformed back"),
    ("magnesium_two_models", "0.46", "random for common"),
]


@pytest.mark.parametrize(("name", "given", "slip"), SLIPS)
def test_common_slips_by_name(name: str, given: str | float, slip: str) -> None:
    assert slip in exercise(name).check(given).slips


def test_digits_are_asked_for() -> None:
    one = exercise("bcg_between_trials")
    assert one.check("0.31").slips == ("too few digits",)
    assert exercise("borenstein_hedges_g").check("0.366").slips == ("cut off",)
    assert "not match any known slip" in one.check("17").message
    with pytest.raises(DataError, match="answer must be a printed number"):
        one.check("a lot")
    with pytest.raises(DataError, match="contains a comma"):
        one.check("0,31")


def test_hints_come_in_steps() -> None:
    one = exercise("bcg_one_trial")
    assert len({one.hint(step) for step in (1, 2, 3)}) == one.hints == 3
    assert one.hint() == one.hint(1)
    with pytest.raises(DataError, match="step must lie between 1 and 3"):
        one.hint(4)


def test_the_data_are_a_fresh_copy() -> None:
    one = exercise("bcg_one_trial")
    mine = one.data
    mine.loc[0, "events_t"] = 0
    assert one.data.loc[0, "events_t"] == 4


def test_the_record_shows_itself() -> None:
    one = exercise("bcg_one_trial")
    assert "13 rows" in str(one)
    assert str(one.check("1")).startswith("Not yet: ")
    assert str(one.check(right("bcg_one_trial"))).startswith("Right: ")


OWN = """
title: Mine
question: What is <b>tau²</b>?
dataset: bcg
digits: 3
answer: {quantity: tau2, effects: {measure: or}}
hints: [Think.]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_teacher_adds_one_in_yaml(tmp_path: Path) -> None:
    one = exercise(write(tmp_path, OWN))
    assert one.name == "mine"
    assert one.check("0.338").correct
    assert "<b>" not in one._repr_html_()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OWN.replace("digits: 3", "digits: many"), "mine.yaml, line 5, column 9: digits must be"),
        (OWN.replace("tau2", "tau3"), "mine.yaml, line 6, column 20: quantity must be 'yi'"),
        (OWN + "colour: red\n", "mine.yaml, line 8, column 1: unknown key 'colour'; there are"),
        ("title: [", "mine.yaml, line 1, column 9: not YAML"),
        ("- title", "mine.yaml, line 1, column 1: a specification must be a mapping of keys"),
        (OWN.replace("[Think.]", "&h [Think.]").replace("title: Mine", "title: *h"), "references"),
        (OWN.replace("title: Mine", "title: [a, b]"), "line 2, column 8: title must be text"),
        (OWN + "title: Two\n", "line 8, column 1: the key 'title' occurs twice"),
        ("x" * 70_000, "mine.yaml is too large"),
        ("!!python/object/apply:os.system [ls]", "mine.yaml"),
    ],
)
def test_a_faulty_file_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        exercise(write(tmp_path, text))


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="Did you mean 'bcg_figure_1'"):
        exercise("bcg_figure")
    with pytest.raises(OptionError, match="dataset must be one of"):
        exercise(write(tmp_path, OWN.replace("dataset: bcg", "dataset: bcgg")))
    with pytest.raises(FileError, match="does not exist"):
        exercise(tmp_path / "none.yaml")
    lost = OWN.replace("{quantity: tau2,", "{quantity: yi, study: Nobody,")
    with pytest.raises(DataError, match="no study 'Nobody'"):
        exercise(write(tmp_path, lost)).check("1")
