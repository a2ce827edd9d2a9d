"""What a judgement was about, as a short hash: judgements of something else are recognised."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from synthesis.appraisal.certainty.body import Body
from synthesis.appraisal.certainty.levels import DOMAINS

DIGITS = 10
"""Significant digits that count, so that another computer's last digit changes nothing."""
LENGTH = 12
"""Characters of a fingerprint."""


def fingerprints(body: Body, target: dict[str, Any], extra: dict[str, Any]) -> dict[str, str]:
    """Return the fingerprint of what each reason is judged on.

    Parameters
    ----------
    body : Body
        The effects, the model, and what came out.
    target : dict
        What the certainty is about: minimal important difference, thresholds, baseline risk.
    extra : dict
        By reason, what else it is judged on, such as the risk-of-bias judgements.
    """
    common = {"body": _body(body), "target": target}
    return {
        domain: _hashed({**common, "on": extra.get(domain), "domain": domain}) for domain in DOMAINS
    }


def _body(body: Body) -> dict[str, Any]:
    held: dict[str, Any] = {
        "measure": body.measure.name,
        "values": body.triple,
        "level": body.level,
        "turned": body.turned,
        "participants": body.participants,
    }
    if body.fit is not None:
        fit = body.fit
        studies = body.studies()
        rows = zip(studies["study"], studies["yi"], studies["vi"], strict=True)
        held["studies"] = sorted([study, _plain(yi), _plain(vi)] for study, yi, vi in rows)
        held["model"] = [fit.model, fit.tau2_method, fit.ci_method, fit.prediction_method]
    if body.reported is not None:
        held["reported"] = [body.n_studies, body.reported.conclusion, body.reported.source]
    return held


def _hashed(held: dict[str, Any]) -> str:
    text = json.dumps(_plain(held), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def _plain(value: Any) -> Any:
    """Return a value as JSON can write it, with numbers as text of limited precision."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (str, bool)):
        return value
    return f"{float(value):.{DIGITS}g}"
