"""The tables of a Delphi study: items by round and group, stability, sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from arrowroot.errors import OptionError
from arrowroot.options import number_list
from synthesis.coding.agreement.agreement import agreement
from synthesis.evaluation.delphi.rounds import EVERYONE, Rounds
from synthesis.evaluation.delphi.rule import DelphiRule, refuse_share
from synthesis.evaluation.delphi.statistics import as_row, item_statistics, judged
from synthesis.evaluation.reading import each


def items(rounds: Rounds, rule: DelphiRule) -> pd.DataFrame:
    """Return the statistics of each item by round and group, everyone first."""
    records = []
    for number in rounds.numbers:
        now = rounds.of(number)
        for name in (EVERYONE, *rounds.groups):
            some = now if name == EVERYONE else now[now["group"] == name]
            asked = some["panellist"].nunique()
            for item in rounds.items:
                if item not in set(now["item"]):
                    continue
                given = some.loc[some["item"] == item, "rating"].dropna().to_numpy(dtype=float)
                found = item_statistics(given, rule, asked)
                reached, why = judged(found, given, rule)
                records.append(
                    {
                        "round": number,
                        "item": item,
                        "group": name,
                        "asked": asked,
                        **as_row(found),
                        "skipped": asked - found.n,
                        "consensus": reached,
                        "why": why,
                    }
                )
    table = pd.DataFrame(records)
    table["consensus"] = table["consensus"].astype(object)
    front = ["round", "item", "group", "asked", "n", "skipped"]
    return table[[*front, *(name for name in table if name not in front)]]


def stability(rounds: Rounds, rule: DelphiRule, changes: pd.DataFrame) -> pd.DataFrame:
    """Return how the ratings of the same people moved from round to round."""
    changed = changes[changes["change"] == "reworded"]
    reworded = {(row.round, row.item) for row in each(changed)}
    scale = list(range(rule.scale[0], rule.scale[1] + 1))
    records = []
    for before, now in pairwise(rounds.numbers):
        both = rounds.of(before).merge(rounds.of(now), on=["panellist", "item"])
        both = both.dropna(subset=["rating_x", "rating_y"])
        for item in rounds.items:
            own = both[both["item"] == item]
            if own.empty:
                continue
            apart = own["rating_y"] - own["rating_x"]
            up, down = int((apart > 0).sum()), int((apart < 0).sum())
            kappa = agreement(
                pd.DataFrame(
                    {
                        "unit": [*own["panellist"], *own["panellist"]],
                        "coder": [f"round {before}"] * len(own) + [f"round {now}"] * len(own),
                        "code": [*own["rating_x"].astype(int), *own["rating_y"].astype(int)],
                    }
                ),
                level="ordinal",
                categories=scale,
            )
            records.append(
                {
                    "from_round": before,
                    "to_round": now,
                    "item": item,
                    "n": len(own),
                    "up": up,
                    "down": down,
                    "same": len(own) - up - down,
                    "percent_moved": 100 * (up + down) / len(own),
                    "kappa_linear": kappa.loc["cohen_kappa_linear", "value"],
                    "kappa_quadratic": kappa.loc["cohen_kappa_quadratic", "value"],
                    "reworded": (now, item) in reworded,
                    "why": _kappa_words(kappa["value"]["cohen_kappa_linear"]),
                }
            )
    names = ["from_round", "to_round", "item", "n", "up", "down", "same", "percent_moved"]
    names += ["kappa_linear", "kappa_quadratic", "reworded", "why"]
    table = pd.DataFrame(records, columns=names)
    return table.astype({"kappa_linear": float, "kappa_quadratic": float})


def _kappa_words(kappa: float | None) -> str:
    if kappa is None:
        return "kappa is undefined: both rounds hold one and the same rating only"
    return "kappa below 0: the rounds are less alike than by chance" if kappa < 0 else ""


def sensitivity(
    rounds: Rounds, rule: DelphiRule, results: pd.DataFrame, thresholds: Sequence[float]
) -> pd.DataFrame:
    """Return the result of each item at other percentages; only a percentage can be varied."""
    if rule.consensus != "percent":
        return pd.DataFrame({"item": results["item"], "rule": results["consensus"]})
    given = number_list("thresholds", thresholds, "(70, 75, 80)")
    known = sorted({*given, float(rule.at_least or 0)})
    if bad := [f"{one:g}" for one in known if not 0 <= one <= 100]:
        raise OptionError(f"thresholds must be percentages from 0 to 100; got {', '.join(bad)}.")
    for one in given:
        refuse_share("thresholds", one)
    columns: dict[str, list[object]] = {"item": list(results["item"])}
    for least in known:
        columns[f"{least:g}%"] = []
        for _, row in results.iterrows():
            now = rounds.of(row["round"])
            given = now.loc[now["item"] == row["item"], "rating"].dropna().to_numpy(dtype=float)
            found = item_statistics(given, rule, now["panellist"].nunique())
            columns[f"{least:g}%"].append(judged(found, given, rule, at_least=least)[0])
    return pd.DataFrame(columns)
