"""Ranking: an order, the same on every run, that leaves nothing out. Records are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from synthesis.boards.screening import screening_board
from synthesis.library.ranking import text_model
from synthesis.library.ranking.ranking import rank_records
from synthesis.library.ranking.text_model import features, scores

pytestmark = pytest.mark.extras

TREES = ["oak leaves in spring", "elm leaves in autumn", "ash leaves and roots", "birch leaves"]
BEDS = ["hospital beds in use", "beds and staff", "hospital staff at night", "beds by ward"]
RECORDS = pd.DataFrame(
    {
        "record_id": [f"r:{at}" for at in range(8)],
        "title": [title for pair in zip(BEDS, TREES, strict=True) for title in pair],
        "abstract": "",
    }
)


def decided(*rows: tuple[str, str], stage: str = "title_abstract") -> pd.DataFrame:
    return pd.DataFrame(
        [
            [one, stage, "ann", said, "", f"2026-03-01T10:{at:02d}"]
            for at, (one, said) in enumerate(rows)
        ],
        columns=["record_id", "stage", "screener", "decision", "reason", "time"],
    )


def test_likely_inclusions_come_first_and_nothing_is_left_out() -> None:
    ranking = rank_records(RECORDS, decided(("r:1", "include"), ("r:0", "exclude")))
    frame = ranking.to_frame()
    assert set(frame["record_id"][:3]) == {"r:3", "r:5", "r:7"}
    assert sorted(frame["record_id"]) == ["r:2", "r:3", "r:4", "r:5", "r:6", "r:7"]
    assert frame["place"].tolist() == [1, 2, 3, 4, 5, 6]
    assert frame["score"].is_monotonic_decreasing
    assert ranking.order == "ranked"
    assert "Learned from 2 records, of which 1 included." in ranking.remarks
    again = rank_records(RECORDS, decided(("r:1", "include"), ("r:0", "exclude")))
    pd.testing.assert_frame_equal(frame, again.to_frame())


def test_the_order_is_as_given_until_both_kinds_are_known() -> None:
    ranking = rank_records(RECORDS, decided(("r:1", "include")))
    assert ranking.order == "as given"
    assert ranking.to_frame()["record_id"].tolist() == [f"r:{at}" for at in (0, 2, 3, 4, 5, 6, 7)]
    assert ranking.to_frame()["score"].isna().all()


def test_what_is_open_stays_in_the_list_and_says_why() -> None:
    rows = pd.concat(
        [
            decided(("r:1", "include"), ("r:0", "exclude"), ("r:3", "include"), ("r:5", "unsure")),
            decided(("r:3", "exclude")).assign(screener="bob"),
            decided(("r:2", "exclude"), stage="before_screening"),
        ]
    )
    ranking = rank_records(RECORDS, rows)
    state = ranking.to_frame().set_index("record_id")["state"].to_dict()
    assert state == {
        "r:3": "conflict",
        "r:5": "unsure",
        "r:4": "not screened",
        "r:6": "not screened",
        "r:7": "not screened",
    }
    assert "Not in the list: 1 record excluded before screening." in ranking.remarks
    assert (ranking.stopping.n, ranking.stopping.seen, ranking.stopping.found) == (7, 2, 1)


def test_duplicates_count_for_the_record_that_represents_them() -> None:
    links = pd.DataFrame(
        [["r:3", "r:1", "same", True]], columns=["record_id", "duplicate_of", "reason", "certain"]
    )
    ranking = rank_records(RECORDS, decided(("r:3", "include"), ("r:0", "exclude")), links=links)
    assert not {"r:1", "r:3"} & set(ranking.to_frame()["record_id"])
    assert ranking.stopping.n == 7


def test_the_order_of_screening_is_that_of_the_times() -> None:
    rows = decided(("r:1", "include"), ("r:0", "exclude"), ("r:2", "exclude"))
    one = rank_records(RECORDS, rows).stopping
    other = rank_records(RECORDS, rows.iloc[::-1]).stopping
    assert one.p_value == other.p_value
    assert one.remarks == ("The order of screening was read from the times of the decisions.",)
    without = rank_records(RECORDS, rows.assign(time="")).stopping
    assert "Not every decision has a time" in without.remarks[0]


def test_texts_without_words_are_kept_in_their_order() -> None:
    blank = RECORDS.assign(title="", abstract="")
    ranking = rank_records(blank, decided(("r:1", "include"), ("r:0", "exclude")))
    assert ranking.to_frame()["record_id"].tolist() == [f"r:{at}" for at in range(2, 8)]


def test_features_are_kept_and_not_mixed_up() -> None:
    one, other = features(TREES), features(BEDS)
    assert features(list(TREES)) is one
    assert other is not one
    import numpy as np

    found = scores(one, np.array([0]), np.array([1]))
    assert found[0] > found[1]


def test_a_board_follows_the_ranking_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ann.csv"
    board = screening_board(RECORDS, stage="title_abstract", screener="ann", path=path, ranked=True)
    for said in ("exclude", "include"):
        item = board.state()["item"]
        board.receive({"do": "choose", "item": item, "group": "decision", "choice": said})
    assert board.state()["item"] in ("r:3", "r:5", "r:7")
    item = board.state()["item"]
    board.receive({"do": "choose", "item": item, "group": "decision", "choice": "include"})
    kept = pd.read_csv(path, dtype=str)
    assert dict(zip(kept["record_id"], kept["order"], strict=True)) == {
        "r:0": "as given",
        "r:1": "as given",
        item: "ranked",
    }
    again = screening_board(RECORDS, stage="title_abstract", screener="ann", path=path)
    assert again.state()["item"] == "r:2", "off by default"


@pytest.mark.parametrize("fewest", [1, 2])
def test_words_and_pairs_are_those_that_scikit_learn_counts(fewest: int) -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    texts = [
        "Oak leaves, oak leaves; an oak's leaf-fall in 2019. A b c",
        "oak LEAVES fall \u00c9t\u00e9 \u0434\u0443\u0431 \u0434\u0443\u0431",
        "",
        "leaves_fall x2 x10 fall oak",
        "oak",
        "oak fall",
    ]
    counter = CountVectorizer(ngram_range=(1, 2), min_df=fewest, max_df=text_model._TOO_COMMON)
    expected = counter.fit_transform(texts)
    counts, single = text_model._counts(texts, fewest=fewest)
    assert counts.toarray().tolist() == expected.toarray().tolist()
    names = counter.get_feature_names_out()
    assert single.tolist() == [at for at, name in enumerate(names) if " " not in name]


def test_scripts_without_blanks_between_words_are_learned_from() -> None:
    chinese = ["高危患者的病例管理：随机对照试验", "老年人病例管理的效果", "社区病例管理与住院率"]
    others = ["橡树叶片的秋季变化", "叶片与根系的生长", "秋季橡树的根系研究"]
    titles = [title for pair in zip(others, chinese, strict=True) for title in pair]
    records = pd.DataFrame({"record_id": [f"r:{at}" for at in range(6)], "title": titles})
    ranking = rank_records(records, decided(("r:1", "include"), ("r:0", "exclude")))
    assert set(ranking.to_frame()["record_id"][:2]) == {"r:3", "r:5"}
    counts, single = text_model._counts(["CT扫描 病例", "ผู้ป่วย"], fewest=1)
    assert counts[0].sum() == 5 + 4, "ct and four characters, and the pairs of neighbours"
    assert len(single) == counts.shape[1] - 4 - (counts[1].sum() // 2)
