"""A long run over every route: ``python validation/routes/run.py 10000`` draws as many rows each.

What does not hold is printed with its seed. A short run with a fixed seed is part of the tests.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from routes.checks import broken

from synthesis.measures import MEASURES


def run(size: int, seed: int) -> int:
    """Check that many rows by every route to every measure, and return the number of findings."""
    findings = 0
    for measure in MEASURES:
        for found in broken(measure, seed, size):
            print(f"seed {seed}, {measure}: {found}", flush=True)
            findings += 1
    print(f"{len(MEASURES)} measures, {size:,} rows for each of their routes: {findings} findings")
    return findings


if __name__ == "__main__":
    rows, first = (int(text) for text in (*sys.argv[1:], "10000", "1")[:2])
    sys.exit(run(rows, first) > 0)
