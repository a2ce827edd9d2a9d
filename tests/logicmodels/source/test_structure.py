"""What a file says of its own structure: columns, groups, what acts on what, labels, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from logicmodels import LogicModel, SpecError

TEXT = """\
spec_version: 1
profile: theory-of-change
title: Visits (made up)
columns:
  - {id: inputs, heading: What we invest, kind: input}
  - activities
  - {id: early, heading: Within a year, kind: outcome, group: Outcomes}
  - {id: late, heading: Within three years, kind: outcome, group: Outcomes}
  - impact
  - {id: factors, heading: External factors, kind: context}
nodes:
  - {id: nurses, column: inputs, label: Nurses}
  - {id: visits, column: activities, label: Visits, group: Referral, tags: [core], owner: Trust}
  - {id: line, column: activities, label: Phone line, group: Referral}
  - {id: early1, column: early, label: Symptoms reported early}
  - {id: late1, column: late, label: Treatment begins at home}
  - {id: fewer, column: impact, label: Fewer admissions}
  - {id: flu, column: factors, label: Flu season, acts_on: [fewer, early1 -> late1]}
links:
  - {from: nurses, to: [visits, line]}
  - {from: visits, to: early1, label: weekly, confidence: 60%}
  - line -> early1
  - {from: early1, to: late1, confidence: 80}
  - late1 -> fewer
views:
  - {id: core, tags: [core]}
  - {id: trust, owners: [Trust]}
"""
MODEL = LogicModel.from_text(TEXT)


def test_columns_of_its_own_take_the_place_of_the_profiles() -> None:
    assert [column.id for column in MODEL.profile.flow] == [
        *("inputs", "activities", "early", "late", "impact")
    ]
    assert MODEL.heading("early") == "Within a year"
    assert MODEL.column_group("late") == "Outcomes"
    # A column of the profile that is named by its id alone is the profile's.
    assert (MODEL.heading("activities"), MODEL.profile.column("activities").kind) == (
        "Activities",
        "activity",
    )
    assert "Within three years" in MODEL.draw().svg


def test_confidence_is_in_per_cent_with_and_without_the_sign() -> None:
    assert [link.confidence for link in MODEL.links] == [None, None, 60, None, 80, None]
    assert MODEL.links[2].on_arrow == "weekly (60%)"
    assert MODEL.links[4].on_arrow == "80%"


def test_a_model_with_structure_is_written_and_read_in_every_form(tmp_path: Path) -> None:
    assert MODEL.to_yaml() == TEXT
    again = LogicModel.from_text(replace(MODEL, origin="").to_yaml())
    assert again == MODEL
    path = tmp_path / "model.json"
    path.write_text(MODEL.to_json(), encoding="utf-8")
    assert LogicModel.read(path) == MODEL
    tables = MODEL.to_tables()
    tables.save(tmp_path / "model.xlsx")
    book = LogicModel.from_tables(tmp_path / "model.xlsx")
    assert replace(book, views=MODEL.views) == MODEL
    rows = LogicModel.from_tables(tables.nodes, tables.links, **tables.keys)
    assert rows == MODEL


def test_own_columns_are_part_of_what_is_locked() -> None:
    other = LogicModel.from_text(TEXT.replace("Within a year", "Within two years"))
    assert other.fingerprint != MODEL.fingerprint
    assert "Within two years" in str(other.diff(MODEL))


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("kind: input}", "kind: inputs}", "kind must be"),
        ("heading: What we invest, ", "", "the key 'heading' is missing"),
        ("{id: late, h", "{id: early, h", "the column 'early' is already on line 7"),
        ("column: late,", "column: later,", "no column 'later' in the profile; did you mean"),
        ("[fewer, ", "[fever, ", "no node 'fever'; did you mean 'fewer'?"),
        ("early1 -> late1]", "early1 -> fewer]", "no arrow early1 -> fewer; add it under links"),
        ("label: Phone line,", "label: L, acts_on: [fewer],", "acts_on is for context"),
        ("60%", "0.6", "confidence must be a whole number"),
        ("60%", "0.6", "write it in per cent, as 60 or 60%"),
        ("60%", "160", "confidence must be at most 100; got 160"),
        ("weekly", "w" * 81, "has at most 80 characters, and this one 81"),
        ("tags: [core]}\n  - {id: t", "tags: [cor]}\n  - {id: t", "no tag 'cor'"),
        ("owners: [Trust]", "owners: [Trusts]", "no owner 'Trusts'"),
        ("late1 -> fewer", "flu -> fewer", "write  acts_on: [fewer]  at the box 'flu'"),
        ("owner: Trust", "model: ../other.yaml", "a box opens into a file in the folder"),
        ("owner: Trust", "model: C:/other.yaml", "a box opens into a file in the folder"),
        ("owner: Trust", "model: other.docx", "must end in .yaml"),
    ],
)
def test_slips_are_told(before: str, after: str, message: str) -> None:
    assert before in TEXT
    with pytest.raises(SpecError) as told:
        LogicModel.from_text(TEXT.replace(before, after, 1))
    assert message in str(told.value)


def test_a_causal_loop_map_has_no_columns() -> None:
    text = TEXT.replace("theory-of-change", "system-map")
    with pytest.raises(SpecError, match="a causal loop map has no columns"):
        LogicModel.from_text(text)


def test_views_choose_boxes_by_tags_and_owners() -> None:
    for view in ("core", "trust"):
        drawn = [one.name for one in MODEL.draw(view=view).scene.shapes]
        assert [name for name in drawn if name.startswith("node_")] == ["node_visits"]


PART = """\
spec_version: 1
profile: theory-of-change
title: The phone line (made up)
nodes:
  - {id: a, column: activities, label: Nurses answer calls}
  - {id: b, column: impact, label: Callers know what to do}
