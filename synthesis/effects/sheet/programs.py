"""How RevMan, metafor, Metapsy and esc name what an extraction sheet contains."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from synthesis.effects.sheet.numbers import BLANK
from synthesis.labels import read_labels


@dataclass(frozen=True)
class Naming:
    """The column names of another program.

    Attributes
    ----------
    program : str
        What it is called in messages.
    treatment : str
        Which arm is the treatment, as the program's own manual has it.
    names : mapping of str to tuple of str
        Our name of a column with theirs, lower case with underscores; the first that a row
        fills in is taken.
    marks : tuple of tuple of str
        Sets of columns of which any one identifies the naming.
    others : mapping of str to tuple of str
        Our sizes, with their numbers of people with and without the event.
    shares : mapping of str to str
        Our percentages, with their proportions.
    beside : mapping of str to tuple of str
        Their columns that are ours only beside a second one, and without a third.
    kinds : mapping of str to str
        Their columns of printed effects, with what we call such an effect in `effect_type`.
    add : callable, optional
        Adds what takes more than one of their columns; gets the sheet, and their columns by name,
        and returns what else is to be said.
    """

    program: str
    treatment: str
    names: Mapping[str, tuple[str, ...]]
    marks: tuple[tuple[str, ...], ...]
    others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    add: Callable[[pd.DataFrame, Mapping[str, str]], list[str] | None] | None = None


def _pairs(**names: str) -> dict[str, tuple[str, ...]]:
    """Return the names of both arms from patterns; ``#`` stands for the arm."""
    return {
        f"{ours}_{arm}": tuple(one.replace("#", number) for one in theirs.split())
        for ours, theirs in names.items()
        for arm, number in (("t", "1"), ("c", "2"))
    }


def _revman_arms(**names: str) -> dict[str, tuple[str, ...]]:
    return {
        f"{ours}_{arm}": tuple(f"{word}_{one}" for one in theirs.split())
        for ours, theirs in names.items()
        for arm, word in (("t", "experimental"), ("c", "control"))
    }


def is_filled(cells: pd.Series) -> pd.Series:
    """Return which cells say more than that nothing is reported."""
    text = cells.astype("string").str.strip().str.lower()
    return ~(text.isna() | text.isin(BLANK))


def _number_analyses(sheet: pd.DataFrame, there: Mapping[str, str]) -> None:
    """Name the analysis of each row of RevMan's data rows, which tells rows of a study apart."""
    if "outcome" not in sheet and "analysis_group" in there and "analysis_number" in there:
        parts = [read_labels(sheet[there[name]]) for name in ("analysis_group", "analysis_number")]
        sheet["outcome"] = [f"Analysis {group}.{one}" for group, one in zip(*parts, strict=True)]


_REVMANS_KINDS = (
    ("o_minus_e", "v_logrank"),
    ("yi", "sei"),
    ("mean_t", "sd_t", "mean_c", "sd_c"),
    ("n_t", "n_c"),
)
"""Columns of one kind of data; a row of another kind has 0, or nothing, in all of them."""


def _complete_revman(sheet: pd.DataFrame, there: Mapping[str, str]) -> list[str]:
    """Name the analyses, and leave blank what rows of another kind of data do not have.

    RevMan writes 0 there; a variance, an SD or a size of 0 is impossible. Numbers of events may be
    0, and are blank only beside means.
    """
    _number_analyses(sheet, there)
    blanked: set[str] = set()

    def blank(names: Sequence[str], rows: pd.Series) -> None:
        for name in names:
            if (rows & is_filled(sheet[name])).any():
                blanked.add(name)
                sheet[name] = sheet[name].astype(object).where(~rows, "")

    def zero(names: Sequence[str]) -> pd.Series:
        cells = [sheet[name].astype("string").str.replace(",", ".", regex=False) for name in names]
        empty = [~is_filled(sheet[name]) for name in names]
        numbers = [pd.to_numeric(one, errors="coerce") == 0 for one in cells]
        return pd.concat(
            [one.fillna(value=False) | no for one, no in zip(numbers, empty, strict=True)], axis=1
        ).all(axis=1)

    for names in _REVMANS_KINDS:
        if {*names} <= {*sheet.columns}:
            blank(names, zero(names))
    means, events = ("mean_t", "sd_t", "mean_c", "sd_c"), ("events_t", "events_c")
    if {*means, *events} <= {*sheet.columns}:
        blank(events, zero(events) & is_filled(sheet["sd_t"]) & is_filled(sheet["sd_c"]))
    order = [name for name in sheet.columns if name in blanked]
    return [f"0 as blank in {' and '.join(order)} where rows have other data"] if order else []


def _name_authors(sheet: pd.DataFrame, there: Mapping[str, str]) -> None:
    """Label studies by author and year, as metafor's own data sets do."""
    if "study" not in sheet and "author" in there:
        authors = read_labels(sheet[there["author"]])
        years = read_labels(sheet[there["year"]]) if "year" in there else [""] * len(sheet)
        pairs = zip(authors, years, strict=True)
        sheet["study"] = [", ".join(filter(None, pair)) for pair in pairs]
    elif "study" not in sheet and "trial" in there:
        sheet["study"] = sheet[there["trial"]]


