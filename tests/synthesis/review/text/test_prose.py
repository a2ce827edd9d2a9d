from __future__ import annotations

from pathlib import Path

import pytest

from synthesis.review.inputs.folder import Folder
from synthesis.review.pages.typesetting import linked
from synthesis.review.text.prose import Prose, check_pictures, check_values, to_html
from synthesis.review.text.values import Value, Values

VALUES = Values({"care.pain.estimate": Value("number", (-0.2612,), page="care.pain.html#result")})


def html(text: str, folder: Path = Path()) -> str:
    return to_html(text, VALUES, Folder(folder), linked)


def test_a_value_leads_to_where_it_comes_from() -> None:
    assert html("SMD {{ care.pain.estimate }}, **{{care.pain.estimate:3}}**") == (
        '<p>SMD <a class="value" data-value="care.pain.estimate" href="care.pain.html#result">'
        '−0.26</a>, <strong><a class="value" data-value="care.pain.estimate" data-digits="3" '
        'href="care.pain.html#result">−0.261</a></strong></p>\n'
    )


def test_code_and_comments_are_left_alone() -> None:
    text = "`{{ care.pain.estimate }}` <!-- {{ no.such }} -->"
    assert "<code>{{ care.pain.estimate }}</code>" in html(text)
    assert check_values(Prose("x", "text/x.md", text), VALUES) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://example.org/x.png)",
        "![x](../../secret.png)",
        "[x](vbscript:x)",
        '<a href="x" onclick="y">z</a>',
    ],
)
def test_nothing_in_prose_runs_or_fetches(hostile: str, tmp_path: Path) -> None:
    made = html(f"Text {hostile}", tmp_path)
    assert "<script" not in made
    assert "<img" not in made
    assert "javascript:" not in made.split('href="')[-1][:20]
    assert "data:text" not in made
    assert "vbscript:" not in made
    assert '<a href="x"' not in made


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ care.pain.estimat }}", "Did you mean 'estimate'?"),
        ("one\n\n{{ 1 + 1 }}", "is not the name of a value"),
        ("{{ care.pain.estimate | upper }}", "is not the name of a value"),
        ("{{ care.pain.estimate:99 }}", "is not the name of a value"),
        ("{{ care.pain.estimate }", "stands alone"),
        ("{{ __class__.__mro__ }}", "There is no value '__class__.__mro__'"),
    ],
)
def test_what_stands_between_braces_is_a_name_and_a_format(text: str, says: str) -> None:
    found = check_values(Prose("x", "text/x.md", text), VALUES)
    assert len(found) == 1
    assert says in found[0].message
    assert found[0].line == text.count("\n", 0, text.index("{{")) + 1
    assert "missing" in html(text) or "{{" in html(text)


def test_a_picture_of_the_folder_is_put_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "a.png").write_bytes(b"\x89PNG")
    assert 'src="data:image/png;base64,iVBORw==" alt="A"' in html("![A](a.png)", tmp_path)
    prose = Prose("x", "text/x.md", "![A](a.png)\n\n![B](b.png)\n![C](../review.yaml)")
    found = check_pictures(prose, Folder(tmp_path))
    assert [one.line for one in found] == [3, 4]


def test_a_file_with_nothing_but_comments_is_blank() -> None:
    assert Prose("a", "a.md", "# Title\n\n<!-- write\n# here -->\n").is_blank
    assert not Prose("a", "a.md", "# Title\n\n<!-- x -->\ny").is_blank
    assert Prose("02-limits_of_it", "a.md", "y").title == "Limits of it"
