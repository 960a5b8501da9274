"""The page about common mistakes is what happens; no message uses words of a library."""

import re

import pytest

from tests.support.mistakes import PAGE, TOPICS, page_text, written

FOREIGN = re.compile(
    r"Input should|pydantic|Expecting |Value error|\[Errno|An error occurred|Traceback|<stream|type=|NoneType"
)
"""Words of pydantic, Python, ruamel.yaml and botocore."""


@pytest.mark.slow
def test_the_page_is_what_happens() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page, page_text()), "python -m tests.support.mistakes"


def test_sixty_mistakes_are_answered_and_each_with_an_error() -> None:
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"Exit code (\d+)\.\n\n```console\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == sum(map(len, TOPICS.values())) >= 60
    for code, text in blocks:
        assert code in {"1", "3", "5", "64"}, text
        assert "error" in text or "\u2717" in text, text
        assert not FOREIGN.search(text), text
    hints = sum("hint: " in text for _, text in blocks)
    assert hints >= len(blocks) - 8, "an error without a hint needs none to be fixed"
