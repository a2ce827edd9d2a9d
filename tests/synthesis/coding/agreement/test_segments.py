"""Agreement on pieces of text: by algebra, character by character, and as NVivo prints it."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from arrowroot.errors import DataError, OptionError
from synthesis.coding.agreement.agreement import agreement
from synthesis.coding.agreement.segments import ALL_CODES, segment_agreement

ROUNDING = 1e-12  # sums of a few hundred exact counts
CELLS = ["both", "first_only", "second_only", "neither"]


def marked(*pieces: tuple[str, str, str, object, object]) -> pd.DataFrame:
    return pd.DataFrame(pieces, columns=["source", "coder", "code", "start", "end"])


NEARLY = marked(("talk", "ann", "trust", 0, 5), ("talk", "bob", "trust", 0, 6))


def test_nearly_the_same_piece_by_character() -> None:
    row = segment_agreement(NEARLY, texts={"talk": 10}).loc[0]
    assert row[CELLS].tolist() == [5, 0, 1, 4]
    assert row["percent"] == 0.9
    assert row["positive"] == pytest.approx(10 / 11)
    assert row["overlap"] == pytest.approx(5 / 6)
    # Chance: 5/10 * 6/10 + 5/10 * 4/10 = 0.5, so that kappa is (0.9 - 0.5) / 0.5.
    assert row["cohen_kappa"] == pytest.approx(0.8)
    # 20 judgements, 11 of them yes: alpha = 1 - 19 * 2 / (2 * 11 * 9).
    assert row["krippendorff_alpha"] == pytest.approx(1 - 19 * 2 / (2 * 11 * 9))
    assert row["reason"] is None


def test_the_percentages_of_nvivos_help() -> None:
    """Its example: of 1,000 characters, 50 coded by both, 150 by one and 800 by neither: 85%."""
    codings = marked(("doc", "A", "node", 0, 120), ("doc", "B", "node", 70, 200))
    row = segment_agreement(codings, texts={"doc": 1000}).loc[0]
    assert row[CELLS].tolist() == [50, 70, 80, 800]
    assert row["percent"] == 0.85
    expected = cohens_kappa(np.array([[50, 70], [80, 800]])).kappa
    assert row["cohen_kappa"] == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("seed", range(5))
def test_by_character_is_agreement_on_every_character(seed: int) -> None:
    """Two texts, two codes, overlapping pieces of one coder: against characters as units."""
    random = np.random.default_rng(seed)
    lengths = {"one": 40, "two": 25}
    rows = []
    for source, coder, code in product(lengths, ["ann", "bob"], ["x", "y"]):
        for _ in range(3):
            start = int(random.integers(0, lengths[source] - 1))
            rows.append((source, coder, code, start, int(random.integers(start + 1, start + 9))))
    codings = marked(*rows)
    codings["end"] = np.minimum(codings["end"], codings["source"].map(lengths))
    table = segment_agreement(codings, texts=lengths).set_index("code")
    sums = np.zeros(4)
    for code in ["x", "y"]:
        given = {
            (row.source, row.coder, at)
            for row in codings[codings["code"] == code].itertuples()
            for at in range(row.start, row.end)
        }
        characters = pd.DataFrame(
            [
                {"unit": f"{source} {at}", "coder": who, "code": int((source, who, at) in given)}
                for source, length in lengths.items()
                for at in range(length)
                for who in ["ann", "bob"]
            ]
        )
        wide = characters.pivot_table(index="unit", columns="coder", values="code")
        cells = [
            int(((wide["ann"] == one) & (wide["bob"] == two)).sum())
            for one, two in [(1, 1), (1, 0), (0, 1), (0, 0)]
        ]
        assert table.loc[code, CELLS].tolist() == cells
        sums += cells
        expected = agreement(characters)["value"]
        for name in ("percent", "cohen_kappa", "krippendorff_alpha"):
            assert table.loc[code, name] == pytest.approx(expected[name], abs=ROUNDING)
    assert table.loc[ALL_CODES, CELLS].tolist() == sums.tolist()


def test_who_comes_first_and_the_order_of_rows_do_not_matter() -> None:
    codings = pd.concat([NEARLY, marked(("talk", "ann", "fear", 7, 9))])
    for by in ("character", "overlap"):
        before = segment_agreement(codings, texts={"talk": 10}, by=by)
        after = segment_agreement(codings.iloc[::-1], texts={"talk": 10}, by=by)
        pd.testing.assert_frame_equal(before, after)


def test_text_that_nobody_coded_counts_only_if_its_length_is_known() -> None:
    table = segment_agreement(NEARLY)
    assert table.loc[0, CELLS].tolist() == [5, 0, 1, 0]
    assert table.loc[0, "cohen_kappa"] == 0
    assert "kappa cannot be above 0, however much they share" in table.loc[0, "reason"]
    assert table.attrs["notes"] == [
        "ann and bob: text that neither coded is not counted in talk, whose length is not known; "
        "give the texts."
    ]
    # Text with another code is text without this one.
    other = pd.concat([NEARLY, marked(("talk", "bob", "fear", 6, 10))])
    assert segment_agreement(other).set_index("code").loc["trust", CELLS].tolist() == [5, 0, 1, 4]


def test_texts_are_numbers_texts_or_a_table() -> None:
    wanted = segment_agreement(NEARLY, texts={"talk": 10})
    table = pd.DataFrame({"source": ["talk", "scan"], "text": ["They trust", None]})
    for texts in ({"talk": "They trust"}, table):
        pd.testing.assert_frame_equal(segment_agreement(NEARLY, texts=texts), wanted)
    with pytest.raises(DataError, match=r"pieces lie outside their text: talk \(0 to 6 of 5\)"):
        segment_agreement(NEARLY, texts={"talk": "Trust"})


@pytest.mark.parametrize(
    ("threshold", "both"), [(0.5, 1), (5 / 6, 1), (0.84, 0), (1, 0)]
)  # they share 5 of 6 characters
def test_by_overlap_a_threshold_decides(threshold: float, both: int) -> None:
    row = segment_agreement(NEARLY, by="overlap", threshold=threshold).loc[0]
    assert row[["both", "first_only", "second_only"]].tolist() == [both, 1 - both, 1 - both]
    assert row["percent"] == row["positive"] == both
    assert row["overlap"] == (pytest.approx(5 / 6) if both else None)
    assert row["neither"] is row["cohen_kappa"] is row["krippendorff_alpha"] is None
    assert row["reason"].startswith(
        "No kappa or alpha: chance agreement needs the number of pieces"
    )


def test_each_piece_has_one_counterpart_and_as_many_as_possible_are_paired() -> None:
    """Ann's first piece fits both of Bob's, best his second, which is the only one for hers."""
    codings = marked(
        ("talk", "ann", "x", 0, 10), ("talk", "ann", "x", 9, 16),
        ("talk", "bob", "x", 0, 5), ("talk", "bob", "x", 4, 12),
    )  # fmt: skip
    # Overlaps: (0-10, 0-5) 5/10, (0-10, 4-12) 6/12, (9-16, 4-12) 3/12; none of (9-16, 0-5).
    row = segment_agreement(codings, by="overlap", threshold=0.25).loc[0]
    assert row[["both", "first_only", "second_only"]].tolist() == [2, 0, 0]
    assert row["overlap"] == pytest.approx((5 / 10 + 3 / 12) / 2)
    stricter = segment_agreement(codings, by="overlap", threshold=0.5).loc[0]
    assert stricter[["both", "first_only", "second_only"]].tolist() == [1, 1, 1]
    assert stricter["positive"] == 0.5


def test_other_codes_and_other_sources_do_not_agree() -> None:
    codings = marked(
        ("one", "ann", "x", 0, 5), ("one", "bob", "y", 0, 5),
        ("two", "ann", "x", 0, 5), ("two", "bob", "x", 5, 9),
    )  # fmt: skip
    for by, cells in (("character", [0, 10, 4]), ("overlap", [0, 2, 1])):
        table = segment_agreement(codings, by=by).set_index("code")
        assert table.loc["x", CELLS[:3]].tolist() == cells
        assert table.loc["x", "positive"] == 0


def test_a_source_that_one_coder_left_out_is_said_and_a_row_without_code_says_looked() -> None:
    codings = pd.concat([NEARLY, marked(("memo", "ann", "trust", 0, 4))])
    table = segment_agreement(codings, texts={"talk": 10, "memo": 8})
    assert table.loc[0, CELLS].tolist() == [5, 0, 1, 4]
    assert table.attrs["notes"] == ["ann and bob: only one of them coded memo, which is left out."]
    assert "only one of them coded memo" in str(table)
    looked = pd.concat([codings, marked(("memo", "bob", None, None, None))])  # type: ignore[arg-type]
    table = segment_agreement(looked, texts={"talk": 10, "memo": 8})
    assert table.loc[0, CELLS].tolist() == [5, 4, 1, 8]


def test_every_pair_of_coders_has_its_rows() -> None:
    codings = pd.concat([NEARLY, marked(("talk", "cleo", "trust", 2, 8))])
    table = segment_agreement(codings, texts={"talk": 10})
    own = table[table["code"] == "trust"].set_index(["first", "second"])
    assert own["both"].to_dict() == {("ann", "bob"): 5, ("ann", "cleo"): 3, ("bob", "cleo"): 4}


def test_paradox_and_undefined_are_explained() -> None:
    rare = marked(("doc", "A", "x", 0, 10), ("doc", "B", "x", 8, 18))
    row = segment_agreement(rare, texts={"doc": 1000}).loc[0]
    assert row["percent"] == 0.984
    assert row["cohen_kappa"] < 0.4
    assert row["reason"].startswith("Prevalence paradox: the coders agree on 98.4% of characters")
    assert "99.0% of all judgements are 'without the code'" in row["reason"]
    same = marked(("doc", "A", "x", 0, 10), ("doc", "B", "x", 0, 10))
    row = segment_agreement(same).loc[0]
    assert row["percent"] == row["overlap"] == 1
    assert row["cohen_kappa"] is None
    assert row["reason"].startswith("Undefined: both coders gave the code to all the text")


def test_one_reading_of_names() -> None:
    codings = marked(
        (1, "Ann ", 7, "0", 5.0), ("1", "bob", "7", 0, "6"), ("1 ", "ann", "7", 0, 5),  # type: ignore[arg-type]
    )  # fmt: skip
    row = segment_agreement(codings, texts={1: 10}).loc[0]  # type: ignore[dict-item]
    assert row[CELLS].tolist() == [5, 0, 1, 4]


def test_codings_without_positions_are_said() -> None:
    codings = pd.concat(
        [NEARLY, marked(("photo", "ann", "trust", None, pd.NA), ("talk", "bob", "trust", 7, 7))]
    )
    notes = segment_agreement(codings, texts={"talk": 10}).attrs["notes"]
    assert notes[0] == (
        "Left out: 2 codings without characters, such as those of a picture, of a whole source or "
        "of an empty line."
    )


@pytest.mark.parametrize(
    ("piece", "where"),
    [
        (("talk", "ann", "x", 6, 5), r"row 2 \(6 to 5\)"),
        (("talk", "ann", "x", -1, 5), r"row 2 \(-1 to 5\)"),
        (("talk", "ann", "x", 1.5, 5), r"row 2 \(1.5 to 5\)"),
        (("talk", "ann", "x", 1, None), r"row 2 \(1 to \?\)"),
        (("talk", "ann", None, 1, 5), r"row 2 \(1 to 5\)"),
    ],
)
def test_impossible_pieces_are_refused(
    piece: tuple[str, str, str, object, object], where: str
) -> None:
    codings = pd.concat([NEARLY, marked(piece)], ignore_index=True)
    with pytest.raises(DataError, match=f"a piece needs a code, a start, .* wrong in {where}"):
        segment_agreement(codings)


def test_bad_options_are_refused() -> None:
    with pytest.raises(OptionError, match="by must be one of 'character', 'overlap'"):
        segment_agreement(NEARLY, by="word")
    for threshold in (0, 1.1, "0.5", True):
        with pytest.raises(OptionError, match="threshold must be above 0 and at most 1"):
            segment_agreement(NEARLY, by="overlap", threshold=threshold)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no source was coded by two coders"):
        segment_agreement(NEARLY.head(1))
    with pytest.raises(DataError, match="start: the table has no column 'start'"):
        segment_agreement(NEARLY.drop(columns="start"))
    with pytest.raises(DataError, match=r"a code is called '\(all codes\)'"):
        segment_agreement(NEARLY.assign(code=ALL_CODES))


def test_a_notebook_shows_the_table() -> None:
    page = segment_agreement(NEARLY, texts={"talk": 10})._repr_html_()
    assert "Agreement on pieces of text, in characters" in page
    assert "ann and bob" in page
    assert "90.0%" in page
    pieces = segment_agreement(NEARLY, by="overlap", threshold=0.8)._repr_html_()
    assert "overlap by at least 80%" in pieces
    assert "No kappa or alpha" in pieces
