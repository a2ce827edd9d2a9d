"""The cells that a page names hold what it says they hold."""

from __future__ import annotations

import pandas as pd

from synthesis.review.pages.receipts import rows_of
from synthesis.review.review import Review

DECLARATION = """\
title: T
people: [{name: Ann}]
outcomes: [{id: score, measure: smd}]
comparisons: [{id: care}]
plan: {several_arms: combine}
"""
SHEET = (
    "study,arm,mean_t,sd_t,n_t,mean_c,sd_c,n_c\n"
    "A,phone,25.5,4,50,23.9,4.4,52\nA,visit,26.2,4.1,48,23.9,4.4,52\nB,,5,2,30,4,2,30\n"
)
"""Synthetic: one trial with two arms beside the control, and one with one."""


def test_arms_that_were_combined_are_named_cell_by_cell(make) -> None:
    review = Review(make(**{"review.yaml": DECLARATION, "extraction.csv": SHEET}))
    combined, single = rows_of(review.analyses["care.score"], review)
    sheet = pd.read_csv(review.folder.path / "extraction.csv", header=None, dtype=str)
    for row in (combined, single):
        for cell in row.cells:
            if cell.address:
                column, line = "ABCDEFGHIJ".index(cell.address[0]), int(cell.address[1:])
                assert float(sheet.iloc[line - 1, column]) == float(cell.value), cell
    addresses = [cell.address for cell in combined.cells if cell.address]
    assert sorted(addresses) == ["C2", "C3", "D2", "D3", "E2", "E3", "F2", "G2", "H2"]
    worked_out = {cell.column: cell.value for cell in combined.cells if not cell.address}
    assert worked_out.keys() == {"mean_t", "sd_t", "n_t"}
    assert worked_out["n_t"] == "98"
    assert all(cell.address for cell in single.cells)
