"""PET-PEESE: the effect that remains once small-study effects are regressed away."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from arrowroot.display import Shown, interval, number, p_value
from arrowroot.options import confidence_level
from synthesis.diagnostics.small_studies.asymmetry import egger_test
from synthesis.diagnostics.small_studies.regression_test import RegressionTest
from synthesis.pooling.results import MetaAnalysis
from synthesis.r_code import small_studies
from synthesis.r_code.script import InR, Section


@dataclass(frozen=True, repr=False, eq=False)
class PetPeese(InR, Shown):
    """The effect of a study of unlimited size, by two regressions and the choice between them.

    Attributes
    ----------
    pet, peese : RegressionTest
        Regressions on the standard error and on the variance.
    alpha : float
        Twice the one-sided level at which PET was tested.
    pooled : float
        The pooled effect of the analysis, whose direction is PET's alternative.
    """

    pet: RegressionTest
    peese: RegressionTest
    alpha: float
    pooled: float

    @property
    def pet_p_value(self) -> float:
        """PET's one-sided test of its limit effect, in the direction of the pooled effect.

        NaN where the pooled effect is 0, which has no direction.
        """
        if self.pooled == 0:
            return float("nan")
        two_sided = self.pet.coefficient("intercept", "p_value")
        return 1 - two_sided / 2 if self._turned else two_sided / 2

    @property
    def _turned(self) -> bool:
        """Whether PET's limit effect and the pooled effect are on different sides of no effect."""
        return self.pet.coefficient("intercept", "estimate") * self.pooled < 0

    @property
    def chosen(self) -> str:
        """``"peese"`` where PET finds an effect in the pooled direction, otherwise ``"pet"``."""
        return "peese" if self.pet_p_value < self.alpha / 2 else "pet"

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know, in sentences."""
        if self.pooled == 0:
            reason = "The pooled effect is 0, which has no direction to test PET in: PET stays."
            return (*self.pet.notes, reason)
        if not self._turned:
            return self.pet.notes
        return (
            *self.pet.notes,
            "PET's limit effect is on the other side of no effect than the pooled effect, so PET "
            "does not find an effect in the pooled direction and PEESE is not used.",
        )

    def r_section(self) -> Section:  # noqa: D102 - see InR
        return small_studies.pet_peese(self)

    def _limit(self, column: str) -> float:
        regression = self.peese if self.chosen == "peese" else self.pet
        return regression.coefficient("intercept", column)

    @property
    def estimate(self) -> float:
        """The limit effect of the chosen regression."""
        return self._limit("estimate")

    @property
    def std_error(self) -> float:
        """Standard error of `estimate`."""
        return self._limit("std_error")

    @property
    def p_value(self) -> float:
        """Two-sided test of no effect."""
        return self._limit("p_value")

    @property
    def ci(self) -> tuple[float, float]:
        """Interval of `estimate`."""
        return self._limit("ci_low"), self._limit("ci_high")

    def to_frame(self) -> pd.DataFrame:
        """Return both regressions, one row each, unrounded."""
        rows = pd.concat([self.pet.to_frame(), self.peese.to_frame()], ignore_index=True)
        rows["name"] = ["PET", "PEESE"]
        return rows.assign(chosen=rows["name"] == self.chosen.upper())

    def _title(self) -> str:
        return f"PET-PEESE, {self.chosen.upper()} chosen"

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("Studies", str(self.pet.k)),
            (
                f"Effect{self.pet.measure.on_scale}",
                f"{number(self.estimate)} {interval(self.ci)}"
                + (f", p {p_value(self.p_value)}" if self.pet.measure.has_null else ""),
            ),
            (
                "PET",
                f"{number(self.pet.limit_estimate)} {interval(self.pet.limit_ci)}, one-sided p "
                f"{p_value(self.pet_p_value)}",
            ),
            ("PEESE", f"{number(self.peese.limit_estimate)} {interval(self.peese.limit_ci)}"),
        ]

    def _notes(self) -> tuple[str, ...]:
        return self.notes


def pet_peese(fit: MetaAnalysis, *, model: str = "lm", alpha: float = 0.10) -> PetPeese:
    """Estimate the effect that remains once small-study effects are regressed away.

    Parameters
    ----------
    fit : MetaAnalysis
        At least three studies whose precision differs.
    model : {"lm", "mixed"}
        As in `egger_test`.
    alpha : float
        PEESE is chosen where PET's limit effect has the sign of the pooled effect and a one-sided
        p-value below half of this; 0.10 is the one-sided 5% of Stanley & Doucouliagos. A limit
        effect of the other sign, however far from 0, leaves PET.

    Returns
    -------
    PetPeese

    Raises
    ------
    OptionError, EstimationError
        As in `egger_test`.

    References
    ----------
    Stanley & Doucouliagos 2014, Res Synth Methods 5:60-78.
    """
    confidence_level(alpha)
    pet = egger_test(fit, model=model, predictor="sei")
    return PetPeese(pet, egger_test(fit, model=model, predictor="vi"), alpha, fit.estimate)
