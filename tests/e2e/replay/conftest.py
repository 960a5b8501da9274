"""A repository whose workflows are replayed."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.github.stage import Stage, stages


@pytest.fixture
def staged(tmp_path) -> Iterator[Callable[..., Stage]]:
    with stages(tmp_path) as make:
        yield make
