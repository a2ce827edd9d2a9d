"""Tables with zeros: what is added where nothing is needed, and tables without information."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.sparse import peto

SPARSE = pd.DataFrame(
    {
        "study": list("abc"),
        "events_t": [0, 1, 0],
        "n_t": [100, 120, 80],
        "events_c": [3, 5, 2],
        "n_c": [100, 118, 82],
    }
)
SILENT = pd.DataFrame(
    {
        "study": ["none", "all"],
        "events_t": [0, 30],
        "n_t": [118, 30],
        "events_c": [0, 25],
        "n_c": [105, 25],
    }
)
BOTH = pd.concat([SPARSE, SILENT], ignore_index=True)
REASON = "no events, or events only"


class TestPeto:
    def test_one_answer_both_ways(self):
        pooled = meta_analysis(effect_sizes(SPARSE, "peto"), model="common")
        whole = peto(SPARSE)
        assert pooled.estimate == pytest.approx(whole.estimate, rel=1e-12)
        assert pooled.std_error == pytest.approx(whole.std_error, rel=1e-12)
        assert pooled.estimate == pytest.approx(-1.6668, abs=5e-5)

    @pytest.mark.parametrize("zero_cells", ["half", "all", "reciprocal", "none"])
    def test_the_formula_takes_the_counts_as_they_are(self, zero_cells):
        es = effect_sizes(SPARSE, "peto", zero_cells=zero_cells)
        n_t, n_c, events = SPARSE["n_t"], SPARSE["n_c"], SPARSE["events_t"] + SPARSE["events_c"]
        n = n_t + n_c
        v = n_t * n_c * events * (n - events) / (n**2 * (n - 1))
        np.testing.assert_allclose(es["vi"], 1 / v, rtol=1e-12)
        np.testing.assert_allclose(
            es["yi"], (SPARSE["events_t"] - n_t * events / n) / v, rtol=1e-12
        )
        assert es["receipt"].map(lambda receipt: receipt.assumptions).tolist() == [()] * 3

    def test_metafor(self):
        # metafor 3.8.1, escalc(measure="PETO") on tables without a zero, where it adds nothing.
        table = pd.DataFrame(
            {
                "study": list("abcdef"),
                "events_t": [12, 1, 3000, 25, 7, 2],
                "n_t": [40, 2, 100000, 50, 100, 50],
                "events_c": [20, 1, 3600, 25, 2, 9],
                "n_c": [39, 3, 99600, 50, 99, 50],
            }
        )
        es = effect_sizes(table, "peto")
        yi = [-0.871941489361702, 0.555555555555555, -0.19218068509554, 0.0]
        vi = [0.207480053191489, 2.77777777777778, 0.000626785371651467, 0.1584]
        np.testing.assert_allclose(
            es["yi"], [*yi, 1.14745029239766, -1.41573033707865], rtol=1e-11, atol=1e-12
        )
        np.testing.assert_allclose(
            es["vi"], [*vi, 0.463169590643275, 0.404494382022472], rtol=1e-11
        )

    def test_tables_without_information_are_left_out_with_the_reason(self):
        es = effect_sizes(BOTH, "peto")
        assert es["reason"].tolist() == ["", "", "", REASON, REASON]
        assert es["route"].tolist()[3:] == ["none", "none"]
        assert es["receipt"].iloc[3].refused == REASON
        pooled, whole = meta_analysis(es, model="common"), peto(BOTH)
        assert pooled.estimate == pytest.approx(whole.estimate, rel=1e-12)
        assert pooled.excluded.to_numpy().tolist() == whole.excluded.to_numpy().tolist()
        assert pooled.k == 3


class TestNoEvents:
    @pytest.mark.parametrize("measure", ["or", "rr", "smd"])
    def test_kept_by_default_and_said(self, measure):
        es = effect_sizes(BOTH, measure)
        assert es["yi"].notna().all()
        assert "reason" not in es
        told = es["receipt"].iloc[3]
        assert (
            "nobody, or everybody, has the event in both arms: no information on a ratio"
            in told.assumptions
        )
        assert "No events, or events only, in both arms" in told.footnotes
        assert any(
            text.startswith("Kept without information on a ratio") and text.endswith("none, all.")
            for text in meta_analysis(es).notes
        )

    def test_kept_as_metafor_keeps_them(self):
        # metafor 3.8.1, escalc(measure="OR") of 0/15 v 0/16 and of 20/20 v 20/20.
        table = pd.DataFrame(
            {"study": list("ab"), "events_t": [0, 20], "n_t": [15, 20], "events_c": [0, 20]}
        ).assign(n_c=[16, 20])
        es = effect_sizes(table, "or")
        np.testing.assert_allclose(es["yi"], [0.062520356981334, 0.0], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(es["vi"], [4.12512218963832, 4.09756097560976], rtol=1e-12)

    @pytest.mark.parametrize("measure", ["or", "rr", "smd"])
    def test_left_out_by_name(self, measure):
        es = effect_sizes(BOTH, measure, no_events="leave_out")
        kept = effect_sizes(SPARSE, measure)
        np.testing.assert_array_equal(es["yi"][:3], kept["yi"])
        assert len(es) == len(BOTH)
        assert es["yi"][3:].isna().all()
        assert es["reason"].tolist()[3:] == [REASON, REASON]
        fit = meta_analysis(es)
        assert fit.excluded["study"].tolist() == ["none", "all"]
        assert fit.excluded["reason"].tolist() == [REASON, REASON]
        assert fit.estimate == pytest.approx(meta_analysis(kept).estimate, rel=1e-12)

    def test_rates(self):
        table = pd.DataFrame(
            {"study": list("ab"), "events_t": [3, 0], "time_t": [90.0, 80.0], "events_c": [5, 0]}
        ).assign(time_c=[91.0, 79.0])
        told = effect_sizes(table, "irr")["receipt"].iloc[1]
        assert told.doubts == (
            "Kept without information on a ratio (no events, or events only, in both arms)",
        )
        left = effect_sizes(table, "irr", no_events="leave_out")
        assert left["yi"].isna().tolist() == [False, True]
        # A difference of rates is informative where neither arm has an event.
        apart = effect_sizes(table, "ird", no_events="leave_out")
        assert apart["yi"].notna().all()
        assert apart["receipt"].iloc[1].doubts == ()

    @pytest.mark.parametrize("measure", ["rd", "asd"])
    def test_differences_keep_them(self, measure):
        es = effect_sizes(BOTH, measure, no_events="leave_out")
        assert es["yi"].notna().all()
        assert not any("information" in text for r in es["receipt"] for text in r.assumptions)

    def test_nothing_added_gives_no_ratio(self):
        with pytest.raises(DataError, match="no finite effect"):
            effect_sizes(SILENT, "or", zero_cells="none")
        es = effect_sizes(BOTH.iloc[[1, 3]], "or", zero_cells="none", no_events="leave_out")
        assert es["yi"].isna().tolist() == [False, True]

    def test_computing_again_takes_them_back(self):
        left = effect_sizes(BOTH, "or", no_events="leave_out")
        again = effect_sizes(left, "or")
        assert again["yi"].notna().all()
        assert "reason" not in again

    def test_unknown(self):
        with pytest.raises(OptionError, match="no_events must be one of 'keep', 'leave_out'"):
            effect_sizes(SPARSE, "or", no_events="drop")


def test_risk_differences_keep_metafors_half():
    # metafor 3.8.1 on 0/30 v 5/31: RD by default, and with to="none".
    table = pd.DataFrame({"study": ["a"], "events_t": [0], "n_t": [30], "events_c": [5]})
    table["n_c"] = 31
    half = effect_sizes(table, "rd").loc[0]
    assert half["yi"] == pytest.approx(-0.155745967741935, rel=1e-12)
    assert half["vi"] == pytest.approx(0.00495983657870207, rel=1e-12)
    plain = effect_sizes(table, "rd", zero_cells="none").loc[0]
    assert plain["yi"] == pytest.approx(-5 / 31, rel=1e-12)
    assert plain["vi"] == pytest.approx(0.00436373401362828, rel=1e-12)


def test_a_rule_for_every_count_is_said_of_every_row():
    table = pd.DataFrame({"study": list("ab"), "events": [4, 0], "n": [40, 40]})
    told = effect_sizes(table, "logit", zero_cells="all")["receipt"]
    assert {receipt.assumptions for receipt in told} == {
        ("1/2 added to every count, as zero_cells='all' asks",)
    }
