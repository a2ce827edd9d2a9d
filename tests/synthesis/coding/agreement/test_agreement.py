"""Agreement against published values, other programs and its own definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from arrowroot.errors import DataError, OptionError
from synthesis.coding.agreement.agreement import agreement, agreement_by_code, agreement_by_pair

ROUNDING = 1e-12  # sums of a few hundred exact counts


def long(rows: list[list[object]]) -> pd.DataFrame:
    """One row per coder, one column per unit; None where the coder did not code it."""
    return pd.DataFrame(
        [
            {"unit": unit, "coder": f"coder {coder}", "code": code}
            for coder, codes in enumerate(rows)
            for unit, code in enumerate(codes)
        ]
    )


def square(table: list[list[int]]) -> pd.DataFrame:
    """Two coders from their cross-table: cell (i, j) holds units coded i by one, j by the other."""
    cells = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    return long([[i for i, _ in cells], [j for _, j in cells]])


# Krippendorff's reliability data: 4 observers, 12 units, values missing (Content Analysis,
# chapter 12; Computing Krippendorff's Alpha-Reliability, 2011). R's irrCAC ships them as
# cac.raw4raters.
_ = None
KRIPPENDORFF = long(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)
ABSTRACTORS = square([[13, 0, 0], [0, 20, 7], [0, 4, 56]])  # irrCAC, cont3x3abstractors
PARADOX = square([[118, 5], [2, 0]])
# Fleiss 1971, table 1: 14 raters, 10 subjects, 5 categories, as printed in many textbooks.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_prints_his_own_alphas(level: str, alpha: float) -> None:
    value = agreement(KRIPPENDORFF, level=level).loc["krippendorff_alpha", "value"]
    assert round(value, 3) == alpha


def test_irrcac_with_missing_codes() -> None:
    values = agreement(KRIPPENDORFF)["value"]
    assert round(values["percent"], 6) == 0.818182
    assert round(values["fleiss_kappa"], 5) == 0.76117
    assert round(values["krippendorff_alpha"], 5) == 0.74342
    assert round(values["gwet_ac1"], 5) == 0.77544


def test_irrcac_two_abstractors() -> None:
    values = agreement(ABSTRACTORS)["value"]
    assert round(values["percent"], 2) == 0.89
    assert round(values["cohen_kappa"], 4) == 0.7964
    assert round(values["krippendorff_alpha"], 5) == 0.79726
    assert round(values["gwet_ac1"], 5) == 0.84933


def test_bootstrap_of_two_abstractors_has_irrcac_width() -> None:
    table = agreement(ABSTRACTORS, bootstrap=4000, seed=1)
    low, high = table.loc["cohen_kappa", ["ci_low", "ci_high"]]
    # irrCAC prints the analytic standard error 0.0589. A percentile interval of 100 units
    # agrees with it to a tenth, not to its digits.
    assert (high - low) / (2 * 1.96) == pytest.approx(0.0589, rel=0.1)


def test_fleiss_1971() -> None:
    rows = [[c for c, n in enumerate(counts) for _ in range(n)] for counts in FLEISS]
    value = agreement(long(np.array(rows).T.tolist())).loc["fleiss_kappa", "value"]
    assert value == pytest.approx(statsmodels_fleiss(FLEISS), abs=ROUNDING)
    assert round(value, 3) == 0.210


@pytest.mark.parametrize("seed", range(5))
def test_cohen_equals_statsmodels(seed: int) -> None:
    table = np.random.default_rng(seed).integers(1, 12, size=(4, 4))
    ours = agreement(square(table.tolist()), level="ordinal")["value"]
    assert ours["cohen_kappa"] == pytest.approx(cohens_kappa(table).kappa, abs=ROUNDING)
    for weights in ("linear", "quadratic"):
        theirs = cohens_kappa(table, wt=weights).kappa
        assert ours[f"cohen_kappa_{weights}"] == pytest.approx(theirs, abs=ROUNDING)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_from_its_coincidence_matrix(level: str) -> None:
    """Krippendorff's own definition, pair by pair, against the vectorised sums."""
    codes = np.random.default_rng(7).integers(0, 5, size=(3, 40)) ** 2
    coincidence = np.zeros((17, 17))
    for one in codes.T:
        for first in range(3):
            for second in range(3):
                if first != second:
                    coincidence[one[first], one[second]] += 1 / 2
    n = coincidence.sum(axis=0)
    apart = np.zeros_like(coincidence)
    for c in range(17):
        for k in range(17):
            low, high = min(c, k), max(c, k)
            apart[c, k] = {
                "nominal": float(c != k),
                "ordinal": (n[low : high + 1].sum() - (n[c] + n[k]) / 2) ** 2,
                "interval": (c - k) ** 2,
                "ratio": ((c - k) / max(c + k, 1)) ** 2,
            }[level]
    expected = 1 - (n.sum() - 1) * (coincidence * apart).sum() / (n @ apart @ n)
    value = agreement(long(codes.tolist()), level=level).loc["krippendorff_alpha", "value"]
    assert value == pytest.approx(expected, abs=ROUNDING)


