from __future__ import annotations

import copy
import pickle
from html import unescape

import pandas as pd
import pytest

import synthesis as syn
from arrowroot.frames import TextTable

pytestmark = pytest.mark.extras  # IPython comes with the lab
LONG = "A standard error entered as SD makes an effect too large; check the paper. " * 3


def findings(rows: int) -> TextTable:
    return TextTable(
        {"rule": ["se-as-sd"] * rows, "message": [f"{LONG}{at}." for at in range(rows)]}
    )


def shown(table: pd.DataFrame) -> str:
    from IPython.core.formatters import DisplayFormatter

    return DisplayFormatter().format(table)[0]["text/html"]


def test_text_and_usual_numbers_of_rows_are_shown_whole():
    html = shown(findings(60))
    assert all(f"{LONG}{at}." in html for at in range(60))
    assert "rows are shown" not in html


def test_all_rows_on_request():
    table = findings(100)
    assert shown(table).count(LONG) == 60
    assert "60 of 100 rows are shown; <code>full()</code> shows all." in shown(table)
    assert shown(table.full()).count(LONG) == 100
    assert shown(table.full()[["message"]]).count(LONG) == 100
    assert shown(table).count(LONG) == 60
    with pd.option_context("display.max_rows", None):
        assert shown(table).count(LONG) == 100
    with pd.option_context("display.max_rows", 7):
        assert "7 of 100 rows are shown" in shown(table)


def test_what_is_made_of_it_is_shown_whole_too():
    table = findings(4)
    made = [
        table[["message"]], table.head(2), table[table["rule"] == "se-as-sd"],
        table.sort_values("message"), table.drop(columns="rule"), copy.deepcopy(table),
        pickle.loads(pickle.dumps(table)), pd.concat([table, table]),
    ]  # fmt: skip
    for one in made:
        assert f"{LONG}1." in shown(one)


def test_it_is_a_data_frame_in_all_else():
    table, plain = findings(3), pd.DataFrame(findings(3))
    assert type(plain) is pd.DataFrame
    pd.testing.assert_frame_equal(table, plain)
    assert table.equals(plain)
    assert plain.equals(table)
    assert type(table["rule"]) is pd.Series
    assert table.to_csv() == plain.to_csv()
    assert repr(table) == repr(plain)
    assert table.groupby("rule").size().tolist() == [3]


def test_markup_in_cells_is_escaped():
    assert "<script>" not in shown(TextTable({"message": ["<script>alert(1)</script>"]}))


def test_options_are_left_alone():
    before = [pd.get_option(f"display.{name}") for name in ("max_colwidth", "max_rows", "min_rows")]
    shown(findings(3))
    assert before == [
        pd.get_option(f"display.{name}") for name in ("max_colwidth", "max_rows", "min_rows")
    ]


@pytest.mark.parametrize("show_html", [True, False])
def test_notebooks_without_html(show_html):
    with pd.option_context("display.notebook_repr_html", show_html):
        assert (findings(70)._repr_html_() is not None) is show_html


def test_findings_and_receipts():
    sheet = pd.DataFrame(
        {"study": ["A"], "mean_t": [9.0], "sd_t": 2, "n_t": 30, "mean_c": 1.0, "sd_c": 2, "n_c": 30}
    )
    es = syn.effect_sizes(sheet)
    tables = (syn.lint(sheet), syn.receipts(es), syn.lint_rules(), syn.routes_to("smd"))
    for table in tables:
        assert isinstance(table, pd.DataFrame)
        assert len(table)
        longest = max((str(cell) for cell in table.to_numpy().ravel()), key=len)
        assert len(longest) > 50
        assert longest in unescape(shown(table))
