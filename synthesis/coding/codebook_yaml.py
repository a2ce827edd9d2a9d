"""A codebook as YAML: text to plain values and back; every error is reported with its place."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arrowroot.errors import DataError
from arrowroot.files import as_path, read_text
from arrowroot.text import did_you_mean

HEAD = ("title", "version", "source")


def read(
    path: str | Path, fields: Sequence[str]
) -> tuple[dict[str, Any], list[str], list[dict[str, str]]]:
    """Return a codebook's head, its gaps and its codes, all as text.

    Parameters
    ----------
    path : str or Path
        A YAML file: ``title``, ``version``, ``source``, ``gaps`` (a list of sentences) and
        ``codes`` (a list of mappings).
    fields : sequence of str
        The keys a code may have.

    Raises
    ------
    DataError
        If it is not YAML, or does not have that structure.
    """
    name = as_path(path).name
    whole = _load(path)
    if not isinstance(whole, Mapping) or not isinstance(whole.get("codes"), list):
        raise DataError(
            f"{name}: a codebook must be a mapping with title, version and a list of codes."
        )
    _refuse_strangers(whole, (*HEAD, "gaps", "codes"), name)
    gaps = whole.get("gaps") or []
    if not isinstance(gaps, list):
        raise DataError(f"{name}: gaps must be a list of sentences.")
    codes = []
    for at, entry in enumerate(whole["codes"], start=1):
        if not isinstance(entry, Mapping):
            raise DataError(f"{name}: code {at} must be a mapping with id and label.")
        _refuse_strangers(entry, fields, f"{name}: code {at}")
        codes.append({key: _text(value) for key, value in entry.items()})
    return {key: _text(whole.get(key)) for key in HEAD}, [_text(gap) for gap in gaps], codes


def dump(head: Mapping[str, str], gaps: Sequence[str], codes: Sequence[Mapping[str, str]]) -> str:
    """Return the YAML text of a codebook; empty values are left out."""
    from ruamel.yaml import YAML

    whole = {
        **{key: value for key, value in head.items() if value},
        **({"gaps": list(gaps)} if gaps else {}),
        "codes": [{key: value for key, value in code.items() if value} for code in codes],
    }
    writer = YAML()
    writer.width = 100
    text = io.StringIO()
    writer.dump(whole, text)
    return text.getvalue()


def _load(path: str | Path) -> object:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(read_text(path))
    except (YAMLError, RecursionError, ValueError) as error:
        raise DataError(f"{as_path(path).name} is not YAML: {error}") from None


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _refuse_strangers(entry: Mapping[str, object], known: Sequence[str], place: str) -> None:
    for key in entry:
        if key not in known:
            hint = did_you_mean(key, known)
            raise DataError(f"{place}: unknown key {key!r}; it may have {', '.join(known)}.{hint}")
