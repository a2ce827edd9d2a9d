"""Figures as text, as geometry, and as files; hostile labels come out inert."""

from __future__ import annotations

import base64
import itertools
import math
import os
import re
import subprocess
import sys
from dataclasses import replace
from html import escape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from arrowroot.fonts import text_width
from arrowroot.lab.pictures import picture_in
from logicmodels import Link, LogicModel, OptionError, RenderError
from logicmodels.figures import style
from logicmodels.figures.layout.layout import Layout
from logicmodels.figures.parts import Placed
from logicmodels.figures.placing import layout
from logicmodels.figures.render import engine, render
from logicmodels.figures.views import evidence
from logicmodels.questions.diff import _both
from logicmodels.questions.evidence import state

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parents[1] / "golden"
SVG = "{http://www.w3.org/2000/svg}"
FOUNDING = sorted(path.parent.name for path in (ROOT / "data").glob("*/logic_model.yaml"))
MANY = """\
spec_version: 1
profile: theory-of-change
title: Many to many (invented, to try arrows)
nodes:
  - {id: a1, column: activities, label: Nurse home visits in the first fortnight}
  - {id: a2, column: activities, label: Shared care plan}
  - {id: a3, column: activities, label: Training of practice teams}
  - {id: a4, column: activities, label: Telephone follow-up}
  - {id: o1, column: outcomes, label: Earlier symptom reporting by patients}
  - {id: o2, column: outcomes, label: Patients feel known}
  - {id: o3, column: outcomes, label: Teams agree on priorities for each patient at risk}
  - {id: i1, column: impact, label: Fewer emergency admissions}
  - {id: i2, column: impact, label: Better quality of life}
links:
  - {from: a1, to: o1}
  - {from: a1, to: o2}
  - {from: a2, to: o3}
  - {from: a2, to: o2}
  - {from: a3, to: o3}
  - {from: a3, to: i2}
  - {from: a4, to: o1}
  - {from: a4, to: o2}
  - {from: a1, to: i1}
  - {from: o1, to: i1}
  - {from: o2, to: i2}
  - {from: o3, to: i1}
  - {from: o1, to: o2}
  - {from: i2, to: a2, feedback: true}
  - {from: i1, to: o3, feedback: true}
"""


def founding(name: str) -> LogicModel:
    return LogicModel.read(ROOT / "data" / name / "logic_model.yaml")


def grid(columns: int, rows: int) -> LogicModel:
    """Return a model in which every box leads to several of the next columns."""
    names = ["situation", "inputs", "activities", "participation", "short", "medium", "long"]
    nodes = "".join(
        f"  - {{id: n{c}_{r}, column: {names[c]}, label: Box {r} of column {c}}}\n"
        for c in range(columns)
        for r in range(rows)
    )
    links = "".join(
        f"  - {{from: n{c}_{r}, to: n{c + step}_{(r * 3 + step) % rows}}}\n"
        for c in range(columns)
        for r in range(rows)
        for step in (1, 2, 3)
        if c + step < columns
    )
    return LogicModel.from_text(
        f"spec_version: 1\nprofile: wisconsin\ntitle: Grid\nnodes:\n{nodes}links:\n{links}"
    )


EXAMPLES = {
    **{name: founding(name) for name in FOUNDING},
    "many": LogicModel.from_text(MANY),
    "grid": grid(7, 6),
}


def edges(box: Placed) -> tuple[float, float, float, float]:
    return (
        box.x - box.width / 2,
        box.y - box.height / 2,
        box.x + box.width / 2,
        box.y + box.height / 2,
    )


def parts(drawn: Layout) -> list[Placed]:
    return [*drawn.headings, *drawn.groups, *drawn.boxes.values(), *drawn.context, *drawn.texts]


