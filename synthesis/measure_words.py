"""What people write for a measure that is called otherwise here, or that is not computed."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CALLED = {
    "smd": ("g", "d", "hedges g", "cohens d", "cohen d", "cohen s d", "hedges s g", "effect size"),
    "md": ("wmd", "mean diff", "difference in means", "weighted mean difference"),
    "rom": ("lnrr", "log response ratio", "response ratio"),
    "or": ("odds", "log or", "lnor", "log odds ratio", "aor"),
    "rr": ("relative risk", "log rr", "risk ratios"),
    "rd": ("absolute risk difference", "ard", "absolute risk reduction"),
    "hr": ("hazard", "log hr", "lnhr", "ahr"),
    "fisher_z": ("spearman", "pearson", "cor", "correlation coefficient", "z"),
    "logit": ("prevalence", "incidence", "percent"),
    "smcc": ("paired d", "dz", "pre post"),
    "alpha_bt": ("cronbach", "cronbachs alpha", "alpha reliability"),
}
_SAID = {
    **dict.fromkeys(
        ("dor", "diagnostic odds ratio"),
        "The odds ratio of a diagnostic test is measure='or' with events_t = true positives, n_t = "
        "people with the condition, events_c = false positives and n_c = people without it.",
    ),
    **dict.fromkeys(
        ("sensitivity", "specificity", "likelihood ratio", "lr+", "lr-", "auc", "sroc"),
        "Sensitivity and specificity depend on each other across studies and are pooled as a pair, "
        "by a bivariate model such as that of mada in R, which is not among these measures. One of "
        "them alone is measure='logit' with events and n.",
    ),
    **dict.fromkeys(
        ("ordinal", "proportional odds", "common odds ratio", "polr", "shift analysis"),
        "Ordered categories (columns category1_t, category1_c and so on) lead to measure='or', by "
        "the proportional odds model, and to measure='smd'.",
    ),
    **dict.fromkeys(
        ("nnt", "nnh", "number needed to treat"),
        "A number needed to treat is not pooled: pool measure='or' or 'rr' and convert the result.",
    ),
    **dict.fromkeys(
        ("arr", "absolute risk reduction"),
        "ARR may be an absolute risk reduction or an adjusted risk ratio. Write aRR for the ratio; "
        "a reduction is RD with its sign reversed.",
    ),
    **dict.fromkeys(
        ("rrr", "relative risk reduction"),
        "A relative risk reduction is 1 minus the risk ratio: enter RR.",
    ),
    **dict.fromkeys(
        ("exp b", "exp beta", "e b"),
        "Exp(B) is an odds ratio in logistic, a hazard ratio in Cox and a rate ratio in Poisson "
        "regression: write OR, HR or IRR.",
    ),
    **dict.fromkeys(
        ("partial eta squared", "partial eta"),
        "Partial eta squared depends on the other factors of the model; enter its F, or t, with "
        "n_t and n_c.",
    ),
    **dict.fromkeys(
        ("kendall", "kendalls tau", "kendall s tau", "tau"),
        "Kendall's tau is not on the scale of a correlation; enter Pearson's or Spearman's.",
    ),
    **dict.fromkeys(
        ("beta", "b", "regression coefficient", "standardised beta", "standardized beta"),
        "A regression coefficient is not a measure of its own: with an arm as predictor, the "
        "columns b or beta lead to measure='smd'; otherwise its t and n lead to measure="
        "'partial_z'.",
    ),
    **dict.fromkeys(
        ("eta squared", "eta", "f", "t", "p", "chi2", "chi square"),
        "A test statistic is not a measure: enter it in its column (eta_squared, f, t, p, chi2) "
        "and name the measure to compute from it, such as measure='smd'.",
    ),
}


def answer(written: str) -> str:
    """Return what to do about a word that stands for no measure; empty if nothing is known.

    Examples
    --------
    >>> answer("Kendall's tau")[:46]
    " Kendall's tau is not on the scale of a correl"
    """
    said = _SAID.get(_plain(written), "")
    return f" {said}" if said else ""


def _plain(written: str) -> str:
    lower = written.lower().replace("β", "beta").replace("η", "eta")
    lower = re.sub(r"(?<=eta)\s*(²|\^2|2\b)", " squared", lower).replace("ηp", "partial eta")
    return re.sub(r"[^a-z0-9+-]+", " ", lower).strip()


def advice(written: str, labels: Iterable[tuple[str, str]]) -> str:
    """Return what to write instead of a measure that there is not; empty if nothing is known.

    Parameters
    ----------
    written : str
        What somebody wrote.
    labels : iterable of tuple of str
        The measures by label or abbreviation, each with its name.

    Examples
    --------
    >>> advice("Hedges' g", ())
    " Write measure='smd'."
    >>> advice("Odds ratio", [("Odds ratio", "or")])
    " Write measure='or'."
    """
    if said := answer(written):
        return said
    plain = _plain(written)
    named = [name for label, name in labels if label.lower() == plain]
    named += [name for name, words in _CALLED.items() if plain in words]
    return f" Write measure={named[0]!r}." if named else ""
