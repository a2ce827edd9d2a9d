"""An organisation's choice among the rules: which are off, how severe they are, their limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arrowroot.errors import OptionError, Problem, SpecError
from arrowroot.files import as_path
from arrowroot.options import one_of
from arrowroot.specs.source import text_of
from arrowroot.specs.yaml_text import load, position
from arrowroot.text import did_you_mean
from logicmodels.rules.rule import SEVERITIES, Rule


@dataclass(frozen=True)
class RuleSet:
    """Changes to the default rules.

    Attributes
    ----------
    severity : mapping of str to str
        By rule: ``"error"``, ``"warn"``, ``"info"`` or ``"off"``.
    limits : mapping of str to mapping of str to int
        By rule, such as ``{"S08": {"column": 12}}``.

    Examples
    --------
    >>> RuleSet(severity={"W02": "off"}).severity_of("W02", "info")
    'off'
    """

    severity: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def severity_of(self, rule: str, usual: str) -> str:
        """Return the severity of a rule in this rule set."""
        return self.severity.get(rule, usual)

    def checked(self, rules: tuple[Rule, ...]) -> RuleSet:
        """Return the set itself, or raise OptionError for unknown rules or limits."""
        known = {rule.id: rule for rule in rules}
        for name, severity in self.severity.items():
            if name not in known:
                raise OptionError(
                    f"there is no rule {name!r}; there are {', '.join(known)}."
                    f"{did_you_mean(name, known)}"
                )
            one_of(f"severity of {name}", severity, (*SEVERITIES, "off"))
        for name, limits in self.limits.items():
            if name not in known:
                raise OptionError(
                    f"there is no rule {name!r}; there are {', '.join(known)}."
                    f"{did_you_mean(name, known)}"
                )
            for limit, value in limits.items():
                if limit not in known[name].limits:
                    listed = ", ".join(map(repr, known[name].limits)) or "none"
                    raise OptionError(f"{name} has no limit {limit!r}; it has {listed}.")
                if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                    raise OptionError(f"limit {limit!r} of {name} must be a whole number.")
        return self

    @classmethod
    def read(cls, path: str | Path) -> RuleSet:
        """Read a rule set from YAML.

        Parameters
        ----------
        path : path
            A file with the keys ``severity`` and ``limits``; and ``extends``, the name of another
            rule set in the same folder, whose choices apply unless this one changes them.

        Raises
        ------
        SpecError
            If the file is not a valid rule set, or extends one outside its folder.
        """
        return _read(as_path(path), ())


def _read(path: Path, before: tuple[str, ...]) -> RuleSet:
    from arrowroot.specs.form import as_whole

    tree, problems, _ = load(text_of(path, "a rule set"), "a rule set")
    if not problems:
        problems = _problems(tree, path, before)
    if problems:
        raise SpecError(path.name, problems)
    base = RuleSet()
    if tree.get("extends"):
        base = _read(path.parent / tree["extends"], (*before, path.name))
    limits: dict[str, Mapping[str, int]] = {
        name: {limit: as_whole(value) for limit, value in values.items()}
        for name, values in (tree.get("limits") or {}).items()
    }
    for name, values in base.limits.items():
        limits[name] = {**values, **limits.get(name, {})}
    return RuleSet({**base.severity, **(tree.get("severity") or {})}, limits)


def _problems(tree: Any, path: Path, before: tuple[str, ...]) -> list[Problem]:
    if not isinstance(tree, dict):
        message = "a rule set must be a mapping with the keys extends, severity and limits"
        return [Problem(1, 1, "mapping", message)]
    problems = []
    for key, value in tree.items():
        at_key = position(tree, [key], of_key=True)
        if key not in ("extends", "severity", "limits"):
            message = f"unknown key {key!r}; there are extends, severity and limits"
            problems.append(Problem(*at_key, "unknown-key", message))
        elif value is None:
            continue
        elif key == "extends":
            if not isinstance(value, str) or Path(value).name != value:
                message = "extends must name a file in the same folder"
                problems.append(Problem(*at_key, "outside", message))
            elif value in (*before, path.name):
                message = f"extends {value!r} makes a loop of rule sets"
                problems.append(Problem(*at_key, "circle", message))
        elif not isinstance(value, dict):
            problems.append(Problem(*at_key, "type", f"{key} must be a mapping by rule"))
        elif key == "limits" and not all(isinstance(inner, dict) for inner in value.values()):
            problems.append(Problem(*at_key, "type", "limits must contain a mapping for each rule"))
    return problems
