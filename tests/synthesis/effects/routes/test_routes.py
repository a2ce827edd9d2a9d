from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from arrowroot.errors import DataError, OptionError
from synthesis.effects.effect_sizes import effect_sizes

ARMS = {
    "study": ["Grant", "Peck"],
    "mean_t": [98.0, 98.0],
    "sd_t": [21.0, 28.0],
    "n_t": [65, 40],
    "mean_c": [92.0, 88.0],
    "sd_c": [22.0, 26.0],
    "n_c": [65, 40],
}


def message(error_class, *args, **kwargs) -> str:
    with pytest.raises(error_class) as error:
        effect_sizes(*args, **kwargs)
    return str(error.value)


def test_given_effects_pass_through():
    sheet = pd.DataFrame({"study": ["A", "B"], "yi": [0.1, -0.2], "vi": [0.04, 0.01]})
    es = effect_sizes(sheet, "rr")
    pd.testing.assert_frame_equal(es[["study", "yi", "vi"]], sheet, check_dtype=False)
    assert es["measure"].tolist() == ["rr", "rr"]
    assert es["route"].tolist() == ["given", "given"]


def test_given_standard_errors_are_squared():
    es = effect_sizes(pd.DataFrame({"study": ["A"], "yi": [0.1], "sei": [0.2]}))
    assert es["vi"].tolist() == [0.2**2]
    assert es["route"].tolist() == ["given_se"]


def test_each_row_takes_its_own_route():
    sheet = pd.DataFrame({**ARMS, "yi": [np.nan, 0.3], "vi": [np.nan, 0.05]})
    es = effect_sizes(sheet)
    assert es["route"].tolist() == ["means", "given"]
    assert es.loc[1, ["yi", "vi"]].tolist() == [0.3, 0.05]
    alone = effect_sizes(pd.DataFrame(ARMS))
    assert es.loc[0, "yi"] == alone.loc[0, "yi"]


def test_a_row_may_choose_its_route():
    sheet = pd.DataFrame({**ARMS, "yi": [0.1, 0.3], "vi": [0.04, 0.05], "route": ["means", None]})
    assert effect_sizes(sheet)["route"].tolist() == ["means", "given"]


def test_computing_again_gives_the_same():
    once = effect_sizes(pd.DataFrame(ARMS))
    pd.testing.assert_frame_equal(effect_sizes(once), once)


def test_reads_a_file_too(tmp_path):
    pd.DataFrame(ARMS).to_csv(tmp_path / "trials.csv", index=False)
    es = effect_sizes(tmp_path / "trials.csv")
    assert es["line"].tolist() == [2, 3]


def test_the_sheet_is_not_changed():
    sheet = pd.DataFrame(ARMS)
    effect_sizes(sheet)
    pd.testing.assert_frame_equal(sheet, pd.DataFrame(ARMS))


def test_a_row_without_route_says_what_is_missing():
    sheet = pd.DataFrame(ARMS).assign(sd_c=[22.0, np.nan], n_c=[65, np.nan], line=[2, 3])
    assert message(DataError, sheet, "md") == (
        "no route to 'md' for study 'Peck' (line 3): route means_t lacks t; "
        "route means lacks sd_c and n_c; route means_p lacks p and n_c. "
        "Correct the sheet and read it again."
    )


def test_a_row_with_nothing_says_which_routes_there_are():
    sheet = pd.DataFrame({"study": ["A"], "hours": [3]})
    assert message(DataError, sheet, "md") == (
        "no route to 'md' for study 'A': no column that a route starts from is filled in; "
        "routes_to('md') lists the routes and what they need. "
        "Correct the sheet and read it again."
    )


def test_a_printed_effect_of_a_measure_that_leads_elsewhere():
    sheet = pd.DataFrame(
        {"study": ["A"], "effect": [0.7], "ci_low": [0.5], "ci_high": [0.9], "effect_type": ["HR"]}
    )
    assert message(DataError, sheet, "smd") == (
        "no route to 'smd' for study 'A': no route leads to it from a printed effect with "
        "effect_type 'hr'; enter what was measured in the arms, or compute another measure. "
        "Correct the sheet and read it again."
    )


