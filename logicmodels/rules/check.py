"""All rules, checked on one model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from logicmodels.model import Model
from logicmodels.records import Waiver
from logicmodels.rules import claims, evidence, process, structure, wording
from logicmodels.rules.report import Report
from logicmodels.rules.rule import SEVERITIES, Finding, Rule
from logicmodels.rules.ruleset import RuleSet

RULES: tuple[Rule, ...] = (
    *structure.RULES,
    *wording.RULES,
    *claims.RULES,
    *evidence.RULES,
    *process.RULES,
)


def check(model: Model, rules: RuleSet | str | Path | None = None) -> Report:
    """Check all rules on a model; see `LogicModel.check`."""
    rules = RuleSet() if rules is None else rules
    chosen = rules if isinstance(rules, RuleSet) else RuleSet.read(rules)
    chosen.checked(RULES)
    asked = tuple(rule for rule in RULES if chosen.severity_of(rule.id, rule.severity) != "off")
    findings, waived = [], []
    for finding in _found(model, asked, chosen):
        waiver = _waiver(model, finding)
        if waiver:
            waived.append((finding, waiver))
        else:
            findings.append(finding)
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    return Report(model.title, tuple(findings), tuple(waived), asked, model.remarks)


def _found(model: Model, asked: tuple[Rule, ...], chosen: RuleSet) -> Iterator[Finding]:
    for rule in asked:
        severity = chosen.severity_of(rule.id, rule.severity)
        limits = {**rule.limits, **chosen.limits.get(rule.id, {})}
        for where, message in rule.find(model, limits):
            yield Finding(rule.id, severity, where, message, rule.source)
        if rule.id == "S01" and _is_broken(model):
            return


def _is_broken(model: Model) -> bool:
    """Return whether ids are repeated or missing, so that no other rule can be checked."""
    known = {node.id for node in model.nodes}
    ends = {end for link in model.links for end in (link.source, link.target)}
    return len(known) < len(model.nodes) or not ends <= known


def _waiver(model: Model, finding: Finding) -> Waiver | None:
    """Return the model's waiver of a rule, everywhere or at the place of a finding."""
    place = finding.where.partition(" ")[2]
    for waiver in model.waivers:
        if waiver.rule == finding.rule and waiver.on in ("", place, finding.where):
            return waiver
    return None
