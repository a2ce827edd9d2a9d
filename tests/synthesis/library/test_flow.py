"""Flow and tables always agree; what does not add up is named with its size. Made-up tables."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from arrowroot import errors as figure_errors
from arrowroot.errors import DataError, OptionError
from arrowroot.fonts import text_width
from synthesis.library.flow.file import KEYS, read_counts, write_counts
from synthesis.library.flow.flow import PrismaFlow, prisma_flow, read_flow
from synthesis.library.flow.layout import PAD, SIZE, WIDTH
from synthesis.library.flow.layout import boxes as drawn_boxes
from synthesis.library.flow.rules import COUNTED, flow_problems
from synthesis.library.screening import COLUMNS
from synthesis.prisma import STAGES, TEMPLATE

RECORDS = pd.DataFrame(
    {
        "record_id": [f"r{n}" for n in range(10)],
        "title": [f"Title {n}" for n in range(10)],
        "database": ["PubMed"] * 4 + ["Embase"] * 3 + ["ICTRP"] + ["Lists of references"] * 2,
    }
)
LINKS = pd.DataFrame(
    {
        "record_id": ["r4", "r9", "r6"],
        "duplicate_of": ["r0", "r1", "r2"],
        "reason": "same title",
        "certain": [True, True, False],
    }
)
NO_LINKS = LINKS.head(0)


def decided(*rows: str) -> pd.DataFrame:
    """Return decisions written as ``id stage decision reason``, all of them by ann."""
    names = {"before": "before_screening", "titles": "title_abstract", "full": "full_text"}
    cells = []
    for row in rows:
        record_id, stage, decision, *reason = row.split(" ", 3)
        cells.append([record_id, names[stage], "ann", decision, *(reason or [""]), ""])
    return pd.DataFrame(cells, columns=list(COLUMNS))


WHOLE = decided(
    "r7 before exclude marked by automation tool",
    "r5 before exclude retracted",
    "r0 titles include",
    "r1 titles include",
    "r2 titles include",
    "r3 titles exclude",
    "r6 titles include",
    "r0 full include",
    "r1 full exclude wrong design",
    "r2 full not_retrieved",
    "r6 full include",
    "r8 full include",
)


def whole(**options: object) -> PrismaFlow:
    return prisma_flow(
        RECORDS,
        LINKS,
        WHOLE,
        registers=["ICTRP"],
        other={"Lists of references": "citations"},
        **options,  # type: ignore[arg-type]
    )


def test_every_count_comes_from_the_tables() -> None:
    flow = whole(studies={"r0": "Oak 2001", "r6": "Oak 2001"}, in_meta_analysis=["Oak 2001"])
    assert flow.counts == {
        **dict.fromkeys(KEYS),
        "database_results": 7,
        "database_specific_results": {"PubMed": 4, "Embase": 3},
        "register_results": 1,
        "register_specific_results": {"ICTRP": 1},
        "duplicates": 1,
        "excluded_automatic": 1,
        "excluded_other": 1,
        "records_screened": 5,
        "records_excluded": 1,
        "dbr_sought_reports": 4,
        "dbr_notretrieved_reports": 1,
        "dbr_assessed": 3,
        "dbr_excluded": {"wrong design": 1},
        "website_results": 0,
        "organisation_results": 0,
        "citations_results": 1,
        "other_sought_reports": 1,
        "other_notretrieved_reports": 0,
        "other_assessed": 1,
        "other_excluded": {},
        "new_studies": 2,
        "new_reports": 3,
        "total_studies_ma": 1,
    }
    assert flow.problems["message"].tolist() == [
        "1 pair may be the same report, which nobody has decided; write yes in the column certain, "
        "or delete the row."
    ]


def test_an_earlier_version_is_added() -> None:
    counts = whole(previous={"previous_studies": 10, "previous_reports": 12}).counts
    assert (counts["total_studies"], counts["total_reports"]) == (13, 15)


def test_undoing_a_link_brings_the_record_back_to_be_screened() -> None:
    flow = prisma_flow(RECORDS.head(7), NO_LINKS, decided("r0 titles include"))
    (problem, *_) = flow.problems.to_dict("records")
    assert problem["difference"] == -6
    assert problem["message"] == (
        "Records identified (7) less duplicates removed (0) less records removed before screening "
        "for other reasons (0) leaves 7, but records screened is 1: 6 too few."
    )


def test_a_decision_about_a_duplicate_counts_for_its_record() -> None:
    about_r4 = decided("r4 titles exclude")
    flow = prisma_flow(RECORDS.head(7), LINKS.head(1), about_r4)
    assert (flow.counts["records_screened"], flow.counts["records_excluded"]) == (1, 1)
    both = decided("r0 titles include", "r4 titles exclude")
    flow = prisma_flow(RECORDS.head(7), LINKS.head(1), both)
    assert (flow.counts["records_screened"], flow.counts["records_excluded"]) == (1, 0)


def test_what_is_open_is_said() -> None:
    rows = decided(
        "r0 titles unsure", "r1 titles include", "r1 full exclude wrong design",
        "r2 full include", "r3 before exclude x", "r3 titles exclude", "r99 titles include",
    )  # fmt: skip
    conflict = decided("r1 full include").assign(screener="bob")
    flow = prisma_flow(RECORDS.head(4), NO_LINKS, pd.concat([rows, conflict]))
    told = " ".join(flow.problems["message"])
    for words in (
        "there is no record 'r99' among those read",
        "ann is unsure of r0; settle it.",
        "screeners differ on r1; settle it.",
        "removed before screening, but also screened: r3.",
        "judged at full text without being included at title and abstract: r2.",
    ):
        assert words in told


def test_names_that_are_not_there() -> None:
    with pytest.raises(OptionError, match=r"registers must be one of .*; got 'ISRCTN'"):
        prisma_flow(RECORDS, LINKS, WHOLE, registers=["ISRCTN"])
    with pytest.raises(OptionError, match="other must be one of 'websites'"):
        prisma_flow(RECORDS, LINKS, WHOLE, other={"PubMed": "web"})
    with pytest.raises(DataError, match="there is no record 'r9', 'r0', 'r1'"):
        prisma_flow(RECORDS.iloc[2:9], LINKS, WHOLE)
    with pytest.raises(DataError, match="no column 'stage'"):
        prisma_flow(RECORDS, LINKS, WHOLE.drop(columns="stage"))


SUMS = {
    "database_results": 900,
    "register_results": 100,
    "database_specific_results": {"PubMed": 500, "Embase": 400},
    "duplicates": 200,
    "excluded_automatic": 0,
    "excluded_other": 0,
    "records_screened": 800,
    "records_excluded": 700,
    "dbr_sought_reports": 100,
    "dbr_notretrieved_reports": 4,
    "dbr_assessed": 96,
    "dbr_excluded": {"design": 50, "population": 6},
    "website_results": 2,
    "organisation_results": 3,
    "citations_results": 15,
    "other_sought_reports": 20,
    "other_notretrieved_reports": 1,
    "other_assessed": 19,
    "other_excluded": {"design": 9},
    "new_studies": 45,
    "new_reports": 50,
    "previous_studies": 5,
    "previous_reports": 6,
    "total_studies": 50,
    "total_reports": 56,
    "total_studies_ma": 30,
}


def test_every_key_of_the_template_has_its_stage() -> None:
    added = {"ongoing_reports", "awaiting_reports"}  # which the published template lacks
    assert set(TEMPLATE) == (set(KEYS) - set(COUNTED)) | added
    assert set(TEMPLATE.values()) == set(STAGES)


def test_counts_that_add_up() -> None:
    assert flow_problems(SUMS).empty
    assert flow_problems({}).empty


def test_each_source_is_counted() -> None:
    (problem,) = flow_problems({**SUMS, "database_specific_results": {"PubMed": 899}}).to_dict(
        "records"
    )
    assert problem["difference"] == 1
    assert problem["message"] == (
        "The counts of single databases sum to 899, but records identified from databases is "
        "900: a difference of 1."
    )


def test_counts_out_and_in(tmp_path: Path) -> None:
    path = PrismaFlow(dict(SUMS)).write(tmp_path / "flow.csv")
    flow = read_flow(path)
    assert {key: value for key, value in flow.counts.items() if value is not None} == SUMS
    assert flow.problems.empty
    broken = {**SUMS, "dbr_sought_reports": 16}
    assert read_flow(write_counts(broken, path)).problems["message"][0].endswith("84 too few.")


def test_the_program_s_own_blank_template(tmp_path: Path) -> None:
    path = tmp_path / "template.csv"
    path.write_text(
        'data,node,n\nNA,node4,0\nprevious_studies,node5,NA\ndatabase_results,node7,"1,200"\n'
        'database_specific_results,NA,"Database 1, NA; Database 2, 12"\n'
        'dbr_excluded,node14,"Reason1, xxx; Reason2, xxx"\nother_excluded,x,7\n',
        encoding="utf-8",
    )
    assert read_counts(path)[0] == {
        "previous_studies": None,
        "database_results": 1200,
        "database_specific_results": {"Database 2": 12},
        "dbr_excluded": None,
        "other_excluded": 7,
    }
    path.write_text("data,n\nduplicates,many\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"template.csv, line 2: duplicates: a count must be"):
        read_counts(path)
    with pytest.raises(DataError, match="there is no key 'duplicate' in a flow"):
        write_counts({"duplicate": 1}, path)


def test_the_drawing_says_every_count() -> None:
    figure = PrismaFlow(dict(SUMS)).draw(title="Flow of the review")
    for words in ("(n = 800)", "design (n = 50)", "Citation searching (n = 15)"):
        assert words in figure.description
    root = ET.fromstring(figure.svg)
    names = [element.tag.rpartition("}")[2] for element in root]
    assert names[:3] == ["title", "desc", "style"]
    assert root[0].text == "Flow of the review"
    assert root[1].text == figure.description
    assert root.get("aria-labelledby") == root[0].get("id")
    shown = " ".join("".join(root.itertext()).split()).replace("\xa0", " ")
    assert "Records screened (n = 800)" in shown
    assert figure.png.startswith(b"\x89PNG")
    assert figure.pdf.startswith(b"%PDF")
    assert figure.svg == PrismaFlow(dict(SUMS)).draw(title="Flow of the review").svg


def test_the_four_variants_have_their_columns() -> None:
    plain = {
        key: value
        for key, value in SUMS.items()
        if not key.startswith(("other", "website", "organ", "citat", "prev", "total"))
    }
    dot = PrismaFlow(plain).draw().dot
    assert "via other methods" not in dot
    assert "Previous studies" not in dot
    assert "Identification of studies via databases and registers" in dot
    dot = PrismaFlow(dict(SUMS)).draw().dot
    for words in ("Identification of new studies via other methods", "Previous studies"):
        assert words in dot
    assert "(n = )" in PrismaFlow({}).draw().description


def test_every_layer_is_drawn_where_it_is_counted() -> None:
    counts = {**SUMS, "register_specific_results": {"ICTRP": 60, "ISRCTN": 40}}
    boxes = {box.name: " ".join(box.lines).replace("\xa0", " ") for box in drawn_boxes(counts)[0]}
    assert "Databases (n = 900)    " in boxes["identified"]
    for words in ("PubMed (n = 500)", "Registers (n = 100)", "ISRCTN (n = 40)"):
        assert words in boxes["identified"]
    assert boxes["before"] == (
        "Studies included in previous version of review (n = 5) "
        "Reports of studies included in previous version of review (n = 6)"
    )
    assert "Organisations (n = 3)" in boxes["identified_other"]
    assert boxes["new"].endswith("Reports of new included studies (n = 50)")
    assert boxes["total"].endswith("Studies included in meta-analysis (n = 30)")
    # Without a previous version there is no total, and the meta-analysis stands with the rest.
    plain = {key: value for key, value in counts.items() if not key.startswith("prev")}
    boxes = {box.name: " ".join(box.lines).replace("\xa0", " ") for box in drawn_boxes(plain)[0]}
    assert "total" not in boxes
    assert boxes["new"].endswith("Studies included in meta-analysis (n = 30)")
    assert "Registers (n = )" in " ".join(drawn_boxes({})[0][0].lines).replace("\xa0", " ")


def test_no_line_is_wider_than_its_box() -> None:
    long = {"population of children, adolescents or adults with " + "several " * 9: 3}
    for box in drawn_boxes({**SUMS, "dbr_excluded": long})[0]:
        if box.kind == "box":
            assert max(text_width(line, SIZE) for line in box.lines) <= WIDTH - 2 * PAD


def test_headings_are_bold_in_every_format() -> None:
    figure = PrismaFlow(dict(SUMS)).draw()
    bold = [
        "".join(element.itertext())
        for element in ET.fromstring(figure.svg).iter("{http://www.w3.org/2000/svg}text")
        if element.get("font-weight") == "bold"
    ]
    assert bold == [
        "Identification of new studies via databases and registers",
        "Identification of new studies via other methods",
        "Previous studies",
    ]


def test_brackets_in_a_reason_do_not_part_it_from_its_count() -> None:
    figure = PrismaFlow({**SUMS, "dbr_excluded": {"population (children)": 56}}).draw()
    assert "Reports excluded: population (children) (n = 56)." in figure.description


def test_hostile_words_stay_words() -> None:
    reason = '"]; evil [label="<script>alert(1)</script>\\l'
    figure = PrismaFlow({**SUMS, "dbr_excluded": {reason: 56}}).draw()
    assert "<script>" not in figure.svg
    assert "evil" in "".join(ET.fromstring(figure.svg).itertext())


def test_control_characters_are_drawn_as_missing() -> None:
    reasons = {"wrong\x02design": 50, "page\x0cbreak": 4, "half a pair \ud800": 2}
    counts = {**SUMS, "dbr_excluded": reasons, "database_specific_results": {"Pub\x1fMed": 500}}
    figure = PrismaFlow(counts).draw(title="Leaves\x02 and roots")
    words = "".join(ET.fromstring(figure.svg).itertext()) + figure.title + figure.description
    for shown in ("wrong\ufffddesign", "Leaves\ufffd and roots", "half a pair \ufffd"):
        assert shown in words
    assert not set(words) & {"\x02", "\x0c", "\x1f", "\ud800"}
    assert figure.pdf.startswith(b"%PDF")


def test_saving(tmp_path: Path) -> None:
    figure = PrismaFlow(dict(SUMS)).draw()
    for kind in ("svg", "png", "pdf", "dot"):
        assert figure.save(tmp_path / f"flow.{kind}").stat().st_size > 1000
    assert len(list(tmp_path.iterdir())) == 4
    with pytest.raises(figure_errors.OptionError, match=r"got 'flow.docx'"):
        figure.save(tmp_path / "flow.docx")
    with pytest.raises(
        figure_errors.FileError, match=r"nowhere.flow\.svg: not saved, because there is no folder"
    ):
        figure.save(tmp_path / "nowhere" / "flow.svg")
    assert set(figure._repr_mimebundle_()) == {"text/html", "application/pdf", "text/plain"}


def test_the_flow_shows_itself() -> None:
    flow = PrismaFlow(dict(SUMS), flow_problems({**SUMS, "duplicates": 100}))
    assert "Records screened 800" in str(flow)
    assert "100 too many" not in str(flow)
    assert "100 too few" in flow._repr_html_()
    assert flow.to_frame().set_index("key").loc["dbr_excluded", "n"] == 56


def test_numbers_serve_as_ids() -> None:
    records = pd.DataFrame({"record_id": [1, 2, 3], "title": list("abc"), "database": list("XXY")})
    links = pd.DataFrame(
        {"record_id": [3], "duplicate_of": [1], "reason": ["same"], "certain": [True]}
    )
    decisions = pd.DataFrame(
        {
            "record_id": [3, 2],
            "stage": "title_abstract",
            "screener": "Ann",
            "decision": ["include", "exclude"],
            "reason": "",
        }
    )
    as_numbers = prisma_flow(records, links, decisions)
    tables = (records, links, decisions)
    names = ["record_id", "duplicate_of"]
    as_words = prisma_flow(
        *(one.astype({name: str for name in names if name in one}) for one in tables)
    )
    assert as_numbers.counts == as_words.counts
    assert as_numbers.counts["duplicates"] == as_numbers.counts["records_excluded"] == 1


@pytest.mark.extras
def test_the_diagram_is_a_slide_and_a_drawio_diagram_with_the_same_places(tmp_path: Path) -> None:
    from pptx import Presentation

    counts = {**SUMS, "website_results": 3, "previous_studies": 10, "total_studies": 35}
    figure = PrismaFlow(counts).draw()
    deck = Presentation(str(figure.save(tmp_path / "flow.pptx")))
    slide = {shape.name: shape for shape in deck.slides[0].shapes}
    diagram = ET.parse(figure.save(tmp_path / "flow.drawio")).getroot()
    cells = {cell.get("id"): cell for cell in diagram.iter("UserObject")}
    boxes = {shape.name: shape for shape in figure.scene.shapes}
    scale = slide["node_screened"].width / boxes["node_screened"].place.width
    for name, box in boxes.items():
        assert slide[name].height == pytest.approx(box.place.height * scale, rel=1e-3)
        geometry = next(cells[name].iter("mxGeometry"))
        assert float(geometry.get("height")) == pytest.approx(box.place.height * 96 / 72, abs=0.1)
        written = slide[name].text_frame.text.split("\n")
        assert written == [paragraph.text for paragraph in box.paragraphs]
    assert boxes["node_phase_2"].turned
    assert 'vert="vert270"' in slide["node_phase_2"].element.xml
    assert "horizontal=0" in next(cells["node_phase_2"].iter("mxCell")).get("style")
    for arrow in figure.scene.arrows:
        assert arrow.name in slide
        joined = next(cells[arrow.name].iter("mxCell"))
        assert (joined.get("source"), joined.get("target")) == (arrow.source, arrow.target)


def test_arrows_of_the_diagram_join_its_boxes() -> None:
    figure = PrismaFlow({**SUMS, "website_results": 3, "previous_studies": 10}).draw()
    boxes = {shape.name: shape.place for shape in figure.scene.shapes}
    for arrow in figure.scene.arrows:
        for (x, y), name in (
            (arrow.route.points[0], arrow.source),
            (arrow.route.tip, arrow.target),
        ):
            place = boxes[name]
            aside = max(abs(x - place.x) - place.width / 2, abs(y - place.y) - place.height / 2)
            assert aside == pytest.approx(0, abs=1e-9)
