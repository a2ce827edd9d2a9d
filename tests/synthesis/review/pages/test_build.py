"""Pages are made from what has changed, the same twice, and whole whenever they are looked at."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from arrowroot.errors import DataError, FileError
from synthesis.review.inputs.stamp import FILE, state_of
from synthesis.review.review import Review


def held(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_is_made(make) -> None:
    review = Review(make())
    told: list[str] = []
    made = review.build(progress=told.append)
    assert told == ["figures/care.score.forest.svg"]
    assert {"index.html", "care.score.html", "studies.html", "about.html"} <= set(made.made)
    assert made.page == review.folder.build / "index.html"
    assert sorted(path.name for path in review.folder.path.iterdir()) == [
        "build",
        "extraction.csv",
        "review.yaml",
    ]
    stamp = json.loads((review.folder.build / FILE).read_text("utf-8"))
    listed = {name: one["sha256"] for name, one in stamp["outputs"].items()}
    assert {**held(review.folder.build), FILE: ""} == {**listed, FILE: ""}


def test_the_same_files_give_the_same_bytes(make) -> None:
    folder = make()
    Review(folder).build()
    first = held(folder / "build")
    again = Review(folder).build()
    assert (again.made, again.drawn) == ((), 0)
    assert held(folder / "build") == first
    fresh = Review(folder).build(fresh=True)
    assert fresh.drawn == 1
    assert held(folder / "build") == first


def test_one_changed_cell_makes_what_depends_on_it(example: Path, tmp_path: Path) -> None:
    from synthesis.review.template import new_review

    folder = tmp_path / "colds"
    new_review(folder, example="example")
    text = "{{ antihistamine.sneezing.day1.estimate }}"
    (folder / "text" / "summary.md").write_text(f"# Summary\n\nSMD {text}\n", "utf-8")
    (folder / "extraction.xlsx").unlink()
    source = (Path(__file__).parents[4] / "data/dagostino1998/review/extraction.csv").read_text()
    (folder / "extraction.csv").write_text(source)
    Review(folder).build()
    cell = "Study 1,sneezing,1,antihistamine,scale 0 to 3,118,0.927"
    assert cell in source
    (folder / "extraction.csv").write_text(source.replace(cell, cell.replace("0.927", "1.227")))
    told: list[str] = []
    made = Review(folder).build(progress=told.append)
    # One analysis: its forest plot, its subgroups, its weights by risk of bias, and the logic model
    # that carries its result.
    assert told == [
        "figures/antihistamine.sneezing.day1.forest.svg",
        "figures/logic_model.svg",
        "figures/antihistamine.sneezing.day1.risk-of-bias-shares.svg",
        "figures/antihistamine.sneezing.day1.subgroups-1-drug.svg",
    ]
    figures = [name for name in made.made if name.startswith("figures/")]
    assert set(figures) == set(told)
    left = {name for name in made.unchanged if not name.startswith("figures/")}
    others = [f"antihistamine.{key}" for key in ("runny-nose.day1", "runny-nose.day2")]
    others.append("antihistamine.sneezing.day2")
    assert left == {
        *(f"{key}.html" for key in others),
        *(f"tables/{key}.studies.csv" for key in others),
        *(f"tables/{name}.csv" for name in ("characteristics", "flow", "risk_of_bias")),
        "studies.html",
    }
    new = Review(folder).analyses["antihistamine.sneezing.day1"].fit.estimate
    assert f">{new:.2f}</a>" in (folder / "build" / "index.html").read_text("utf-8")


def test_a_sheet_that_cannot_be_read_leaves_the_last_pages(make) -> None:
    folder = make()
    Review(folder).build()
    before = held(folder / "build")
    sheet = folder / "extraction.csv"
    sheet.write_text(sheet.read_text().replace("Carroll,94,22", "Carroll,94,-22"))
    with pytest.raises(
        DataError, match=r"sd_t must be > 0; got -22.0 for study 'Carroll' \(line 2\)"
    ):
        Review(folder).build()
    assert held(folder / "build") == before
    assert state_of(Review(folder).folder) == "older than extraction.csv"


def test_an_error_that_is_open_is_said_on_the_pages(make) -> None:
    folder = make(**{"text/summary.md": "# Summary\n\nScore: SMD 0.99 {{ care.scor.estimate }}\n"})
    made = Review(folder).build()
    assert made.findings.exit_code == 1
    page = (folder / "build" / "index.html").read_text("utf-8")
    assert "2 errors are" in page
    assert '<mark class="missing">{{ care.scor.estimate }}</mark>' in page


def test_a_folder_of_somebody_else_is_not_replaced(make, tmp_path: Path) -> None:
    folder = make()
    (folder / "build").mkdir()
    (folder / "build" / "thesis.docx").write_text("work")
    with pytest.raises(FileError, match="not made by  arrowroot build"):
        Review(folder).build()
    (folder / "build" / "thesis.docx").unlink()
    (folder / "build").rmdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "build").symlink_to(elsewhere)
    with pytest.raises(FileError, match="is a link to another place"):
        Review(folder).build()
    assert list(elsewhere.iterdir()) == []


def test_a_drawing_that_somebody_changed_is_drawn_again(make) -> None:
    folder = make()
    Review(folder).build()
    before = held(folder / "build")
    (folder / "build" / "figures" / "care.score.forest.svg").write_text("<svg/>")
    assert Review(folder).build().drawn == 1
    assert held(folder / "build") == before


@pytest.mark.parametrize("seed", range(4))
def test_a_build_that_is_killed_leaves_everything_whole(make, seed: int) -> None:
    """Killed at a moment drawn at random; `validation/review/killed.py` does so 50 times."""
    folder = make()
    Review(folder).build()
    before, inputs = held(folder / "build"), held_inputs(folder)
    sheet = folder / "extraction.csv"
    sheet.write_text(sheet.read_text().replace("Carroll,94", "Carroll,95"))
    changed = held_inputs(folder)
    assert changed != inputs
    code = f"import synthesis as syn; syn.Review({str(folder)!r}).build(fresh=True)"
    process = subprocess.Popen([sys.executable, "-c", code])
    time.sleep(random.Random(seed).uniform(1.0, 4.0))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert held_inputs(folder) == changed
    after = held(folder / "build")
    expected = Review(folder).build()
    assert after in (before, held(folder / "build"))
    assert expected.page.is_file()
    assert not (folder / ".arrowroot").exists()


def held_inputs(folder: Path) -> dict[str, str]:
    return {name: one for name, one in held(folder).items() if not name.startswith(("build/", "."))}
