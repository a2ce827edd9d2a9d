"""Each form that an output of a cell can have."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_output

from synthesis.report import outputs


def html(output: Any) -> str:
    return str(outputs.to_html(output, name="output-1", label="Figure: <A>", folder=Path()))


def data(**forms: str) -> Any:
    return new_output(
        "display_data", {name.replace("__", "/"): value for name, value in forms.items()}
    )


def test_printed_text_is_escaped() -> None:
    assert html(new_output("stream", name="stdout", text="a < b\n")) == (
        '<pre class="stdout">a &lt; b</pre>'
    )


def test_a_refusal_shown_on_purpose_is_one_escaped_line() -> None:
    refused = new_output("error", ename="DataError", evalue="sd > 0 & <b>", traceback=["..."])
    assert html(refused) == '<pre class="refusal">DataError: sd &gt; 0 &amp; &lt;b&gt;</pre>'


def test_a_table_comes_before_its_text() -> None:
    assert html(data(text__html="<table></table>", text__plain="x")) == (
        '<div class="wide"><table></table></div>'
    )


def test_markdown_is_set_as_prose() -> None:
    assert "<strong>0.56</strong>" in html(data(text__markdown="Pooled **0.56**"))


def test_a_picture_has_a_name_and_its_width() -> None:
    picture = base64.b64encode(b"png").decode() + "\n"
    shown = new_output(
        "display_data", {"image/png": picture}, metadata={"image/png": {"width": 320}}
    )
    assert html(shown) == (
        '<figure><img src="data:image/png;base64,cG5n" alt="Figure: &lt;A&gt;" width="320">'
        "</figure>"
    )


def test_a_picture_that_says_what_it_shows_is_believed() -> None:
    shown = new_output(
        "display_data", {"image/png": "cG5n"}, metadata={"image/png": {"alt": 'A "forest"'}}
    )
    assert 'alt="A &quot;forest&quot;"' in html(shown)


def test_a_drawing_is_put_inline_under_its_own_ids() -> None:
    assert html(data(**{"image/svg+xml": '<svg><g id="a"/></svg>'})) == (
        '<figure><svg id="output-1" role="img" aria-label="Figure: &lt;A&gt;">'
        '<g id="output-1-a"/></svg></figure>'
    )


def test_plain_text_is_escaped() -> None:
    assert html(data(text__plain="<MetaAnalysis>")) == (
        '<pre class="wide">&lt;MetaAnalysis&gt;</pre>'
    )


def test_a_form_we_cannot_show_is_left_out() -> None:
    assert html(data(**{"application/javascript": "alert(1)"})) == ""


def test_the_name_of_axes_beside_their_figure_is_left_out() -> None:
    name = data(text__plain="<Axes: >")
    figure = data(**{"image/svg+xml": "<svg/>", "text/plain": "<Figure>"})
    number = data(text__plain="0.56")
    assert outputs.shown([name, figure, number]) == [figure, number]
    assert outputs.shown([name]) == [name]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/plain"])
def test_every_form_is_found(kind: str) -> None:
    assert outputs.form(data(**{kind: "x"})) == kind
