"""What papers call an effect: read whatever its case, apostrophes, dots, hyphens and blanks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from synthesis.measures import MEASURES, known_measure

STATISTICS = {"t statistic": "t", "f statistic": "f", "chi square": "chi2"}
"""Effect types where the printed effect is a test statistic, with its column."""

_HEDGES_G = (
    *(
        "g",
        "g hedges",
        "hedges g",
        "hedges s g",
        "hedge s g",
        "hedge g",
        "hedgesg",
        "smd hedges g",
        "smd g",
    ),
    *("corrected smd", "bias corrected smd", "hedges adjusted g", "unbiased d"),
)
_COHENS_D = (
    "d cohen",
    "d cohens",
    "d",
    "cohen d",
    "cohens d",
    "cohen s d",
    "cohensd",
    "smd cohens d",
    "smd d",
)
_GLASS = ("glass delta", "glasss delta", "glass s delta", "glasses delta", "glassdelta")

_ALIASES = {
    **dict.fromkeys((*_HEDGES_G, *_COHENS_D), "smd"),
    **dict.fromkeys(_GLASS, "smd1"),
    **dict.fromkeys(
        ("standardised mean difference", "standardized mean difference", "std mean difference"),
        "smd",
    ),
    **dict.fromkeys(("mean difference", "difference in means", "wmd", "weighted md"), "md"),
    **dict.fromkeys(("odds ratio", "odds ratios"), "or"),
    **dict.fromkeys(("risk ratio", "relative risk", "risk ratios"), "rr"),
    **dict.fromkeys(("risk difference", "absolute risk difference", "ard"), "rd"),
    **dict.fromkeys(("hazard ratio", "hazards ratio", "hazard rate ratio"), "hr"),
    **dict.fromkeys(("rate ratio", "incidence rate ratio", "incidence ratio"), "irr"),
    **dict.fromkeys(("rate difference", "incidence rate difference"), "ird"),
    **dict.fromkeys(("peto odds ratio", "peto or"), "peto"),
    **dict.fromkeys(
        ("correlation", "correlation coefficient", "pearson", "pearson r", "pearsons r"), "r"
    ),
    **dict.fromkeys(("pearson s r", "pearson correlation", "r"), "r"),
    **dict.fromkeys(("fisher s z", "fishers z", "fisher z", "z r"), "fisher_z"),
    **dict.fromkeys(
        (
            "spearman",
            "spearman r",
            "spearman rho",
            "spearmans rho",
            "spearman s rho",
            "rho",
            "rs",
            "r s",
        ),
        "r",
    ),
    **dict.fromkeys(("ratio of means", "response ratio", "means ratio"), "rom"),
    **dict.fromkeys(("prevalence", "share"), "proportion"),
    **dict.fromkeys(("cronbach s alpha", "cronbachs alpha", "cronbach alpha"), "alpha"),
    **dict.fromkeys(("t", "t test", "t value"), "t statistic"),
    **dict.fromkeys(("f test", "anova f"), "f statistic"),
    **dict.fromkeys(("chi squared", "chi2", "x2"), "chi square"),
}

_JOINED = {alias.replace(" ", ""): name for alias, name in _ALIASES.items() if len(alias) > 8}
"""The longer words as they are written without blanks."""

_UNDECIDED = {"cor"}
"""Words that stand for two measures: a correlation, or a crude odds ratio."""

_UNDECIDED_CAPITALS = {"ARR", "arr"}
"""An absolute risk reduction, or an adjusted risk ratio; ``aRR`` is adjusted."""

_SPEARMAN = ("rho", "rs", "r s", *(name for name in _ALIASES if name.startswith("spearman")))
_AFTER = (" adjusted", " adj", " unadjusted", " unadj", " crude", " multivariable", "adj")
_BEFORE = ("adjusted ", "adj ", "unadjusted ", "unadj ", "crude ", "multivariable ", "pooled ")
_LOGS = ("log ", "ln ", "natural log ", "natural logarithm of ", "logarithm of ", "loge ")
_ADJUSTABLE = ("or", "rr", "hr", "irr", "rd", "md")
_RATIOS = {name: one for name, one in MEASURES.items() if one.scale == "log"}


@dataclass(frozen=True)
class EffectType:
    """What a cell of `effect_type` says.

    Attributes
    ----------
    name : str
        The measure or the test statistic; the cell itself where it names none.
    is_log : bool
        Whether the number printed is already the logarithm of a ratio.
    corrected : bool, optional
        Whether a standardised difference is corrected for small samples; None where not said.
    is_glass : bool
        Whether it is divided by the SD of the control group.
    is_rank : bool
        Whether a correlation is one of ranks.
    """

    name: str
    is_log: bool = False
    corrected: bool | None = None
    is_glass: bool = False
    is_rank: bool = False


@cache
def effect_type(cell: str) -> EffectType:
    """Return what a cell of `effect_type` says.

    Examples
    --------
    >>> effect_type("Hedges’ g").corrected, effect_type("aOR").name
    (True, 'or')
    >>> effect_type("log OR")
    EffectType(name='or', is_log=True, corrected=None, is_glass=False, is_rank=False)
    """
    if cell.strip().lower() in MEASURES:
        return EffectType(cell.strip().lower())
    plain = _plain(cell)
    if cell.strip().replace(".", "") in _UNDECIDED_CAPITALS:
        return EffectType("arr")
    for word in _BEFORE:
        plain = plain.removeprefix(word)
    for word in _AFTER:
        if (rest := plain.removesuffix(word)) != plain:
            plain = rest if (read := _read(rest)) and read.name in _ADJUSTABLE else plain
            break
    if (read := _read(plain)) is not None:
        return read
    for log in (*_LOGS, *(word.strip() for word in _LOGS[:2])):
        rest = plain.removeprefix(log)
        for word in _BEFORE:
            rest = rest.removeprefix(word)
        if rest != plain and (read := _read(rest)) is not None and read.name in _RATIOS:
            return EffectType(read.name, is_log=True)
    # "Risk ratio (RR)" says the same twice.
    outside, inside = re.sub(r"\(.*?\)", " ", cell), re.findall(r"\(([^()]*)\)", cell)
    if inside and (read := _read(_plain(outside))) is not None:
        within = _read(_plain(inside[0]))
        if within is None or within.name == read.name:
            return read
    return EffectType(cell.strip().lower())


def _plain(cell: str) -> str:
    """Return a cell without what makes no difference, such as capitals, dots and apostrophes."""
    cell = cell.replace("[", "(").replace("]", ")")
    lower = re.sub(r"\(.*?ci\)|\(.*?ci\b.*?\)|,?\s*\d\d\s*%\s*ci$", " ", cell.lower())
    lower = lower.replace("χ²", "chi2").replace("δ", " delta").replace("ρ", " rho ")
    lower = re.sub("[‘’`´']", " ", lower)
    lower = re.sub(r"(?<=[a-z])\.(?=[a-z](\.|$|\s))", "", lower)
    return re.sub(r"[\s._()\-–,:]+", " ", lower).strip()


def _read(plain: str) -> EffectType | None:
    """Return what plain words say; None where they name no measure and no statistic."""
    # "aOR" and "adjOR" are adjusted; "cOR" is crude.
    candidates = [plain, *(plain.removeprefix(word) for word in ("adj", "a", "c", "u"))]
    for place, words in enumerate(candidates):
        if (place and words == plain) or words in _UNDECIDED:
            continue
        name = _ALIASES.get(words) or _JOINED.get(words) or (words if words in STATISTICS else "")
        if not name and (known := known_measure(words) or known_measure(words.replace(" ", "_"))):
            name = known.name
        if name and (place == 0 or (plain not in _UNDECIDED and name in _ADJUSTABLE)):
            corrected = True if words in _HEDGES_G else False if words in _COHENS_D else None
            return EffectType(
                name,
                corrected=corrected,
                is_glass=words in _GLASS,
                is_rank=words in _SPEARMAN,
            )
    return None
