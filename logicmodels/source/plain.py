"""A model as the plain values that a specification holds, in the order in which it names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from logicmodels.model import LogicModel


def plain(model: LogicModel) -> dict[str, Any]:
    """Return what a specification of the model says: mappings, lists, text and numbers.

    Parameters
    ----------
    model : LogicModel
        Any model, also one made in Python.

    Returns
    -------
    dict
        Keys as `schema` names and orders them; what is left at its default is left
        out.
    """
    from logicmodels.source.schema import ModelSpec

    return _said(model, ModelSpec) | {"spec_version": 1, "profile": model.profile.id}


def _said(record: Any, form: Any) -> dict[str, Any]:
    said = {}
    for name, field in form.model_fields.items():
        value = _value(getattr(record, name, None))
        if field.is_required() or value not in (None, field.default):
            said[field.alias or name] = value
    return said


def _value(value: Any) -> Any:
    from logicmodels.source import schema

    if isinstance(value, list | tuple):
        return [_value(one) for one in value]
    if isinstance(value, Mapping):
        return dict(value)
    form = getattr(schema, f"{type(value).__name__}Spec", None)
    return value if form is None else _said(value, form)
