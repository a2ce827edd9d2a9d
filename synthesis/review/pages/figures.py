"""The figures of a review, each drawn only if something that it depends on has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from arrowroot import __version__
from arrowroot.text import shortened
from synthesis.pooling.results import MetaAnalysis
from synthesis.review.analyses import Analysis
from synthesis.review.contents import Contents
from synthesis.review.pages.evidence import favours, model_with_evidence
from synthesis.review.text.values import in_names

if TYPE_CHECKING:
    from logicmodels import LogicModel
    from logicmodels.model import Model
    from synthesis.appraisal.risk_of_bias.risk_of_bias import RiskOfBias

_FORM = 1
"""Raised when figures are drawn in another way, so that older ones are drawn again."""


@dataclass(frozen=True)
class Drawing:
    """A figure that can be drawn.

    Attributes
    ----------
    file : str
        Where it is put, within ``build/``.
    title, caption : str
        Under it.
    key : str
        A hash of everything that it depends on.
    draw : callable
        Returns the SVG.
    analysis : str
        The key of its analysis; empty if it has none.
    kind : {"flow", "forest", "subgroups", "funnel", "model", "inside", "bias", "shares"}
        What it is.
    """

    file: str
    title: str
    caption: str
    key: str
    draw: Callable[[], bytes]
    analysis: str = ""
    kind: str = ""


def drawings(review: Contents) -> Iterator[Drawing]:
    """Yield the figures of a review, in the order in which the pages show them."""
    if review.flow is not None:
        yield _flow(review)
    for one in review.analyses.values():
        if one.fit is not None:
            yield _forest(one, review.appraisals.bias.get(one.key, ()))
    model = model_with_evidence(review)
    if model is not None:
        yield _model(model)
        yield from _inside(model, {})
    for one in review.analyses.values():
        if one.fit is None:
            continue
        several = review.declared.has_several_tools
        for bias in review.appraisals.bias.get(one.key, ()):
            yield _bias(one, bias, several=several)
            yield _shares(one, bias, several=several)
        for at, by in enumerate(one.subgroups, start=1):
            yield _subgroups(one, by, at)
        if one.fit.k >= review.declared.plan.small_studies.from_:
            yield _funnel(one)


def _key(kind: str, *parts: Any) -> str:
    text = json.dumps([_FORM, __version__, kind, *parts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _of_fit(fit: MetaAnalysis) -> list[str]:
    """Return everything that a figure of a fit may show, as text."""
    rows = fit.studies.copy()
    rows["weight"] = fit.weights.to_numpy()
    return [_text(rows), _text(fit.excluded), _text(fit.to_frame()), *fit.notes]


def _text(table: pd.DataFrame) -> str:
    # The line of a row in the file changes nothing in a figure.
    held = table.drop(columns="line", errors="ignore")
    cells = {
        name: [repr(cell) if isinstance(cell, float) else str(cell) for cell in column.tolist()]
        for name, column in held.items()
    }
    return str(pd.DataFrame(cells, index=held.index, columns=held.columns, dtype=object).to_csv())


def _svg(axes: Any, *, title: str) -> bytes:
    from synthesis.plots.drawing.save import rendered

    return rendered(axes, "svg", title=title)


def _arms(one: Analysis) -> tuple[str, str]:
    return (
        one.comparison.treated[:1].upper() + one.comparison.treated[1:],
        one.comparison.control[:1].upper() + one.comparison.control[1:],
    )


def _named(one: Analysis) -> list[str]:
    return [one.comparison.treated, one.comparison.control, one.outcome.direction]


def _flow(review: Contents) -> Drawing:
    flow = review.flow
    assert flow is not None  # noqa: S101
    title = f"Flow of records and studies: {review.declared.form.title}"

    def draw() -> bytes:
        return flow.draw(title=title).svg.encode()

    return Drawing(
        "figures/flow.svg",
        "Flow of records and studies",
        "From the records found to the studies included, after PRISMA 2020.",
        _key("flow", title, [[name, _in_order(n)] for name, n in flow.counts.items()]),
        draw,
        kind="flow",
    )


def _in_order(count: Any) -> Any:
    """Return a count, or those by database or reason in the order in which they are drawn."""
    return list(count.items()) if isinstance(count, Mapping) else count


def _forest(one: Analysis, bias: Sequence[RiskOfBias]) -> Drawing:
    from synthesis.plots.forest.forest import forest

    fit = one.fit
    assert fit is not None  # noqa: S101
    title = f"{one.name}: {one.comparison.name}"
    if len(bias) > 1:  # of several tools only the overall judgements can share a column
        bias = [each for each in bias if each.tool.overall]

    def draw() -> bytes:
        axes = forest(
            fit,
            style="plain",
            arms=_arms(one),
            favours=favours(one),
            risk_of_bias=list(bias),
        )
        return _svg(axes, title=title)

    tools = " and ".join(each.tool.name for each in bias)
    judged = f" Risk of bias as judged with {tools}." if bias else ""
    return Drawing(
        f"figures/{one.key}.forest.svg",
        one.name,
        f"{one.comparison.name}. {fit.measure.label} of each study with its "
        f"{100 * fit.level:g}% confidence interval, and the pooled effect.{judged}",
        _key(
            "forest", title, _named(one), _of_fit(fit), [t for each in bias for t in _of_bias(each)]
        ),
        draw,
        one.key,
        "forest",
    )


def _of_bias(bias: RiskOfBias) -> list[str]:
    domains = [f"{one.code} {one.about}" for one in bias.tool.domains]
    return [bias.tool.name, bias.tool.lead, *domains, _text(bias.table())]


def _bias(one: Analysis, bias: RiskOfBias, *, several: bool) -> Drawing:
    from synthesis.plots.rob import rob_traffic_light

    what, file = _of_tool(bias, several=several)
    title = f"{one.name}: {what} by study"

    def draw() -> bytes:
        # With several tools a figure shows the studies of its own.
        return _svg(rob_traffic_light(bias, fit=None if several else one.fit), title=title)

    assert one.fit is not None  # noqa: S101
    of = f"each study that {bias.tool.name} is for" if several else "each study"
    return Drawing(
        f"figures/{one.key}.risk-of-bias{file}.svg",
        f"{one.name}, {what} by study",
        f"As judged with {bias.tool.name} for the result of {of} in this analysis.",
        _key("bias", title, _of_bias(bias), list(map(str, one.fit.studies["study"]))),
        draw,
        one.key,
        "bias",
    )


def _of_tool(bias: RiskOfBias, *, several: bool) -> tuple[str, str]:
    """Return what a figure is about and a part of its file's name, by tool if there are several."""
    if not several:
        return "risk of bias", ""
    return f"risk of bias with {bias.tool.name}", f".{in_names(bias.tool.id)}"


