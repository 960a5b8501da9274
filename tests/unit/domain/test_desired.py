import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.desired import DesiredState, Lameduck, Origin, ResolveConflicts, Waiver
from eksaddon.domain.diagnostic import Location
from eksaddon.domain.json import Json, canonical, canonical_list, digest, digest_of_parts, path_text


def waiver(path: str) -> Waiver:
    return Waiver(path, "me", "because", "2030-01-01")


@pytest.mark.parametrize(
    ("waived", "path", "covered"),
    [
        ("*", "replicaCount", True),
        ("replicaCount", "replicaCount", True),
        ("podDisruptionBudget", "podDisruptionBudget.maxUnavailable", True),
        ("podDisruptionBudget.maxUnavailable", "podDisruptionBudget", True),
        ("podDisruptionBudget.maxUnavailable", "podDisruptionBudget.enabled", False),
        ("podLabels", 'podLabels["a.b/c"]', True),
        ("replica", "replicaCount", False),
    ],
)
def test_a_waiver_covers_its_path_what_is_below_and_what_holds_it(
    waived: str, path: str, covered: bool
) -> None:
    assert waiver(waived).covers(path) is covered


def test_a_state_that_asks_for_nothing_is_empty() -> None:
    assert DesiredState().is_empty
    assert not DesiredState(values={"replicaCount": 3}).is_empty
    assert not DesiredState(lameduck=Lameduck("20s", 20_000_000_000)).is_empty
    assert not DesiredState(pre_stop_seconds=0).is_empty
    assert DesiredState(grace_seconds=45).manages_workload


def test_the_key_reports_what_is_asked_for_and_not_where() -> None:
    here = {"replicaCount": Origin(Location("a.yaml", 3, 1), "coredns")}
    assert (
        DesiredState(values={"a": 1, "b": 2}, origins=here).key == DesiredState(values={"b": 2, "a": 1}).key
    )
    states = [
        DesiredState(),
        DesiredState(grace_seconds=45),
        DesiredState(pre_stop_seconds=45),
        DesiredState(resolve_conflicts=ResolveConflicts.OVERWRITE),
        DesiredState(waivers=(waiver("lameduck"),)),
        DesiredState(lameduck=Lameduck("20s", 20_000_000_000)),
    ]
    assert len({state.key for state in states}) == len(states)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("replicaCount",), "replicaCount"),
        (("podDisruptionBudget", "maxUnavailable"), "podDisruptionBudget.maxUnavailable"),
        (("podLabels", "app.kubernetes.io/name"), 'podLabels["app.kubernetes.io/name"]'),
        (("a.b", 'c"d', "e"), '["a.b"]["c\\"d"].e'),
        (("tolerations", 0, "key"), "tolerations[0].key"),
        ((0,), "[0]"),
        ((), ""),
    ],
)
def test_a_path_prints_so_that_it_cannot_be_misread(path: tuple[str | int, ...], text: str) -> None:
    assert path_text(path) == text


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_different_paths_print_differently(one: list[str], other: list[str]) -> None:
    assert (path_text(one) == path_text(other)) is (one == other)


def test_equal_documents_have_one_text_and_one_digest() -> None:
    assert canonical({"b": 1, "a": [True, None]}) == '{"a":[true,null],"b":1}'
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    assert digest({"a": "\ud800"}) != digest({"a": "x"})


@pytest.mark.parametrize("values", [[], [1], [{"b": "é", "a": [None]}, "\ud800", []]])
def test_a_list_has_the_same_text_and_digest_in_parts(values: list[Json]) -> None:
    assert "".join(canonical_list(iter(values))) == canonical(values)
    assert digest_of_parts(canonical_list(values)) == digest(values)