def curve(points: tuple[tuple[float, float], ...], steps: int = 24) -> list[tuple[float, float]]:
    """Return points along a chain of cubic curves."""
    found = []
    for start in range(0, len(points) - 1, 3):
        a, b, c, d = points[start : start + 4]
        for step in range(steps + 1):
            t = step / steps
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            x, y = (
                sum(w * p[i] for w, p in zip(weights, (a, b, c, d), strict=True)) for i in (0, 1)
            )
            found.append((x, y))
    return found


def test_no_founding_figure_is_missing() -> None:
    assert FOUNDING == [
        "case_management",
        "darzi_fellowship",
        "hudson2015",
        "learning_health_system",
        "lilford2014",
        "salford",
        "sixcs",
        "wisconsin",
    ]


@pytest.mark.parametrize("name", FOUNDING)
def test_founding_figures_are_the_golden_text(name: str) -> None:
    """To renew after a change that was looked at: ``figure.save(path)`` with this file's path."""
    drawn = founding(name).draw().dot
    assert drawn == (GOLDEN / f"{name}.dot").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXAMPLES)
def test_columns_hold_and_nothing_overlaps(name: str) -> None:
    model = EXAMPLES[name]
    drawn = layout(model)
    for column, heading in zip(drawn.columns, drawn.headings, strict=True):
        boxes = [drawn.boxes[node.id] for node in model.column(column.id)]
        assert {box.x for box in boxes} == {heading.x}
        assert {box.width for box in boxes} == {heading.width}
        middles = [box.y for box in boxes]
        assert middles == sorted(middles), "boxes left the author's order"
    assert len({heading.y for heading in drawn.headings}) == 1
    for one, other in itertools.combinations(parts(drawn), 2):
        assert not one.overlaps(other), (one.name, other.name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_line_is_wider_and_no_text_taller_than_its_box(name: str) -> None:
    for part in parts(layout(EXAMPLES[name])):
        for line in part.lines:
            face = "bold" if line.bold else "regular"
            assert text_width(line.text, line.size, face) <= part.width, line.text
        assert sum(line.height for line in part.lines) <= part.height + 1e-9  # sums of floats


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_arrow_runs_through_a_box(name: str) -> None:
    model = EXAMPLES[name]
    drawn = layout(model)
    for link, route in zip(model.links, drawn.routes, strict=True):
        for part in [*drawn.boxes.values(), *drawn.context, *drawn.headings]:
            left, top, right, bottom = edges(part)
            inside = [
                (x, y)
                for x, y in curve(route.points)
                if left + 0.01 < x < right - 0.01 and top + 0.01 < y < bottom - 0.01
            ]
            assert not inside, f"{link.source} -> {link.target} crosses {part.name}"


def test_arrows_that_run_back_keep_off_boxes_and_off_each_other() -> None:
    """In the narrow gaps of seven columns, several to one column and several from one."""
    ends = [(4, 3), (5, 3), (6, 3), (5, 4), (6, 2), (6, 5)]
    model = grid(7, 3)
    back = tuple(
        Link(f"n{source}_{number % 3}", f"n{target}_{number % 3}", feedback=True)
        for number, (source, target) in enumerate(ends)
    )
    model = replace(model, links=(*model.links, *back))
    drawn = layout(model)
    ways = [route.points for route in drawn.routes[-len(back) :]]
    for points in ways:
        # From the first corner to the last, where the arrow has left its box for another.
        for x, y in curve(points[3:-3]):
            for box in drawn.boxes.values():
                left, top, right, bottom = edges(box)
                beside = left - 4 < x < right + 4
                assert not (beside and top < y < bottom), f"an arrow runs along {box.name}"
    uprights = [round(x, 2) for points in ways for x in {points[5][0], points[-7][0]}]
    assert len(set(uprights)) == len(uprights) == 2 * len(back), "two arrows lie on each other"


@pytest.mark.parametrize("name", EXAMPLES)
def test_arrows_end_apart_and_on_the_edge_of_their_box(name: str) -> None:
    model = EXAMPLES[name]
    drawn = layout(model)
    tips = [route.tip for route in drawn.routes]
    assert len(set(tips)) == len(tips)
    for link, (x, y) in zip(model.links, tips, strict=True):
        left, top, right, bottom = edges(drawn.boxes[link.target])
        at_side = min(abs(x - left), abs(x - right)) < 1e-9 and top < y < bottom
        above = min(abs(y - top), abs(y - bottom)) < 1e-9 and left < x < right
        assert at_side or above, "an arrow ends beside its box"


def test_the_rendered_figure_has_the_layout_of_the_text() -> None:
    """One x for each column, in the SVG itself; what an engine of its own might have moved."""
    model = founding("sixcs")
    root = ET.fromstring(model.draw().svg)
    middles: dict[str, set[float]] = {}
    for part in root.iter(f"{SVG}g"):
        name = re.sub("^lm[0-9a-f]{8}_", "", part.get("id", ""))
        path = part.find(f"{SVG}path")
        if name.startswith("node_") and path is not None:
            xs = [float(x) for x in re.findall(r"(-?[\d.]+),-?[\d.]+", path.attrib["d"])]
            column = model.node(name.removeprefix("node_")).column
            middles.setdefault(column, set()).add(round((min(xs) + max(xs)) / 2, 1))
    assert {column: len(found) for column, found in middles.items()} == {
        "activities": 1,
        "outcomes": 1,
        "impact": 1,
    }


def test_columns_hold_when_dot_itself_lays_the_text_out() -> None:
    """The text keeps its columns and their order also in Graphviz's own layout."""
    from pygraphviz import AGraph

    model = EXAMPLES["many"]
    with engine():
        plain = AGraph(string=model.draw().dot).draw(format="plain", prog="dot").decode()
    places = {
        words[1].removeprefix("node_"): (float(words[2]), float(words[3]))
        for words in map(str.split, plain.splitlines())
        if words[0] == "node"
    }
    for column in ("activities", "outcomes", "impact"):
        names = [f"heading_{column}", *(node.id for node in model.column(column))]
        assert len({places[name][0] for name in names}) == 1
        heights = [places[name][1] for name in names]
        assert heights == sorted(heights, reverse=True)


def test_mutual_dependence_has_a_head_at_both_ends() -> None:
    model = founding("hudson2015")
    drawn = model.draw().dot
    assert drawn.count("dir=both") == 3
    for route, link in zip(layout(model).routes, model.links, strict=True):
        assert (route.start is not None) is link.mutual
    svg = ET.fromstring(model.draw().svg)
    heads = {
        part.get("id", "").partition("_")[2]: len(part.findall(f"{SVG}polygon"))
        for part in svg.iter(f"{SVG}g")
        if part.get("class") == "edge"
    }
    assert {name: count for name, count in heads.items() if name.startswith("link")} == {
        "link_0": 2,
        "link_1": 2,
        "link_2": 2,
        "link_3": 1,
        "link_4": 1,
        "link_5": 1,
    }


def test_dot_has_what_columns_need() -> None:
    drawn = EXAMPLES["many"].draw().dot
    assert "newrank=true" in drawn
    assert drawn.count("rank=same") == 3
    assert "heading_activities -> heading_outcomes [style=invis weight=1000]" in drawn
    for line in drawn.splitlines():
        if "style=dashed" in line:
            assert "constraint=false" in line
    assert drawn.count("style=dashed") == 2


@pytest.mark.parametrize("theme", ["screen", "print", "contrast"])
def test_every_theme_draws_and_differs(theme: str) -> None:
    model = EXAMPLES["many"]
    assert model.draw(theme=theme).svg.startswith("<svg")
    others = {"screen", "print", "contrast"} - {theme}
    assert model.draw(theme=theme).dot not in {model.draw(theme=other).dot for other in others}


def test_a_link_to_nowhere_made_in_python_is_refused() -> None:
    model = EXAMPLES["many"]
    broken = replace(model, links=(*model.links, Link("a1", "zz")))
    with pytest.raises(RenderError, match="link a1 -> zz ends where no column shows a box"):
        broken.draw().dot  # noqa: B018  # the figure is made when it is first asked for


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(OptionError, match="theme must be one of 'screen', 'print', 'contrast'"):
        EXAMPLES["many"].draw(theme="neon")


def test_the_title_can_be_left_out() -> None:
    model = EXAMPLES["many"]
    assert "title [label" in model.draw().dot
    assert "title [label" not in model.draw(title=False).dot
    assert model.title in model.draw(title=False).svg


def test_formats_are_what_they_are_called(tmp_path: Path) -> None:
    figure = founding("sixcs").draw()
    for kind, start in (
        ("svg", b"<svg"),
        ("png", b"\x89PNG\r\n"),
        ("pdf", b"%PDF-"),
        ("dot", b"//"),
    ):
        path = figure.save(tmp_path / f"figure.{kind}")
        assert path.read_bytes().startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"figure.{kind}" for kind in ("dot", "pdf", "png", "svg")
    ]


