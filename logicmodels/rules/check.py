"""All rules, checked on one model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from arrowroot.errors import OptionError
from arrowroot.text import did_you_mean
from logicmodels.model import Model
from logicmodels.records import Waiver, waiver_of
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
_KNOWN = tuple(rule.id for rule in RULES)


def check(
    model: Model,
    rules: RuleSet | str | Path | None = None,
    waive: Mapping[str, str] | None = None,
) -> Report:
    """Check all rules on a model; see `LogicModel.check`."""
    rules = RuleSet() if rules is None else rules
    chosen = rules if isinstance(rules, RuleSet) else RuleSet.read(rules)
    chosen.checked(RULES)
    asked = tuple(rule for rule in RULES if chosen.severity_of(rule.id, rule.severity) != "off")
    waivers = (*_given(waive), *model.waivers)
    findings, waived, nested = [], [], list[str]()
    for finding in _found(model, asked, chosen):
        waiver = _waiver(waivers, finding)
        if waiver:
            waived.append((finding, waiver))
        else:
            findings.append(finding)
    for opened in model.opened:
        inner = check(opened.model, chosen, waive)
        findings += [_within(opened.path, finding) for finding in inner.findings]
        waived += [(_within(opened.path, finding), waiver) for finding, waiver in inner.waived]
        nested += [f"{opened.path}: {remark}" for remark in inner.remarks]
    findings.sort(key=lambda finding: SEVERITIES.index(finding.severity))
    remarks = (*model.remarks, *_without_effect(model.waivers), *nested)
    return Report(model.title, tuple(findings), tuple(waived), asked, remarks)


def _within(path: str, finding: Finding) -> Finding:
    """Return a finding in a model that a box opens into, under the name of its file."""
    where = finding.where if finding.where.startswith(f"{path}: ") else f"{path}: {finding.where}"
    return replace(finding, where=where)


def _given(waive: Mapping[str, str] | None) -> Iterator[Waiver]:
    """Yield the waivers of a call, or raise OptionError for one without a rule or a reason."""
    form = 'write waive={"C05": "the reason"}, or {"C09 a1": "the reason"} for one box or arrow'
    if waive is not None and not isinstance(waive, Mapping):
        raise OptionError(f"waive must give a reason for each rule: {form}.")
    for key, reason in (waive or {}).items():
        waiver = waiver_of(str(key), reason if isinstance(reason, str) else "")
        if waiver.rule not in _KNOWN:
            hint = did_you_mean(waiver.rule.upper(), _KNOWN)
            raise OptionError(f"waive: there is no rule {waiver.rule!r}.{hint}")
        if not waiver.reason.strip():
            raise OptionError(f"waive: {waiver.rule} has no reason; {form}.")
        yield waiver


def _without_effect(waivers: Sequence[Waiver]) -> Iterator[str]:
    for waiver in waivers:
        if waiver.rule not in _KNOWN:
            hint = did_you_mean(waiver.rule.upper(), _KNOWN)
            yield f"the waiver of {waiver.rule!r} has no effect: there is no such rule.{hint}"


def _found(model: Model, asked: tuple[Rule, ...], chosen: RuleSet) -> Iterator[Finding]:
    for rule in asked:
        severity = chosen.severity_of(rule.id, rule.severity)
        limits = {**rule.limits, **chosen.limits.get(rule.id, {})}
        for where, message, *milder in rule.find(model, limits):
            own = severity if rule.id in chosen.severity else (milder or [severity])[0]
            yield Finding(rule.id, own, where, message, rule.source)
        if rule.id == "S01" and _is_broken(model):
            return


def _is_broken(model: Model) -> bool:
    """Return whether ids are repeated or missing, so that no other rule can be checked."""
    known = {node.id for node in model.nodes}
    ends = {end for link in model.links for end in (link.source, link.target)}
    return len(known) < len(model.nodes) or not ends <= known


def _waiver(waivers: Sequence[Waiver], finding: Finding) -> Waiver | None:
    """Return the waiver of a rule, everywhere or at the place of a finding."""
    place = finding.where.partition(" ")[2]
    for waiver in waivers:
        if waiver.rule == finding.rule and waiver.on in ("", place, finding.where):
            return waiver
    return None
