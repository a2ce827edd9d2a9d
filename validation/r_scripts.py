"""The R scripts that results write, run by R, and every number they print beside ours.

``python validation/r_scripts.py`` runs them all, in one R process for each family of analyses, and
prints how many scripts and numbers there are and how far they are apart. It needs R with metafor
and clubSandwich (Debian: ``r-cran-metafor r-cran-clubsandwich``).
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from agreement import datasets, inputs, reference

import synthesis as syn
from arrowroot.errors import ArrowrootError
from synthesis.diagnostics.in_r import Repeated
from synthesis.r_code.script import Section, script, section_of

METAFOR = Path(__file__).parent / "metafor"
TAU2 = ("reml", "dl", "pm", "ml", "eb", "sj", "he", "hs", "hs_k", "dl2", "pm_median", 0.03)
CI = ("hksj", "hksj_modified", "wald_t", "profile")
PREDICTION = ("as_interval", "cochrane", "higgins", "normal")
SMALL = ("bcg", "normand1999", "raudenbush1985")
"""The sets on which slow analyses are compared in every variant."""
_PACKAGES = (
    "q(status = !all(sapply(c('metafor', 'clubSandwich'), requireNamespace, quietly = TRUE)))"
)


class Number(NamedTuple):
    """One number that R printed, beside ours."""

    quantity: str
    theirs: float
    ours: float

    @property
    def difference(self) -> float:
        """The difference, relative to the larger of 1 and ours; infinite where one is missing."""
        if math.isnan(self.ours) or math.isnan(self.theirs):
            return 0.0 if math.isnan(self.ours) and math.isnan(self.theirs) else math.inf
        return abs(self.ours - self.theirs) / max(1.0, abs(self.ours))


class Answer(NamedTuple):
    """What R said to one script: its numbers, and what went wrong, if anything did."""

    numbers: list[Number]
    problem: str


@cache
def r_is_here() -> bool:
    """Whether there is an R with metafor and clubSandwich."""
    if shutil.which("Rscript") is None:
        return False
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", _PACKAGES], capture_output=True, check=False
    )
    return done.returncode == 0


def run(results: Mapping[Any, object]) -> dict[Any, Answer]:
    """Run the scripts of several results in one R process; a warning of R is a problem too."""
    sections = {name: section_of(result) for name, result in results.items()}
    texts = {name: script({"": section}) for name, section in sections.items()}
    printed = run_texts(list(texts.values()))
    return {
        name: _answer(section, text)
        for (name, section), text in zip(sections.items(), printed, strict=True)
    }


def run_texts(texts: list[str]) -> list[str]:
    """Return what R prints for each script."""
    with tempfile.TemporaryDirectory() as folder:
        lines = ["options(warn = 1)"]
        for place, text in enumerate(texts):
            (Path(folder) / f"{place}.R").write_text(text, "utf-8")
            lines += [
                f'cat("\\n@@@ {place}\\n")',
                f'tryCatch(source("{place}.R", local = new.env()),',
                '  error = function(e) cat("PROBLEM", conditionMessage(e), "\\n"),',
                '  warning = function(w) cat("PROBLEM", conditionMessage(w), "\\n"))',
            ]
        (Path(folder) / "all.R").write_text("\n".join(lines), "utf-8")
        done = subprocess.run(
            ["Rscript", "--vanilla", "all.R"], cwd=folder, capture_output=True, check=False
        )
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-2000:])
    parts = done.stdout.decode("utf-8", "replace").split("\n@@@ ")[1:]
    return [part.partition("\n")[2] for part in parts]


def _answer(section: Section, printed: str) -> Answer:
    lines = printed.splitlines()
    problem = "; ".join(line for line in lines if line.startswith("PROBLEM"))
    numbers = []
    for line in lines:
        parts = line.rsplit(None, 2)
        if len(parts) == 3 and all(map(_is_number, parts[1:])):
            numbers.append((parts[0], float(parts[1].replace("NA", "nan"))))
    # Ours come from the results themselves, not from what the script says of them.
    ours = [value for quantity in section.quantities for value in quantity.ours]
    if not problem and len(ours) != len(numbers):
        problem = f"{len(numbers)} numbers instead of {len(ours)}: {printed[-500:]}"
    pairs = zip(numbers, ours, strict=False)
    return Answer([Number(name, theirs, mine) for (name, theirs), mine in pairs], problem)


def _is_number(text: str) -> bool:
    try:
        float(text.replace("NA", "nan"))
    except ValueError:
        return False
    return True


# ---- what is analysed ----------------------------------------------------------------------------


class _Family(dict[Any, object]):
    """Results by name; what we refuse to compute, or R does not have, is left out and counted."""

    refused: int = 0

    def add(self, name: Any, make: Callable[[], object]) -> None:
        try:
            result = make()
            section_of(result)
        except ArrowrootError:
            self.refused += 1
        else:
            self[name] = result


def meta_analyses() -> _Family:
    """Every estimator, interval and prediction interval on every set of independent effects."""
    family = _Family()
    for name in datasets():
        table = inputs(name)
        for tau2 in TAU2:
            family[name, tau2] = syn.meta_analysis(table, tau2=tau2, ci="wald")
        for place, ci in enumerate(CI):
            family[name, ci] = syn.meta_analysis(
                table, ci=ci, prediction=PREDICTION[place], level=0.9
            )
        for prediction in PREDICTION:
            family[name, prediction] = syn.meta_analysis(table, prediction=prediction)
        for ci in ("wald", "hksj", "hksj_modified"):
            family[name, "common", ci] = syn.meta_analysis(table, model="common", ci=ci)
        for tau2 in ("reml", "ml", "dl"):
            family[name, "profile of tau2", tau2] = syn.meta_analysis(
                table, tau2=tau2, tau2_ci="profile"
            )
        family[name, "part"] = syn.meta_analysis(
            table.assign(yi=table["yi"].where(table.index > 1))
        )
        family[name, "one"] = syn.meta_analysis(table.iloc[:1])
        family[name, "one, given"] = syn.meta_analysis(table.iloc[:1], tau2=0.1)
    return family


def turned_back() -> _Family:
    """Measures on every scale, as readers see them."""
    family = _Family()
    for folder in ("back_transformation", "back_transformation_rates"):
        for path in sorted((METAFOR / folder).glob("*.json")):
            measures = json.loads(path.read_text("utf-8")).get("measures", {})
            for code, given in measures.items():
                columns = {name: given[name] for name in ("n", "yi", "vi") if name in given}
                table = pd.DataFrame(columns)
                table["study"] = [f"S{row}" for row in range(len(table))]
                for label, choices in (("wald", {"ci": "wald"}), ("hksj", {}),
                                       ("common", {"model": "common"})):  # fmt: skip
                    family[path.stem, code, label] = syn.meta_analysis(
                        table, measure=code, **choices
                    )
    table = inputs("bcg")
    family["bcg", "rr"] = syn.meta_analysis(table, measure="rr")
    return family


FORMULAS = (
    *("~ 1", "~ ablat", "~ ablat + alloc", "~ ablat * alloc", "~ alloc / ablat", "~ 0 + alloc"),
    *("~ alloc:ablat", "~ `risk of bias`", "~ alloc + T:alloc", "~ ablat:year", "~ T"),
    *("~ poly(ablat, 2)", "~ poly(ablat, 2, raw=True)", "~ center(ablat)", "~ scale(ablat)"),
    *("~ standardize(ablat)", "~ center(ablat):alloc", "~ scale(log(ablat))", "~ np.log2(ablat)"),
    *("~ log(ablat) + sqrt(year)", "~ I(ablat**2 / 3 - year)", "~ exp(-ablat/100)", "~ C(T)"),
    *("~ C(alloc, Treatment('random'))", "~ C(alloc, contr.treatment('random'))"),
    *("~ C(alloc, contr.sum)", "~ bs(ablat, df=4)", "~ late", "~ I(ablat > 30)", "~ ordered"),
    *("~ ablat + alloc - 1", "~ 0 + ablat", "~ 0 + alloc:ablat"),
)
"""Formulas of every kind, in R's words or column by column."""


