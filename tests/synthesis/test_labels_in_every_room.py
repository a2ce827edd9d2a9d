"""Every function gives the same result for labels that are clean and for the same ones dirtied.

The tables are synthetic. A label is dirtied by what nobody sees: spaces, characters without width,
accents stored in two parts; a number by its type. Names of people also by their capitals.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

import synthesis as syn
from arrowroot.text import label

Table = dict[str, pd.DataFrame]

EFFECTS = pd.DataFrame(
    {
        "study": ["Müller 2001", "Grant 2003", "Peck 1999", "Lee 2010", "Roe 2011", "Poe 2012"],
        "outcome": ["pain", "pain", "low mood", "pain", "low mood", "low mood"],
        "group": ["hôpital A", "clinic B", "hôpital A", "clinic B", "hôpital A", "clinic B"],
        "district": [1, 2, 1, 2, 3, 3],
        "year": [2001, 2003, 1999, 2010, 2011, 2012],
        "overall": ["Low", "High", "Low", "Some concerns", "Low", "High"],
        "yi": [0.1, 0.3, 0.5, 0.2, 0.9, 0.4],
        "vi": [0.04, 0.05, 0.02, 0.03, 0.08, 0.05],
    }
)
SEVERAL = pd.DataFrame(
    {
        "study": ["Müller 2001", "Müller 2001", "Grant 2003", "Grant 2003", "Lee 2010", "Lee 2010"],
        "outcome": ["pain at rest", "pain", "pain at rest", "pain", "pain", "low mood"],
        "measure": ["smd"] * 6,
        "yi": [0.1, 0.3, 0.5, 0.2, 0.9, 0.4],
        "vi": [0.04, 0.05, 0.02, 0.03, 0.08, 0.05],
    }
)
ARMS = pd.DataFrame(
    {
        "study": ["Müller 2001", "Müller 2001", "Grant 2003", "Lee 2010"],
        "outcome": ["low mood"] * 4,
        "comparison": ["low dose", "high dose", "any dose", "any dose"],
        "mean_t": [5.0, 6.0, 5.5, 4.0],
        "sd_t": [2.0, 2.1, np.nan, 1.9],
        "n_t": [20, 22, 30, 25],
        "mean_c": [4.0, 4.0, 4.2, 3.9],
        "sd_c": [2.2, 2.2, np.nan, 2.0],
        "n_c": [40, 40, 31, 24],
    }
)
COUNTS = pd.DataFrame(
    {
        "study": ["Müller 2001", "Grant 2003", "Lee 2010"],
        "events_t": [4, 6, 2],
        "n_t": [20, 20, 20],
        "events_c": [9, 5, 4],
        "n_c": [20, 20, 20],
    }
)
CODINGS = pd.DataFrame(
    [
        (unit, coder, code)
        for coder, codes in (("Ann Lee", "112212"), ("Bob", "122211"))
        for unit, code in enumerate(map(int, codes), start=1)
    ],
    columns=["unit", "coder", "code"],
)
UNITS = pd.DataFrame({"unit": range(1, 7), "text": ["kind care"] * 6, "area": list("112233")})
SETTLED = pd.DataFrame(
    {"unit": [2, 5, 6], "code": [1, 2, 1], "by": ["both"] * 3, "why": ["agreed in a talk"] * 3}
)
RECORDS = pd.DataFrame(
    {
        "record_id": ["a:1", "a:2", "b:1"],
        "title": ["Oaks", "Elms", "Oaks"],
        "authors": ["Müller, A", "Roe, B", "Müller, A"],
        "year": ["2001", "2002", "2001"],
        "doi": ["", "", ""],
        "type": ["article"] * 3,
        "database": ["Embase", "Embase", "CINAHL é"],
    }
)
LINKS = pd.DataFrame(
    {"record_id": ["b:1"], "duplicate_of": ["a:1"], "reason": ["same"], "certain": [True]}
)
DECISIONS = pd.DataFrame(
    [
        ("a:1", "title_abstract", "Ann Lee", "include", ""),
        ("a:1", "title_abstract", "Bob", "include", ""),
        ("a:2", "title_abstract", "Ann Lee", "exclude", "wrong setting"),
        ("a:2", "title_abstract", "Bob", "include", ""),
        ("a:2", "title_abstract", "consensus", "include", ""),
        ("a:1", "full_text", "Ann Lee", "include", ""),
        ("a:2", "full_text", "Ann Lee", "exclude", "wrong setting"),
    ],
    columns=["record_id", "stage", "screener", "decision", "reason"],
)

LABELS = {"study", "outcome", "group", "district", "overall", "comparison", "measure", "unit"}
LABELS |= {"code", "area", "record_id", "duplicate_of", "stage", "decision", "reason", "database"}
PEOPLE = {"coder", "screener"}

TABLES: Table = {
    "effects": EFFECTS,
    "several": SEVERAL,
    "arms": ARMS,
    "counts": COUNTS,
    "codings": CODINGS,
    "units": UNITS,
    "settled": SETTLED,
    "records": RECORDS,
    "links": LINKS,
    "decisions": DECISIONS,
}


class Dirt:
    """Spell labels in other ways, each chosen at random."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def __call__(self, value: object, *, person: bool = False) -> object:
        if isinstance(value, int | np.integer):
            whole = int(value)
            return self.random.choice([whole, float(whole), str(whole), f" {whole}\u00a0"])
        if not isinstance(value, str) or not value:
            return value
        if person and self.random.random() < 0.5:
            value = value.upper()
        return self.random.choice(
            [
                value,
                f" {value}\t",
                value.replace(" ", "\u00a0 "),
                f"\ufeff{value}\u200b",
                unicodedata.normalize("NFD", value),
            ]
        )

    def all(self, values: Iterable[object]) -> list[object]:
        return [self(value) for value in values]

    def table(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(
            **{
                name: pd.Series(
                    [self(cell, person=name in PEOPLE) for cell in table[name].tolist()],
                    index=table.index,
                    dtype=object,
                )
                for name in table.columns
                if name in LABELS | PEOPLE
            }
        )


class Clean(Dirt):
    """Leave everything as it is."""

    def __init__(self) -> None:
        super().__init__(Random(0))

    def __call__(self, value: object, *, person: bool = False) -> object:
        return value


def told(value: Any) -> Any:
    """Return a result with labels read and names of people in small letters."""
    if isinstance(value, pd.DataFrame):
        return [list(map(told, value.columns)), *map(told, value.reset_index().to_numpy().tolist())]
    if isinstance(value, pd.Series):
        return told(value.to_frame())
    if isinstance(value, dict):
        return {told(name): told(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [told(one) for one in value]
    if isinstance(value, float) and np.isfinite(value) and not value.is_integer():
        return value  # to the last bit
    return label(value).casefold()


def words(axes: Any) -> list[str]:
    """Return the texts of a figure."""
    return [text.get_text() for text in axes.figure.findobj(Text) if text.get_text().strip()]


def fit(of: Table) -> Any:
    return syn.meta_analysis(of["effects"])


def subgroups(of: Table) -> Any:
    return syn.subgroup_analysis(of["effects"], "group", common_tau2=True)


Case = Callable[[Table, Dirt], Any]

POOLING: dict[str, Case] = {
    "meta_analysis": lambda of, _: (fit(of).to_frame(), fit(of).study_frame(), fit(of).notes),
    "repeated studies": lambda of, _: (
        syn.meta_analysis(of["several"], dependent="ignore").study_frame(),
        syn.meta_analysis(of["several"], dependent="ignore").notes,
    ),
    "subgroup_analysis": lambda of, _: (
        subgroups(of).to_frame(),
        subgroups(of).q_between,
        subgroups(of).notes,
    ),
    "meta_analyses": lambda of, _: syn.meta_analyses(of["effects"], ["group", "outcome"]),
    "meta_regression": lambda of, _: (
        syn.meta_regression(of["effects"], "~ group + year").coefficients
    ),
    "predict": lambda of, dirt: (
        syn.meta_regression(of["effects"], "~ group")
        .predict(pd.DataFrame({"group": [dirt("clinic B"), dirt("hôpital A")]}))
        .drop(columns="group")
    ),
    "three_level": lambda of, _: (
        syn.three_level(of["effects"], cluster="district").coefficients,
        syn.three_level(of["effects"], cluster="district").sigma2,
    ),
    "robust": lambda of, dirt: (
        syn.robust(fit(of), cluster="district").coefficients,
        syn.robust(fit(of), cluster=dirt.all([1, 2, 1, 2, 3, 3])).coefficients,
        syn.robust(
            syn.meta_analysis(of["several"], dependent="ignore"), cluster="study"
        ).coefficients,
    ),
    "mantel_haenszel": lambda of, _: syn.mantel_haenszel(of["counts"]).study_frame(),
}
EFFECTS_CASES: dict[str, Case] = {
    "choose_rows": lambda of, dirt: [
        part.index.tolist()
        for part in syn.choose_rows(of["several"], "outcome", dirt.all(["pain", "low mood"]))
    ],
    "choose_rows set aside": lambda of, dirt: (
        syn.choose_rows(of["several"], "outcome", ["pain"]).set_aside["reason"].tolist()
    ),
    "average_within_studies": lambda of, _: syn.average_within_studies(of["several"], rho=0.5).drop(
        columns="receipt"
    ),
    "within_study_covariance": lambda of, _: syn.within_study_covariance(of["several"], rho=0.5),
    "shared_control": lambda of, _: syn.shared_control(of["arms"]),
    "shared_control_covariance": lambda of, _: syn.shared_control_covariance(
        syn.effect_sizes(of["arms"].iloc[[0, 1, 3]], "md")
    ),
    "imputed from the same outcome": lambda of, _: syn.effect_sizes(
        of["arms"], "md", impute=["sd"]
    )[["study", "outcome", "yi", "vi"]],
    "effect_directions": lambda of, _: syn.effect_directions(of["several"], domain="outcome"),
    "cumulative": lambda of, dirt: (
        syn.cumulative(fit(of), order=dirt.all(EFFECTS["study"][::-1])),
        syn.cumulative(fit(of), order="group"),
    ),
    "multiverse": lambda of, dirt: (
        syn.multiverse(
            of["effects"],
            tau2=["dl"],
            ci=["wald"],
            subgroups=["group", "district"],
            leave_out={"old": dirt.all(["Peck 1999"])},
            progress=False,
        ).results
    ),
    "find_conventions": lambda of, _: (
        syn.find_conventions(
            of["effects"],
            {"q_between": "0.5", "yi Müller 2001": "0.10"},
            by="group",
            among={"tau2": ["dl"], "ci": ["wald"], "model": ["random"]},
            progress=False,
        ).nearest
    ),
}
CODING: dict[str, Case] = {
    "agreement": lambda of, dirt: (
        syn.agreement(of["codings"]),
        syn.agreement(of["codings"], categories=dirt.all([1, 2, 3])),
    ),
    "agreement_by_code": lambda of, _: syn.agreement_by_code(of["codings"]),
    "agreement_by_pair": lambda of, _: syn.agreement_by_pair(of["codings"]),
    "check_codings": lambda of, _: syn.check_codings(of["codings"]),
    "disagreements": lambda of, _: syn.disagreements(of["codings"]),
    "consensus": lambda of, _: syn.consensus(of["codings"], of["settled"]).codes,
    "cross_table": lambda of, dirt: (
        syn.cross_table(of["codings"], "coder", "code").iloc[-1],
        syn.cross_table(of["codings"], "unit", "code", column_order=dirt.all([2, 1])),
    ),
    "count_matching": lambda of, dirt: syn.count_matching(
        of["codings"], {"ones": {"code": dirt(1)}, "either": {"code": dirt.all([1, 2])}}
    ),
    "co_occurrence": lambda of, dirt: syn.co_occurrence(of["codings"], order=dirt.all([2, 1])),
    "saturation": lambda of, dirt: syn.saturation(of["codings"], units=dirt.all(range(1, 7))),
    "coded_units": lambda of, _: syn.coded_units(of["units"], of["codings"]),
    "uncoded": lambda of, _: syn.uncoded(of["codings"].iloc[:-2], of["units"]["unit"]),
    "find_indicators": lambda of, _: syn.find_indicators(of["units"], {"values": ["care"]}),
    "actions_by_activity": lambda of, dirt: syn.actions_by_activity(
        of["units"].assign(code=dirt.all([1, 2, 1, 2, 1, 2])),
        {dirt(area): f"a{area}" for area in "123"},
    ),
}
LIBRARY: dict[str, Case] = {
    "check_decisions": lambda of, dirt: syn.check_decisions(
        of["decisions"], of["records"], reasons=dirt.all(["wrong setting"])
    ).decisions[["record_id", "stage", "screener", "decision", "reason"]],
    "settle": lambda of, _: syn.settle(of["decisions"]),
    "screening_agreement": lambda of, _: syn.screening_agreement(of["decisions"]),
    "screening_conflicts": lambda of, _: syn.screening_conflicts(
        of["decisions"], stage="title_abstract"
    ),
    "prisma_flow": lambda of, dirt: (
        syn.prisma_flow(
            of["records"],
            of["links"],
            of["decisions"],
            registers=dirt.all(["CINAHL é"]),
            studies={dirt("a:1"): dirt("Müller 2001")},
        ).counts
    ),
    "merge_duplicates": lambda of, _: syn.merge_duplicates(of["records"], of["links"]),
    "extraction_rows": lambda of, dirt: syn.extraction_rows(
        of["records"],
        of["decisions"],
        outcomes=dirt.all(["low mood"]),
        studies={dirt("a:1"): dirt("Müller 2001")},
        links=of["links"],
    ),
}
PLOTS: dict[str, Case] = {
    "forest of subgroups": lambda of, _: words(syn.forest(subgroups(of))),
    "rob_traffic_light": lambda of, _: words(
        syn.rob_traffic_light(of["effects"][["study", "overall"]], template="generic")
    ),
    "effect_direction": lambda of, _: words(
        syn.effect_direction(syn.effect_directions(of["several"], domain="outcome"))
    ),
}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=name)
        for room in (POOLING, EFFECTS_CASES, CODING, LIBRARY, PLOTS)
        for name, case in room.items()
    ],
)
@settings(max_examples=5)
@given(random=st.randoms(use_true_random=False))
def test_dirtied_labels_change_nothing(case: Case, random: Random) -> None:
    dirt = Dirt(random)
    dirtied = {name: dirt.table(table) for name, table in TABLES.items()}
    assert told(case(dirtied, dirt)) == told(case(TABLES, Clean()))
