"""Targets are in the order that a reader expects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.target import ClusterRef
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.order import in_natural_order, natural_key
from eksaddon.report.model.states import Kind


def names(*given_names: str) -> list[str]:
    entries = tuple(Entry(ClusterRef("1", "eu", name), "managed") for name in given_names)
    return [entry.ref.name for entry in in_natural_order(ReportModel(Kind.STATUS, "", entries)).entries]


@pytest.mark.parametrize(
    "expected",
    [
        ["shop-1", "shop-2", "shop-10"],
        ["a", "a-1", "a-02", "a-3b", "a-3c"],
        ["1.9", "1.10"],
        ["a" + "9" * 5000, "a1" + "0" * 5000],
        ["x", "x-0", "y"],
    ],
)
def test_numbers_compare_by_value(expected):
    assert names(*reversed(expected)) == expected


def test_accounts_and_regions_come_before_names():
    refs = [
        ClusterRef("2", "eu-west-1", "a"),
        ClusterRef("1", "us-east-1", "b"),
        ClusterRef("1", "eu-west-2", "c"),
    ]
    model = ReportModel(Kind.STATUS, "", tuple(Entry(ref, "managed") for ref in refs))
    assert [entry.ref.name for entry in in_natural_order(model).entries] == ["c", "b", "a"]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_text_has_a_key_and_none_is_lost(texts):
    assert sorted(sorted(texts, key=natural_key)) == sorted(texts)
