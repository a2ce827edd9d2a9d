"""Locks: short hashes by which a model, a result or a sentence is recognised later.

A lock is the hash of canonical JSON: keys sorted, defaults left out. A record that gets a new
field with a default therefore keeps its lock. A lock begins with the name of its scheme, so that
another scheme can be added. Before there were schemes, Python's own text of the records was
hashed; each thing that can be locked can still produce that text exactly and is recognised by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import MappingProxyType
from typing import Any

SCHEME = "v1:"
NOT_LOCKED: Mapping[str, bool] = MappingProxyType({"locked": False})
"""Metadata of a field whose content may change without breaking a lock."""


def lock(content: Any) -> str:
    """Return the lock of records, mappings, lists, text and numbers.

    Examples
    --------
    >>> lock({"estimate": 2.0, "k": 3}) == lock({"k": 3, "estimate": 2})
    True
    """
    import json

    text = json.dumps(_canonical(content), sort_keys=True, separators=(",", ":"))
    return SCHEME + _hash(text)


def opens(written: str, content: Any, old_text: str) -> bool:
    """Return whether a recorded lock, with or without a scheme, is that of this content.

    Parameters
    ----------
    written : str
        The lock.
    content : record, mapping, list, text or number
        What is to be compared with the lock.
    old_text : str
        The text that was hashed for the same content before there were schemes.
    """
    return written == (lock(content) if written.startswith(SCHEME) else _hash(old_text))


def _hash(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _canonical(value: Any) -> Any:
    """Return a value in JSON's types, the same for values that are equal."""
    if is_dataclass(value):
        said = {}
        for field in fields(value):
            if field.metadata.get("locked", True):
                inner = _canonical(getattr(value, field.name))
                if not _is_default(inner, field):
                    said[field.name] = inner
        return said
    if isinstance(value, Mapping):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if hasattr(value, "item"):  # a NumPy number
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _is_default(said: Any, field: Field[Any]) -> bool:
    if field.default_factory is not MISSING:
        return bool(said == _canonical(field.default_factory()))
    return field.default is not MISSING and bool(said == _canonical(field.default))
