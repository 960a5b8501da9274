"""A job of GitHub Actions with its repository."""

from collections.abc import Iterator

import pytest

from tests.support.github.api import GitHub, github_api


@pytest.fixture
def github(job) -> Iterator[GitHub]:
    with github_api() as found:
        job.setenv("GITHUB_API_URL", found.url)
        yield found
