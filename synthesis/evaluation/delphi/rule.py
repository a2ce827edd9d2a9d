"""The rule of a Delphi study: what counts as consensus, and when the rounds end."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from arrowroot.errors import DataError, OptionError
from arrowroot.files import as_path, write_text
from arrowroot.options import is_number, is_whole, one_of
from logicmodels.locks import lock
from synthesis.evaluation.reading import iso_day

KINDS = ("percent", "rand_ucla", "median_band", "iqr")
QUANTILES = {
    "weibull": "the (n + 1)p-th rating, as SPSS and Minitab do (type 6)",
    "linear": "the 1 + (n - 1)p-th rating, as Excel's QUARTILE.INC and R do (type 7)",
}
OF = {"rated": "those who rated the item", "round": "everyone who took part in the round"}
RAND_SCALE = (1, 9)


@dataclass(frozen=True, kw_only=True)
class DelphiRule:
    """What counts as consensus and when the rounds end, agreed before round one.

    No threshold has a default: studies differ in them (Diamond 2014), and a threshold that is
    chosen after the ratings are known proves nothing.

    Parameters
    ----------
    consensus : {"percent", "rand_ucla", "median_band", "iqr"}
        ``"percent"``: at least `at_least` percent rate an item within `agree` (and, if `against`
        is given, less than `under` percent rate it there). ``"rand_ucla"``: the median is within
        `agree` and there is no disagreement (IPR > IPRAS), on a scale from 1 to 9.
        ``"median_band"``: at most `outside` ratings lie outside the thirds of the scale that
        contain the median, on a scale from 1 to 9. ``"iqr"``: the interquartile range is at most
        `iqr_at_most`.
    rounds : int
        The largest number of rounds.
    decided : str
        The day on which the rule was agreed, as ``"2026-11-30"``.
    scale : (int, int)
        The lowest and the highest rating.
    agree : (int, int), optional
        The ratings that count as agreeing, both included.
    at_least, under : float, optional
        Percentages, 0 to 100.
    against : (int, int), optional
        The ratings that count against an item.
    outside : int, optional
        For ``"median_band"``.
    iqr_at_most : float, optional
        For ``"iqr"``.
    stable_at : float, optional
        Stop earlier, when at most this percentage of paired ratings moved since the last round.
    of : {"rated", "round"}
        What percentages are of: those who rated the item, or everyone who took part in the round.
    quantiles : {"weibull", "linear"}
        How quartiles and percentiles are interpolated.

    Raises
    ------
    OptionError, DataError
        If something is missing or impossible, with what to write.

    References
    ----------
    Diamond 2014, J Clin Epidemiol 67:401; Fitch 2001, The RAND/UCLA Appropriateness Method User's
    Manual.

    Examples
    --------
    >>> rule = DelphiRule(consensus="percent", agree=(7, 9), at_least=70, against=(1, 3), under=15,
    ...                   rounds=3, decided="2026-11-30")
    >>> print(rule)
    Consensus: at least 70% of those who rated the item rate it 7 to 9, and less than 15% rate it 1
    to 3. At most 3 rounds. Agreed on 2026-11-30.
    """

    consensus: str
    rounds: int
    decided: str
    scale: tuple[int, int] = RAND_SCALE
    agree: tuple[int, int] | None = None
    at_least: float | None = None
    against: tuple[int, int] | None = None
    under: float | None = None
    outside: int | None = None
    iqr_at_most: float | None = None
    stable_at: float | None = None
    of: str = "rated"
    quantiles: str = "weibull"

    def __post_init__(self) -> None:
        """Check the rule as a whole."""
        one_of("consensus", self.consensus, KINDS)
        one_of("of", self.of, list(OF))
        one_of("quantiles", self.quantiles, list(QUANTILES))
        object.__setattr__(self, "decided", iso_day(self.decided, "decided"))
        object.__setattr__(self, "scale", read_band("scale", self.scale, None))
        for name in ("agree", "against"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, read_band(name, getattr(self, name), self.scale))
        if not is_whole(self.rounds) or self.rounds < 1:
            raise OptionError(f"rounds must be a whole number from 1; got {self.rounds!r}.")
        self._check_parts()

    def _check_parts(self) -> None:
        needs = {
            "percent": ("agree", "at_least"),
            "rand_ucla": ("agree",),
            "median_band": ("outside",),
            "iqr": ("iqr_at_most",),
        }[self.consensus]
        if missing := [name for name in needs if getattr(self, name) is None]:
            raise OptionError(
                f"consensus={self.consensus!r} also needs {' and '.join(missing)}: name the "
                "threshold of your protocol, such as agree=(7, 9), at_least=70."
            )
        if (self.against is None) != (self.under is None):
            raise OptionError(
                "against and under belong together, such as against=(1, 3), under=15; got only one."
            )
        known = {"percent": ("agree", "at_least", "against", "under"), "rand_ucla": ("agree",)}
        for name in ("at_least", "against", "under", "outside", "iqr_at_most"):
            used = name in needs or name in known.get(self.consensus, ())
            if getattr(self, name) is not None and not used:
                raise OptionError(
                    f"{name} has no meaning with consensus={self.consensus!r}; leave it out."
                )
        for name in ("at_least", "under", "stable_at"):
            value = getattr(self, name)
            if value is not None and not (is_number(value) and 0 <= value <= 100):
                raise OptionError(f"{name} must be a percentage from 0 to 100; got {value!r}.")
            refuse_share(name, value)
        if self.outside is not None and not is_whole(self.outside):
            raise OptionError(
                f"outside must be a whole number of ratings, such as 4; got {self.outside!r}."
            )
        for name in ("outside", "iqr_at_most"):
            value = getattr(self, name)
            if value is not None and not (is_number(value) and value >= 0):
                raise OptionError(f"{name} must be a number of 0 or more; got {value!r}.")
        if self.agree and self.against and _overlap(self.agree, self.against):
            raise OptionError(
                f"agree and against must not overlap; got {self.agree} and {self.against}."
            )
        if self.consensus in ("rand_ucla", "median_band") and self.scale != RAND_SCALE:
            raise OptionError(
                f"consensus={self.consensus!r} is defined on a scale from 1 to 9; this one runs "
                f"from {self.scale[0]} to {self.scale[1]}. Use 'percent' or 'iqr'."
            )

    @property
    def fingerprint(self) -> str:
        """The hash of the rule: put it into the protocol, and give it back as ``agreed=``."""
        return lock(self)

    def sentence(self) -> str:
        """Return the rule in words, for the methods section."""
        whole = {
            "percent": self._percent,
            "rand_ucla": lambda: (
                f"the median is from {_to(self.agree)}, without disagreement by the RAND/UCLA "
                "rule (IPR greater than IPRAS)"
            ),
            "median_band": lambda: (
                f"at most {self.outside:g} ratings lie outside the third of the scale (1 to 3, 4 "
                "to 6, 7 to 9) that contains the median"
            ),
            "iqr": lambda: f"the interquartile range is at most {self.iqr_at_most:g}",
        }[self.consensus]()
        rounds = "1 round" if self.rounds == 1 else f"{self.rounds} rounds"
        early = (
            f", fewer if at most {self.stable_at:g}% of paired ratings moved since the last round"
            if self.stable_at is not None
            else ""
        )
        return f"Consensus: {whole}. At most {rounds}{early}. Agreed on {self.decided}."

    def _percent(self) -> str:
        words = f"at least {self.at_least:g}% of {OF[self.of]} rate it {_to(self.agree)}"
        if self.against is not None:
            words += f", and less than {self.under:g}% rate it {_to(self.against)}"
        return words

    def __str__(self) -> str:
        """Return the rule in words."""
        return self.sentence()

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the rule as a YAML file, to be kept with the protocol.

        Parameters
        ----------
        path : path
            Ends in ``.yaml``; an existing file is replaced.

        Returns
        -------
        Path
            The file, which begins with the rule in words and its fingerprint.
        """
        if as_path(path).suffix.lower() not in (".yaml", ".yml"):
            raise OptionError(f"path: the name must end in .yaml; got {as_path(path).name!r}.")
        lines = [f"# {self.sentence()}", f"# Fingerprint: {self.fingerprint}"]
        for name, value in asdict(self).items():
            if value is not None:
                lines.append(f"{name}: {_written(value)}")
        return write_text("\n".join(lines) + "\n", path)

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> DelphiRule:
        """Read a rule that was written with `write`, or by hand with the same keys.

        Parameters
        ----------
        path : path
            A YAML file.

        Returns
        -------
        DelphiRule

        Raises
        ------
        DataError, FileError, OptionError
            With the line and what to write.
        """
        from synthesis.evaluation.delphi.rule_file import read_rule

        return cls(**read_rule(as_path(path)))