def test_saving_refuses_other_formats_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = founding("sixcs").draw()
    with pytest.raises(OptionError, match=r"must end in \.svg, .* or \.graphml; got 'a\.gif'"):
        figure.save(tmp_path / "a.gif")
    kept = tmp_path / "a.dot"
    kept.write_text("old", encoding="utf-8")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        figure.save(kept)
    assert kept.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.dot"]


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_two_renders_are_identical(kind: str) -> None:
    first, second = founding("wisconsin").draw(), founding("wisconsin").draw()
    assert getattr(first, kind) == getattr(second, kind)


DRAW_AND_HASH = """
import hashlib, os
from logicmodels import LogicModel
before = dict(os.environ)
figure = LogicModel.read("data/wisconsin/logic_model.yaml").draw()
for content in (figure.svg.encode(), figure.png, figure.pdf):
    print(hashlib.sha256(content).hexdigest())
assert dict(os.environ) == before
"""


def test_another_process_without_home_or_system_fonts_draws_the_same(tmp_path: Path) -> None:
    """The bundled font is all that drawing needs, and nothing is said on standard error."""
    outputs = []
    for more in ({}, {"HOME": "/nonexistent", "FONTCONFIG_FILE": str(tmp_path / "none.conf")}):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", DRAW_AND_HASH],
            cwd=ROOT,
            env={**os.environ, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]