def regressions() -> _Family:
    """Every estimator and interval with one moderator, and formulas of every kind."""
    family = _Family()
    for name in datasets():
        moderators = reference(name).get("reg_vars")
        if moderators is None:
            continue
        table = inputs(name)
        right = " + ".join([moderators] if isinstance(moderators, str) else moderators)
        for tau2 in TAU2:
            family[name, tau2] = syn.meta_regression(table, f"~ {right}", tau2=tau2, ci="wald")
        for ci in CI[:-1]:
            family[name, ci] = syn.meta_regression(table, f"~ {right}", ci=ci, level=0.9)
        family[name, "common"] = syn.meta_regression(table, f"~ {right}", model="common")
        for place, choices in enumerate(
            (
                *({}, {"tau2": "ml", "ci": "wald"}, {"tau2": 0.02}, {"ci": "wald_t"}),
                *({"model": "common"}, {"model": "common", "ci": "hksj"}),
            )
        ):
            family[name, "through zero", place] = syn.meta_regression(
                table, f"~ 0 + {right}", **choices
            )
    bcg = with_moderators(inputs("bcg"))
    for formula in FORMULAS:
        family["bcg", formula] = syn.meta_regression(bcg, formula)
    few = bcg.iloc[:6]
    for formula, ci in (("~ ablat", "hksj"), ("~ ablat + year", "wald")):
        fit = syn.meta_regression(few, formula, ci=ci)
        family["bcg", "permutation", formula] = fit.permutation_test(1000)
    return family


