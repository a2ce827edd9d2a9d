"""Prints constraints for pip: the core at the lowest versions that pyproject.toml allows.

Everything else is as constraints.txt pins it, so that the same is installed tomorrow; only
pydantic brings the one core that it fits.
"""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FITTED = {"pydantic-core"}


def canonical(name: str) -> str:
    """Return a distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lowest() -> list[str]:
    """Return the lines of a constraints file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    low = dict(line.split(">=") for line in project["dependencies"])
    pins = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    )
    left_out = FITTED | {canonical(name) for name in low}
    low |= {name: pin for name, pin in pins.items() if canonical(name) not in left_out}
    return [f"{name}=={version}" for name, version in low.items()]


if __name__ == "__main__":
    print("\n".join(lowest()))
