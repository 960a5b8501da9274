"""The difference of two documents, and what it makes of the first."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.json import Json
from eksaddon.values import edits_between, equal
from eksaddon.values.overlay import Edit, apply_edits

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
trees = st.recursive(
    st.dictionaries(st.text(max_size=2), leaves, max_size=3),
    lambda inner: st.dictionaries(st.text(max_size=2), leaves | inner, max_size=3),
    max_leaves=8,
)


def test_edits_add_change_and_remove_in_this_order() -> None:
    before: dict[str, Json] = {"gone": 1, "in": {"a": 1, "b": 2, "same": 3}}
    after: dict[str, Json] = {"in": {"a": 9, "same": 3}, "new": True}
    assert edits_between(before, after) == (
        Edit(("in", "a"), 1, 9),
        Edit(("in", "b"), 2, None),
        Edit(("new",), None, True),
        Edit(("gone",), 1, None),
    )


@given(trees)
def test_equal_documents_have_no_difference(tree: dict[str, Json]) -> None:
    assert edits_between(tree, tree) == ()
    assert equal(apply_edits(tree, ()), tree)
