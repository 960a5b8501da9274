"""The limit of a lane, over answers and throttling."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.app.window import Window


def answered(window: Window, times: int, most: int = 16) -> list[int]:
    found = []
    for _ in range(times):
        window.answered(most)
        found.append(window.limit)
    return found


def test_each_answer_adds_one_until_the_share_is_reached():
    assert answered(Window(8), 10, most=12) == [9, 10, 11, 12, 12, 12, 12, 12, 12, 12]


def test_throttling_halves_the_limit_once_for_the_calls_that_ran():
    window = Window(8)
    for _ in range(8):
        window.throttled()
    assert window.limit == 4
    answered(window, 8)
    window.throttled()
    assert window.limit < 4


def test_a_limit_that_was_halved_grows_by_one_for_each_window_of_answers():
    window = Window(4)
    window.throttled()
    assert answered(window, 9) == [2, 3, 3, 3, 4, 4, 4, 4, 5]


def test_a_limit_above_a_smaller_share_stays():
    assert answered(Window(8), 3, most=4) == [8, 8, 8]


@given(st.lists(st.booleans(), max_size=200))
def test_a_lane_never_stops_and_never_exceeds_its_share(answers: list[bool]) -> None:
    window = Window(8)
    for is_answer in answers:
        if is_answer:
            window.answered(16)
        else:
            window.throttled()
        assert 1 <= window.limit <= 16
