"""Agreement as tables: numbers at full precision to compute with, rounded and worded to read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from arrowroot import display
from arrowroot.text import shortened

LABELS = {
    "percent": "Percent agreement",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "krippendorff_alpha": "Krippendorff's alpha",
    "gwet_ac1": "Gwet's AC1",
    "cohen_kappa_linear": "Cohen's kappa, linear weights",
    "cohen_kappa_quadratic": "Cohen's kappa, quadratic weights",
    "gwet_ac2_linear": "Gwet's AC2, linear weights",
    "gwet_ac2_quadratic": "Gwet's AC2, quadratic weights",
}

SEGMENT_CELLS = {
    "both": "Both",
    "first_only": "First only",
    "second_only": "Second only",
    "neither": "Neither",
}


class _Table(pd.DataFrame):
    """A table with a display in words; any part cut out of it is a plain DataFrame."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _in_words(self) -> str:
        raise NotImplementedError

    def _notes(self) -> list[str]:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        try:
            return self._in_words()
        except KeyError:  # someone removed columns, so it is displayed like any other table
            return pd.DataFrame(self).to_html(max_rows=pd.get_option("display.max_rows"))

    def __repr__(self) -> str:
        """Return the table as pandas prints it, with each of its notes on a line below."""
        table = super().__repr__()
        try:
            return display.with_notes(table, self._notes())
        except KeyError:
            return table


class AgreementTable(_Table):
    """What `agreement` returns."""

    def _in_words(self) -> str:
        rows = [
            [LABELS[str(name)], _value(name, row["value"]), _interval(name, row)]
            for name, row in self.iterrows()
        ]
        headings = ["Coefficient", "Value", _interval_heading(self.attrs)]
        if not self.attrs.get("draws"):
            headings, rows = headings[:2], [row[:2] for row in rows]
        return display.html_table("Agreement", headings, rows, notes=self._notes())

    def _notes(self) -> list[str]:
        reasons = [(LABELS[str(name)], why) for name, why in self["reason"].items()]
        failures = _failures(self, lambda name: LABELS[str(name)])
        return [*_grouped(reasons), *failures, *_alike(self)]


class AgreementByCode(_Table):
    """What `agreement_by_code` returns."""

    def _in_words(self) -> str:
        codes = list(dict.fromkeys(self.index.get_level_values(0)))
        names = list(dict.fromkeys(self.index.get_level_values(1)))
        rows = []
        for code in codes:
            own = self.xs(code, level=0)
            share = _value("percent", own["prevalence"].iloc[0])
            cells = [
                (_value(name, row["value"]), _interval(name, row)) for name, row in own.iterrows()
            ]
            rows.append([str(code), share, *(" ".join(filter(None, cell)) for cell in cells)])
        notes = self._notes()
        if self.attrs.get("draws"):
            notes.insert(0, f"In brackets: {_interval_heading(self.attrs)}.")
        headings = ["Code", "Prevalence", *(LABELS[name] for name in names)]
        title = "Agreement on each code: given or not"
        return display.html_table(title, headings, rows, notes=notes)

    def _notes(self) -> list[str]:
        reasons = [(_of(place), why) for place, why in self["reason"].items()]
        return [*_grouped(reasons), *_failures(self, _of), *_alike(self)]


class AgreementByPair(_Table):
    """What `agreement_by_pair` returns."""

    def _in_words(self) -> str:
        rows = [
            [
                _both(pair),
                str(pair["units"]),
                _value("percent", pair["percent"]),
                _value("cohen_kappa", pair["cohen_kappa"]),
            ]
            for _, pair in self.iterrows()
        ]
        headings = ["Coders", "Units both coded", LABELS["percent"], LABELS["cohen_kappa"]]
        title = "Agreement between each pair"
        return display.html_table(title, headings, rows, notes=self._notes())

    def _notes(self) -> list[str]:
        reasons = [(_both(pair), pair["reason"]) for _, pair in self.iterrows()]
        return [*_grouped(reasons), *_alike(self)]


class SegmentAgreementTable(_Table):
    """What `segment_agreement` returns."""

    def _in_words(self) -> str:
        by_character = self.attrs.get("by", "character") == "character"
        rows = [
            [
                str(row["code"]),
                _both(row),
                *("" if row[name] is None else f"{row[name]:,}" for name in SEGMENT_CELLS),
                *(_value("percent", row[name]) for name in ("percent", "positive", "overlap")),
                *([_value("cohen_kappa", row["cohen_kappa"])] if by_character else []),
            ]
            for _, row in self.iterrows()
        ]
        headings = ["Code", "Coders", *SEGMENT_CELLS.values(), "Percent agreement"]
        headings += ["Positive agreement", "Overlap"]
        title = "Agreement on pieces of text, in characters"
        if by_character:
            headings.append(LABELS["cohen_kappa"])
        else:
            title = (
                "Agreement on pieces of text that overlap by at least "
                f"{self.attrs.get('threshold', 0):.0%}"
            )
        return display.html_table(title, headings, rows, notes=self._notes())

    def _notes(self) -> list[str]:
        reasons = [(f"{one['code']} ({_both(one)})", one["reason"]) for _, one in self.iterrows()]
        return [*_grouped(reasons), *_alike(self)]


def _both(pair: pd.Series) -> str:
    return f"{pair['first']} and {pair['second']}"


def _alike(table: pd.DataFrame) -> Sequence[str]:
    return table.attrs.get("notes", [])


def _value(name: Hashable, value: float | None) -> str:
    if name != "percent" or value is None or pd.isna(value):
        return display.number(value)
    return f"{display.number(100 * value, 1)}%"


def _interval(name: Hashable, row: pd.Series) -> str:
    """Return an interval in brackets; empty where there is none."""
    if row["ci_low"] is None:
        return ""
    if name == "percent":
        return f"[{_value(name, row['ci_low'])}, {_value(name, row['ci_high'])}]"
    return display.interval((row["ci_low"], row["ci_high"]))


def _interval_heading(about: dict[Hashable, Any]) -> str:
    level, draws = about.get("confidence", 0.95), about.get("draws", 0)
    return f"{100 * level:g}% interval, {draws:,} draws"


def _of(place: Hashable) -> str:
    code, name = place if isinstance(place, tuple) else ("", place)
    return f"{LABELS[str(name)]} of {code}"


def _grouped(reasons: Iterable[tuple[str, str | None]]) -> list[str]:
    """Give each reason once, with everything to which it applies."""
    places: dict[str, list[str]] = {}
    for place, reason in reasons:
        if isinstance(reason, str):
            places.setdefault(reason, []).append(place)
    return [f"{shortened(where)}: {reason}" for reason, where in places.items()]


def _failures(table: pd.DataFrame, named: Callable[[Hashable], str]) -> Sequence[str]:
    """Say in how many draws a coefficient could not be computed."""
    if "failed" not in table:
        return []
    draws = table.attrs.get("draws", 0)
    return _grouped(
        (named(place), f"undefined in {n} of {draws:,} draws, which the interval leaves out.")
        for place, n in table["failed"].items()
        if isinstance(n, int) and n
    )
