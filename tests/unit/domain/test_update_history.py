"""The newest update of a list without a promised order, and what proofs say of clusters without an add-on."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import NotInstalled
from eksaddon.domain.proof import Proof, Replaced, proof_of, verdict
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import HistoryNotRead, NoUpdate, UpdateRecord
from eksaddon.domain.update_history import newest, newest_first

TROUBLE = Trouble(Cause.DENIED, "no")
IDS = [f"u{number:02}" for number in range(30)]


def test_a_list_in_order_of_time_costs_its_two_ends_only() -> None:
    for ids in (IDS, IDS[::-1]):
        asked: list[str] = []

        def describe(update_id: str, asked: list[str] = asked) -> UpdateRecord:
            asked.append(update_id)
            return UpdateRecord(update_id, "Successful", float(update_id[1:]))

        found = newest(ids, describe)
        assert isinstance(found, UpdateRecord)
        assert (found.id, len(asked)) == ("u29", 10)


def test_a_list_in_no_order_is_described_in_full() -> None:
    def describe(update_id: str) -> UpdateRecord:
        return UpdateRecord(update_id, "Successful", float(int(update_id[1:]) * 7 % 31))

    found = newest_first(IDS, describe)
    assert isinstance(found, tuple)
    assert len(found) == len(IDS)
    assert [each.created_at for each in found] == sorted((each.created_at for each in found), reverse=True)


@pytest.mark.parametrize("broken", ["u00", "u29", "u15"])
def test_half_a_history_is_none(broken: str) -> None:
    def describe(update_id: str) -> UpdateRecord | Trouble:
        return (
            TROUBLE
            if update_id == broken
            else UpdateRecord(update_id, "Failed", float(int(update_id[1:]) * 7 % 31))
        )

    assert newest(IDS, describe) == TROUBLE
    assert newest(TROUBLE, describe) == TROUBLE
    assert newest((), describe) == NoUpdate()


def test_a_cluster_without_the_addon_proves_nothing() -> None:
    gone = NotInstalled(ClusterRef("111122223333", "eu-west-1", "shop"))
    assert proof_of(gone) == Proof(gone, HistoryNotRead())
    assert isinstance(verdict(proof_of(gone), "{}", None, lambda one, other: one == other), Replaced)
