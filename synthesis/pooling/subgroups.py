"""Subgroup analysis: one meta-analysis per group, and the test between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from arrowroot.display import Shown, interval, number, p_value
from arrowroot.errors import DataError, EstimationError
from arrowroot.text import counted, shortened
from synthesis import checks
from synthesis.labels import capitals, read_labels, with_labels
from synthesis.pooling.dependence import is_subgroup
from synthesis.pooling.engine.batch import Choices
from synthesis.pooling.engine.heterogeneity import q_profile, typical_variance
from synthesis.pooling.engine.intervals import CI_NAMES
from synthesis.pooling.engine.tau2 import estimate
from synthesis.pooling.engine.weighted import Design, intercept
from synthesis.pooling.formula.design import design_matrix
from synthesis.pooling.model import meta_analysis
from synthesis.pooling.readable import BEYOND
from synthesis.pooling.results import MetaAnalysis
from synthesis.pooling.studies import AS_GIVEN, split_studies
from synthesis.r_code import subgroups
from synthesis.r_code.script import InR, Section

SCALED = ("hksj", "hksj_modified")
"""Intervals whose standard errors are estimated from the studies of a group themselves."""

FEW = 4
"""Below this many studies in a group such a standard error is itself known poorly."""


@dataclass(frozen=True, eq=False, repr=False)
class SubgroupAnalysis(InR, Shown):
    """Meta-analyses of subgroups and the test between them.

    Attributes
    ----------
    groups : mapping of str to MetaAnalysis
        In order of first appearance.
    overall : MetaAnalysis
        All studies that belong to a group, pooled together.
    q_between, df, p_value : float, int, float
        Test for subgroup differences: the groups' estimates, weighted by their inverse squared
        standard errors, against chi-squared (Borenstein & Higgins 2013, Prev Sci 14:134-143).
    i2_between : float
        Share of that Q beyond what chance would give, in percent: ``max(0, (Q - df) / Q)``, as
        RevMan prints it beside the test.
    basis : str
        Where the groups' standard errors in the test come from, if they are not the usual
        Wald-type ones; otherwise empty.
    by : str
        The column that names the groups.
    common_tau2 : float or None
        The between-study variance shared by all groups; None where each has its own.
    common_tau2_ci : tuple of float or None
        Its Q-profile interval at `level`, from the meta-regression on `by`; every group's
        `tau2_ci` repeats it. None where it was given as a number, or each group has its own.
    excluded : DataFrame
        Rows that could not be used: ``study`` and ``reason``.
    """

    groups: Mapping[str, MetaAnalysis]
    overall: MetaAnalysis
    q_between: float
    df: int
    p_value: float
    by: str
    common_tau2: float | None
    excluded: pd.DataFrame
    common_tau2_ci: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()

    @property
    def i2_between(self) -> float:  # noqa: D102 - see the class
        return 100 * max(0.0, 1 - self.df / self.q_between) if self.q_between > 0 else 0.0

    @property
    def basis(self) -> str:  # noqa: D102 - see the class
        method = self.overall.ci_method
        return f"{CI_NAMES[method]} standard errors" if method in SCALED else ""

    def to_frame(self) -> pd.DataFrame:
        """Return one row per group, unrounded: the columns of `MetaAnalysis.to_frame`."""
        rows = [fit.to_frame() for fit in self.groups.values()]
        labels = pd.Index(list(self.groups), name=self.by)
        return pd.concat(rows, ignore_index=True).set_index(labels)

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return subgroups.section(self)

    def sentence(self) -> str:
        """Return the test between groups as a sentence."""
        spread = "one tau² for all groups" if self.common_tau2 is not None else "a tau² per group"
        return (
            f"Test for subgroup differences by {self.by}: Q = {number(self.q_between)} on "
            f"{self.df} df (p {p_value(self.p_value)}), I² = {number(self.i2_between, 0)}%, "
            f"{spread}{f', {self.basis}' if self.basis else ''}."
        )

    def _line(self) -> str:
        return self.sentence()

    def _title(self) -> str:
        return f"Subgroups by {self.by}"

    def _facts(self) -> list[tuple[str, str]]:
        facts = []
        for label, fit in self.groups.items():
            low, high = (fit.back(limit) for limit in fit.ci)
            effect = f"{number(fit.back(fit.estimate))} {interval((low, high))}"
            facts.append((f"{label} ({fit.k_in_words})", effect))
        if self.common_tau2 is not None:
            limits = self.common_tau2_ci
            within = "" if limits is None else f" {interval(limits, 3)}"
            facts.append(("tau² of all groups", number(self.common_tau2, 3) + within))
        test = (
            f"Q = {number(self.q_between)}, df = {self.df}, p {p_value(self.p_value)}, "
            f"I² = {number(self.i2_between, 0)}%"
        )
        rests = [("Standard errors in that test", self.basis)] if self.basis else []
        return [*facts, ("Test for subgroup differences", test), *rests]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def subgroup_analysis(
    effects: pd.DataFrame,
    by: str,
    *,
    common_tau2: bool = False,
    yi: str = "yi",
    vi: str = "vi",
    study: str = "study",
    measure: str | None = None,
    model: str = "random",
    tau2: str | float = "reml",
    ci: str | None = None,
    level: float = 0.95,
    prediction: str = "as_interval",
    dependent: str = "refuse",
) -> SubgroupAnalysis:
    """Pool each subgroup and test whether they differ.

    Parameters
    ----------
    effects : DataFrame
        One row per study; a row without effect, variance or group is listed in `excluded`.
    by : str
        Column that names the groups.
    common_tau2 : bool
        Whether the groups share one between-study variance, estimated from the meta-regression
        on `by`; by default each has its own. The two can disagree on significance.
    yi, vi, study, measure, model, tau2, ci, level, prediction
        As in `meta_analysis`, for every group.
    dependent : {"refuse", "ignore"}
        As in `meta_analysis`. In an analysis by the column ``subgroup`` the rows of one study in
        different groups are different people and may stand beside each other, unless they share
        a control arm; a note says which studies are in several groups.

    Returns
    -------
    SubgroupAnalysis

    Raises
    ------
    DataError
        As in `meta_analysis`, or if there is only one group.
    EstimationError
        As in `meta_analysis`, or if a common tau2 cannot be estimated because every group has
        a single study.
    """
    choices = Choices(model=model, tau2=tau2, ci=ci, level=level, prediction=prediction)
    lacking = [
        "" if label else f"{by} is blank" for label in read_labels(checks.column(effects, by, "by"))
    ]
    effects = with_labels(effects, [by])
    studies, excluded, notes, _ = split_studies(
        effects,
        yi=yi,
        vi=vi,
        study=study,
        dependent=dependent,
        lacking=lacking,
        people=is_subgroup(by),
        told_apart_by=by,
    )
    named = np.array(read_labels(studies[by]), dtype=object)
    names = list(dict.fromkeys(named))
    if len(names) < 2:
        raise DataError(
            f"by: {by!r} has only one group, {names[0]!r}; there is nothing to compare."
        )

    shared, limits = None, None
    if common_tau2 and choices.model == "random":
        shared, limits = _common_tau2(studies, named, choices)
    spread = choices.tau2 if shared is None else shared

    def pooled(rows: pd.DataFrame, tau2: str | float) -> MetaAnalysis:
        return meta_analysis(
            rows,
            measure=measure,
            model=model,
            tau2=tau2,
            ci=ci,
            level=level,
            prediction=prediction,
            dependent="ignore",  # what is dependent was refused or accepted above
        )

    groups = {name: pooled(studies.loc[named == name], spread) for name in names}
    if limits is not None:
        groups = {name: _with_interval(fit, limits) for name, fit in groups.items()}
    overall = pooled(studies, tau2)
    q, df, p = _between(list(groups.values()))
    notes += [*capitals("Groups", names), *_in_several(studies, named)]
    single = [repr(name) for name, fit in groups.items() if fit.k == 1]
    if single and shared:
        notes.append(
            f"Only one study in {shortened(single)}: its effect is the study's own, and its "
            "interval includes the tau² that all groups share."
        )
    elif single:
        notes.append(f"Only one study in {shortened(single)}: that group is the study itself.")
    small = [repr(name) for name, fit in groups.items() if 1 < fit.k < FEW]
    if small and overall.ci_method in SCALED:
        notes.append(
            f"The test between groups takes the {CI_NAMES[overall.ci_method]} standard errors as "
            f"exact; with fewer than {FEW} studies in {shortened(small)} they may be much too "
            "small or too large by chance. Compare the test with ci='wald'."
        )
    notes += _of_groups({**groups, "all studies": overall})
    return SubgroupAnalysis(
        groups=groups,
        overall=overall,
        q_between=q,
        df=df,
        p_value=p,
        by=by,
        common_tau2=shared,
        excluded=excluded,
        common_tau2_ci=limits,
        notes=tuple(notes),
    )


def _in_several(studies: pd.DataFrame, named: np.ndarray) -> list[str]:
    """Return a note on the studies that have rows in more than one group."""
    if AS_GIVEN not in studies:
        return []
    pairs = pd.DataFrame({"study": read_labels(studies[AS_GIVEN]), "group": named})
    several = pairs.drop_duplicates()["study"].value_counts(sort=False)
    several = several[several > 1]
    if several.empty:
        return []
    return [
        f"The groups share {counted(len(several), 'study', 'studies')}: "
        f"{shortened(map(repr, several.index))}. The test between the groups, and the overall "
        "result, take their rows as independent; this is right if they are different people, and "
        "wrong if they are the same people or share a control arm."
    ]


def _of_groups(fits: Mapping[str, MetaAnalysis]) -> list[str]:
    """Return what single groups say of numbers that leave the range of the measure."""
    return [
        f"{name}: {note[0].lower()}{note[1:]}"
        for name, fit in fits.items()
        for note in fit.notes
        if note.startswith(BEYOND)
    ]


def _with_interval(fit: MetaAnalysis, limits: tuple[float, float]) -> MetaAnalysis:
    """Return a group with the interval of the tau2 that it shares, and I² at its limits."""
    shares = None
    if fit.k > 1:
        y, v = (fit.studies[name].to_numpy(dtype=float)[:, None] for name in ("yi", "vi"))
        typical = float(typical_variance(y, v, intercept(fit.k))[0])
        low, high = (100 * limit / (limit + typical) for limit in limits)
        shares = (low, high)
    return replace(fit, tau2_ci=limits, i2_ci=shares, tau2_ci_method="q_profile")


def _common_tau2(
    studies: pd.DataFrame, named: np.ndarray, choices: Choices
) -> tuple[float, tuple[float, float] | None]:
    """Estimate the tau2 that all groups share, with its interval, from the regression on groups.

    A tau2 that was given as a number has no interval.
    """
    design = design_matrix(pd.DataFrame({"group": named}), "~ 0 + group", studies["study"].tolist())
    space = Design(design.to_numpy())
    if space.df == 0:
        raise EstimationError(
            "common_tau2: every group has a single study, so the spread within groups cannot be "
            "estimated. Merge groups."
        )
    y, v = studies["yi"].to_numpy()[:, None], studies["vi"].to_numpy()[:, None]
    shared = float(estimate(choices.estimator, y, v, space)[0][0])
    if not isinstance(choices.estimator, str):
        return shared, None
    low, high = q_profile(y, v, space, choices.level)
    return shared, (float(low[0]), float(high[0]))


def _between(fits: list[MetaAnalysis]) -> tuple[float, int, float]:
    from scipy.special import chdtrc

    estimates = np.array([fit.estimate for fit in fits])
    weights = np.array([fit.std_error for fit in fits]) ** -2
    centre = (weights * estimates).sum() / weights.sum()
    q = float((weights * (estimates - centre) ** 2).sum())
    df = len(fits) - 1
    return q, df, float(chdtrc(df, q))
