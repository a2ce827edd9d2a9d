"""Figures on a sheet: no text under 7 points, nothing lost when they are split."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from logicmodels import LogicModel, OptionError
from logicmodels.figures.figure import Figure
from logicmodels.figures.pages.fit import SMALLEST
from logicmodels.figures.pages.joined import joined
from logicmodels.figures.pages.paged import Pages
from logicmodels.figures.pages.strands import halves
from logicmodels.figures.scene.paper import PAPERS
from logicmodels.figures.scene.scene import Scene

MODELS = Path(__file__).parents[2] / "models"
PUBLISHED = sorted(path.stem for path in MODELS.glob("*.yaml"))


def model(name: str) -> LogicModel:
    return LogicModel.read(MODELS / f"{name}.yaml")


def scenes(figure: Figure | Pages) -> list[Scene]:
    return [one.scene for one in (figure if isinstance(figure, Pages) else [figure])]


REACH = model("reach").draw(page="a4")


@pytest.mark.parametrize("page", ["a4", "slide"])
@pytest.mark.parametrize("name", [name for name in PUBLISHED if name != "reach"])
def test_published_models_can_be_read_on_a_sheet(name: str, page: str) -> None:
    figure = model(name).draw(page=page)
    assert getattr(figure, "remarks", ()) == ()
    for scene in scenes(figure):
        assert scene.paper is not None
        across, down = scene.paper.room
        assert scene.smallest_text >= SMALLEST
        assert scene.width * scene.scale <= across + 0.01
        assert scene.height * scene.scale <= down + 0.01


@pytest.mark.parametrize("name", ["nwl_driver", "mayne_nutrition", "neonatal_map"])
def test_models_of_some_twenty_boxes_need_one_sheet(name: str) -> None:
    assert isinstance(model(name).draw(page="a4"), Figure)


def test_a_sheet_has_its_exact_size_in_every_format() -> None:
    figure = model("nwl_driver").draw(page="a4")
    paper = figure.scene.paper
    assert {paper.width, paper.height} == {PAPERS["a4"].width, PAPERS["a4"].height}
    box = re.search(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", figure.pdf)
    # Graphviz's PDF has sheets of whole points.
    assert [float(side) for side in box.groups()] == pytest.approx(
        [paper.width, paper.height], abs=1
    )
    wide = re.search(r'width="(\d+)" height="(\d+)"', figure.svg)
    pixels = [side * 96 / 72 for side in (paper.width, paper.height)]
    assert [float(side) for side in wide.groups()] == pytest.approx(pixels, abs=1.5)


def test_a_large_model_is_split_and_every_arrow_is_said() -> None:
    whole = model("reach")
    assert isinstance(REACH, Pages)
    assert REACH.remarks == ()
    assert all(scene.smallest_text >= SMALLEST for scene in scenes(REACH))
    overview, *parts = scenes(REACH)
    assert "133 boxes and 394 arrows" in text_of(overview)
    page = {
        shape.name.removeprefix("node_"): number
        for number, scene in enumerate(parts, 2)
        for shape in scene.shapes
        if shape.name.startswith("node_")
    }
    assert page.keys() == {node.id for node in whole.nodes}
    said = {
        shape.name.removeprefix("node_"): " ".join(one.text for one in shape.paragraphs)
        for scene in parts
        for shape in scene.shapes
    }
    drawn = {(arrow.source, arrow.target) for scene in parts for arrow in scene.arrows}
    for link in whole.links:
        ends = whole.node(link.source), whole.node(link.target)
        if page[link.source] == page[link.target]:
            assert (f"node_{link.source}", f"node_{link.target}") in drawn
        else:
            there, here = (f"{end.label} (p. {page[end.id]})" for end in ends[::-1])
            assert there in said[link.source].partition("To: ")[2]
            assert here in said[link.target].partition("To: ")[0]
    counted = re.findall(r"(\d+) arrows? among|(\d+) to p\.", text_of(overview))
    among, leaving = (sum(int(one[n] or 0) for one in counted) for n in (0, 1))
    assert (among, among + leaving) == (len(drawn), len(whole.links))
    assert among > 0.7 * len(whole.links), "most arrows are drawn, not only named"


def text_of(scene: Scene) -> str:
    shapes = [*scene.shapes, *scene.captions]
    return " ".join(one.text for shape in shapes for one in shape.paragraphs)


def test_a_figure_with_too_many_arrows_to_follow_says_so() -> None:
    said = "More arrows than can be followed one by one"
    assert said in text_of(model("reach").draw().scene)
    assert said not in text_of(model("mayne_nutrition").draw().scene)


def test_larger_paper_needs_fewer_pages() -> None:
    assert len(model("reach").draw(page="a3")) < len(REACH)


def test_all_pages_are_in_one_pdf() -> None:
    assert REACH.pdf.count(b"/Type /Page ") == len(REACH)
    assert REACH.pdf == joined([one.pdf for one in REACH], title=REACH.title)
    # The table at the end says where every object begins.
    start = int(re.search(rb"startxref\n(\d+)", REACH.pdf)[1])
    assert REACH.pdf[start:].startswith(b"xref\n")
    for place in re.findall(rb"^(\d{10}) 00000 n", REACH.pdf[start:], re.MULTILINE)[::50]:
        assert re.match(rb"\d+ 0 obj", REACH.pdf[int(place) :])


def test_a_picture_holds_one_page(tmp_path: Path) -> None:
    with pytest.raises(
        OptionError, match=r"has \d+ pages, and a file that ends in \.png holds one"
    ):
        REACH.save(tmp_path / "reach.png")
    assert REACH[0].save(tmp_path / "reach.svg").is_file()
    assert REACH.save(tmp_path / "reach.drawio").read_text().count("<diagram ") == len(REACH)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"page": "a5"}, "page must be one of 'a4', 'a3', 'letter', 'slide'"),
        ({"direction": "north"}, "direction must be one of 'right', 'down', 'up', 'left'"),
    ],
)
def test_unknown_options_are_told(options: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError) as told:
        model("nwl_driver").draw(**options)
    assert message in str(told.value)


def grouped() -> LogicModel:
    """A model (made up) of three groups of twelve boxes, with an arrow from each to the next."""
    lines = ["spec_version: 1", "profile: theory-of-change", "title: Groups (made up)", "nodes:"]
    links = ["links:"]
    for group in range(3):
        for n in range(12):
            column = "activities" if n % 2 else "outcomes"
            said = f"'Box {n} of the group with the number {group}, in some more words'"
            lines.append(
                f"  - {{id: g{group}n{n}, column: {column}, group: Group {group}, label: {said}}}"
            )
            if n % 2:
                links.append(f"  - g{group}n{n} -> g{group}n{n - 1}")
        if group:
            claim = "[{direction: supports, citation: Vale 2015}]"
            links.append(f"  - {{from: g{group - 1}n1, to: g{group}n0, evidence: {claim}}}")
    lines.append("  - {id: i, column: impact, label: Impact}")
    lines.append("  - {id: f, column: context, label: Flu, acts_on: [g0n1]}")
    return LogicModel.from_text("\n".join([*lines, *links, "  - g0n0 -> i"]))


def test_groups_are_kept_together_and_context_follows_what_it_acts_on() -> None:
    figure = grouped().draw(page="slide")
    overview, *parts = scenes(figure)
    for group in range(3):
        (page,) = {
            number
            for number, scene in enumerate(parts)
            for shape in scene.shapes
            if shape.name.startswith(f"node_g{group}")
        }
        assert f"Group {group}" in parts[page].title
    held = [scene for scene in parts if any(one.name == "context_context" for one in scene.shapes)]
    assert [any(one.name == "node_g0n1" for one in scene.shapes) for scene in held] == [True]
    assert "context_context" in {shape.name for shape in overview.shapes}


def test_what_marks_say_of_arrows_to_other_pages_is_on_the_page_where_they_begin() -> None:
    figure = grouped().draw(page="slide", view="evidence")
    parts = scenes(figure)[1:]
    first = next(one for one in parts if any(s.name == "node_g0n1" for s in one.shapes))
    assert "supported" in text_of(first)
    assert "Vale 2015" in "".join(map(text_of, parts))


def test_nested_models_have_pages_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(
        grouped().to_yaml().replace("Groups (made up)", "The part"), encoding="utf-8"
    )
    text = (
        "spec_version: 1\nprofile: theory-of-change\ntitle: Whole\nnodes:\n"
        "  - {id: a, column: activities, label: A, model: part.yaml}\n"
        "  - {id: b, column: impact, label: B}\nlinks: [a -> b]\n"
    )
    (tmp_path / "model.yaml").write_text(text, encoding="utf-8")
    figure = LogicModel.read(tmp_path / "model.yaml").draw(page="a4")
    assert isinstance(figure, Pages)
    first = scenes(figure)[0]
    assert "Opens into The part (p. 2)" in text_of(first)
    assert all("The part" in one.title for one in scenes(figure)[1:])
    assert f"(page 1 of {len(figure)})" in first.title


def test_a_text_that_fits_no_page_is_drawn_smaller_and_says_so() -> None:
    items = [f"item {n} of a list that is longer than a page" for n in range(160)]
    nodes = "\n".join(f"      - {item}" for item in items)
    text = (
        "spec_version: 1\nprofile: theory-of-change\ntitle: Long\nnodes:\n"
        f"  - id: a\n    column: activities\n    label: A\n    items:\n{nodes}\n"
        "  - {id: b, column: impact, label: B}\nlinks: [a -> b]\n"
    )
    figure = LogicModel.from_text(text).draw(page="a4")
    assert isinstance(figure, Pages)
    assert any("smallest text" in remark for remark in figure.remarks)
    assert any("smallest text" in text_of(one) for one in scenes(figure))


@pytest.mark.extras
def test_slides_and_word_files_hold_every_page(tmp_path: Path) -> None:
    import docx
    from pptx import Presentation

    figure = grouped().draw(page="slide")
    deck = Presentation(figure.save(tmp_path / "groups.pptx"))
    assert len(deck.slides) == len(figure)
    assert (deck.slide_width.pt, deck.slide_height.pt) == (960, 540)
    whole = grouped()
    on_a4 = whole.draw(page="a4")
    word = docx.Document(on_a4.save(tmp_path / "groups.docx"))
    assert len(word.inline_shapes) == len(scenes(on_a4))
    boxes, arrows = word.tables
    assert len(boxes.rows) == 1 + len(whole.nodes)
    assert len(arrows.rows) == 1 + len(whole.links)
    section = word.sections[0]
    for shape in word.inline_shapes:
        assert shape.width <= section.page_width - section.left_margin - section.right_margin
        assert shape.height <= section.page_height - section.top_margin - section.bottom_margin
    assert (
        on_a4.save(tmp_path / "a.docx").read_bytes() == on_a4.save(tmp_path / "b.docx").read_bytes()
    )


def test_a_sheet_is_named_in_small_letters_or_capitals() -> None:
    assert model("nwl_driver").draw(page="A4").scene.paper == PAPERS["a4"]


def strings(count: int) -> LogicModel:
    """Return chains of four boxes side by side, every third joined to the next; made up."""
    columns = ("inputs", "activities", "outputs", "outcomes")
    boxes = "".join(
        f"  - {{id: {column[:4]}{n}, column: {column}, label: {column} of chain number {n}}}\n"
        for column in columns
        for n in range(count)
    )
    arrows = "".join(
        f"  - {one[:4]}{n} -> {other[:4]}{n}\n"
        for n in range(count)
        for one, other in pairwise(columns)
    )
    arrows += "".join(f"  - inpu{n} -> acti{n + 1}\n" for n in range(0, count - 1, 3))
    head = "spec_version: 1\nprofile: results-chain\ntitle: Chains (made up)\n"
    return LogicModel.from_text(f"{head}nodes:\n{boxes}links:\n{arrows}")


def test_boxes_that_belong_together_share_a_page_across_the_columns() -> None:
    many = strings(24)
    figure = many.draw(page="slide")
    assert isinstance(figure, Pages)
    assert figure.remarks == ()
    overview, *parts = scenes(figure)
    assert all("part " in text_of(part) for part in parts)
    assert sum(len(part.arrows) for part in parts) == len(many.links), "no arrow is cut"
    said = sum(int(arrow.badge.paragraphs[0].text) for arrow in overview.arrows)
    assert said == len(many.links)


def test_an_overview_that_is_too_full_is_a_list_of_pages() -> None:
    columns = "".join(f"  - {{id: c{n}, heading: Step {n}, kind: outcome}}\n" for n in range(60))
    boxes = "".join(f"  - {{id: n{n}, column: c{n}, label: Box number {n}}}\n" for n in range(60))
    arrows = "".join(f"  - n{n} -> n{n + 1}\n" for n in range(59))
    text = f"title: Sixty steps (made up)\ncolumns:\n{columns}nodes:\n{boxes}links:\n{arrows}"
    steps = LogicModel.from_text(f"spec_version: 1\nprofile: theory-of-change\n{text}")
    figure = steps.draw(page="a4")
    assert isinstance(figure, Pages)
    assert figure.remarks == ()
    overview, *parts = scenes(figure)
    assert "Pages 2 to" in text_of(overview)
    assert overview.arrows == ()
    between = sum(int(n) for n in re.findall(r"(\d+) to p\.", text_of(overview)))
    assert between + sum(len(part.arrows) for part in parts) == 59
    assert between == len(parts) - 1


def test_a_cut_costs_as_few_arrows_as_can_be() -> None:
    boxes = tuple("abcdefgh")
    clumps = {(one, other): 1 for clump in ("aceg", "bdfh") for one, other in pairwise(clump)}
    assert halves(boxes, {**clumps, ("a", "b"): 1}) == (tuple("aceg"), tuple("bdfh"))
    assert halves(boxes, {}) == (tuple("abcd"), tuple("efgh"))
    assert halves(("a", "b"), {("a", "b"): 1}) == (("a",), ("b",))