@pytest.mark.parametrize("seed", range(4))
def test_alpha_is_fleiss_with_its_small_sample_correction(seed: int) -> None:
    """With complete nominal data, 1 - alpha = (1 - kappa)(n - 1)/n for n codes in all."""
    codes = np.random.default_rng(seed).integers(0, 4, size=(3, 25))
    values = agreement(long(codes.tolist()))["value"]
    n = codes.size
    expected = 1 - (1 - values["fleiss_kappa"]) * (n - 1) / n
    assert values["krippendorff_alpha"] == pytest.approx(expected, abs=ROUNDING)


def test_names_of_nominal_categories_do_not_matter() -> None:
    renamed = KRIPPENDORFF.assign(
        code=KRIPPENDORFF["code"].map({1: "e", 2: "a", 3: "d", 4: "b", 5: "c"})
    )
    before, after = agreement(KRIPPENDORFF)["value"], agreement(renamed)["value"]
    for name in before.index.drop("cohen_kappa"):
        assert after[name] == pytest.approx(before[name], abs=ROUNDING)


def test_perfect_agreement_is_one() -> None:
    table = agreement(long([["x", "y", "z", "x"]] * 2), level="nominal")
    assert table["value"].tolist() == [1] * 5
    assert table["reason"].isna().all()


def test_order_of_text_categories_is_the_one_given() -> None:
    rows = [["low", "high", "middle", "low"], ["middle", "high", "low", "high"]]
    named = agreement(long(rows), level="ordinal", categories=["low", "middle", "high"])
    code = {"low": 0, "middle": 1, "high": 2}
    numbered = agreement(long([[code[one] for one in row] for row in rows]), level="ordinal")
    assert named["value"].tolist() == numbered["value"].tolist()


def test_ac1_unweighted_is_ac2_of_two_categories() -> None:
    values = agreement(PARADOX, level="ordinal")["value"]
    assert values["gwet_ac2_linear"] == pytest.approx(values["gwet_ac1"], abs=ROUNDING)


def test_prevalence_paradox_is_explained() -> None:
    table = agreement(PARADOX)
    assert round(table.loc["percent", "value"], 3) == 0.944
    assert round(table.loc["cohen_kappa", "value"], 3) == -0.023
    assert round(table.loc["krippendorff_alpha", "value"], 3) == -0.025
    assert round(table.loc["gwet_ac1", "value"], 3) == 0.941
    reason = table.loc["cohen_kappa", "reason"]
    assert reason.startswith("Prevalence paradox: the coders agree on 94.4% of units")
    assert "97.2% of all codes are '0' and 94.5% agreement is expected by chance" in reason
    assert table.loc["gwet_ac1", "reason"] is None


def test_the_paradox_above_the_nominal_level_claims_no_chance_agreement() -> None:
    """Ordinal alpha takes distances for disagreement, so that share does not follow from it."""
    table = agreement(square([[118, 3, 2], [2, 0, 0], [0, 0, 0]]), level="ordinal")
    assert table.loc["krippendorff_alpha", "value"] <= 0.4
    for name in ("krippendorff_alpha", "cohen_kappa_linear", "cohen_kappa_quadratic"):
        assert table.loc[name, "reason"].startswith("Prevalence paradox: the coders agree on 94.4%")
        assert "agreement is expected by chance" not in table.loc[name, "reason"]
    assert "agreement is expected by chance" in table.loc["cohen_kappa", "reason"]


