"""Models are built without plugins; other programs see the environment as it was."""

import os

import pytest

from eksaddon.app.local.plugins import without_plugins

NAME = "PYDANTIC_DISABLE_PLUGINS"


@pytest.mark.parametrize("before", [None, "0", "some-plugin"])
def test_the_environment_is_as_it_was(before: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if before is None:
        monkeypatch.delenv(NAME, raising=False)
    else:
        monkeypatch.setenv(NAME, before)
    with without_plugins():
        assert os.environ[NAME] == "1"
    assert os.environ.get(NAME) == before