def _shares(one: Analysis, bias: RiskOfBias, *, several: bool) -> Drawing:
    from synthesis.appraisal.risk_of_bias.results import weights_by_study
    from synthesis.plots.rob import rob_summary

    what, file = _of_tool(bias, several=several)
    title = f"{one.name}: {what} by weight"

    def draw() -> bytes:
        assert one.fit is not None  # noqa: S101
        if several:
            axes = rob_summary(bias, weights=pd.Series(weights_by_study(one.fit)))
        else:
            axes = rob_summary(bias, fit=one.fit)
        return _svg(axes, title=title)

    assert one.fit is not None  # noqa: S101
    among = f" among the studies that {bias.tool.name} is for" if several else ""
    return Drawing(
        f"figures/{one.key}.risk-of-bias-shares{file}.svg",
        f"{one.name}, {what} by weight",
        f"The share of each judgement with {bias.tool.name}{among}, by the weights of this "
        "analysis.",
        _key("shares", title, _of_bias(bias), _of_fit(one.fit)),
        draw,
        one.key,
        "shares",
    )


def _subgroups(one: Analysis, by: str, at: int) -> Drawing:
    from synthesis.plots.forest.forest import forest

    groups = one.subgroups[by]
    title = f"{one.name} by {by}: {one.comparison.name}"

    def draw() -> bytes:
        axes = forest(groups, style="plain", arms=_arms(one), favours=favours(one))
        return _svg(axes, title=title)

    held = [text for fit in (groups.overall, *groups.groups.values()) for text in _of_fit(fit)]
    return Drawing(
        f"figures/{one.key}.subgroups-{at}-{in_names(by)}.svg",
        f"{one.name}, subgroups by {by}",
        groups.sentence(),
        _key("subgroups", title, _named(one), by, list(groups.groups), groups.sentence(), held),
        draw,
        one.key,
        "subgroups",
    )


def _funnel(one: Analysis) -> Drawing:
    from synthesis.plots.funnel import funnel

    fit = one.fit
    assert fit is not None  # noqa: S101
    egger = one.small_studies.get("egger")
    title = f"{one.name}: funnel plot"

    def draw() -> bytes:
        return _svg(funnel(fit, egger=egger), title=title)

    return Drawing(
        f"figures/{one.key}.funnel.svg",
        f"{one.name}, funnel plot",
        "Each study's effect against its standard error; asymmetry may have other reasons than "
        "unpublished studies.",
        _key("funnel", title, _of_fit(fit), str(egger)),
        draw,
        one.key,
        "funnel",
    )


def _model(model: LogicModel) -> Drawing:
    def draw() -> bytes:
        return model.draw(view="evidence").svg.encode()

    return Drawing(
        "figures/logic_model.svg",
        "Logic model with the evidence of this review",
        "Each arrow shows what the studies of this review found on it.",
        _key("model", model.to_yaml()),
        draw,
        kind="model",
    )


def _inside(model: Model, drawn: dict[str, None]) -> Iterator[Drawing]:
    """Yield the models that boxes open into, and those inside them, each once."""
    from logicmodels import LogicModel

    for one in model.opened:
        if one.path in drawn:
            continue
        drawn[one.path] = None
        boxes = [node.label for node in model.nodes if node.model == one.file]
        inner = one.model
        assert isinstance(inner, LogicModel)  # noqa: S101  (models are read as that of the review)

        def draw(inner: LogicModel = inner) -> bytes:
            return inner.draw().svg.encode()

        yield Drawing(
            f"figures/logic_model.{in_names(one.path.rpartition('.')[0])}.svg",
            inner.title,
            f"What is inside the box {shortened(boxes)} of the logic model.",
            _key("inside", inner.to_yaml()),
            draw,
            kind="inside",
        )
        yield from _inside(inner, drawn)
