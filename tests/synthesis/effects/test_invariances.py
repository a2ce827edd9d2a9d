"""What holds for every sheet: a short run of ``validation/invariances``, on synthetic sheets."""

from __future__ import annotations

import pytest
from invariances import checks
from invariances.run import ARMS
from invariances.sheets import WAYS

from synthesis.effects.routes.catalogue import ROUTES

BY_NAME = {way.name: way for way in WAYS}


def test_every_route_is_tried():
    assert {way.route for way in WAYS} == {route.name for route in ROUTES}


@pytest.mark.parametrize("name", BY_NAME)
def test_two_hundred_sheets_of_each_kind(name):
    way = BY_NAME[name]
    assert list(checks.broken(way, way.measures[0], seed=14, sheets=200, singly=1)) == []


@pytest.mark.parametrize("measure", ["smd", "md"])
def test_all_kinds_in_one_sheet(measure):
    ways = [way for way in WAYS if measure in way.measures]
    assert list(checks.broken_mixture(ways, measure, seed=14, sheets=40)) == []


@pytest.mark.parametrize(("draw", "measure"), ARMS)
def test_trials_with_several_arms(draw, measure):
    assert list(checks.broken_arms(draw, measure, seed=14)) == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (lambda es: es.assign(yi=es["yi"] + 1e-6), "arms swapped: yi"),
        (lambda es: es.assign(vi=es["vi"] * (1 + 1e-6 * es["yi"])), "lower is better: vi"),
        (lambda es: es.assign(yi=es["yi"] + 1e-6 * es["mean_t"]), "other units: yi"),
        (lambda es: es.assign(yi=es["yi"] * (1 + 1e-6 * len(es))), "the sheet in two parts: yi"),
    ],
)
def test_a_formula_that_is_wrong_is_found(monkeypatch, wrong, found):
    right = checks.effects
    monkeypatch.setattr(checks, "effects", lambda *given: wrong(right(*given)))
    said = checks.broken(BY_NAME["means"], "smd", seed=14, sheets=2, singly=0)
    assert any(one.startswith(found) for one in said)