def test_a_coder_with_one_code_and_coders_below_chance_are_explained() -> None:
    table = agreement(long([list("xxxx"), list("xxyy")]))
    assert table.loc["cohen_kappa", "value"] == 0
    assert table.loc["cohen_kappa", "reason"].startswith("coder 0 gave every unit 'x', so kappa is")
    assert table.loc["fleiss_kappa", "value"] < 0
    assert table.loc["fleiss_kappa", "reason"].startswith("Below 0: the coders agree less often")
    assert table.loc["percent", "reason"] is None


def test_pieces_without_a_unit_in_common_are_sent_to_segment_agreement() -> None:
    codings = pd.DataFrame(
        {"unit": ["a, 0 to 5", "a, 0 to 6"], "coder": ["ann", "bob"], "code": "x",
         "start": 0, "end": [5, 6]}
    )  # fmt: skip
    table = agreement(codings)
    assert table.loc["percent", "reason"].startswith("No unit was coded by two coders")
    assert table.attrs["notes"] == [
        "Compared: 0 of 2 pieces of text, those that two coders marked exactly alike. "
        "segment_agreement compares pieces that overlap only partly."
    ]
    # One piece that both marked alike would otherwise pass for agreement on all of them.
    shared = codings.head(1).assign(coder="bob", unit="a, 0 to 5", end=5)
    table = agreement(pd.concat([codings, shared]))
    assert table.loc["percent", "value"] == 1
    assert table.attrs["notes"][0].startswith("Compared: 1 of 2 pieces of text")


def test_one_category_is_undefined_with_a_reason_never_one() -> None:
    table = agreement(square([[10]]))
    assert table.loc["percent", "value"] == 1
    for name in ("cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1"):
        assert table.loc[name, "value"] is None
        assert table.loc[name, "reason"].startswith("Undefined: only one category (0) was used")


def test_no_unit_in_common() -> None:
    table = agreement(long([["x", "y", None], [None, None, "x"]]))
    assert table["value"].tolist() == [None] * 5
    assert set(table["reason"]) == {
        "No unit was coded by two coders, so there is nothing to compare."
    }


def test_three_coders_have_no_cohen_kappa_but_pairs_do() -> None:
    codings = long([["x", "y", "x"], ["x", "y", "y"], ["y", "y", "x"]])
    assert agreement(codings).loc["cohen_kappa", "value"] is None
    assert "compares two coders; there are 3" in agreement(codings).loc["cohen_kappa", "reason"]
    pairs = agreement_by_pair(codings)
    assert pairs[["first", "second"]].to_numpy().tolist() == [
        ["coder 0", "coder 1"],
        ["coder 0", "coder 2"],
        ["coder 1", "coder 2"],
    ]
    for row, (one, two) in enumerate([(0, 1), (0, 2), (1, 2)]):
        kept = codings[codings["coder"].isin([f"coder {one}", f"coder {two}"])]
        assert pairs.loc[row, "cohen_kappa"] == agreement(kept).loc["cohen_kappa", "value"]


def test_order_of_rows_and_names_of_coders_do_not_matter() -> None:
    shuffled = KRIPPENDORFF.sample(frac=1, random_state=3).replace({"coder 1": "Zoë"})
    before, after = agreement(KRIPPENDORFF)["value"], agreement(shuffled)["value"]
    for name in before.index.drop("cohen_kappa"):
        assert after[name] == pytest.approx(before[name], abs=ROUNDING)


