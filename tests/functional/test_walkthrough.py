"""The walk-through in the documentation is what the program does."""

import pytest

from tests.support.walkthrough import PAGE, in_page, session

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def text() -> str:
    return session()


def test_the_documented_session_is_the_one_that_happens(text: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == in_page(page, text), "write it anew: python -m tests.support.walkthrough"


def test_the_session_pauses_is_approved_finishes_and_goes_back(text: str) -> None:
    codes = [part.split("\n")[0] for part in text.split("$ echo $?\n")[1:]]
    assert codes == ["0", "4", "0", "4", "4", "0", "0", "0", "0", "0"]
    for words in ("soaking until", "2 of 8 failed", "waiting for approval", "17 changed", "17 rolled back"):
        assert words in text
