"""A logic model as JSON: the specification's own keys, for programs."""

from __future__ import annotations

import json

from logicmodels.model import LogicModel
from logicmodels.source.plain import plain


def to_json(model: LogicModel) -> str:
    r"""Return a model as JSON text; see `LogicModel.to_json`.

    Letters of every script stand as they are. What cannot be seen is written as ``\u`` and its
    number, so that readers of YAML, to whom JSON is YAML too, read the same.
    """
    text = json.dumps(plain(model), ensure_ascii=False, indent=2)
    return "".join(map(_seen, text)) + "\n"


def _seen(one: str) -> str:
    if one.isprintable() or one == "\n" or ord(one) > 0xFFFF:
        return one
    return f"\\u{ord(one):04x}"
