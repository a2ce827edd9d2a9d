"""Measures the layout of figures on 200 made-up models, and compares it with ``dot``.

    python validation/figures/run.py [first] [last]

Prints one line per model and stops with an error if heads touch, an arrow runs through a box, a
word is broken, in columns that are upright or run across the page, or if ``order="auto"`` makes
more crossings than plain ``dot`` in the same columns.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from measures import Measured, dots_crossings, measured
from models import seeded

SEEDS = 200


def main(first: int = 0, last: int = SEEDS) -> int:
    """Measure the models from one seed to another; return how many have something wrong."""
    wrong = 0
    slowest = 0.0
    total = {"author": 0, "auto": 0, "dot": 0}
    for seed in range(first, last):
        model = seeded(seed)
        start = time.perf_counter()
        author = measured(model)
        auto = measured(model, order="auto")
        took = time.perf_counter() - start
        slowest = max(slowest, took)
        dot = dots_crossings(model)
        turned = faults(measured(model, direction="down"))
        bad = faults(author) + faults(auto) + turned + (auto.crossings > dot)
        wrong += bool(bad)
        for name, count in (("author", author.crossings), ("auto", auto.crossings), ("dot", dot)):
            total[name] += count
        print(
            f"{seed:4d} {len(model.nodes):4d} boxes {len(model.links):4d} arrows; crossings:"
            f" author {author.crossings:5d} auto {auto.crossings:5d} dot {dot:5d}; {took:.2f} s"
            f"{'  WRONG' if bad else ''}",
            flush=True,
        )
    print(
        f"{last - first} models, {wrong} wrong; crossings in all {total}; slowest {slowest:.1f} s"
    )
    return wrong


def faults(found: Measured) -> int:
    """Return how much is wrong with a layout, crossings aside."""
    return found.through_boxes + found.touching_heads + found.broken_words


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:3])) else 0)
