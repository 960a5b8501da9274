"""The page about the workload plane says what each verb makes of each situation."""

import pytest

from tests.support.scenario_table import BEGIN, PAGE, SITUATIONS, written


@pytest.mark.slow
def test_the_table_is_as_the_code_has_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert BEGIN in page
    assert len(SITUATIONS) >= 40
    assert written(page) == page, "run `python -m tests.support.scenario_table`"
