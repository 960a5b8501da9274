from hypothesis import given
from hypothesis import strategies as st

from eksaddon.aws.pages import Reply, all_pages
from eksaddon.domain.cause import Cause, Trouble


def listed(pages: list[Reply | Trouble]) -> tuple[object, ...] | Trouble:
    return all_pages(lambda token: pages[int(token or 0)], operation="List", member="items", marker="next")


@given(st.lists(st.lists(st.integers(), max_size=4), min_size=1, max_size=5))
def test_all_pages_together_are_the_list(pages: list[list[int]]) -> None:
    linked: list[Reply | Trouble] = [
        {"items": page, "next": str(number + 1) if number + 1 < len(pages) else None}
        for number, page in enumerate(pages)
    ]
    assert listed(linked) == tuple(item for page in pages for item in page)


def test_a_trouble_on_any_page_is_not_a_half_list() -> None:
    trouble = Trouble(Cause.THROTTLED, "slow down")
    assert listed([{"items": [1], "next": "1"}, trouble]) is trouble


def test_a_page_without_its_list_is_not_an_empty_list() -> None:
    answer = listed([{"items": [1], "next": "1"}, {}])
    assert isinstance(answer, Trouble)
    assert (answer.cause, answer.message) == (Cause.UNREADABLE, "the response of List has no items")


def test_a_list_that_goes_round_in_circles_ends() -> None:
    answer = listed([{"items": [1], "next": "1"}, {"items": [2], "next": "1"}])
    assert isinstance(answer, Trouble)
    assert answer.cause is Cause.UNREADABLE
