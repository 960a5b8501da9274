"""The page about proofs says what the code does."""

import pytest

from tests.support.state_table import PAGE, written


@pytest.mark.slow
def test_the_table_is_as_the_code_has_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert written(page) == page, "run `python -m tests.support.state_table`"
