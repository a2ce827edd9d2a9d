"""The bar: late, counting what the user counts, in words that stay in a notebook."""

from __future__ import annotations

from typing import Any

import pytest

from arrowroot.lab import progress
from arrowroot.lab.progress import Progress


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SHOWN_AFTER", -1.0)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)


@pytest.fixture
def shown(at_once: None, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What a notebook was given to show, and how."""
    import IPython.display

    given: list[tuple[str, dict[str, Any]]] = []

    def display(data: dict[str, str], **how: Any) -> None:
        given.append((data["text/html"], how))

    monkeypatch.setattr(progress, "_is_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", display)
    return given


def test_short_work_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(10, "Work", "pieces") as bar:
        bar.update(10)
    assert capsys.readouterr() == ("", "")


def test_in_a_terminal(at_once: None, capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(4, "Work", "pieces") as bar:
        bar.update()
    assert "Work: 100%" in capsys.readouterr().err
    with Progress(4, "Work", "pieces", show=False) as bar:
        bar.update()
    assert capsys.readouterr().err == ""


def test_each_unit_counts_once_however_often_the_work_goes_through(at_once: None) -> None:
    with Progress(100, "Duplicates", "records", passes=3) as bar:
        seen = []
        for n in (100, 100, 50, 50):
            bar.update(n)
            seen.append(bar.done)
    assert seen == [33, 66, 83, 100]
    with Progress(100, "Work", "records") as bar:
        bar.update(1000)
    assert bar.done == 100


@pytest.mark.extras
def test_in_a_notebook_words_stay_when_the_work_is_done(
    shown: list[tuple[str, dict[str, Any]]],
) -> None:
    with Progress(4000, "A<b>", "pieces") as bar:
        bar.update(1000)
        bar.update(3000)
    first, how = shown[0]
    assert first.startswith("<div>A&lt;b&gt;: 0 of 4,000 pieces <progress aria-label='A&lt;b&gt;'")
    assert "To stop, press the square button" in first
    assert how["update"] is False
    assert shown[-1] == (
        "<div>A&lt;b&gt;: 4,000 pieces, done</div>",
        {"raw": True, "display_id": how["display_id"], "update": True},
    )


@pytest.mark.extras
def test_work_that_is_stopped_says_how_far_it_came(
    shown: list[tuple[str, dict[str, Any]]],
) -> None:
    with pytest.raises(KeyboardInterrupt), Progress(4, "Work", "pieces") as bar:
        bar.update()
        bar.update()
        raise KeyboardInterrupt
    assert shown[-1][0] == "<div>Work: 2 of 4 pieces: stopped here</div>"


@pytest.mark.extras
def test_a_page_of_a_report_has_no_bar(
    shown: list[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TQDM_DISABLE", "1")
    with Progress(4, "Work", "pieces") as bar:
        bar.update()
    assert bar.done == 4
    assert shown == []
