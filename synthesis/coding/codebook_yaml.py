"""A codebook as YAML: text to plain values and back; every error is reported with its place."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arrowroot.errors import Problem, SpecError
from arrowroot.files import as_path
from arrowroot.specs.slips import is_misread
from arrowroot.specs.source import as_data_error, text_of
from arrowroot.specs.yaml_text import load, position
from arrowroot.text import did_you_mean

HEAD = ("title", "version", "source")
_WHAT = "a codebook"


def read(
    path: str | Path, fields: Sequence[str]
) -> tuple[dict[str, Any], list[str], list[dict[str, str]], tuple[str, ...]]:
    """Return a codebook's head, its gaps and its codes, all as text, and remarks on the file.

    Parameters
    ----------
    path : str or Path
        A YAML file: ``title``, ``version``, ``source``, ``gaps`` (a list of sentences) and
        ``codes`` (a list of mappings). Every value is kept as it is written: the id ``010`` stays
        ``010``.
    fields : sequence of str
        The keys a code may have.

    Raises
    ------
    FileError
        If the file cannot be read.
    DataError
        If it is not YAML, or does not have that structure; with every problem and its line.
    """
    name = as_path(path).name
    try:
        whole, problems, remarks = load(text_of(path, _WHAT), _WHAT)
        if problems := problems or _problems(whole, fields):
            raise SpecError(name, problems)
    except SpecError as error:
        raise as_data_error(error) from None
    codes = [{key: _text(value) for key, value in entry.items()} for entry in whole["codes"]]
    head = {key: _text(whole.get(key)) for key in HEAD}
    return head, [_text(gap) for gap in whole.get("gaps") or []], codes, remarks


def dump(head: Mapping[str, str], gaps: Sequence[str], codes: Sequence[Mapping[str, str]]) -> str:
    """Return the YAML text of a codebook; empty values are left out."""
    from ruamel.yaml import YAML

    whole = {
        **{key: _quoted(value) for key, value in head.items() if value},
        **({"gaps": [_quoted(gap) for gap in gaps]} if gaps else {}),
        "codes": [{key: _quoted(value) for key, value in code.items() if value} for code in codes],
    }
    writer = YAML()
    writer.width = 100
    text = io.StringIO()
    writer.dump(whole, text)
    return text.getvalue()


def _quoted(text: str) -> str:
    """Return text that the writer puts in quotes where the reader would take it otherwise."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(text) if text and is_misread(text) else text


def _text(value: str | None) -> str:
    return (value or "").strip()


def _problems(whole: Any, fields: Sequence[str]) -> list[Problem]:
    """Return what is wrong with the form of a codebook."""
    if not isinstance(whole, Mapping) or "codes" not in whole:
        message = f"{_WHAT} must be a mapping with title, version and a list of codes"
        return [Problem(1, 1, "mapping", message)]
    found = _of_keys(whole, whole, [], (*HEAD, "gaps", "codes"), _WHAT)
    for key, holds in (("gaps", "sentences"), ("codes", "codes")):
        if whole.get(key) is not None and not isinstance(whole[key], list):
            message = f"{key} must be a list of {holds} (lines that begin with '- ')"
            found.append(Problem(*position(whole, [key]), "type", message))
    if whole["codes"] is None:
        where = position(whole, ["codes"], of_key=True)
        found.append(Problem(*where, "empty", "codes has no value; list the codes under it"))
    for at, gap in enumerate(_listed(whole.get("gaps"))):
        if not isinstance(gap, str):
            message = f"gap {at + 1} must be a sentence; put it in quotes if it is meant as text"
            found.append(Problem(*position(whole, ["gaps", at]), "type", message))
    for at, entry in enumerate(_listed(whole["codes"])):
        if isinstance(entry, Mapping):
            found += _of_keys(whole, entry, ["codes", at], fields, f"code {at + 1}")
        else:
            message = f"code {at + 1} must be a mapping with id and label"
            found.append(Problem(*position(whole, ["codes", at]), "type", message))
    return found


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _of_keys(
    whole: Any, entry: Mapping[str, Any], path: list[str | int], known: Sequence[str], place: str
) -> list[Problem]:
    """Return the keys of a mapping that are unknown, or whose values are not text."""
    found = []
    for key, value in entry.items():
        where = position(whole, [*path, key], of_key=True)
        if key not in known:
            hint = did_you_mean(key, known)
            message = f"{place}: unknown key {key!r}; it may have {', '.join(known)}.{hint}"
            found.append(Problem(*where, "unknown-key", message))
        elif isinstance(value, Mapping | list) and key not in ("gaps", "codes"):
            kind = "a list" if isinstance(value, list) else "a mapping"
            message = f"{place}: {key} must be text; got {kind}."
            message += " Put it in quotes if it is meant as text"
            found.append(Problem(*position(whole, [*path, key]), "type", message))
    return found