def test_pdf_embeds_the_bundled_font_alone() -> None:
    pdf = founding("sixcs").draw().pdf
    fonts = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([A-Za-z-]+)", pdf))
    assert fonts == {b"LiberationSans", b"LiberationSans-Bold"}


def test_svg_can_be_read_aloud_and_has_no_comment() -> None:
    model = founding("sixcs")
    svg = model.draw().svg
    root = ET.fromstring(svg)
    assert "<!--" not in svg
    assert "graphviz" not in svg.lower()
    assert root.get("role") == "graphics-document document"
    named = {element.get("id"): element.text for element in root}
    assert named[root.get("aria-labelledby")] == "The 6Cs' Theory of Change"
    assert named[root.get("aria-describedby")].endswith(
        "A figure with the columns Activities/actions (6 boxes), Outcomes (1 box) and Impact"
        " (1 box); 7 arrows in all."
    )
    titles = [title.text for title in root.findall(f".//{SVG}g/{SVG}title")]
    assert len(titles) == 15
    assert "4. Building and strengthening leadership" in titles
    assert any(title.endswith("leads to Compassionate care.") for title in titles if title)


def test_svg_needs_nothing_from_outside() -> None:
    svg = founding("wisconsin").draw().svg
    addresses = set(re.findall(r"https?://[^\"'<> ]+", svg))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "url(data:font/woff;base64," in svg


