from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError
from synthesis.effects.control_covariance import shared_control_covariance
from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas import change, counts, means, smd
from synthesis.effects.multi_arm import shared_control
from synthesis.effects.routes.catalogue import ROUTES
from synthesis.effects.routes.control_forms import PARTS
from synthesis.effects.routes.control_parts import standardiser_part
from synthesis.measures import MEASURES

sys.path.insert(0, str(Path(__file__).parents[4] / "validation"))

from routes.rows import rows

REFERENCE = Path(__file__).parents[4] / "validation" / "metafor" / "multi_arm"

MEANS = pd.DataFrame(
    {
        "study": "A",
        "comparison": ["x", "y"],
        "mean_t": [5.0, 6.0],
        "sd_t": [2.0, 2.5],
        "n_t": [30, 40],
        "mean_c": 4.0,
        "sd_c": 2.2,
        "n_c": 50,
    }
)
COUNTS = pd.DataFrame(
    {
        "study": "A",
        "comparison": ["x", "y"],
        "events_t": [4, 6],
        "n_t": [20, 25],
        "events_c": 9,
        "n_c": 20,
    }
)


def entry(sheet: pd.DataFrame, measure: str, **options: object) -> float:
    matrix = shared_control_covariance(effect_sizes(sheet, measure, **options)).to_numpy()
    np.testing.assert_array_equal(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0
    return float(matrix[0, 1])


class TestReferenceValues:
    """Matrices made with R; see the folder's README for scripts and checks."""

    @pytest.mark.parametrize(
        ("name", "entry", "measure"),
        [
            ("shared_control_means", "md", "md"),
            ("shared_control_means", "smd_own_pairs", "smd"),
            ("shared_control_means", "rom", "rom"),
            ("shared_control_counts", "or_study_corrected", "or"),
            ("shared_control_counts", "rr_study_corrected", "rr"),
            ("shared_control_counts", "rd_study_corrected", "rd"),
        ],
    )
    def test_matrix(self, name, entry, measure):
        sheet = pd.read_csv(REFERENCE / f"{name}.csv")
        expected = json.loads((REFERENCE / f"{name}.json").read_text())[entry]
        es = effect_sizes(sheet, measure)
        np.testing.assert_allclose(es["yi"], expected["yi"], rtol=1e-10)
        matrix = shared_control_covariance(es).to_numpy()
        np.testing.assert_allclose(matrix, np.array(expected["V"], float), rtol=1e-10, atol=1e-15)


class TestTheSameIngredientsAsTheDiagonal:
    @pytest.mark.parametrize(
        ("measure", "expected"),
        [
            # Of the control with 1/2 added: 0.5 of 21.
            ("or", 1 / 0.5 + 1 / 20.5),
            ("rr", 1 / 0.5 - 1 / 21),
            ("rd", (0.5 / 21) * (20.5 / 21) / 21),
            ("asd", 1 / 80),
        ],
    )
    def test_empty_cells(self, measure, expected):
        sheet = COUNTS.assign(events_c=0, n_t=20)
        assert entry(sheet, measure) == pytest.approx(expected, rel=1e-14)

    def test_a_control_of_events_only_shares_nothing_where_nothing_is_added(self):
        # Every control has the event: log(n/n) does not vary.
        matrix = shared_control_covariance(
            effect_sizes(COUNTS.assign(events_c=20), "rr", zero_cells="none")
        ).to_numpy()
        assert matrix[0, 1] == 0

    def test_zeros_in_one_treatment_arm_only(self):
        # 1/2 is added to the control of row x alone: delta method, the product of both slopes.
        sheet = COUNTS.assign(events_t=[0, 6])
        of_x, of_y = 1 / 9.5 + 1 / 11.5, 1 / 9 + 1 / 11
        assert entry(sheet, "or") == pytest.approx(np.sqrt(of_x * of_y), rel=1e-14)

    @pytest.mark.parametrize("rule", ["half", "all", "reciprocal"])
    @pytest.mark.parametrize("measure", ["or", "rr", "rd", "peto", "smd"])
    def test_every_correction(self, rule, measure):
        sheet = COUNTS.assign(events_c=0)
        assert entry(sheet, measure, zero_cells=rule) > 0

    def test_clusters(self):
        sheet = MEANS.assign(icc=0.05, cluster_size=10)
        # sd²/n = 2.2²/50, times 1 + 9 × 0.05.
        inflated = entry(sheet, "md")
        assert inflated == pytest.approx(2.2**2 / 50 * 1.45, rel=1e-14)
        assert entry(sheet, "md", cluster="reduce") == pytest.approx(inflated, rel=1e-14)
        alone = entry(MEANS, "smd")
        assert entry(sheet, "smd") == pytest.approx(1.45 * alone, rel=1e-14)

    def test_cells_that_are_worked_out(self):
        sheet = MEANS.assign(sd_c=np.nan, se_c=2.2 / np.sqrt(50))
        assert entry(sheet, "md") == pytest.approx(2.2**2 / 50, rel=1e-14)
        percent = COUNTS.assign(events_c=np.nan, percent_c=45)
        assert entry(percent, "rr") == pytest.approx(1 / 9 - 1 / 20, rel=1e-14)

    def test_a_reversed_sign(self):
        both = entry(MEANS.assign(direction="lower"), "smd")
        assert both == pytest.approx(entry(MEANS, "smd"), rel=1e-14)
        one = effect_sizes(MEANS.assign(direction=["lower", "higher"]), "md")
        matrix = shared_control_covariance(one).to_numpy()
        assert matrix[0, 1] == pytest.approx(-(2.2**2) / 50, rel=1e-14)

    def test_a_control_that_was_divided_is_shared_no_longer(self):
        es = effect_sizes(shared_control(MEANS, rule="split"), "md")
        np.testing.assert_array_equal(shared_control_covariance(es), np.diag(es["vi"]))

    @pytest.mark.parametrize("variance", ["ls", "ls2", "ub", "av", "revman"])
    @pytest.mark.parametrize("correct", [True, False])
    def test_with_one_arm_the_entry_would_be_the_diagonal_without_its_part(self, variance, correct):
        # Gleser & Olkin: the variance of a row is 1/n_t and its own covariance with itself.
        es = effect_sizes(MEANS.iloc[:1], variance=variance, correct=correct)
        part = es.loc[0, "receipt"].control
        from synthesis.effects.routes.control_parts import standardiser_part

        own = part.root**2 + part.slope**2 * standardiser_part(part.law, 80, 2)
        J = smd.small_sample_factor(np.array(78.0)) if variance == "ls2" and correct else 1
        assert own == pytest.approx(es.loc[0, "vi"] - J**2 / 30, rel=1e-12)

    @pytest.mark.parametrize(
        ("measure", "options"),
        [
            ("smd", {"sd": "control"}),
            ("smd", {"sd": "average"}),
            ("smd", {"variance": "ub"}),
            ("smd", {"variance": "revman"}),
            ("or", {}),
            ("cvr", {}),
            ("vr", {}),
        ],
    )
    def test_positive_definite(self, measure, options):
        # Twenty arms, some of them tiny, against one control.
        rng = np.random.default_rng(5)
        sheet = pd.DataFrame(
            {
                "study": "A",
                "comparison": [f"arm {at}" for at in range(20)],
                "mean_t": rng.normal(8, 3, 20).clip(1),
                "sd_t": rng.uniform(0.5, 4, 20),
                "n_t": rng.integers(3, 60, 20),
                "mean_c": 4.0,
                "sd_c": 2.0,
                "n_c": 8,
            }
        )
        matrix = shared_control_covariance(effect_sizes(sheet, measure, **options)).to_numpy()
        assert np.linalg.eigvalsh(matrix).min() > 0


class TestByAlgebra:
    @pytest.mark.parametrize(
        ("measure", "expected"),
        [
            ("rom", 2.2**2 / (50 * 4.0**2)),
            ("vr", 1 / (2 * 49)),
            ("cvr", 2.2**2 / (50 * 4.0**2) + 1 / (2 * 49)),
        ],
    )
    def test_means(self, measure, expected):
        assert entry(MEANS, measure) == pytest.approx(expected, rel=1e-14)

    def test_glass(self):
        es = effect_sizes(MEANS, sd="control")
        expected = 1 / 50 + es["yi"].prod() / (2 * 50)
        assert entry(MEANS, "smd", sd="control") == pytest.approx(expected, rel=1e-14)

    def test_changes(self):
        sheet = pd.DataFrame(
            {
                "study": "A",
                "comparison": ["x", "y"],
                "mean_change_t": [3.0, 4.0],
                "sd_change_t": 5.0,
                "n_t": 30,
                "mean_change_c": 1.0,
                "sd_change_c": 5.0,
                "n_c": 30,
            }
        )
        assert entry(sheet, "md") == pytest.approx(25 / 30, rel=1e-14)
        es = effect_sizes(sheet)
        assert entry(sheet, "smd") == pytest.approx(1 / 30 + es["yi"].prod() / 180, rel=1e-14)

    def test_rates(self):
        sheet = COUNTS.drop(columns=["n_t", "n_c"]).assign(time_t=[30.0, 40.0], time_c=25.0)
        assert entry(sheet, "irr") == pytest.approx(1 / 9, rel=1e-14)
        assert entry(sheet, "ird") == pytest.approx(9 / 25**2, rel=1e-14)
        assert entry(sheet.assign(events_c=0), "irr") == pytest.approx(2, rel=1e-14)

    def test_statistics_beside_a_named_control(self):
        # d = t·√(1/n_t + 1/n_c) has the variance, and so the covariance, of the SMD of means.
        sheet = pd.DataFrame(
            {"study": "A", "comparison": ["x v usual care", "y v usual care"], "t": [1.0, 2.0],
             "n_t": [30, 40], "n_c": 50}
        )  # fmt: skip
        es = effect_sizes(sheet)
        assert entry(sheet, "smd") == pytest.approx(1 / 50 + es["yi"].prod() / 240, rel=1e-14)


DRAWS = 60_000


class TestByMonteCarlo:
    """Trials drawn at random with one control and two treatment arms: synthetic data.

    With 60,000 trials the covariance of two effects has a standard error of about
    √(v1·v2 + cov²)/√60000, 1 % of the entries here; four of them are allowed, and the terms of
    higher order that the large-sample formulas leave out.
    """

    @staticmethod
    def agrees(first: np.ndarray, second: np.ndarray, expected: float) -> None:
        found = np.cov(first, second)
        error = np.sqrt((found[0, 0] * found[1, 1] + found[0, 1] ** 2) / DRAWS)
        assert found[0, 1] == pytest.approx(expected, abs=4 * error + 0.04 * expected)

    @staticmethod
    def arm(rng, mean, sd, n):
        spread = sd * np.sqrt(rng.chisquare(n - 1, DRAWS) / (n - 1))
        return rng.normal(mean, sd / np.sqrt(n), DRAWS), spread, np.full(DRAWS, float(n))

    def test_means_over_the_sd_of_all_arms(self):
        # Gleser and Olkin's covariance is that of effects over the SD pooled over all arms.
        rng = np.random.default_rng(10)
        x, y = self.arm(rng, 7.0, 2.0, 60), self.arm(rng, 8.0, 2.0, 80)
        control = self.arm(rng, 4.0, 2.0, 90)
        squares = sum(arm[1] ** 2 * (arm[2] - 1) for arm in (x, y, control))
        effects = [(arm[0] - control[0]) / np.sqrt(squares / 227) for arm in (x, y)]
        sheet = MEANS.assign(
            mean_t=[7.0, 8.0], sd_t=2.0, n_t=[60, 80], mean_c=4.0, sd_c=2.0, n_c=90
        )
        self.agrees(*effects, entry(sheet, "smd"))

    @pytest.mark.parametrize("sd", ["control", "average"])
    def test_standardised_means(self, sd):
        rng = np.random.default_rng(11)
        x, y = self.arm(rng, 7.0, 2.0, 60), self.arm(rng, 8.0, 2.0, 80)
        control = self.arm(rng, 4.0, 2.0, 90)
        effects = [smd.from_means(*arm, *control, sd=sd)[0] for arm in (x, y)]
        sheet = MEANS.assign(
            mean_t=[7.0, 8.0], sd_t=2.0, n_t=[60, 80], mean_c=4.0, sd_c=2.0, n_c=90
        )
        self.agrees(*effects, entry(sheet, "smd", sd=sd))

    def test_ratios_of_variation(self):
        rng = np.random.default_rng(12)
        x, y = self.arm(rng, 9.0, 2.0, 60), self.arm(rng, 8.0, 2.0, 80)
        control = self.arm(rng, 6.0, 2.0, 50)
        effects = [means.coefficient_of_variation_ratio(*arm, *control)[0] for arm in (x, y)]
        sheet = MEANS.assign(
            mean_t=[9.0, 8.0], sd_t=2.0, n_t=[60, 80], mean_c=6.0, sd_c=2.0, n_c=50
        )
        self.agrees(*effects, entry(sheet, "cvr"))

    def test_changes_in_sds_at_baseline(self):
        rng = np.random.default_rng(13)
        r, n = 0.6, {"x": 60, "y": 80, "c": 70}
        # The mean change and the SD at baseline of normal data are independent.
        arms = {
            name: (
                rng.normal(change_, 2 * np.sqrt(2 * (1 - r) / n[name]), DRAWS),
                2 * np.sqrt(rng.chisquare(n[name] - 1, DRAWS) / (n[name] - 1)),
            )
            for name, change_ in {"x": 4.0, "y": 5.0, "c": 1.0}.items()
        }
        effects = [
            change.difference_of_changes(
                arms[name][0], arms["c"][0], arms[name][1], arms["c"][1],
                np.full(DRAWS, n[name]), np.full(DRAWS, n["c"]), np.full(DRAWS, r),
            )[0]
            for name in "xy"
        ]  # fmt: skip
        sheet = pd.DataFrame(
            {"study": "A", "comparison": ["x", "y"], "mean_change_t": [4.0, 5.0], "sd_pre_t": 2.0,
             "n_t": [60, 80], "mean_change_c": 1.0, "sd_pre_c": 2.0, "n_c": 70, "r": r}
        )  # fmt: skip
        self.agrees(*effects, entry(sheet, "smd"))

    @pytest.mark.parametrize("measure", ["peto", "asd", "smd"])
    def test_counts(self, measure):
        rng = np.random.default_rng(14)
        n_x, n_y, n_c = 200, 250, 220
        x, y, c = (rng.binomial(n, 0.4, DRAWS).astype(float) for n in (n_x, n_y, n_c))
        compute = {
            "peto": counts.peto_odds_ratio,
            "asd": counts.arcsine_difference,
            "smd": counts.probit_difference,
        }[measure]
        effects = [
            compute(counts.two_by_two(e, np.full(DRAWS, n), c, np.full(DRAWS, n_c)))[0]
            for e, n in ((x, n_x), (y, n_y))
        ]
        sheet = COUNTS.assign(events_t=[80, 100], n_t=[n_x, n_y], events_c=88, n_c=n_c)
        options = {"conversion": "probit"} if measure == "smd" else {}
        self.agrees(*effects, entry(sheet, measure, **options))


class TestWhatIsRefused:
    def test_a_route_that_does_not_say_what_is_the_controls(self):
        sheet = MEANS.assign(effect=[1.0, 2.0], se=0.4, effect_type="smd", route="printed")
        with pytest.raises(DataError) as error:
            shared_control_covariance(effect_sizes(sheet))
        assert str(error.value) == (
            "covariances of a shared control are not known for measure 'smd' by route 'printed', "
            "which does not say which part of the variance is the control's, for study 'A'. Use "
            "shared_control, or leave all but one of its rows out."
        )

    def test_two_results_of_one_control(self):
        sheet = MEANS.assign(
            mean_change_t=1.0, sd_change_t=2.0, mean_change_c=0.5, sd_change_c=2.0,
            route=["means", "change_scores"],
        )  # fmt: skip
        with pytest.raises(DataError, match="'A' that share a control are computed from different"):
            shared_control_covariance(effect_sizes(sheet, "md"))

    def test_two_standardisers(self):
        sheet = MEANS.assign(t=[np.nan, 3.0], route=["means", "t"])
        assert entry(sheet, "smd") > 0
        with pytest.raises(DataError, match="'A' that share a control are standardised by differe"):
            shared_control_covariance(effect_sizes(sheet, sd="control"))

    def test_a_variance_that_was_changed(self):
        es = effect_sizes(MEANS, "md").assign(vi=0.05)
        with pytest.raises(DataError, match="of study 'A' is not positive definite"):
            shared_control_covariance(es)

    def test_a_row_without_an_effect_is_blank(self):
        es = effect_sizes(MEANS.assign(mean_t=[5.0, np.nan]), "md", refused="keep")
        covariance = shared_control_covariance(es)
        assert covariance.iloc[0, 0] == es["vi"].iloc[0]
        assert covariance.iloc[1].isna().all()

    def test_effects_without_receipts(self):
        es = effect_sizes(MEANS, "md").drop(columns="receipt")
        with pytest.raises(DataError, match="effect of study 'A' has no receipt"):
            shared_control_covariance(es)

    def test_controls_that_may_be_one(self):
        es = effect_sizes(MEANS.assign(mean_c=[4.0, 4.04]), "md")
        with pytest.raises(DataError, match="differ by rounding alone, and may be one, for study"):
            shared_control_covariance(es)
        decided = es.assign(waived="nearly-shared-control", waived_because="two trials")
        assert shared_control_covariance(decided).to_numpy()[0, 1] == 0

    def test_two_measures(self):
        es = pd.concat([effect_sizes(MEANS, "md"), effect_sizes(MEANS, "smd")])
        with pytest.raises(DataError, match="effects of one measure; the table has md, smd"):
            shared_control_covariance(es)


WITH_A_CONTROL = [
    (route, measure)
    for route in ROUTES
    for measure in route.formulas
    if {"n_c", "events_c", "category1_c"} & {*route.needs}
]


@pytest.mark.parametrize(("route", "measure"), WITH_A_CONTROL)
def test_a_covariance_is_computed_or_refused_in_words(route, measure):
    one = rows(route, MEASURES[measure], np.random.default_rng(2), 1)
    arms = [one, one.assign(**{name: one[name] for name in one})]
    changed = ("mean_t", "mean_change_t", "geo_mean_t", "sd_t", "effect", "t", "category1_t")
    for name in changed:
        if name in one:
            arms[1] = arms[1].assign(**{name: one[name] * 1.1})
    if "events_t" in one:
        arms[1]["events_t"] = one["events_t"].where(one["events_t"] > 1, 2) - 1
    two = pd.concat(arms, ignore_index=True).assign(study="A", comparison=["x v c", "y v c"])
    es = effect_sizes(two, measure, refused="keep")
    try:
        covariance = shared_control_covariance(es).to_numpy()[0, 1]
    except DataError as error:
        assert "study 'A'" in str(error)
        assert (route.name, measure) not in PARTS
    else:
        assert covariance != 0


@pytest.mark.parametrize(("route", "measure"), PARTS)
def test_the_part_of_the_control_is_what_a_vast_treatment_arm_leaves(route, measure):
    # With the treatment's part gone, the variance is the control's: root² + slope²·law(N).
    found = next(one for one in ROUTES if one.name == route and measure in one.formulas)
    table = rows(found, MEASURES[measure], np.random.default_rng(7), 1)
    vast = 1e9
    if "events_t" in table:
        table[["events_t", "n_t"][: 1 + ("n_t" in table)]] *= vast
        if "time_t" in table:
            table["time_t"] *= vast
        table["events_c"] = 3.0
    else:
        table["n_t"] = vast
    es = effect_sizes(table.assign(study="A"), measure)
    part = es["receipt"].iloc[0].control
    law = standardiser_part(part.law, part.n_t + part.n_c, 2)
    assert es["route"].iloc[0] == route
    assert part.root**2 + part.slope**2 * law == pytest.approx(es["vi"].iloc[0], rel=1e-6)
