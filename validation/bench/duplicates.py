"""How long it takes to find duplicates, and how much memory, on records made up for it.

Run ``python validation/bench/duplicates.py 15000``. A quarter of the records are copies of
others, with fields blanked, shortened and written differently.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
import pandas as pd

from synthesis.library.duplicates import find_duplicates

WORDS = [
    "care",
    "case",
    "management",
    "older",
    "patients",
    "primary",
    "trial",
    "randomised",
    "effect",
    "hospital",
    "admission",
    "nurse",
    "community",
    "risk",
    "chronic",
    "cost",
    "study",
    "review",
    "integrated",
    "team",
    "social",
    "outcome",
    "health",
    "quality",
    "life",
    "diabetes",
    "heart",
    "failure",
    "frail",
    "programme",
    "evaluation",
    "cluster",
    "services",
    "emergency",
    "home",
    "geriatric",
]
JOURNALS = [
    f"Journal of {field} {kind}"
    for field in ("Clinical", "General", "Family", "Geriatric", "Health", "Nursing", "Public")
    for kind in ("Medicine", "Care", "Research", "Practice", "Policy", "Services")
]


def made_up(count: int, seed: int = 1) -> pd.DataFrame:
    """Return records of which a quarter are copies."""
    random = np.random.default_rng(seed)
    rare = [f"term{number}" for number in range(3000)]
    rows = []
    for number in range(count - count // 4):
        year, page = int(random.integers(1990, 2016)), int(random.integers(1, 1500))
        people = [
            f"Name{int(random.exponential(300))}, {chr(65 + int(random.integers(26)))}."
            for _ in range(random.integers(1, 7))
        ]
        title = [*random.choice(WORDS, random.integers(4, 9)), *random.choice(rare, 2)]
        rows.append(
            {
                "type": "article",
                "title": " ".join(title).capitalize(),
                "authors": "; ".join(people),
                "year": str(year),
                "journal": str(random.choice(JOURNALS)),
                "volume": str(year - 1980),
                "number": str(random.integers(1, 13)),
                "pages": f"{page}-{page + 8}",
                "doi": f"10.1000/x.{number}" if random.random() < 0.7 else "",
                "abstract": " ".join(random.choice(WORDS + rare, 120)),
            }
        )
    for _ in range(count // 4):
        copy = dict(rows[int(random.integers(count - count // 4))])
        if random.random() < 0.5:
            copy["doi"] = ""
        if random.random() < 0.5:
            copy["title"] = copy["title"].upper()
        if random.random() < 0.5:
            copy["pages"] = copy["pages"].partition("-")[0]
        rows.append(copy)
    return pd.DataFrame(rows).assign(record_id=[f"r{number}" for number in range(count)])


def main() -> None:
    """Print seconds, by the clock and of work, links and peak memory."""
    records = made_up(int(sys.argv[1]) if len(sys.argv) > 1 else 15_000)
    began, worked = time.perf_counter(), time.process_time()
    links = find_duplicates(records)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{len(records):,} records: {seconds:.0f} s ({worked:.0f} s of one core), "
        f"{len(links):,} links "
        f"({int(links['certain'].sum()):,} certain), at most {memory:.2f} GB"
    )


if __name__ == "__main__":
    main()
