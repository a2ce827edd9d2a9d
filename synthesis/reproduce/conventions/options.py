"""Check the restrictions of a search for conventions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from arrowroot.errors import DataError, OptionError
from arrowroot.options import one_of
from arrowroot.text import counted
from synthesis import checks
from synthesis.labels import read_labels
from synthesis.reproduce.conventions import candidates, model_candidates, preparations, readings
from synthesis.reproduce.conventions.quantities import OF_SUBGROUPS, Wanted


def check_input(effects: object, printed: object) -> None:
    """Raise an error unless there is a table and a mapping of printed numbers."""
    if not isinstance(effects, pd.DataFrame):
        raise DataError(f"effects must be a table, one row per study; got {effects!r:.60}.")
    if not isinstance(printed, Mapping):
        raise DataError(
            f"printed must name its numbers, as {{'estimate': '0.56'}} does; got {printed!r:.60}."
        )


def check_groups(effects: pd.DataFrame, by: str | None, sought: Sequence[Wanted]) -> None:
    """Raise an error if the column of the subgroups is needed and missing or not filled in."""
    asked = [one.column for one in sought if one.name in OF_SUBGROUPS]
    if by is None:
        if asked:
            raise OptionError(f"{asked[0]} needs the column of the subgroups: by=...")
        return
    blank = read_labels(checks.column(effects, by, "by")).count("")
    if blank:
        raise DataError(f"by: {by!r} is blank in {counted(blank, 'row')}; fill it in.")


def checked_options(among: Mapping[str, str | Sequence[str]] | None) -> dict[str, list[str]]:
    """Return the allowed options as lists, after checking every choice and option."""
    legal = {
        **preparations.OPTIONS,
        **candidates.OPTIONS,
        **model_candidates.THREE_LEVEL,
        **readings.OPTIONS,
    }
    kept: dict[str, list[str]] = {}
    for name, given in (among or {}).items():
        one_of("a choice in among", name, list(legal))
        listed = [given] if isinstance(given, str) else list(given)
        if not listed:
            raise OptionError(f"among: {name} lists no options.")
        kept[name] = [one_of(name, one, legal[name]) for one in listed]
    return kept