def _name_arms(sheet: pd.DataFrame, there: Mapping[str, str]) -> None:
    """Name the arms that Metapsy compares."""
    if "comparison" not in sheet and {"condition_arm1", "condition_arm2"} <= there.keys():
        arms = []
        for number in "12":
            conditions = read_labels(sheet[there[f"condition_arm{number}"]])
            which = there.get(f"multi_arm{number}")
            several = read_labels(sheet[which]) if which else [""] * len(sheet)
            arms.append(
                [
                    f"{one} ({other})" if other.lower() not in BLANK else one
                    for one, other in zip(conditions, several, strict=True)
                ]
            )
        sheet["comparison"] = [" v ".join(filter(None, pair)) for pair in zip(*arms, strict=True)]


REVMAN = Naming(
    "RevMan",
    "the experimental arm is the treatment",
    {
        "study": ("study", "study_or_subgroup"),
        "subgroup": ("subgroup",),
        **_revman_arms(mean="mean", sd="sd", n="total n", events="events cases"),
        "yi": ("giv_mean",),
        "sei": ("giv_se",),
        "o_minus_e": ("o_e",),
        "v_logrank": ("variance",),
    },
    (
        ("experimental_mean", "control_mean"),
        ("experimental_events", "control_events"),
        ("experimental_cases", "control_cases"),
        ("giv_mean", "giv_se"),
        ("o_e", "variance"),
    ),
    add=_complete_revman,
)

METAFOR = Naming(
    "metafor",
    "group 1 is the treatment",
    {
        "study": ("study", "slab"),
        **_pairs(mean="m#i", sd="sd#i", n="n#i", time="t#i"),
        "events_t": ("ai", "x1i"),
        "events_c": ("ci", "x2i"),
        "mean": ("mi",),
        "sd": ("sdi",),
        "r": ("ri",),
        "n": ("ni",),
        "events": ("xi",),
        "person_time": ("ti",),
    },
    (
        ("m1i", "m2i"),
        ("ai", "ci", "n1i", "n2i"),
        ("ai", "bi", "ci", "di"),
        ("x1i", "x2i", "t1i", "t2i"),
        ("ri", "ni"),
        ("mi", "sdi", "ni"),
        ("xi", "ni"),
        ("xi", "mi"),
        ("xi", "ti"),
    ),
    others={"n_t": ("ai", "bi"), "n_c": ("ci", "di"), "n": ("xi", "mi")},
    # Beside events, mi is the number of people without.
    beside={"mi": ("sdi", "xi")},
    add=_name_authors,
)

METAPSY = Naming(
    "Metapsy",
    "arm 1 is the treatment",
    {
        "study": ("study",),
        **_pairs(
            mean="mean_arm#",
            sd="sd_arm#",
            n="n_arm# totaln_arm# n_change_arm#",
            events="event_arm#",
            mean_change="mean_change_arm#",
            sd_change="sd_change_arm#",
            mean_pre="baseline_m_arm#",
            sd_pre="baseline_sd_arm#",
        ),
        "effect": ("precalc_g", "precalc_log_rr"),
        "se": ("precalc_g_se", "precalc_log_rr_se"),
        "timepoint": ("time",),
        "timepoint_weeks": ("time_weeks",),
    },
    (
        ("mean_arm1", "mean_arm2"),
        ("event_arm1", "event_arm2"),
        ("mean_change_arm1", "mean_change_arm2"),
        ("precalc_g", "precalc_g_se"),
        ("precalc_log_rr", "precalc_log_rr_se"),
    ),
    kinds={"precalc_g": "Hedges' g", "precalc_log_rr": "log RR"},
    add=_name_arms,
)

ESC = Naming(
    "esc",
    "group 1 is the treatment",
    {
        "study": ("study",),
        **_pairs(
            mean="grp#m post#mean",
            sd="grp#sd post#sd",
            se="grp#se",
            n="grp#n",
            events="grp#yes",
            mean_pre="pre#mean",
            sd_pre="pre#sd",
            mean_change="gain#mean",
            sd_change="gain#sd",
        ),
        "n_total": ("totaln",),
        "sd_y": ("sdy",),
        "chi2": ("chisq",),
    },
    (
        ("grp1m", "grp2m"),
        ("grp1yes", "grp2yes"),
        ("prop1event", "prop2event"),
        ("gain1mean", "gain2mean"),
        ("post1mean", "post2mean"),
        ("grp1n", "grp2n"),
    ),
    others={"n_t": ("grp1yes", "grp1no"), "n_c": ("grp2yes", "grp2no")},
    shares={"percent_t": "prop1event", "percent_c": "prop2event"},
)

NAMINGS = {"revman": REVMAN, "metafor": METAFOR, "metapsy": METAPSY, "esc": ESC}
"""The namings that are read, by the word for `columns`."""
