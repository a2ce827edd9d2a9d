"""What belongs to the whole process is changed by one thread at a time, and put back."""

from __future__ import annotations

import subprocess
import sys
import threading
import warnings

import pytest

from arrowroot.running.process import unheard


def test_threads_do_not_put_back_each_others_filters() -> None:
    second_is_in, first_is_out = threading.Event(), threading.Event()
    before = list(warnings.filters)

    def second() -> None:
        with unheard(message="second"):
            second_is_in.set()
            first_is_out.wait(5)

    thread = threading.Thread(target=second)
    with unheard(message="first"):
        thread.start()
        second_is_in.wait(0.2)  # in vain: it has to wait for its turn
    first_is_out.set()
    thread.join()
    assert list(warnings.filters) == before


def test_only_what_is_named_is_left_unsaid() -> None:
    with pytest.warns(UserWarning, match="of the data") as told, unheard(message="of its own"):
        warnings.warn("of its own affairs", stacklevel=1)
        warnings.warn("of the data", stacklevel=1)
    assert len(told) == 1


@pytest.mark.parametrize(
    "module", ["leaves", "leaves.prep", "lib/site-packages/leaves/prep", "C:\\lib\\leaves\\prep"]
)
def test_a_package_is_known_by_name_and_by_path(module: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with unheard(package="leaves"):
            warnings.warn_explicit("its own", UserWarning, "prep.py", 1, module=module)
            with pytest.raises(UserWarning, match="another's"):
                warnings.warn_explicit("another's", UserWarning, "a.py", 1, module="leaves2")


def _alone(code: str) -> str:
    """Run code in an interpreter of its own, in which nothing has been imported."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_part_left_out_is_found_when_it_is_asked_for() -> None:
    told = _alone(
        "import sys\n"
        "from arrowroot.running.process import import_without\n"
        "import_without('pymare.effectsize')\n"
        "print('pymare' in sys.modules, 'sympy' in sys.modules)\n"
        "from pymare import TwoSampleEffectSizeConverter, meta_regression\n"
        "import pymare\n"
        "print(pymare.effectsize.TwoSampleEffectSizeConverter is TwoSampleEffectSizeConverter)\n"
        "print(hasattr(pymare, 'leaves'))"
    )
    assert told.split() == ["True", "False", "True", "False"]


def test_a_library_that_needs_the_part_is_left_to_be_imported_whole() -> None:
    told = _alone(
        "import sys\n"
        "from arrowroot.running.process import import_without\n"
        "import_without('json.decoder')\n"
        "import json\n"
        "print(json.loads('[1]'))"
    )
    assert told == "[1]"


def test_what_a_library_takes_from_others_comes_when_it_is_used() -> None:
    told = _alone(
        "import sys\n"
        "from arrowroot.running.process import import_without\n"
        "import_without('pymare.effectsize', 'scipy.stats', 'scipy.optimize:brentq')\n"
        "import pymare.stats\n"
        "def loaded():\n"
        "    return [f'scipy.{part}' in sys.modules for part in ('stats._stats_py', 'optimize')]\n"
        "print(*loaded())\n"
        "print(pymare.stats.brentq(lambda x: x - 2, 0, 3))\n"
        "print(pymare.stats.ss.norm.cdf(0.0), *loaded())\n"
        "import scipy.stats\n"
        "print(scipy.stats.norm is pymare.stats.ss.norm)"
    )
    assert told.split() == ["False", "False", "2.0", "0.5", "True", "True", "True"]
