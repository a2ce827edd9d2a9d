"""What did not change since the last run is kept: the findings and pages are those without it."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from arrowroot.data_folder import data_path
from arrowroot.errors import Problem, SpecError
from arrowroot.running import kept
from synthesis.review import contents, run
from synthesis.review.inputs.searched import Tally
from synthesis.review.review import Review
from synthesis.review.template import new_review

BROKEN = {
    "nothing": ("review.yaml", "", ""),
    "a cell": ("extraction.csv", "0.932", "0.832"),
    "a comma": ("extraction.csv", "0.932", "0;932"),
    "a record": ("search/database.csv", "r01,article", "r51,article"),
    "a decision": ("screening/title_abstract_Another_Reviewer.csv", "r01,", "r99,"),
    "a study": ("studies.csv", "database:r01", "database:r77"),
    "the logic model": ("logic_model.yaml", "runny-nose", "runny-noses"),
    "the plan": ("review.yaml", "tau2: reml", "tau2: dl"),
    "the reasons": ("review.yaml", "not randomised", "not a trial"),
    "what an unset key says": ("review.yaml", "{tau2: dl, ci: wald}", "{tau2: dl}"),
}
"""Changes to a review: the file, what is found in it and what is put there instead."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep results in a folder of this test."""
    folder = tmp_path / "cache"
    monkeypatch.setenv(kept.FOLDER, str(folder))
    return folder


@pytest.fixture
def review(tmp_path: Path) -> Path:
    """Return the example review with its sheets as text, which a test can change."""
    folder = tmp_path / "colds"
    new_review(folder, example="example")
    for name in ("extraction", "studies"):
        (folder / f"{name}.xlsx").unlink()
        shutil.copy(data_path("dagostino1998", f"review/{name}.csv"), folder)
    return folder


def changed(folder: Path, file: str, old: str, new: str) -> None:
    """Change what a file says."""
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def said(folder: Path) -> list[str]:
    """Return the findings, the state and every value of a review."""
    held = Review(folder)
    values = {name: str(one) for name, one in held.values.items()}
    return [held.check().to_json(), str(held.status()), str(values)]


def pages(folder: Path) -> dict[str, str]:
    """Return the hash of every page that is made."""
    Review(folder).build()
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "build").rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("change", BROKEN)
def test_a_change_says_the_same_whatever_was_kept(
    change: str, review: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = said(review)
    changed(review, *BROKEN[change])
    with_kept = said(review)
    again = said(review)
    assert list(cache.iterdir())
    monkeypatch.setenv(kept.FOLDER, "")
    assert said(review) == with_kept == again
    assert (before == with_kept) == (change == "nothing")


@pytest.mark.usefixtures("cache")
def test_pages_are_the_same_bytes(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages(review)
    changed(review, *BROKEN["a cell"])
    with_kept = pages(review)
    again = pages(review)
    monkeypatch.setenv(kept.FOLDER, "")
    assert with_kept == again == pages(review)


@pytest.mark.usefixtures("cache")
def test_only_what_changed_is_computed(review: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def told(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object, **named: object) -> object:
            done.append(name)
            return function(*given, **named)

        return called

    monkeypatch.setattr(contents, "read_searched", told("search", contents.read_searched))
    monkeypatch.setattr(run, "effect_sizes", told("effects", run.effect_sizes))
    monkeypatch.setattr(run, "subgroup_analysis", told("analysis", run.subgroup_analysis))
    Review(review).check()
    assert sorted(done) == ["analysis"] * 4 + ["effects"] * 2 + ["search"]
    done.clear()
    Review(review).check()
    assert not done
    changed(review, *BROKEN["a cell"])
    Review(review).check()
    assert sorted(done) == ["analysis", "effects"]
    done.clear()
    Review(review).build(fresh=True)
    assert sorted(done) == ["analysis"] * 4 + ["effects"] * 2 + ["search"]


def more_records(folder: Path) -> None:
    """Add a record to an export."""
    changed(folder, "search/register.csv", "t03,", "t04,register,Another,,1997,,Made up\nt03,")


def another_export(folder: Path) -> None:
    """Save another export."""
    head = (folder / "search/register.csv").read_text("utf-8").splitlines()[0]
    text = f"{head}\nm1,article,Another record,,1999,,Made up\n"
    (folder / "search/more.csv").write_text(text, "utf-8")


def undone(folder: Path) -> None:
    """Make the search what it was."""
    (folder / "search/more.csv").unlink(missing_ok=True)
    with contextlib.suppress(AssertionError):
        changed(folder, "search/register.csv", "t04,register,Another,,1997,,Made up\nt03,", "t03,")


@pytest.mark.parametrize("change", [more_records, another_export])
@pytest.mark.parametrize("look", ["records", "tally"])
@pytest.mark.usefixtures("cache")
def test_a_search_that_changes_while_a_review_is_open_is_not_kept(
    change: Callable[[Path], None], look: str, review: Path
) -> None:
    before = len(Review(review).tally.record_ids)
    shutil.rmtree(review.parent / "cache")
    early = Review(review)
    change(review)
    assert getattr(early, look) is not None
    undone(review)
    assert len(early.tally.record_ids) == before + 1
    again = Review(review)
    assert len(again.tally.record_ids) == before
    assert len(again.records.records) == before


@pytest.mark.usefixtures("cache")
def test_a_model_that_changes_while_a_review_is_open_is_not_kept(review: Path) -> None:
    expected = str(Review(review).check())
    shutil.rmtree(review.parent / "cache")
    early = Review(review)
    changed(review, "logic_model.yaml", "to: sneezing", "to: daily-life")
    assert early.model is not None
    changed(review, "logic_model.yaml", "to: daily-life", "to: sneezing")
    assert str(early.check()) != expected
    assert str(Review(review).check()) == expected


def test_a_fresh_build_trusts_nothing_that_was_read(
    review: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Review(review).check()
    for path in cache.iterdir():
        held = pickle.loads(path.read_bytes())
        if isinstance(held, Tally):
            path.write_bytes(pickle.dumps(replace(held, to_screen=777)))
    used = Review(review)
    assert used.status().to_screen == 777
    used.build(fresh=True)
    assert Review(review).status().to_screen == 0


@pytest.mark.usefixtures("cache")
def test_files_that_boxes_open_into_are_read_each_time(review: Path) -> None:
    model = review / "logic_model.yaml"
    inner = review / "inner"
    inner.mkdir()
    (inner / "inside.yaml").write_text(
        "profile: theory-of-change\ntitle: Inside\nnodes:\n"
        "  - {id: a, column: activities, label: An activity}\n",
        "utf-8",
    )
    changed(review, model.name, "id: daily-life,", "id: daily-life, model: inner/inside.yaml,")
    assert not [one for one in Review(review).check() if "inside.yaml" in one.message]
    (inner / "inside.yaml").write_text("nodes: [not a box]\n", "utf-8")
    assert [one for one in Review(review).check() if "inside.yaml" in str(one)]


def test_an_error_with_problems_can_be_kept() -> None:
    error = SpecError("model.yaml", [Problem(3, 1, "key", "unknown"), Problem(1, 1, "id", "twice")])
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error)
    assert copy.problems == error.problems
