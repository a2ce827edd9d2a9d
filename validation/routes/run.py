"""Every route to every measure, at length: ``python validation/routes/run.py 10000``.

As many random rows of each are changed in ways of which the consequence is known (`checks.py`).
What does not hold is printed with its seed. A short run with a fixed seed is part of the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from routes.checks import ROWS, broken, broken_arms, broken_without_route
from routes.sheets import changes, counts, means, to

from synthesis.measures import MEASURES

ARMS = ((means, "smd"), (means, "md"), (counts, "rr"), (counts, "or"), (changes, "md"))
"""Ways to give trials with several arms, each with a measure."""


def run(size: int, seed: int) -> int:
    """Check many rows by every route to every measure, and return the number of findings."""
    findings = 0

    def told(what: str, found: str) -> None:
        nonlocal findings
        print(f"seed {seed}, {what}: {found}", flush=True)
        findings += 1

    for measure in MEASURES:
        for found in broken(to(measure), measure, seed=seed, sheets=size // ROWS, singly=20):
            told(measure, found)
    for measure in ("smd", "md"):
        for found in broken_without_route(to(measure), measure, seed=seed, sheets=size // 100):
            told(measure, found)
    for draw, measure in ARMS:
        for found in broken_arms(draw, measure, seed=seed):
            told(f"several arms to {measure}", found)
    print(f"{len(MEASURES)} measures, {size:,} rows for each of their routes: {findings} findings")
    return findings


if __name__ == "__main__":
    rows, first = (int(text) for text in (*sys.argv[1:], *("10000", "1")[len(sys.argv) - 1 :]))
    sys.exit(run(rows, first) > 0)