def test_bootstrap_repeats_with_its_seed_and_counts_failures() -> None:
    one, two = (agreement(PARADOX, bootstrap=500, seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one.loc["percent", "failed"] == 0
    # A sample without any of the seven mixed units has one category only: (118/125)^125 = 0.07%.
    drawn = np.random.default_rng(4)
    missed = sum(drawn.integers(125, size=125).max() < 118 for _ in range(500))
    assert one.loc["cohen_kappa", "failed"] == missed


def test_bootstrap_resamples_whole_units() -> None:
    """Replicates equal the coefficients of the resampled tables themselves."""
    table = agreement(ABSTRACTORS, bootstrap=50, seed=2)
    codes = ABSTRACTORS["code"].to_numpy().reshape(2, 100)
    drawn = np.random.default_rng(2)
    kappas = []
    for _ in range(50):
        sample = codes[:, drawn.integers(100, size=100)]
        cells = np.zeros((3, 3))
        np.add.at(cells, tuple(sample), 1)
        kappas.append(cohens_kappa(cells).kappa)
    low, high = np.quantile(kappas, [0.025, 0.975])
    assert table.loc["cohen_kappa", "ci_low"] == pytest.approx(low, abs=ROUNDING)
    assert table.loc["cohen_kappa", "ci_high"] == pytest.approx(high, abs=ROUNDING)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_replicates_are_the_coefficients_of_tables_with_units_repeated(level: str) -> None:
    """Also with codes missing, and with several samples computed side by side."""
    random = np.random.default_rng(11)
    codes = random.integers(1, 5, size=(3, 30)).astype(object)
    codes[random.random(codes.shape) < 0.2] = None
    table = agreement(long(codes.tolist()), level=level, bootstrap=20, seed=9)
    drawn = np.random.default_rng(9)
    replicates = []
    for _ in range(20):
        sample = codes[:, drawn.integers(30, size=30)]
        again = agreement(long(sample.tolist()), level=level, categories=[1, 2, 3, 4])
        replicates.append(again["value"])
    for name in table.index.drop([one for one in table.index if one.startswith("cohen")]):
        low, high = np.quantile([float(one[name]) for one in replicates], [0.025, 0.975])
        assert table.loc[name, "ci_low"] == pytest.approx(low, abs=ROUNDING)
        assert table.loc[name, "ci_high"] == pytest.approx(high, abs=ROUNDING)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_intervals_do_not_depend_on_the_order_of_rows(level: str) -> None:
    """Nor on whether units are numbers or their text, nor on who of two coders comes first."""
    table = agreement(KRIPPENDORFF, level=level, bootstrap=60, seed=5)
    shuffled = KRIPPENDORFF.sample(frac=1, random_state=8)
    pd.testing.assert_frame_equal(agreement(shuffled, level=level, bootstrap=60, seed=5), table)
    as_text = shuffled.assign(unit=shuffled["unit"].astype(str))
    pd.testing.assert_frame_equal(agreement(as_text, level=level, bootstrap=60, seed=5), table)
    pair = agreement(ABSTRACTORS, level=level, bootstrap=60, seed=5, categories=[0, 1, 2])
    turned = ABSTRACTORS.iloc[::-1]
    again = agreement(turned, level=level, bootstrap=60, seed=5, categories=[0, 1, 2])
    pd.testing.assert_frame_equal(again, pair)
    by_code = agreement_by_code(ABSTRACTORS, bootstrap=20, seed=5)
    pd.testing.assert_frame_equal(agreement_by_code(turned, bootstrap=20, seed=5), by_code)


def test_ratio_alpha_does_not_depend_on_the_unit_of_measurement() -> None:
    scaled = KRIPPENDORFF.assign(code=KRIPPENDORFF["code"] * 12)
    before, after = (
        agreement(one, level="ratio").loc["krippendorff_alpha", "value"]
        for one in (KRIPPENDORFF, scaled)
    )
    assert after == pytest.approx(before, abs=ROUNDING)


@pytest.mark.parametrize("level", ["ordinal", "interval", "ratio"])
def test_numbers_from_a_file_are_numbers(level: str) -> None:
    """A CSV file is read as text, where "10" would come before "9"."""
    scaled = KRIPPENDORFF.dropna().assign(code=lambda one: one["code"] * 5)
    as_text = scaled.assign(code=scaled["code"].map(lambda one: f"{one:g}"))
    pd.testing.assert_frame_equal(agreement(as_text, level=level), agreement(scaled, level=level))


@pytest.mark.parametrize("first", [[1, 1, 2, 2, 1, 2], [1.0, "1", 2, "2 ", 1, 2.0]])
def test_numbers_and_their_text_are_one_code(first: list[object]) -> None:
    codings = long([first, list("122211")])
    assert agreement(codings).loc["percent", "value"] == pytest.approx(2 / 3)
    # Each gives 1 and 2 to three units, so that half would agree by chance.
    assert agreement(codings).loc["cohen_kappa", "value"] == pytest.approx(1 / 3)
    pairs = agreement_by_pair(codings)
    assert pairs.loc[0, "cohen_kappa"] == pytest.approx(1 / 3)
    assert agreement_by_code(codings).loc[("1", "percent"), "value"] == pytest.approx(2 / 3)


def test_blocks_of_samples_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    together = agreement(KRIPPENDORFF, level="ordinal", bootstrap=25, seed=3)
    monkeypatch.setattr(
        "synthesis.coding.agreement.agreement.AT_ONCE", 48
    )  # four samples of 12 units
    apart = agreement(KRIPPENDORFF, level="ordinal", bootstrap=25, seed=3)
    for column in ("ci_low", "ci_high"):
        left, right = (table[column].dropna().astype(float) for table in (together, apart))
        np.testing.assert_allclose(left, right, rtol=ROUNDING)


def test_code_by_code_where_a_unit_has_several() -> None:
    codings = pd.DataFrame(
        [
            ("u1", "ann", "care"), ("u1", "ann", "courage"), ("u1", "bob", "care"),
            ("u2", "ann", "courage"), ("u2", "bob", "courage"),
            ("u3", "ann", None), ("u3", "bob", "care"),
        ],
        columns=["unit", "coder", "code"],
    )  # fmt: skip
    table = agreement_by_code(codings)
    assert table.loc[("care", "percent"), "value"] == pytest.approx(2 / 3)
    assert table.loc[("courage", "percent"), "value"] == pytest.approx(2 / 3)
    assert table.loc[("care", "percent"), "prevalence"] == pytest.approx(3 / 6)
    with pytest.raises(DataError, match="coder: the table has no column 'coder'"):
        agreement_by_code(codings.drop(columns="coder"))
    with pytest.raises(DataError, match="no code was given to any unit"):
        agreement_by_code(codings.assign(code=None))


def test_bad_tables_are_refused() -> None:
    table = ABSTRACTORS
    nameless = table.assign(unit=table["unit"].astype(object).where(table.index > 0))
    for bad, message in [
        (table.drop(columns="coder"), "coder: the table has no column 'coder'"),
        (table[table["coder"] == "coder 0"], "at least two coders; got 'coder 0'"),
        (pd.concat([table, table.head(1)]), "more than one for 0 by coder 0"),
        (nameless, "unit: every row must name it; blank in row 0"),
        (table.assign(code=None), "code: every cell is blank"),
    ]:
        with pytest.raises(DataError, match=message):
            agreement(bad)


def test_bad_options_are_refused() -> None:
    text = long([["low", "high"], ["low", "low"]])
    with pytest.raises(DataError, match="text has no order of its own; give categories="):
        agreement(text, level="ordinal")
    with pytest.raises(DataError, match="the interval level needs numbers"):
        agreement(text, level="interval")
    with pytest.raises(DataError, match="not among the categories: high"):
        agreement(text, categories=["low", "middle"])
    with pytest.raises(DataError, match="categories: each must occur once; repeated: 'low'"):
        agreement(text, categories=["low", "high", "low"])
    with pytest.raises(OptionError, match="level must be one of 'nominal', 'ordinal', 'interval'"):
        agreement(text, level="rational")
    with pytest.raises(
        DataError, match="the ratio level needs numbers as codes; got 'high', 'low'"
    ):
        agreement(text, level="ratio")
    with pytest.raises(DataError, match="no code may be negative; got -1"):
        agreement(long([[1, -1], [1, 2]]), level="ratio")
    with pytest.raises(OptionError, match="bootstrap must be a whole number"):
        agreement(text, bootstrap=-1)
    assert (
        agreement(text, level="ordinal", categories=["low", "high"]).loc["percent", "value"] == 0.5
    )
