"""Reports of several runners made into one."""

import json
from typing import Any

import pytest

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunState
from eksaddon.report.documents.documents import document, drift_document, plan_document, run_document
from eksaddon.report.documents.merge import LEAST_DONE_FIRST, merge_texts
from eksaddon.report.documents.read import read_document
from tests.support.report.reports import NOW, fleet_plan, fleet_run

WHOLE = fleet_plan(40)


def part(first: int, step: int, digest: str = "d", later: int = 0) -> Plan:
    return Plan(WHOLE.clusters[first::step], NOW + later, digest)


def text_of(made: object) -> str:
    return json.dumps(made)


def refusal(text: str) -> str:
    with pytest.raises(EksdnsError) as raised:
        read_document(text, "shard.json")
    assert raised.value.hint
    return raised.value.message


@pytest.mark.parametrize("parts", [1, 2, 3, 7])
def test_parts_make_the_whole_again(parts):
    texts = [(f"{n}.json", text_of(plan_document(part(n, parts, WHOLE.digest)))) for n in range(parts)]
    assert document(merge_texts(texts)) == plan_document(WHOLE)


def test_the_order_of_the_parts_does_not_matter():
    texts = [(f"{n}.json", text_of(plan_document(part(n, 3, f"d{n}", n)))) for n in range(3)]
    one, other = document(merge_texts(texts)), document(merge_texts(texts[::-1]))
    assert one == other
    assert one["createdAt"] == "2026-01-02T03:04:05Z"
    assert one["digest"] not in {"d0", "d1", "d2"}


def test_a_target_in_two_parts_is_refused_with_both_places():
    text = text_of(drift_document(part(0, 2)))
    with pytest.raises(EksdnsError, match=r"^000000000000/\S+ is in a\.json and in b\.json$"):
        merge_texts([("a.json", text), ("b.json", text)])


def test_a_target_twice_in_one_part_is_refused():
    told: Any = plan_document(part(0, 20))
    told["clusters"] *= 2
    told["summary"] = {word: count * 2 for word, count in told["summary"].items()}
    with pytest.raises(EksdnsError, match=r"is twice in a\.json"):
        merge_texts([("a.json", text_of(told))])


def test_different_kinds_are_refused():
    texts = [("a.json", text_of(plan_document(part(0, 2)))), ("b.json", text_of(drift_document(part(1, 2))))]
    with pytest.raises(EksdnsError, match=r"b\.json is of kind drift, a\.json of kind plan"):
        merge_texts(texts)


def test_nothing_is_not_merged():
    with pytest.raises(EksdnsError, match="nothing to merge"):
        merge_texts([])


@pytest.mark.parametrize(
    ("states", "merged"),
    [
        (("succeeded", "succeeded"), "succeeded"),
        (("succeeded", "succeeded_with_failures"), "succeeded_with_failures"),
        (("failed", "succeeded_with_failures"), "failed"),
        (("paused", "failed"), "paused"),
        (("stopped", "running"), "running"),
    ],
)
def test_a_merged_run_is_as_far_as_its_least_done_part(states, merged):
    texts = []
    for number, state in enumerate(states):
        told: Any = run_document(fleet_run(20))
        told["clusters"] = told["clusters"][number::2]
        told["state"], told["runId"] = state, f"r{number}"
        outcomes = [cluster["outcome"] for cluster in told["clusters"]]
        told["summary"] = {word: outcomes.count(word) for word in told["summary"]} | {
            "targets": len(outcomes)
        }
        texts.append((f"{number}.json", text_of(told)))
    made = merge_texts(texts)
    assert (made.run_state, made.run_id) == (merged, "r0+r1")
    assert len(made.entries) == 20


def test_every_state_of_a_run_has_its_rank():
    assert sorted(LEAST_DONE_FIRST) == sorted(RunState)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "shard.json: invalid JSON: expected a value at line 1, column 1"),
        ('{"kind": NaN}', "shard.json: invalid JSON: NaN is not valid JSON"),
        ("[" * 100_000, "shard.json: invalid JSON"),
        ("[]", "shard.json: not a JSON object"),
        ("{}", "shard.json: unknown kind missing, expected one of plan, run, drift, status"),
        (
            '{"kind": "timeline"}',
            'shard.json: unknown kind "timeline", expected one of plan, run, drift, status',
        ),
        ('{"kind": ["plan"]}', 'shard.json: unknown kind ["plan"], expected one of plan, run, drift, status'),
        (
            '{"kind": "plan", "schemaVersion": 1}',
            ("shard.json: unsupported schemaVersion 1, this eksdns reads 2"),
        ),
        ('{"kind": "plan", "schemaVersion": 2}', "shard.json: the document: 'digest' is a required property"),
    ],
)
def test_what_is_not_a_document_is_refused_with_the_place(text, said):
    assert refusal(text).startswith(said)


def test_a_wrong_value_is_refused_with_its_path():
    told: Any = plan_document(part(0, 2))
    told["clusters"][3]["action"] = "explode"
    assert refusal(text_of(told)).startswith("shard.json: clusters[3].action: 'explode' is not one of")


def test_counts_that_do_not_add_up_are_refused():
    told: Any = plan_document(part(0, 2))
    told["summary"]["inSync"] += 1
    assert refusal(text_of(told)) == "shard.json: summary.inSync is 3, but the file lists 2"
    del told["clusters"][0]
    assert "summary.targets is 20, but the file lists 19" in refusal(text_of(told))


def test_hostile_text_in_an_error_is_spelt_out():
    told: Any = plan_document(part(0, 2))
    told["clusters"][0]["action"] = "\x1b[31m\n::error::x"
    assert "\x1b" not in refusal(text_of(told))
    assert "\n" not in refusal(text_of(told))