links: [a -> b]
"""


def nested(folder: Path, inner: str = PART) -> LogicModel:
    (folder / "parts").mkdir(exist_ok=True)
    (folder / "parts" / "line.yaml").write_text(inner, encoding="utf-8")
    text = TEXT.replace("label: Phone line,", "label: Phone line, model: parts/line.yaml,")
    (folder / "model.yaml").write_text(text, encoding="utf-8")
    return LogicModel.read(folder / "model.yaml")


def test_a_box_opens_into_a_model_of_its_own(tmp_path: Path) -> None:
    model = nested(tmp_path)
    assert [(one.path, one.model.title) for one in model.opened] == [
        ("parts/line.yaml", "The phone line (made up)")
    ]
    assert "Opens into The phone line" in " ".join(
        line.text for shape in model.draw().scene.shapes for line in shape.place.lines
    )
    alone = LogicModel.read(tmp_path / "parts" / "line.yaml")
    inside = {f"parts/line.yaml: {one.where}" for one in alone.check().findings}
    assert inside <= {one.where for one in model.check().findings}


def test_changes_in_a_nested_model_are_told(tmp_path: Path) -> None:
    older = nested(tmp_path)
    newer = nested(tmp_path, PART.replace("answer calls", "take calls"))
    assert [one.where for one in newer.diff(older)] == ["parts/line.yaml: node a"]


def test_what_was_not_read_from_a_folder_says_that_it_opened_nothing() -> None:
    text = TEXT.replace("label: Phone line,", "label: Phone line, model: parts/line.yaml,")
    model = LogicModel.from_text(text)
    assert model.opened == ()
    assert "parts/line.yaml: not opened" in str(model.check())


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        (PART.replace("label: Nurses", "model: ../model.yaml, label: Nurses"), "opens into a file"),
        (PART.replace("label: Nurses", "model: line.yaml, label: Nurses"), "inside itself"),
        (PART.replace("label: Nurses", "model: no.yaml, label: Nurses"), "there is no such file"),
        (PART.replace("activities", "activity"), "no column 'activity'"),
    ],
)
def test_nested_files_are_as_strict(tmp_path: Path, inner: str, message: str) -> None:
    with pytest.raises(SpecError) as told:
        nested(tmp_path, inner)
    assert message in str(told.value)
    assert str(told.value).startswith("parts/line.yaml: ")


def test_a_link_in_the_folder_does_not_lead_out_of_it(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    for folder in (home, other):
        folder.mkdir()
    (other / "line.yaml").write_text(PART, encoding="utf-8")
    (home / "parts").symlink_to(other)
    text = TEXT.replace("label: Phone line,", "label: Phone line, model: parts/line.yaml,")
    (home / "model.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match="outside the folder of the model, home"):
        LogicModel.read(home / "model.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  - line -> early1",
            "  - {from: line, to: Referral}",
            "line 22, column 22: 'Referral' is a group, and an arrow joins boxes; name those that"
            " it is meant for, as in to: [visits, line] [group-link]",
        ),
        (
            "  - line -> early1",
            "  - {from: Nurses' work, to: early1}",
            'line 22, column 12: "Nurses\' work" is a group, and an arrow joins boxes; name those'
            " that it is meant for, as in from: [nurses] [group-link]",
        ),
        (
            "acts_on: [fewer, early1 -> late1]",
            "acts_on: [Referral]",
            "line 18, column 61: 'Referral' is a group; name its boxes, as in acts_on:"
            " [visits, line] [group-link]",
        ),
        (
            "confidence: 60%",
            "confidence: 160%",
            "line 21, column 59: confidence must be at most 100; got 160 [value]",
        ),
    ],
)
def test_groups_have_no_arrows_and_confidence_has_an_end(old: str, new: str, message: str) -> None:
    nurses = "label: Nurses, group: Nurses' work}"
    with pytest.raises(SpecError) as told:
        LogicModel.from_text(TEXT.replace(old, new).replace("label: Nurses}", nurses))
    assert str(told.value).splitlines()[1:] == [f"  {message}"]


def test_columns_that_are_all_context_are_told_which_other_kinds_there_are() -> None:
    text = TEXT.replace("kind: input", "kind: context").replace("kind: outcome", "kind: context")
    for column in ("activities", "impact"):
        text = text.replace(f"  - {column}\n", "")
    with pytest.raises(SpecError, match=r"situation, .*outcome, impact \[columns\]"):
        LogicModel.from_text(text)
