"""What all tests of logic models share: no figure may make Graphviz complain."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def graphviz_is_silent(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail where Graphviz finds a label larger than its box: the user never sees its messages."""
    with caplog.at_level("INFO", "logicmodels"):
        yield
    said = [*caplog.get_records("setup"), *caplog.get_records("call")]
    assert not [one.getMessage() for one in said if one.name.startswith("logicmodels")]
