"""Random rows by every route to every measure, with a fixed seed; validation/routes runs longer."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from synthesis.measures import MEASURES

sys.path.insert(0, str(Path(__file__).parents[4] / "validation"))

from routes.checks import broken


@pytest.mark.parametrize("measure", MEASURES)
def test_order_direction_arms_and_clusters_have_the_known_consequence(measure):
    assert list(broken(measure, 15, 12, singly=False)) == []


def test_routes_do_not_depend_on_each_other():
    for measure in ("smd", "md", "or", "hr", "r"):
        assert list(broken(measure, 16, 8)) == []