def test_percentages_without_sizes():
    sheet = pd.DataFrame({"study": ["A"], "percent_t": [6.2], "n_c": [80], "percent_c": [10.6]})
    assert message(DataError, sheet, "rr") == (
        "no route to 'rr' for study 'A': percent_t gives events only together with n_t; "
        "route counts lacks events_t and n_t. Correct the sheet and read it again."
    )


def test_unknown_route():
    sheet = pd.DataFrame({**ARMS, "route": ["mean", "means"]})
    assert message(DataError, sheet, "md") == (
        "leave route blank, or choose one of those to this measure: 'given', 'given_se', 'means', "
        "'crossover', 'change_scores', 'printed', 'means_t', 'means_p'; got 'mean' for study "
        "'Grant'. Correct the sheet and read it again."
    )


def test_chosen_route_must_be_filled():
    sheet = pd.DataFrame({**ARMS, "route": ["given", "means"]})
    assert message(DataError, sheet, "md") == (
        "route 'given' needs yi and vi; not all are filled in for study 'Grant'. "
        "Correct the sheet and read it again."
    )


def test_given_effect_of_another_measure():
    sheet = pd.DataFrame({"study": ["A"], "yi": [0.1], "vi": [0.04], "measure": ["rr"]})
    assert message(DataError, sheet, "smd") == (
        "measure of a given yi must be 'smd', as requested (or leave yi blank, and it is "
        "computed); got 'rr' for study 'A'. "
        "Correct the sheet and read it again."
    )


def test_ratio_of_means_of_two_signs():
    sheet = pd.DataFrame(ARMS).assign(mean_t=[-1.0, 2.0])
    assert message(DataError, sheet, "rom") == (
        "mean_t and mean_c must have the same sign, and neither be 0, for their ratio (a "
        "difference has no such condition: 'md', 'smd'); got mean_t = -1, mean_c = 92 for study "
        "'Grant'. Correct the sheet and read it again."
    )


def test_coefficient_of_variation_of_negative_means():
    sheet = pd.DataFrame(ARMS).assign(mean_t=[-1.0, 2.0], mean_c=[-2.0, 3.0])
    assert message(DataError, sheet, "cvr") == (
        "mean_t and mean_c must be > 0 for a coefficient of variation (the ratio of SDs is 'vr'); "
        "got mean_t = -1, mean_c = -2 for study 'Grant'. Correct the sheet and read it again."
    )


def test_correlation_needs_people():
    sheet = pd.DataFrame({"study": ["A"], "r": [0.3], "n": [3]})
    assert message(DataError, sheet, "fisher_z") == (
        "n must be > 3 for Fisher's z; got n = 3 for study 'A'. "
        "Correct the sheet and read it again."
    )


def test_zero_cells_left_alone_have_no_finite_odds_ratio():
    sheet = pd.DataFrame(
        {"study": ["A"], "events_t": [0], "n_t": [20], "events_c": [4], "n_c": [20]}
    )
    assert message(DataError, sheet, "or", zero_cells="none") == (
        "route 'counts' gives no finite effect with a finite variance > 0: check these "
        "cells, or compute another measure; got events_t = 0, n_t = 20, events_c = 4, n_c = 20 "
        "for study 'A'. Correct the sheet and read it again."
    )


def test_unknown_options():
    assert message(OptionError, pd.DataFrame(ARMS), "smb").endswith("Did you mean 'smd'?")
    assert message(OptionError, pd.DataFrame(ARMS), variance="LS") == (
        "variance must be one of 'ls', 'ls2', 'ub', 'av', 'revman'; got 'LS'. Did you mean 'ls'?"
    )
    assert message(OptionError, pd.DataFrame(ARMS), zero_cells="0.5") == (
        "zero_cells must be one of 'half', 'all', 'reciprocal', 'none'; got '0.5'."
    )
