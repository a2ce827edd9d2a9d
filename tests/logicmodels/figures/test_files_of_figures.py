"""Files of figures: the same bytes everywhere, and long titles without any warning."""

from __future__ import annotations

import locale
import re
import time
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from logicmodels import LogicModel
from logicmodels.figures.render import engine, render
from logicmodels.profiles.registry import PROFILES

HEAD = "spec_version: 1\nprofile: {}\ntitle: {}\nnodes:\n"
ZONES = ("UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham")
DOT = 'graph { a [label="CreationDate (D:1)", pos="0,0"] }'


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


def test_a_pdf_is_the_same_in_every_time_zone(clock: pytest.MonkeyPatch) -> None:
    drawn = set()
    for zone in ZONES:
        clock.setenv("TZ", zone)
        time.tzset()
        pdf = render(DOT, "pdf")
        drawn.add(pdf)
        (table,) = re.findall(rb"startxref\n(\d+)\n", pdf)
        assert pdf[int(table) :].startswith(b"xref\n"), "the table of places is found"
        places = re.findall(rb"(?m)^(\d{10}) \d{5} n", pdf[int(table) :])
        for number, place in enumerate(places, start=1):
            assert pdf[int(place) :].startswith(b"%d 0 obj" % number)
    assert len(drawn) == 1


def test_numbers_have_a_point_whatever_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine need not have a locale with a comma, so one is pretended."""
    current, seen = ["de_DE.UTF-8"], []

    def setlocale(category: int, name: str | None = None) -> str:
        assert category == locale.LC_NUMERIC
        current.extend([] if name is None else [name])
        return current[-1]

    monkeypatch.setattr(locale, "setlocale", setlocale)
    with engine():
        seen.append(current[-1])
    assert (seen, current[-1]) == (["C"], "de_DE.UTF-8")
    assert render(DOT, "svg")
    assert current[-1] == "de_DE.UTF-8"


def test_a_sheet_for_comments_is_the_same_at_any_time(
    clock: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    model = titled("theory-of-change", "Visits")
    written = set()
    for zone in ZONES:
        clock.setenv("TZ", zone)
        time.tzset()
        path = model.comment_sheet(tmp_path / "sheet.xlsx")
        written.add(path.read_bytes())
        with zipfile.ZipFile(path) as packed:
            assert {part.date_time[0] for part in packed.infolist()} == {1980}
            dates = re.findall(rb"\d{4}-\d\d-\d\dT", packed.read("docProps/core.xml"))
        assert set(dates) == {b"1980-01-01T"}
    assert len(written) == 1


def titled(profile: str, title: str, source: str = "") -> LogicModel:
    columns = [column.id for column in PROFILES[profile].flow]
    nodes = "".join(
        f"  - {{id: n{number}, column: {column}, label: Box}}\n"
        for number, column in enumerate(columns)
    )
    head = HEAD.format(profile, title) + nodes
    return LogicModel.from_text(head + (f"source: {source}\n" if source else ""))


@pytest.mark.parametrize("profile", PROFILES)
def test_long_titles_wrap_and_no_message_reaches_the_user(
    profile: str, capfd: pytest.CaptureFixture[str]
) -> None:
    long = "An evaluation copied from the report of a programme that names its funder and place "
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for length in range(60, 240, 24):
            text = (long * 3)[:length].strip()
            svg = titled(profile, text, source=text).draw().svg
            lines = re.findall(r'font-weight="bold" font-size="15.00"[^>]*>([^<]*)<', svg)
            assert " ".join(lines).split() == text.split()
    assert capfd.readouterr().err == ""
