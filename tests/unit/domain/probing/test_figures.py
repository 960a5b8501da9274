"""Sums of what several probes counted."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.probing.figures import NOTHING, Figures, ProbePart, together, together_parts

KINDS = st.sampled_from(["timeout", "SERVFAIL", "not-sent"])
FIGURES = st.builds(
    lambda failures, good, missed, outage: Figures(
        scheduled=good + sum(failures.values()) + missed,
        missed=missed,
        asked=good + sum(failures.values()),
        good=good,
        failures=tuple(failures.items()),
        longest_outage=outage,
    ),
    st.dictionaries(KINDS, st.integers(1, 99)),
    st.integers(0, 999),
    st.integers(0, 9),
    st.floats(0, 9),
)


@given(st.lists(FIGURES, max_size=5))
def test_the_sum_counts_every_lookup_once(parts: list[Figures]) -> None:
    found = together(parts)
    assert found.asked == sum(each.asked for each in parts) == found.good + found.lost + found.unsent
    assert found.lost == sum(each.lost for each in parts)
    assert found.scheduled == found.asked + found.missed
    assert found.longest_outage == max((each.longest_outage for each in parts), default=0.0)


def test_causes_name_what_the_server_did_and_not_what_never_left() -> None:
    found = Figures(10, 0, 10, 4, (("timeout", 3), ("SERVFAIL", 2), ("not-sent", 1)))
    assert (found.lost, found.unsent, found.causes) == (5, 1, "3 timeout, 2 SERVFAIL")
    assert together([]) == NOTHING


def test_parts_of_several_processes_are_one_for_each_node_and_server() -> None:
    one, two = Figures(9, 0, 9, 9), Figures(4, 0, 4, 3, (("timeout", 1),))
    found = together_parts(
        [ProbePart("b", "kube-dns", one), ProbePart("a", "pod/x", one), ProbePart("b", "kube-dns", two)]
    )
    assert found == (ProbePart("a", "pod/x", one), ProbePart("b", "kube-dns", together([one, two])))
