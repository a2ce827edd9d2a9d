"""What holds for every sheet: a short run of ``validation/routes``, on synthetic sheets."""

from __future__ import annotations

import pytest
from routes import checks
from routes.run import ARMS
from routes.sheets import NAMED, WAYS, to

from synthesis.effects.routes.catalogue import ROUTES
from synthesis.measures import MEASURES


def test_every_route_to_every_measure_is_tried():
    tried = {(way.route, measure) for way in WAYS for measure in way.measures}
    assert tried == {(route.name, measure) for route in ROUTES for measure in route.formulas}


@pytest.mark.parametrize("measure", MEASURES)
def test_all_routes_to_a_measure_in_one_table(measure):
    assert list(checks.broken(to(measure), measure, seed=14, sheets=4)) == []


@pytest.mark.parametrize("way", NAMED, ids=lambda way: way.name)
def test_a_hundred_sheets_of_each_usual_way(way):
    found = checks.broken([way], way.measures[0], seed=14, sheets=100, singly=1)
    assert list(found) == []


@pytest.mark.parametrize("measure", ["smd", "md"])
def test_rows_that_do_not_name_their_route(measure):
    assert list(checks.broken_without_route(to(measure), measure, seed=14, sheets=40)) == []


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
    (means,) = (way for way in NAMED if way.name == "means")
    said = checks.broken([means], "smd", seed=14, sheets=2)
    assert any(one.startswith(found) for one in said)
