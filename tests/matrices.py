"""Matrices of cases of which a few stand for all, so that `make test` is done in minutes."""

from collections.abc import Iterable
from typing import Any

import pytest

long = pytest.mark.long


def matrix(cases: Iterable[Any], kept: int = 1) -> list[Any]:
    """The cases for `parametrize`, all but the first `kept` marked `long`: only `make test-all` runs those.

    A case of several values is a tuple.
    """
    found = list(cases)
    rest = (case if isinstance(case, tuple) else (case,) for case in found[kept:])
    return [*found[:kept], *(pytest.param(*case, marks=long) for case in rest)]
