"""Work saved by `rank_records` and by ASReview on the same labelled sets, from the same records.

Ten pairs of starting records per set: for pair i, `numpy.random.default_rng(i)` draws one of the
included records and then one of the excluded ones. From there one record at a time is decided by
its label, and everything is ranked anew. Work saved over sampling at 95% recall is 0.95 - s / N,
where s is the number of records decided, starting pair included, when 95% of all included records
(rounded up) are found, and N is the number of all records.

    python validation/ranking/race.py --asreview /path/to/asreview/env/bin/python

runs ASReview with that interpreter, in which `asreview==3.0.8` is installed, and its default
model; without the option, its results are read from `asreview_3.0.8.json` beside this file.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
SETS = ("Nelson_2002", "Sep_2021", "Menon_2022")
PAIRS = 10
RECALL = 0.95
KEPT = HERE / "asreview_3.0.8.json"


def read(name: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a set's texts and its labels, 1 for included."""
    shipped = HERE.parents[1] / "data" / "sep2021" / "records.csv"
    path = shipped if name == "Sep_2021" else HERE / "synergy" / f"{name}.csv"
    table = pd.read_csv(path).fillna("")
    return table, table["label_included"].to_numpy(dtype=int)


def starts(labels: np.ndarray) -> list[tuple[int, int]]:
    """Return the starting pairs, each an included and an excluded record, as rows."""
    drawn = []
    for pair in range(PAIRS):
        random = np.random.default_rng(pair)
        one = random.choice(np.flatnonzero(labels == 1))
        drawn.append((int(one), int(random.choice(np.flatnonzero(labels == 0)))))
    return drawn


def work_saved(order: list[int], labels: np.ndarray) -> float:
    """Return the work saved by deciding rows in this order, the starting pair first."""
    needed = int(np.ceil(RECALL * labels.sum() - 1e-9))
    at = int(np.flatnonzero(np.cumsum(labels[order]) >= needed)[0]) + 1
    return RECALL - at / len(labels)


def order_by_us(table: pd.DataFrame, labels: np.ndarray, pair: tuple[int, int]) -> list[int]:
    """Return the order in which our ranking shows records until 95% are found."""
    from synthesis.library.ranking import text_model

    # What rank_records does with each new decision, without reading the tables anew.
    texts = (table["title"] + " " + table["abstract"] + " ").tolist()
    held = text_model.features(texts)
    order = list(pair)
    needed = int(np.ceil(RECALL * labels.sum() - 1e-9))
    while labels[order].sum() < needed:
        seen = np.sort(order)
        score = text_model.scores(held, seen[labels[seen] == 1], seen[labels[seen] == 0])
        score[order] = -np.inf
        order.append(int(np.argmax(score)))
    return order


def orders_by_asreview() -> dict[str, list[list[int]]]:
    """Return the orders in which ASReview's default model shows records."""
    from asreview.learner import ActiveLearningCycle
    from asreview.models.models import get_ai_config
    from asreview.simulation.simulate import Simulate

    orders: dict[str, list[list[int]]] = {}
    for name in SETS:
        table, labels = read(name)
        for pair in starts(labels):
            cycle = ActiveLearningCycle.from_meta(get_ai_config()["value"])
            run = Simulate(table[["title", "abstract"]], labels, [cycle], print_progress=False)
            run.label(list(pair))
            run.review()
            shown = run._results["record_id"].tolist()  # noqa: SLF001  (there is no public name)
            orders.setdefault(name, []).append([int(one) for one in shown])
    return orders


def main() -> None:
    """Print the work saved by both, set by set, and the margins."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asreview", help="the Python in whose environment ASReview is installed")
    parser.add_argument("--as-asreview", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.as_asreview:
        json.dump(orders_by_asreview(), sys.stdout)
        return
    if given.asreview:
        command = [given.asreview, __file__, "--as-asreview"]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        theirs = json.loads(answer)
        saved = {}
        for name, orders in theirs.items():
            labels = read(name)[1]
            saved[name] = [round(work_saved(order, labels), 6) for order in orders]
        KEPT.write_text(json.dumps(saved, indent=1) + "\n")
    saved = json.loads(KEPT.read_text())
    rows = []
    for name in SETS:
        table, labels = read(name)
        ours = [work_saved(order_by_us(table, labels, pair), labels) for pair in starts(labels)]
        rows.append((name, np.mean(ours), np.mean(saved[name])))
    result = pd.DataFrame(rows, columns=["set", "arrowroot", "asreview"]).set_index("set")
    result.loc["mean"] = result.mean()
    result["margin"] = result["arrowroot"] - result["asreview"]
    print(result.round(3).to_string())
    worst = result["margin"].iloc[:-1].min()
    if result.loc["mean", "margin"] < 0 or worst < -0.05:
        raise SystemExit("Less work saved than by ASReview.")


if __name__ == "__main__":
    main()