def test_a_notebook_shows_the_figure() -> None:
    figure = founding("sixcs").draw()
    shown = figure._repr_mimebundle_()
    held = picture_in(shown["text/html"])
    assert held is not None
    assert base64.b64decode(held.partition(",")[2]).decode() == figure.svg
    assert f'alt="{escape(shown["text/plain"])}"' in shown["text/html"]
    assert shown["text/plain"].startswith("The 6Cs' Theory of Change. ")
    assert shown["text/plain"].endswith("7 arrows in all.")


HOSTILE = [
    "<script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    '"; a -> b; x [label="',
    "javascript:alert(1)",
    "<b>bold</b> & <TABLE><TR><TD>x</TD></TR></TABLE>",
    "<<B>x</B>>",
    r"\N \G \L \E \T \H \n \\",
    "\\",
    'ends in a backslash\\"',
    "&lt;script&gt; &#60;script&#62;",
    "\u202eright to left\u202c שלום",
    "bell\x07 escape\x1b[31m null-like \x01",
    "a" * 10_000,
    "日本語の長い説明文",
    "<!-- --> <?xml?> <!DOCTYPE x>",
]


def hostile(label: str, *, items: bool) -> LogicModel:
    base = LogicModel.from_text(MANY)
    first, *others = base.nodes
    first = type(first)(first.id, label, first.column, (label,) if items else (), note=label)
    return type(base)(
        title=label,
        profile=base.profile,
        nodes=(first, *others),
        links=base.links,
        description=label,
        source=label,
        headings={"impact": label},
    )


HARMLESS = {items: hostile("Harmless", items=items).draw() for items in (False, True)}


@pytest.mark.parametrize("items", [False, True])
@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_labels_are_nothing_but_text(label: str, items: bool) -> None:
    model = hostile(label, items=items)
    harmless = ET.fromstring(HARMLESS[items].svg)
    figure = model.draw()
    known = {element.tag for element in harmless.iter()}
    assert {element.tag for element in ET.fromstring(figure.svg).iter()} <= known
    for element in ET.fromstring(figure.svg).iter():
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)
    groups = len(ET.fromstring(figure.svg).findall(f".//{SVG}g"))
    assert groups == len(harmless.findall(f".//{SVG}g"))
    assert figure.png.startswith(b"\x89PNG")
    assert render(figure.dot, "pdf").startswith(b"%PDF")


