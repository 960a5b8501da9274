"""Reports of shards: all of one fleet, each exactly once."""

import json
from dataclasses import replace

import pytest

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.report.documents.documents import document
from eksaddon.report.documents.merge import merge
from eksaddon.report.documents.read import read_document
from eksaddon.report.model.model import ReportModel
from eksaddon.report.render import Planned, report_model_of
from tests.support.report.reports import fleet_plan

WHOLE = report_model_of(Planned(fleet_plan(9)))


def part(number: int, of: int = 3, fleet: str = "f", at: str = "2026-11-30T12:00:00Z") -> ReportModel:
    entries = WHOLE.entries[number - 1 :: of]
    return replace(WHOLE, entries=entries, shard=ShardMark(number, of, fleet), created_at=at)


def merged(*parts: ReportModel) -> ReportModel:
    return merge([(f"{number}.json", one) for number, one in enumerate(parts)])


def test_all_shards_in_any_order_are_the_whole_fleet():
    whole = merged(part(2), part(3), part(1))
    assert whole.entries == tuple(sorted(WHOLE.entries, key=lambda entry: entry.ref))
    assert whole.shard is None


def test_a_shard_that_was_run_again_counts_once_with_its_newest_report():
    late = part(2, at="2026-11-30T13:00:00Z")
    late = replace(late, entries=tuple(replace(one, reason="new") for one in late.entries))
    for order in ((part(1), late, part(2), part(3)), (part(1), part(2), part(3), late)):
        assert sum(entry.reason == "new" for entry in merged(*order).entries) == 3


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((part(1), part(3)), "1 of 3 shards are missing: 2"),
        ((part(1),), "2 of 3 shards are missing: 2, 3"),
        ((part(1), part(2), part(3, fleet="g")), "not shards of one fleet"),
        ((part(1), part(2, of=2)), "0.json is of 3 shards, 1.json of 2"),
        ((part(1), replace(part(2), shard=None)), "0.json is about a shard, 1.json is not"),
    ],
)
def test_what_is_not_the_whole_fleet_is_refused(parts, said):
    with pytest.raises(EksdnsError, match=said):
        merged(*parts)


def test_the_shard_is_in_the_document_and_is_read_from_it():
    one = part(1)
    text = json.dumps(document(one))
    assert json.loads(text)["shard"] == {"number": 1, "of": 3, "fleet": "f"}
    assert read_document(text, "report.json").shard == one.shard
    assert "shard" not in document(WHOLE)
