"""The styles of a forest plot, as data: what four house styles print, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from arrowroot import display
from arrowroot.options import one_of

HEAVIEST_SIDE = 0.7
"""The least side of the heaviest study's square, in ems, where sides follow weights."""
EVEN_SIDE = 0.55
"""Side of a square, in text sizes, where results have no weights."""


@dataclass(frozen=True, kw_only=True)
class ForestStyle:
    """One house style. Lengths are multiples of the text size.

    Attributes
    ----------
    name : str
        The option's value.
    size : float
        Text size in points.
    pitch : float
        Distance from one row to the next.
    plot_width : float
        Width of the plot between the columns.
    widest_plot : float
        How wide long words under the axis may make it before they wrap.
    stretch : float
        How much, as a factor, the sentences beside the axis may widen the columns above them
        before they are moved below it.
    study_heading, effect_heading, plot_heading, axis_label, summary_heading : str
        Texts with the fields ``{label}``, ``{short}``, ``{abbreviation}``, ``{method}``,
        ``{model}`` and ``{level}``.
    models : dict
        The style's name for each model.
    arms : str
        Raw data by arm: ``"separate"`` columns, ``"combined"`` in one, or ``"none"``.
    left, right : tuple of str
        Columns beside the plot, out of ``arms``, ``weight`` and ``effect``.
    interval : tuple of str
        The text before, between and after the limits.
    interval_negative : str
        The text between the limits if one in the figure is negative.
    weight_heading, weight_ending : str
        Heading of the weights, and what follows each.
    squares : str
        ``"side"``: side grows with the weight, as RevMan draws; ``"area"``: area does.
    square_side : tuple of float
        For ``"side"``, the side at weight 0 and at weight 100 %; for ``"area"``, the smallest
        side and that of the heaviest study.
    colours : dict
        By part: ``continuous``, ``binary``, ``generic`` (squares), ``outline``, ``interval``,
        ``diamond``, ``diamond_outline``, ``prediction``, ``text``, ``rule``, ``separator``,
        ``null``.
    separators : bool
        Whether a thin line divides the rows.
    pooled_line : bool
        Whether a dashed line runs up from the pooled effect.
    symmetric : bool
        Whether the axis is equally long on both sides of no effect.
    bold_favours : bool
        Whether the words under the axis are bold.
    subtotal, total, prediction : str
        Labels of pooled effects and of the prediction interval.
    heterogeneity, heterogeneity_common, overall, between : str
        The sentences: heterogeneity under either model, the test of no effect, and that for
        subgroup differences.
    z : str
        The name of a normal test statistic.
    leading_zero : bool
        Whether p-values keep the zero before the point.
    favours : str
        The words under the axis, with the field ``{arm}``.
    footnote : str
        How footnotes are marked: ``"bracketed"`` as ``(1)``, or by a ``"raised"`` number.
    """

    name: str
    size: float = 9.0
    pitch: float = 1.45
    plot_width: float = 17.0
    widest_plot: float = 26.0
    stretch: float = 1.3
    study_heading: str
    effect_heading: str
    plot_heading: str = ""
    axis_label: str = ""
    summary_heading: str = "{abbreviation} ({level}\N{NO-BREAK SPACE}CI)"
    models: dict[str, str]
    arms: Literal["separate", "combined", "none"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    interval: tuple[str, str, str]
    interval_negative: str
    weight_heading: str = "Weight"
    weight_ending: str = "%"
    squares: Literal["side", "area"]
    square_side: tuple[float, float]
    colours: dict[str, str] = field(default_factory=dict)
    separators: bool = False
    pooled_line: bool = False
    symmetric: bool = False
    bold_favours: bool = False
    subtotal: str = "Subtotal ({level}\N{NO-BREAK SPACE}CI)"
    total: str = "Total ({level}\N{NO-BREAK SPACE}CI)"
    prediction: str = "{level} prediction interval"
    heterogeneity: str
    heterogeneity_common: str
    overall: str
    between: str
    z: str = "z"
    leading_zero: bool = True
    favours: str = "Favours {arm}"
    footnote: Literal["bracketed", "raised"] = "raised"

    def sides(self, weights: np.ndarray, heaviest: np.ndarray | float | None = None) -> np.ndarray:
        """Return the side of each square, from the weight in percent; equal if there are none.

        `heaviest` is the weight of the heaviest study with which each is compared: by default the
        heaviest of these.
        """
        least, most = self.square_side
        if np.isnan(weights).all():
            return np.full(len(weights), EVEN_SIDE)
        greatest = np.nanmax(weights) if heaviest is None else np.asarray(heaviest)
        if self.squares == "side":
            # RevMan's own slope leaves specks where no study weighs much; there the heaviest
            # grows to half a line, and the sides stay linear in the weight.
            slope = np.maximum((most - least) / 100, (HEAVIEST_SIDE - least) / greatest)
            return np.asarray(least + slope * weights)
        return np.maximum(least, most * np.sqrt(weights / greatest))

    def effect(self, estimate: float, ci: tuple[float, float], digits: int, negative: bool) -> str:
        """Write an effect with its interval."""
        return f"{display.drawn(estimate, digits)} {self.limits(ci, digits, negative)}"

    def limits(self, ci: tuple[float, float], digits: int, negative: bool) -> str:
        """Write an interval; `negative` says whether any limit in the figure is negative."""
        before, between, after = self.interval
        between = self.interval_negative if negative else between
        return (
            before + display.drawn(ci[0], digits) + between + display.drawn(ci[1], digits) + after
        )

    def p_value(self, p: float) -> str:
        """Write a p-value with its relation sign, as journals do.

        Two decimals; three below 0.01, and where two would read 0.05.
        """
        if math.isnan(p):
            return f"= {display.NOT_ESTIMATED}"
        digits = 3 if p < 0.01 or display.drawn(p) == "0.05" else 2
        if p < 0.001:
            text = "< 0.001"
        elif p > 0.99:
            text = "> 0.99"
        else:
            text = f"= {display.drawn(p, digits)}"
        return text if self.leading_zero else text.replace(" 0.", " .")


SHORT = {
    **dict.fromkeys(("smd", "smdh", "smd1", "smd1h"), "Std. mean difference"),
    **dict.fromkeys(("smcc", "smcr", "smcrh", "smcrp", "smcrph"), "Std. mean change"),
    "cvrc": "Ratio of CVs after and before",
    "vrc": "Ratio of SDs after and before",
    **dict.fromkeys(("mpor", "mporc", "mporm"), "Odds ratio, matched pairs"),
    "cvr": "Ratio of CVs",
    "vr": "Ratio of SDs",
}
"""How headings shorten the names of measures that are too long for a column."""

METHODS = {"mantel_haenszel": "M-H", "peto": "Peto"}
"""How headings abbreviate the weighting, by model; all others weigh by inverse variance."""

GREY = "#595959"

REVMAN = ForestStyle(
    name="revman",
    study_heading="Study or Subgroup",
    effect_heading="{short}\n{method}, {model}, {level}\N{NO-BREAK SPACE}CI",
    plot_heading="{short}\n{method}, {model}, {level}\N{NO-BREAK SPACE}CI",
    summary_heading="{short}\n{level}\N{NO-BREAK SPACE}CI",
    models={"common": "Fixed", "random": "Random", "mantel_haenszel": "Fixed", "peto": "Fixed"},
    arms="separate",
    left=("arms", "weight", "effect"),
    right=(),
    interval=("[", ", ", "]"),
    interval_negative=", ",
    squares="side",
    square_side=(2 / 14, 18 / 14),  # 2 + 0.16 per percent, in pixels at text of 14 pixels
    colours={
        "continuous": "#00cc00",
        "binary": "#0000cc",
        "generic": "#cc0000",
        "outline": "none",
        "interval": "black",
        "diamond": "black",
        "diamond_outline": "black",
        "prediction": "black",
        "text": "black",
        "rule": "black",
        "null": "black",
    },
    symmetric=True,
    heterogeneity="Heterogeneity: Tau² = {tau2}; Chi² = {q}, df = {q_df} (P {q_p}); I² = {i2}%",
    heterogeneity_common="Heterogeneity: Chi² = {q}, df = {q_df} (P {q_p}); I² = {i2}%",
    overall="Test for overall effect: {statistic} (P {p})",
    between="Test for subgroup differences: Chi² = {q}, df = {df} (P {p}); I² = {i2}%",
    z="Z",
    footnote="bracketed",
)

JAMA = ForestStyle(
    name="jama",
    study_heading="Source",
    effect_heading="{abbreviation} ({level}\N{NO-BREAK SPACE}CI)",
    axis_label="{abbreviation} ({level}\N{NO-BREAK SPACE}CI)",
    models={"common": "fixed", "random": "random", "mantel_haenszel": "fixed", "peto": "fixed"},
    arms="none",
    left=("effect",),
    right=(),
    interval=("(", "-", ")"),
    interval_negative=" to ",
    squares="area",
    square_side=(0.22, 0.9),
    colours={
        "continuous": "#12317a",
        "binary": "#12317a",
        "generic": "#12317a",
        "outline": "none",
        "interval": "#12317a",
        "diamond": "#8fc1e3",
        "diamond_outline": "#12317a",
        "prediction": "#12317a",
        "text": "black",
        "rule": "#12317a",
        "separator": "#c9dcec",
        "null": "black",
    },
    separators=True,
    heterogeneity="Heterogeneity: χ²{q_df_low} = {q} (P {q_p}), I² = {i2}%",
    heterogeneity_common="Heterogeneity: χ²{q_df_low} = {q} (P {q_p}), I² = {i2}%",
    overall="Test for overall effect: {statistic} (P {p})",
    between="Test for subgroup differences: χ²{df_low} = {q} (P {p}), I² = {i2}%",
    leading_zero=False,
    favours="Favors {arm}",
)

BMJ = ForestStyle(
    name="bmj",
    study_heading="Study or subgroup",
    effect_heading="{short}, {method}, {model} ({level}\N{NO-BREAK SPACE}CI)",
    plot_heading="{short}, {method}, {model} ({level}\N{NO-BREAK SPACE}CI)",
    models={"common": "fixed", "random": "random", "mantel_haenszel": "fixed", "peto": "fixed"},
    arms="combined",
    left=("arms",),
    right=("weight", "effect"),
    interval=("(", " to ", ")"),
    interval_negative=" to ",
    weight_heading="Weight (%)",
    weight_ending="",
    squares="area",
    square_side=(0.35, 0.95),
    colours={
        "continuous": "#6b58a6",
        "binary": "#6b58a6",
        "generic": "#6b58a6",
        "outline": "white",
        "interval": "#404040",
        "diamond": "#6b58a6",
        "diamond_outline": "#6b58a6",
        "prediction": "#404040",
        "text": "black",
        "rule": "#808080",
        "separator": "#d9d9d9",
        "null": "#808080",
    },
    separators=True,
    pooled_line=True,
    bold_favours=True,
    heterogeneity="Heterogeneity: τ² = {tau2}; χ² = {q}, df = {q_df}, P {q_p}; I² = {i2}%",
    heterogeneity_common="Heterogeneity: χ² = {q}, df = {q_df}, P {q_p}; I² = {i2}%",
    overall="Test for overall effect: {statistic}, P {p}",
    between="Test for subgroup differences: χ² = {q}, df = {df}, P {p}; I² = {i2}%",
    z="Z",
)

PLAIN = ForestStyle(
    name="plain",
    study_heading="Study",
    effect_heading="{abbreviation} [{level}\N{NO-BREAK SPACE}CI]",
    axis_label="{label}",
    models={
        "common": "Common-effect",
        "random": "Random-effects",
        "mantel_haenszel": "Mantel-Haenszel, common-effect",
        "peto": "Peto, common-effect",
    },
    arms="separate",
    left=("arms",),
    right=("weight", "effect"),
    interval=("[", ", ", "]"),
    interval_negative=", ",
    squares="area",
    square_side=(0.22, 0.9),
    colours={
        "continuous": "#262626",
        "binary": "#262626",
        "generic": "#262626",
        "outline": "none",
        "interval": "#262626",
        "diamond": "#262626",
        "diamond_outline": "#262626",
        "prediction": GREY,
        "text": "black",
        "rule": "black",
        "null": GREY,
    },
    pooled_line=True,
    subtotal="{model} model, subgroup",
    total="{model} model",
    heterogeneity="Heterogeneity: τ² = {tau2}; Q = {q}, df = {q_df}, P {q_p}; I² = {i2}%",
    heterogeneity_common="Heterogeneity: Q = {q}, df = {q_df}, P {q_p}; I² = {i2}%",
    overall="Test of no effect: {statistic}, P {p}",
    between="Test for subgroup differences: Q = {q}, df = {df}, P {p}; I² = {i2}%",
)

STYLES = {style.name: style for style in (REVMAN, JAMA, BMJ, PLAIN)}
"""Every style by name."""


def style_named(name: str) -> ForestStyle:
    """Return the style of that name, or raise an error listing the names.

    Examples
    --------
    >>> style_named("bmj").p_value(0.0496), style_named("jama").p_value(0.191)
    ('= 0.050', '= .19')
    """
    return STYLES[one_of("style", name, list(STYLES))]
