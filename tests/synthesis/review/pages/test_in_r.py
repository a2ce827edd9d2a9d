"""The R script of a review gives, in stock metafor, the numbers of the pages and tables."""

from __future__ import annotations

import csv
import re
import subprocess

import pytest

from arrowroot.display import number
from synthesis.review.pages.typesetting import typeset
from synthesis.review.review import Review


def test_the_script_names_every_analysis(built: Review) -> None:
    text = (built.folder.build / "analysis.R").read_text("utf-8")
    names = re.findall(r"^# ---- (.+) ----$", text, re.MULTILINE)
    for key, one in built.analyses.items():
        assert key in names
        assert all(f"{key}, sensitivity: {name}" in names for name in one.sensitivity)
        assert sum(name.startswith(f"{key}, the comparison of subgroups") for name in names) == 1
    assert text.isascii()
    for page in built.folder.build.glob("*.html"):
        assert 'href="analysis.R"' in page.read_text("utf-8")


@pytest.mark.metafor
def test_pages_tables_and_r_print_the_same_numbers(built: Review, metafor, tmp_path) -> None:
    """Every pooled number in R's output is that of the tables, and as printed on the pages."""
    folder = built.folder.build
    done = subprocess.run(
        ["Rscript", "--vanilla", str(folder / "analysis.R")],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    with (folder / "tables" / "results.csv").open(encoding="utf-8") as file:
        tables = {row["analysis"]: row for row in csv.DictReader(file)}
    with (folder / "tables" / "sensitivity.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["sensitivity"]:
                tables[f"{row['analysis']}, sensitivity: {row['sensitivity']}"] = row
    assert len(tables) > len(built.analyses)
    found = _sections(done.stdout, list(tables))
    pages = "".join(path.read_text("utf-8") for path in folder.glob("*.html"))
    compared = 0
    for name, row in tables.items():
        in_r = found[name]
        for quantity, value in in_r.items():
            if row.get(quantity):
                ours = float(row[quantity])
                # metafor's tau2, and I2 with it, stops where the likelihood is flat.
                assert abs(value - ours) <= 1e-7 * max(1.0, abs(ours)), (name, quantity)
                compared += 1
        shown = typeset(number(in_r["estimate"]))
        dotted = name.replace(", sensitivity: ", ".sensitivity.")
        assert re.search(rf'data-value="{re.escape(dotted)}\.estimate"[^>]*>{shown}<', pages), name
    assert compared > 100
    worst = float(re.search(r"number: (\S+) \(", done.stdout)[1])
    assert worst < 1e-7


def _sections(output: str, names: list[str]) -> dict[str, dict[str, float]]:
    """Return what R found of each result, by its quantities; those of single studies left out."""
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    held: dict[str, float] = {}
    for line in output.splitlines():
        row = re.fullmatch(r"(\w+)\s+(\S+)\s+(\S+)", line)
        if row:
            held[row[1]] = float(row[2])
        elif ": " in line:
            titled = [name for name in names if line.startswith(f"{name}: ")]
            held = found[titled[0]] if titled else {}
    return found
