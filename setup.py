"""What pyproject.toml cannot say: the wheel carries the top folder data/ as arrowroot/data."""

from setuptools import find_packages, setup

setup(
    packages=[
        *find_packages(include=["arrowroot*", "synthesis*", "logicmodels*"]),
        "arrowroot.data",
    ],
    package_dir={"arrowroot.data": "data"},
)