def refuse_share(name: str, value: float | None) -> None:
    """Raise an error for a percentage between 0 and 1, which is a share by its looks."""
    if value is not None and 0 < value < 1:
        raise OptionError(
            f"{name}: percentages are meant, so write {100 * value:g} for {100 * value:g}%; got "
            f"{value!r}."
        )


def _to(band: tuple[int, int] | None) -> str:
    low, high = band or RAND_SCALE
    return f"{low}" if low == high else f"{low} to {high}"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(f'{one:g}' for one in value)}]"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) <= min(one[1], other[1])


def read_band(name: str, value: Any, scale: tuple[int, int] | None) -> tuple[int, int]:
    """Return two whole numbers in order, within the scale, or say how to write them."""
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not all(is_whole(one) for one in pair) or pair[0] > pair[1]:
        raise OptionError(
            f"{name} must be two whole numbers, the lower first, such as (1, 9); got {value!r}."
        )
    low, high = int(pair[0]), int(pair[1])
    if scale is None and low == high:
        raise OptionError(f"scale must have at least two ratings; got {value!r}.")
    if scale is not None and not (scale[0] <= low and high <= scale[1]):
        raise DataError(
            f"{name} must lie on the scale, {scale[0]} to {scale[1]}; got {low} to {high}."
        )
    return low, high
