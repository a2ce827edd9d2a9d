"""A model in the columns of another profile: box by box, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from arrowroot.errors import OptionError
from arrowroot.text import counted, did_you_mean
from logicmodels.model import AnyModel, Model
from logicmodels.profiles.profile import Profile
from logicmodels.profiles.registry import PROFILES
from logicmodels.profiles.vocabulary import counterparts


def as_profile(
    model: AnyModel,
    name: str,
    *,
    columns: Mapping[str, str] | None = None,
    boxes: Mapping[str, str] | None = None,
) -> AnyModel:
    """Return a model in the columns of another profile; see `LogicModel.as_profile`."""
    if not isinstance(name, str) or name not in PROFILES:
        hint = did_you_mean(str(name), PROFILES, "did you mean {!r}?")
        hint = hint or f"there are {', '.join(map(repr, PROFILES))}."
        raise OptionError(f"as_profile: no profile {name!r}; {hint}")
    profile = PROFILES[name]
    _check_names("columns", columns or {}, [column.id for column in model.profile.columns], profile)
    _check_names("boxes", boxes or {}, [node.id for node in model.nodes], profile)
    same = {column.id: column.id for column in profile.columns} if model.profile.id == name else {}
    to = (same or counterparts(model.profile.id, name)) | dict(columns or {})
    places = {node.id: to.get(node.column, "") for node in model.nodes} | dict(boxes or {})
    _check_places(model, profile, places)
    views = tuple(
        replace(view, columns=tuple(to[column] for column in view.columns if column in to))
        for view in model.views
    )
    return replace(
        model,
        profile=profile,
        nodes=tuple(replace(node, column=places[node.id]) for node in model.nodes),
        headings=model.headings if same else {},
        views=views,
    )


def _check_names(option: str, given: Mapping[str, str], known: list[str], profile: Profile) -> None:
    """Raise OptionError for names that are not in the model, and columns not in the profile."""
    for sort, names, there in (
        (option, given, known),
        ("the columns of " + repr(profile.id), given.values(), [c.id for c in profile.columns]),
    ):
        unknown = [name for name in names if name not in there]
        if unknown:
            listed = ", ".join(map(repr, unknown))
            raise OptionError(
                f"as_profile: {option} names {listed}, which is not among {sort}: "
                f"{', '.join(there)}."
            )


def _check_places(model: Model, profile: Profile, places: Mapping[str, str]) -> None:
    """Raise OptionError for boxes without a place, and for arrows that would end at context."""
    unplaced: dict[str, list[str]] = {}
    for node in model.nodes:
        if not places[node.id]:
            unplaced.setdefault(node.column, []).append(node.id)
    if unplaced:
        boxes = counted(sum(map(len, unplaced.values())), "box", "boxes")
        listed = "; ".join(f"{column}: {', '.join(ids)}" for column, ids in unplaced.items())
        first = next(iter(unplaced))
        raise OptionError(
            f"as_profile: {boxes} of {model.profile.id!r} without "
            f"a counterpart in {profile.id!r} ({listed}). Say where they belong, for example with "
            f"columns={{{first!r}: {profile.columns[0].id!r}}}, with one of "
            f"{', '.join(column.id for column in profile.columns)}; or leave the boxes out."
        )
    context = {column.id for column in profile.context}
    ends = {end for link in model.links for end in (link.source, link.target)}
    reached = context & {places[end] for end in ends}
    stranded = [
        f"{link.source} -> {link.target}"
        for link in model.links
        if context & {places[link.source], places[link.target]}
    ]
    if stranded:
        raise OptionError(
            f"as_profile: arrows would end at {', '.join(sorted(reached))}, which is beneath the "
            f"columns and has no arrows ({', '.join(stranded)}). Put their boxes in other columns."
        )