def with_moderators(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of 13 trials with made-up moderators of every type."""
    words = ["low", "high", "some"] * 4 + ["low"]
    return table.assign(
        **{
            "risk of bias": words,
            "year": range(1948, 1961),
            "late": [True, False] * 6 + [True],
            "T": [1, 2, 4] * 4 + [1],
            "ordered": pd.Categorical(words, ["low", "some", "high"], ordered=True),
        }
    )


def subgroups() -> _Family:
    """Subgroups with a tau2 of their own and a shared one."""
    family = _Family()
    for name in datasets():
        by = reference(name).get("subgroups_by")
        if by is None:
            continue
        table = inputs(name)
        for tau2 in ("reml", "dl", "pm", "dl2", "sj", 0.03):
            for common in (True, False):
                family[name, tau2, common] = syn.subgroup_analysis(
                    table, by=by, tau2=tau2, ci="wald", common_tau2=common
                )
        for ci, prediction in zip(CI, ("higgins", "normal", "cochrane", "none"), strict=True):
            family[name, ci] = syn.subgroup_analysis(table, by=by, ci=ci, prediction=prediction)
        family[name, "common"] = syn.subgroup_analysis(table, by=by, model="common")
    return family


def clusters() -> _Family:
    """Three-level models and cluster-robust standard errors."""
    family = _Family()
    for name, formula in (("konstantopoulos2011", "~ I(year - 1990)"), ("assink2016", "~ deltype")):
        table = pd.read_csv(METAFOR / "models" / f"{name}.csv").iloc[:56]
        for label, choices in {
            "reml": {},
            "t": {"test": "t"},
            "ml": {"method": "ml"},
            "rho": {"rho": 0.6},
            "regression": {"formula": formula},
            "regression, t, rho": {"formula": formula, "test": "t", "rho": 0.3, "level": 0.9},
        }.items():
            fit = syn.three_level(table, cluster="cluster", **choices)
            family[name, label] = fit
            for kind in ("cr2", "cr1", "cr0"):
                family[name, label, kind] = syn.robust(fit, cluster="cluster", kind=kind, level=0.8)
        apart = table.assign(study=[f"S{row}" for row in range(len(table))])
        for label, fit in {
            "hksj": syn.meta_analysis(apart),
            "dl2": syn.meta_analysis(apart, tau2="dl2", ci="profile"),
            "common": syn.meta_analysis(apart, model="common"),
            "given": syn.meta_analysis(apart, tau2=0.02),
            "regression": syn.meta_regression(apart, formula),
        }.items():
            for kind in ("cr2", "cr1"):
                family[name, label, kind] = syn.robust(fit, cluster="cluster", kind=kind)
    return family


def counts() -> _Family:
    """Mantel-Haenszel and Peto, with what is repeated of them."""
    family = _Family()
    for path in sorted((METAFOR / "sparse").glob("*.csv")):
        table = pd.read_csv(path)
        fits = [
            syn.mantel_haenszel(table, measure=measure, level=0.9, dependent="ignore")
            for measure in ("or", "rr", "rd")
        ]
        for fit in (*fits, syn.peto(table, dependent="ignore")):
            name = path.stem, fit.model, fit.measure.name
            family[name] = fit
            for kind in ("leave_one_out", "residuals", "influence", "baujat"):
                family.add((*name, kind), lambda f=fit, k=kind: Repeated(f, k).r_section())
            family.add(
                (*name, "cumulative"),
                lambda f=fit: Repeated(f, "cumulative", "precision").r_section(),
            )
    return family


KINDS = ("leave_one_out", "influence", "residuals", "baujat", "blup")


def repeated() -> _Family:
    """Analyses repeated study by study."""
    family = _Family()
    for name in datasets():
        table = inputs(name)
        if len(table) > 40:
            continue  # every study is a fit
        fits = {
            "hksj": syn.meta_analysis(table, level=0.9),
            "common": syn.meta_analysis(table, model="common"),
        }
        if name in ("bcg", "normand1999"):
            fits |= {
                "pm": syn.meta_analysis(table, tau2="pm", ci="hksj_modified"),
                "sj": syn.meta_analysis(table, tau2="sj", ci="wald_t"),
                "dl": syn.meta_analysis(table, tau2="dl", ci="wald"),
                "given": syn.meta_analysis(table, tau2=0.05),
                "common, hksj": syn.meta_analysis(table, model="common", ci="hksj"),
            }
        for label, fit in fits.items():
            for kind in KINDS:
                family.add((name, label, kind), lambda f=fit, k=kind: Repeated(f, k).r_section())
            family.add(
                (name, label, "cumulative"),
                lambda f=fit: Repeated(f, "cumulative", "precision").r_section(),
            )
    return family


def small_studies() -> _Family:
    """Test for asymmetry, and ask what missing studies could do."""
    family = _Family()
    for name in datasets():
        table = inputs(name)
        table = table.assign(n=(4 / table["vi"]).round().clip(4, None))  # sizes are made up
        fits = {"hksj": syn.meta_analysis(table, level=0.9)}
        fits["common"] = syn.meta_analysis(table, model="common")
        if name in SMALL:
            fits["reml"] = syn.meta_analysis(table, ci="wald")
            fits["given"] = syn.meta_analysis(table, tau2=0.05)
            fits["dl2"] = syn.meta_analysis(table, tau2="dl2")
            fits["profile"] = syn.meta_analysis(table, ci="profile")
        for label, fit in fits.items():
            _tests(family, (name, label), fit)
            _missing(family, (name, label), fit)
    for name in ("normand1999", "uneven_arms"):
        table = pd.read_csv(METAFOR / "small_studies" / f"{name}.csv")
        fit = syn.meta_analysis(syn.effect_sizes(table, "smd"))
        for model in ("lm", "mixed"):
            family[name, "modified_se", model] = syn.egger_test(
                fit, model=model, predictor="modified_se"
            )
    odds = pd.read_csv(METAFOR / "sparse" / "bcg.csv")
    family["bcg", "peters"] = syn.peters_test(syn.meta_analysis(syn.effect_sizes(odds, "or")))
    return family


def _tests(family: _Family, name: tuple[str, str], fit: Any) -> None:
    predictors = ("sei", "vi")
    if name[1] == "hksj":
        predictors += ("ni", "ninv", "sqrtni", "sqrtninv")
        family.add((*name, "rank"), lambda: syn.rank_test(fit))
        family.add((*name, "peters"), lambda: syn.peters_test(fit))
    for model in ("lm", "mixed"):
        family.add((*name, "pet_peese", model), lambda m=model: syn.pet_peese(fit, model=m))
        for predictor in predictors:
            family.add(
                (*name, "egger", model, predictor),
                lambda m=model, p=predictor: syn.egger_test(fit, model=m, predictor=p),
            )


def _missing(family: _Family, name: tuple[str, str], fit: Any) -> None:
    for estimator in ("l0", "r0", "q0"):
        for side in ("left", "right") if name[0] in SMALL else (None,):
            family.add(
                (*name, "trim_and_fill", estimator, side),
                lambda e=estimator, s=side: syn.trim_and_fill(fit, estimator=e, side=s),
            )
    family.add((*name, "trimmed"), lambda: syn.trim_and_fill(fit, trim_model="common"))
    if name[1] != "hksj" and not (name[1] == "common" and name[0] in SMALL):
        return
    for alternative in ("greater", "less"):
        for steps in ((0.025,), (0.05, 0.5)):
            family.add(
                (*name, "selection", steps, alternative),
                lambda s=steps, a=alternative: syn.selection_model(fit, s, alternative=a),
            )
    for test in ("exact", "chi2", "binomial"):
        for effect in ("common", "fit"):
            if (test == "exact" and fit.k > 15) or (effect == "fit" and name[0] not in SMALL):
                continue  # metafor goes through every set of studies, and integrates
            family.add(
                (*name, "excess", test, effect),
                lambda t=test, e=effect: syn.excess_significance(fit, test=t, effect=e),
            )
    for kind, choices in (
        *(("rosenthal", {}), ("rosenthal", {"alpha": 0.01}), ("rosenberg", {})),
        *(("orwin", {}), ("orwin", {"target": 0.05})),
    ):
        family.add(
            (*name, "fail_safe_n", kind, str(choices)),
            lambda k=kind, c=choices: syn.fail_safe_n(fit, kind=k, **c),
        )


FAMILIES: dict[str, Callable[[], _Family]] = {
    "meta-analyses": meta_analyses,
    "scales": turned_back,
    "meta-regressions": regressions,
    "subgroups": subgroups,
    "clusters": clusters,
    "two-by-two tables": counts,
    "repeated analyses": repeated,
    "small studies": small_studies,
}
"""Every family of analyses; each is run in one R process."""


def _main() -> None:
    rows = []
    for family, make in FAMILIES.items():
        results = make()
        answers = run(results)
        numbers = [
            (number.difference, name, number) for name, one in answers.items() for number in one[0]
        ]
        worst = max(numbers, key=lambda one: one[0])
        problems = [f"{name}: {one.problem}" for name, one in answers.items() if one.problem]
        rows.append(
            {
                "family": family,
                "scripts": len(results),
                "numbers": len(numbers),
                "above 1e-7": sum(difference > 1e-7 for difference, *_ in numbers),
                "largest": worst[0],
                "in": f"{worst[1]}: {worst[2].quantity}",
                "refused": results.refused,
                "problems": len(problems),
            }
        )
        print(*problems, sep="\n", end="\n" if problems else "")
    print(pd.DataFrame(rows).to_string(index=False, float_format="{:.1e}".format))


if __name__ == "__main__":
    _main()