@pytest.mark.parametrize("items", [False, True])
def test_what_dot_would_replace_is_shown_as_written(items: bool) -> None:
    svg = hostile(r"Use \New, \G and <b>", items=items).draw().svg
    texts = [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert r"Use \New, \G and <b>" in texts


def test_a_long_label_is_cut_in_the_box_and_whole_in_its_title() -> None:
    label = "word " * 2000
    root = ET.fromstring(hostile(label, items=False).draw().svg)
    drawn = "".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert "…" in drawn
    assert label.strip() in [title.text for title in root.iter(f"{SVG}title")]


def test_three_hundred_boxes_are_drawn() -> None:
    model = grid(7, 43)
    drawn = layout(model)
    assert len(drawn.boxes) == 301
    assert model.draw().svg.startswith("<svg")


CLAIMS = [
    {"source": "a1", "target": "o1", "direction": "supports", "certainty": "moderate", "k": 5,
     "outcome": "reporting", "estimate": 0.26, "ci_low": 0.16, "ci_high": 0.36, "measure": "SMD"},
    {"source": "a1", "target": "o2", "direction": "no difference", "certainty": "high", "k": 12},
    {"source": "a2", "target": "o3", "direction": "conflicting", "certainty": "low", "k": 3},
    {"source": "a3", "target": "i2", "direction": "adverse", "certainty": "very low", "k": 2},
    {"source": "a4", "target": "o1", "k": 0},
]  # fmt: skip
CARRIED = EXAMPLES["many"].with_evidence(CLAIMS)


def test_every_state_of_evidence_has_its_own_line_and_sign() -> None:
    drawn = CARRIED.draw(view="evidence").dot
    looks = {}
    for line in drawn.splitlines():
        if match := re.search(r"id=link_(\d+)", line):
            words = dict(re.findall(r"(arrowhead|penwidth|style)=(\S+?)[ \]]", line))
            looks[int(match[1])] = (words["style"], words["arrowhead"])
    assert looks[0] == ("solid", "normal")
    assert looks[1] == ("solid", "empty")
    assert looks[2] == ("dashed", "normal")
    assert looks[5] == ("solid", "tee")
    assert looks[6] == ("dotted", "normal")
    assert looks[3] == ("dotted", "empty")
    badges = {
        int(match[1]): match[2]
        for match in re.finditer(r"badge_(\d+) \[label=<.*?<B>(.*?)</B>", drawn)
    }
    assert [badges[n] for n in (0, 1, 2, 5, 6, 3)] == [
        "1 +M",
        "2 =H",
        "3 ±L",
        "4 −VL",
        "5 ○",
        "?",
    ]


def test_the_surer_the_evidence_the_broader_the_arrow() -> None:
    drawn = CARRIED.draw(view="evidence").dot
    widths = [
        float(re.search(rf"id=link_{n} .*penwidth=([\d.]+)", drawn)[1])  # type: ignore[index]
        for n in (1, 0, 2, 5)
    ]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 4


def test_the_overview_shows_no_evidence() -> None:
    assert CARRIED.draw().dot == EXAMPLES["many"].draw().dot


@pytest.mark.parametrize("name", EXAMPLES)
def test_badges_stand_on_their_arrow_and_clear_of_boxes(name: str) -> None:
    model = EXAMPLES[name]
    drawn = layout(model, overlay=evidence(model))
    assert len(drawn.badges) == len(model.links)
    for badge, route in zip(drawn.badges.values(), drawn.routes, strict=True):
        assert min(abs(x - badge.x) + abs(y - badge.y) for x, y in curve(route.points, 400)) < 2
    if name != "grid":  # in the crowded one there is not room for all
        for one, other in itertools.combinations(drawn.badges.values(), 2):
            assert not one.overlaps(other)


def test_no_badge_stands_on_the_head_of_an_arrow() -> None:
    """Arrows that run back side by side leave their badges room on their last piece alone."""
    ends = [("o1", "a1"), ("i1", "a1"), ("i2", "a1"), ("i2", "o1")]
    back = tuple(Link(source, target, feedback=True) for source, target in ends)
    model = replace(EXAMPLES["many"], links=(*EXAMPLES["many"].links, *back))
    drawn = layout(model, overlay=evidence(model))
    for badge, route in itertools.product(drawn.badges.values(), drawn.routes):
        left, top, right, bottom = edges(badge)
        x, y = route.points[-1]
        assert not (left < x < right and top < y < bottom), badge.name


def test_badges_of_case_management_touch_no_box_and_no_other_arrow() -> None:
    model = founding("case_management")
    drawn = layout(model, overlay=evidence(model))
    for number, badge in drawn.badges.items():
        beside = [*drawn.boxes.values(), *(b for n, b in drawn.badges.items() if n != number)]
        assert not any(badge.overlaps(other, apart=1.5) for other in beside), badge.name
        others = [route for n, route in enumerate(drawn.routes) if n != number]
        assert not any(
            abs(x - badge.x) < badge.width / 2 and abs(y - badge.y) < badge.height / 2
            for route in others
            for x, y in curve(route.points, 400)
        ), badge.name


def test_no_badge_of_a_marked_figure_hides_another() -> None:
    """An arrow and the box it ends at both changed: their badges used to meet at the box."""
    older = founding("case_management")
    mortality = older.node("mortality")
    newer = replace(
        older,
        nodes=tuple(replace(n, label="Death") if n is mortality else n for n in older.nodes),
        links=tuple(
            replace(one, because="it is measured") if one.target == "mortality" else one
            for one in older.links
        ),
    )
    both, overlay = _both(newer.diff(older))
    drawn = layout(both, overlay=overlay)
    all_badges = [*drawn.badges.values(), *drawn.box_badges.values()]
    assert len(all_badges) == 2
    for one, other in itertools.combinations(all_badges, 2):
        assert not one.overlaps(other, apart=2.5)


def test_no_arrow_of_the_components_crosses_another() -> None:
    """The bow past the middle component goes round the left, where no arrow leaves."""
    model = founding("hudson2015")
    ways = [curve(route.points, 60) for route in layout(model).routes]
    for one, other in itertools.combinations(ways, 2):
        assert min(math.dist(a, b) for a in one for b in other) > 3


def test_a_bow_stays_at_the_right_where_arrows_enter_at_the_left() -> None:
    model = EXAMPLES["many"]
    more = replace(model, links=(*model.links, Link("o1", "o3")))
    route = layout(more).routes[-1]
    assert route.points[1][0] > route.points[0][0]


def test_the_bar_of_an_adverse_arrow_stands_clear_of_its_box() -> None:
    drawn = layout(CARRIED, overlay=evidence(CARRIED))
    number = next(n for n, one in enumerate(CARRIED.links) if state(one) == "adverse")
    box = drawn.boxes[CARRIED.links[number].target]
    bar = drawn.routes[number].with_bar()
    assert bar.tip[0] < box.x - box.width / 2
    assert bar.points[-1][0] < bar.tip[0]


def test_notes_and_titles_say_what_the_badges_mean() -> None:
    svg = CARRIED.draw(view="evidence").svg
    drawn = " ".join(text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text"))
    assert "supported, moderate certainty. Reporting: SMD 0.26 (0.16 to 0.36); 5 studies." in drawn
    assert "+ supported, = no difference, ± conflicting, − adverse, ○ none found" in drawn
    titles = [title.text or "" for title in ET.fromstring(svg).findall(f".//{SVG}g/{SVG}title")]
    assert any(title.endswith("evidence: adverse, very low certainty.") for title in titles)


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(OptionError, match=r"view must be one of 'overview', .*; got 'x'"):
        CARRIED.draw(view="x")


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", style.THEMES.values(), ids=style.THEMES)
def test_contrast_passes_in_every_theme(theme: style.Theme) -> None:
    """WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for lines that carry meaning (1.4.11)."""
    for box in theme.boxes.values():
        assert contrast(theme.ink, box.fill) >= 12
        assert contrast(theme.quiet, box.heading) >= 4.5
        assert contrast(box.edge, theme.background) >= 3
    for colour in (theme.arrow, *theme.tones.values()):
        assert contrast(colour, theme.background) >= 3
    assert contrast(theme.quiet, theme.background) >= 4.5


@pytest.mark.parametrize(
    "text", ["日本語の長い説明文" * 12, "👩 " * 80, "שלום " * 60, "ಠ_ಠ ☺ ⊕ " * 30]
)
def test_letters_that_the_font_lacks_stay_in_their_boxes(text: str) -> None:
    """Graphviz warns of a label larger than its box, and a warning is an error here."""
    model = replace(hostile(text, items=True), version="1", date="2026")
    claims = [{"source": "a1", "target": "o1", "outcome": text, "citation": text}]
    figure = model.with_evidence(claims).draw(view="evidence")
    root = ET.fromstring(figure.svg)
    edge = float(root.attrib["viewBox"].split()[0])
    (moved,) = re.findall(r"translate\(([\d.]+)", next(root.iter(f"{SVG}g")).attrib["transform"])
    starts = [
        float(one.attrib["x"])
        for one in root.iter(f"{SVG}text")
        if one.get("text-anchor") == "start"
    ]
    assert min(starts) + float(moved) >= edge, "a line begins outside the figure"
