"""Every effect size against metafor 3.8's escalc, from the same arm-level numbers.

Tolerance 1e-10, absolute and relative: both sides evaluate closed formulas in double precision,
and the reference files carry 15 digits.
"""

from __future__ import annotations

import numpy as np
import pytest

from synthesis.effects.effect_sizes import effect_sizes
from synthesis.effects.formulas import counts

MEANS = ("means_borenstein2009", "means_gibson2002", "means_normand1999")
COUNTS = ("counts_bcg", "counts_zero_cells")

CASES = [
    *[
        (name, key, {"measure": measure, **options})
        for name in MEANS
        for key, measure, options in (
            ("md", "md", {}),
            ("smd_ls", "smd", {}),
            ("smd_ls2", "smd", {"variance": "ls2"}),
            ("smd_ub", "smd", {"variance": "ub"}),
            ("smd_av", "smd", {"variance": "av"}),
            ("smd_glass", "smd", {"sd": "control"}),
            ("smd_unequal_sd", "smd", {"sd": "average"}),
            ("rom", "rom", {}),
            ("cvr", "cvr", {}),
            ("vr", "vr", {}),
        )
    ],
    *[
        (name, key, {"measure": measure})
        for name in COUNTS
        for key, measure in (
            ("or", "or"),
            ("rr", "rr"),
            ("rd", "rd"),
            ("arcsine", "asd"),
        )
    ],
    ("counts_bcg", "peto", {"measure": "peto"}),
    ("rates_hart1999", "irr", {"measure": "irr"}),
    ("rates_hart1999", "ird", {"measure": "ird"}),
    *[
        ("proportions_debruin2009", key, {"measure": measure})
        for key, measure in (
            ("raw", "proportion"),
            ("log", "log_proportion"),
            ("logit", "logit"),
            ("arcsine", "arcsine"),
            ("freeman_tukey", "freeman_tukey"),
        )
    ],
    *[
        ("correlations_molloy2014", measure, {"measure": measure})
        for measure in ("r", "fisher_z", "r_unbiased")
    ],
]


@pytest.mark.parametrize(("name", "key", "arguments"), CASES)
def test_escalc(metafor, name, key, arguments):
    sheet, reference = metafor(name)
    es = effect_sizes(sheet, **arguments)
    np.testing.assert_allclose(es["yi"], reference[key]["yi"], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(es["vi"], reference[key]["vi"], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", COUNTS)
def test_probit(metafor, name):
    sheet, reference = metafor(name)
    table = counts.two_by_two(
        *(sheet[column].to_numpy(float) for column in ("events_t", "n_t", "events_c", "n_c"))
    )
    yi, vi = counts.probit_difference(table)
    np.testing.assert_allclose(yi, reference["probit_smd"]["yi"], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(vi, reference["probit_smd"]["vi"], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("name", MEANS)
def test_uncorrected_is_the_plain_quotient(metafor, name):
    # escalc of metafor 3.8 has no option to leave the correction out, so `smd_uncorrected` of
    # the reference repeats the corrected values; the definition itself is the reference here.
    sheet, _ = metafor(name)
    es = effect_sizes(sheet, correct=False)
    n_t, n_c = sheet["n_t"], sheet["n_c"]
    squares = (n_t - 1) * sheet["sd_t"] ** 2 + (n_c - 1) * sheet["sd_c"] ** 2
    d = (sheet["mean_t"] - sheet["mean_c"]) / np.sqrt(squares / (n_t + n_c - 2))
    np.testing.assert_allclose(es["yi"], d, rtol=1e-13)
    np.testing.assert_allclose(es["vi"], 1 / n_t + 1 / n_c + d**2 / (2 * (n_t + n_c)), rtol=1e-13)


def test_borenstein_chapter_14_as_printed(metafor):
    # Borenstein et al. (2009), Introduction to Meta-Analysis, ch. 14: Hedges' g.
    sheet, _ = metafor("means_borenstein2009")
    es = effect_sizes(sheet, variance="ls2").set_index("study")
    printed = {
        "Carroll": "0.095",
        "Grant": "0.277",
        "Peck": "0.367",
        "Donat": "0.664",
        "Stewart": "0.462",
        "Young": "0.185",
    }
    assert {study: f"{es.loc[study, 'yi']:.3f}" for study in printed} == printed
