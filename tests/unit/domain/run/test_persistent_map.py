"""The mapping that thousands of original stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.run.persistent_map import PersistentMap

items = st.dictionaries(st.integers(), st.integers(), min_size=1, max_size=300)


@given(items, st.data())
def test_a_change_is_seen_in_the_copy_and_nowhere_else(items: dict[int, int], data: st.DataObject) -> None:
    original = PersistentMap(items)
    key, value = data.draw(st.sampled_from(sorted(items))), data.draw(st.integers())
    assert original.changed(key, value) == {**items, key: value}
    assert original == items


@given(items)
def test_the_order_stays(items: dict[int, int]) -> None:
    original = PersistentMap(items).changed(next(iter(items)), 0)
    assert list(original) == list(items)
    assert [original.place(key) for key in items] == list(range(len(items)))
    assert len(original) == len(items)


def test_no_key_is_ever_added() -> None:
    original = PersistentMap({1: 1})
    for look in (lambda: original[2], lambda: original.place(2), lambda: original.changed(2, 2)):
        with pytest.raises(KeyError):
            look()
