"""What a reader finds on the pages, and that nothing on them runs or fetches."""

from __future__ import annotations

import re

from synthesis.review.review import Review

HOSTILE = "<img src=x onerror=alert(1)>\"'</style></script>"


def test_title_and_people_come_first_then_the_contents(built: Review) -> None:
    page = (built.folder.build / "index.html").read_text("utf-8")
    places = [
        page.index(part)
        for part in (
            "<h1>Antihistamines for the symptoms of a cold</h1>",
            "Example Reviewer",
            "were made for\nthis example" if "were made for\nthis" in page else "were made for",
            'aria-label="Contents"',
            ">Summary</h2>",
            ">Methods</h2>",
            ">Results</h2>",
            ">Discussion</h2>",
        )
    ]
    assert places == sorted(places)


def test_figures_and_tables_are_numbered_through_all_pages(built: Review) -> None:
    pages = {
        path.name: path.read_text("utf-8") for path in sorted(built.folder.build.glob("*.html"))
    }
    figures = re.findall(r"<b>Figure (\d+)\.", pages["index.html"])
    assert figures == ["1", "2", "3", "4", "5", "6"]
    captions: dict[str, set[str]] = {}
    for text in pages.values():
        for number, title in re.findall(r"<b>Figure (\d+)\. ([^<]*)</b>", text):
            captions.setdefault(number, set()).add(title)
    assert all(len(titles) == 1 for titles in captions.values())
    tables = [n for text in pages.values() for n in re.findall(r"<caption>Table (\d+)\.", text)]
    assert sorted(map(int, tables)) == list(range(1, len(tables) + 1))


def test_pages_fetch_and_run_nothing(built: Review) -> None:
    for path in built.folder.build.glob("*.html"):
        text = path.read_text("utf-8")
        assert "default-src 'none'" in text
        assert "<script" not in text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text)
        assert not re.search(r'src="(?!data:)', text)


def test_labels_of_other_people_are_text(make) -> None:
    text = (
        f"title: '{HOSTILE.replace(chr(39), chr(39) * 2)}'\n"
        "people: [{name: '<b>Ann</b>', affiliation: '<i>x</i>', email: 'a@b'}]\n"
        "notice: '<script>1</script>'\n"
        "outcomes: [{id: score, label: '<u>Score</u>'}]\n"
        "comparisons: [{id: care, label: '<s>Care</s>', treated: '<q>', control: '<em>'}]\n"
        "plan: {sensitivity: [{id: a, label: '<h1>A</h1>', model: {model: common}}], "
        "subgroups: [team]}\n"
    )
    rows = "study,team,mean_t,sd_t,n_t,mean_c,sd_c,n_c\n" + "".join(
        f"<a href=x>{name}</a>,<b>{name in 'AB'}</b>,5,2,20,4,2,2{at}\n"
        for at, name in enumerate("ABCD")
    )
    review = Review(
        make(**{"review.yaml": text, "extraction.csv": rows, "studies.csv": "study,<td>\nx,<th>\n"})
    )
    review.build()
    for path in review.folder.build.glob("*.html"):
        page = path.read_text("utf-8")
        for tag in (
            "<img",
            "<script",
            "<u>",
            "<s>",
            "<q>",
            "<em>",
            "<i>",
            "<a href=x>",
            "<b>Ann",
            "<h1>A<",
            "<b>True",
        ):
            assert tag not in page, (path.name, tag)


def test_an_analysis_without_studies_says_so(make) -> None:
    text = (
        "title: T\npeople: [{name: A}]\n"
        "outcomes: [{id: score, label: Score}, {id: cost, label: Cost}]\n"
        "comparisons: [{id: care}]\n"
    )
    rows = "study,outcome,yi,vi\nA,score,0.1,0.02\nB,score,0.2,0.02\n"
    review = Review(make(**{"review.yaml": text, "extraction.csv": rows}))
    review.build()
    page = (review.folder.build / "index.html").read_text("utf-8")
    assert "No study reports this outcome in this window." in page
    assert not (review.folder.build / "care.cost.html").exists()


def test_a_review_of_one_study_and_of_rows_without_effects(make) -> None:
    text = "title: T\npeople: [{name: A}]\noutcomes: [{id: score}]\ncomparisons: [{id: care}]\n"
    rows = "study,mean_t,sd_t,n_t,mean_c,sd_c,n_c\nA,5,2,20,4,2,20\nB,5,,20,4,,20\n"
    review = Review(make(**{"review.yaml": text, "extraction.csv": rows}))
    review.build()
    page = (review.folder.build / "care.score.html").read_text("utf-8")
    assert 'class="why"' in page
    assert review.status().without_effect == 1
    assert any(one.rule == "no-effect" and one.line == 3 for one in review.check())


def test_what_is_inside_a_box_is_a_figure_of_its_own(make) -> None:
    outer = (
        "spec_version: 1\nprofile: theory-of-change\ntitle: Outer\nnodes:\n"
        "  - {id: care, column: activities, label: Care, model: parts/care.yaml}\n"
        "  - {id: score, column: outcomes, label: Score}\nlinks: [care -> score]\n"
    )
    inner = (
        "spec_version: 1\nprofile: theory-of-change\ntitle: What care is\nnodes:\n"
        "  - {id: visits, column: activities, label: Home visits}\n"
    )
    folder = make(**{"logic_model.yaml": outer, "parts/care.yaml": inner})
    made = Review(folder).build()
    assert "figures/logic_model.parts-care.svg" in made.made
    page = made.page.read_text("utf-8")
    assert "Home visits" in page
    assert "What is inside the box Care of the logic model." in page
    # The part that has changed is drawn anew.
    (folder / "parts" / "care.yaml").write_text(inner.replace("Home", "Office"), "utf-8")
    assert "figures/logic_model.parts-care.svg" in Review(folder).build().made
    assert "Office visits" in made.page.read_text("utf-8")
