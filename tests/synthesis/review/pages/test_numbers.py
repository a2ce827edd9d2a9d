"""Every number on every page, in every table and in every figure is the one of the result."""

from __future__ import annotations

import csv
import math
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from arrowroot.display import number
from synthesis.review.pages.typesetting import typeset
from synthesis.review.review import Review


class Values(HTMLParser):
    """Collects the elements with a value: name, decimals, whether bare, text, address."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None, bool, str, str]] = []
        self._open: dict | None = None
        self._text = ""

    def handle_starttag(self, tag, attrs) -> None:
        held = dict(attrs)
        if "data-value" in held:
            self._open, self._text = held, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if self._open is not None and tag in ("a", "span"):
            one = self._open
            self.found.append(
                (
                    one["data-value"],
                    one.get("data-digits"),
                    "data-bare" in one,
                    self._text,
                    one.get("href", ""),
                )
            )
            self._open = None


def pages(review: Review) -> list[Path]:
    return sorted(review.folder.build.glob("*.html"))


def test_every_value_on_every_page_is_the_result(built: Review) -> None:
    seen = 0
    for page in pages(built):
        parser = Values()
        parser.feed(page.read_text("utf-8"))
        for name, digits, bare, text, _ in parser.found:
            places = None if digits is None else int(digits)
            assert text == typeset(built.values[name].text(places, bare=bare)), (page.name, name)
            seen += 1
    assert seen > 150


def test_every_link_leads_somewhere(built: Review) -> None:
    folder = built.folder.build
    texts = {page.name: page.read_text("utf-8") for page in pages(built)}
    seen = 0
    for page, text in texts.items():
        for address in re.findall(
            r'href="([^"]*)"', re.sub(r"<svg.*?</svg>", "", text, flags=re.S)
        ):
            if address.startswith(("data:", "http")):
                continue
            name, _, anchor = unescape(address).partition("#")
            target = name or page
            assert (folder / target).is_file(), (page, address)
            if anchor:
                assert f'id="{anchor}"' in texts[target], (page, address)
            seen += 1
    assert seen > 200


def test_tables_hold_the_results_at_full_precision(built: Review) -> None:
    folder = built.folder.build / "tables"
    with (folder / "results.csv").open(encoding="utf-8") as file:
        rows = {row["analysis"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(built.analyses)
    for key, one in built.analyses.items():
        for name, value in one.fit.to_frame().iloc[0].items():
            printed = rows[key][name]
            if isinstance(value, str) or value is None:
                assert printed == (value or "")
            elif not math.isnan(value):
                assert float(printed) == float(value), (key, name)
    with (folder / "sensitivity.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            one = built.analyses[row["analysis"]]
            fit = one.sensitivity[row["sensitivity"]].fit if row["sensitivity"] else one.fit
            assert float(row["estimate"]) == fit.estimate
            assert float(row["ci_high"]) == fit.ci[1]
    with (folder / "subgroups.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            groups = built.analyses[row["analysis"]].subgroups[row["by"]]
            assert float(row["estimate"]) == groups.groups[row["group"]].estimate
            assert float(row["p_between"]) == groups.p_value


@pytest.mark.parametrize("name", ["runny-nose.day1", "sneezing.day2"])
def test_the_figure_prints_the_numbers_of_the_table(built: Review, name: str) -> None:
    key = f"antihistamine.{name}"
    fit = built.analyses[key].fit
    svg = (built.folder.build / "figures" / f"{key}.forest.svg").read_text("utf-8")
    text = unescape(re.sub(r"<[^>]+>", "\n", svg)).replace("\N{MINUS SIGN}", "-")
    for low, value, high in [
        (row.effect_low, row.effect, row.effect_high) for row in fit.study_frame().itertuples()
    ] + [(fit.ci[0], fit.estimate, fit.ci[1])]:
        assert f"{number(value)} [{number(low)}, {number(high)}]" in text


def test_rows_lead_to_the_cells_of_the_sheet(built: Review) -> None:
    page = (built.folder.build / "antihistamine.sneezing.day1.html").read_text("utf-8")
    rows = built.extraction.rows
    row = rows[(rows["study"] == "Study 1") & (rows["outcome"] == "sneezing")].iloc[0]
    assert f"extraction.xlsx, line {row['line']}" in page
    # The columns of the sheet: study, outcome, timepoint_days, comparison, instrument, n_t, ...
    assert f"<code>G{row['line']}</code> mean_change_t = 0.927" in page
    receipt = built.analyses["antihistamine.sneezing.day1"].effects.iloc[0]["receipt"]
    assert receipt.formula.split(";")[0].split("(")[0] in unescape(page)
