"""A long fuzz run of the readers of bibliographic exports.

``python validation/reading/run.py 20`` reads damaged exports for 20 minutes; ``--atheris``
(``pip install atheris``) lets coverage guide the damage. Whatever is not an error of our own, and
any word that is lost, is written down with the file that shows it.
"""

from __future__ import annotations

import sys
import time
import traceback
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from reading.damage import damaged, wrong
from reading.exports import exports

FINDINGS = Path("build") / "fuzz"


def judged(data: bytes) -> str:
    """Return what is wrong with reading a file, with the traceback if it is not our error."""
    try:
        return wrong(data)
    except Exception:  # noqa: BLE001  # any other error is what this looks for
        return traceback.format_exc()


def by_chance(minutes: float) -> None:
    """Damage exports at random until the time is over, and print what was found."""
    FINDINGS.mkdir(parents=True, exist_ok=True)
    ends, cases, slowest, kinds = time.monotonic() + 60 * minutes, 0, 0.0, set[str]()
    while time.monotonic() < ends:
        data = damaged(Random(cases))
        began = time.monotonic()
        told = judged(data)
        slowest = max(slowest, time.monotonic() - began)
        if told:
            (FINDINGS / f"{cases}.txt").write_bytes(data)
            last = told.strip().split("\n")[-1][:200]
            if last not in kinds:
                kinds.add(last)
                print(f"seed {cases}: {told}", flush=True)
        cases += 1
    print(f"{cases:,} cases in {minutes:g} minutes, {len(kinds)} kinds of findings, ", end="")
    print(f"the slowest took {slowest:.1f} s")


def by_coverage(minutes: float) -> None:
    """Let atheris damage the exports; it stops at the first finding."""
    import atheris

    corpus = FINDINGS / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for name, text in exports().items():
        (corpus / name).write_text(text[:3000], encoding="utf-8")

    def one(data: bytes) -> None:
        if told := judged(data):
            raise AssertionError(told)

    atheris.instrument_all()
    options = [f"-max_total_time={60 * minutes:.0f}", "-max_len=6000", "-timeout=60"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={FINDINGS}/", str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--atheris"]
    run = by_coverage if "--atheris" in sys.argv else by_chance
    run(float(given[0]) if given else 20.0)
