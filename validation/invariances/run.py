"""A long run of the invariances: ``python validation/invariances/run.py 20`` for 20 minutes.

Random sheets by every route are changed in ways of which the consequence is known (`checks.py`).
What does not hold is printed with its seed. A short run with a fixed seed is part of the tests.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from invariances.checks import broken, broken_arms, broken_mixture
from invariances.sheets import WAYS, changes, counts, means

ARMS = ((means, "smd"), (means, "md"), (counts, "rr"), (counts, "or"), (changes, "md"))
"""Ways to give trials with several arms, each with a measure."""


def run(minutes: float) -> None:
    """Draw sheets until the time is over, and print each kind of finding once."""
    ends, seed, kinds = time.monotonic() + 60 * minutes, 0, set[str]()
    while time.monotonic() < ends:
        for way in WAYS:
            for measure in way.measures:
                for found in broken(way, measure, seed=seed, sheets=200, singly=20):
                    kind = f"{way.name}, {measure}, {found.split(':')[0]}"
                    if kind not in kinds:
                        print(f"seed {seed}: {way.name} to {measure}: {found}", flush=True)
                    kinds.add(kind)
        for draw, measure in ARMS:
            for found in broken_arms(draw, measure, seed=seed):
                print(f"seed {seed}: several arms to {measure}: {found}", flush=True)
                kinds.add(f"{measure}, {found.split(':')[0]}")
        for measure in ("smd", "md"):
            ways = [way for way in WAYS if measure in way.measures]
            for found in broken_mixture(ways, measure, seed=seed, sheets=50):
                print(f"seed {seed}: several ways to {measure}: {found}", flush=True)
                kinds.add(f"{measure}, {found.split(':')[0]}")
        seed += 1
    print(f"{seed} rounds in {minutes:g} minutes, {len(kinds)} kinds of findings")


if __name__ == "__main__":
    run(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
