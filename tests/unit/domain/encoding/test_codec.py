"""The domain as JSON and back: equal values, or an error that names the place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.encoding.codec import CodecError, as_object, decode, decode_one_of, encode
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import Json
from eksaddon.domain.plan import Plan
from eksaddon.domain.rollout.strategy import Approval, Check, Count, Percent, Strategy, Wave
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.records import KINDS, Accepted, Ended, Record, SkipAsked, Writing, from_json, to_json
from eksaddon.domain.target import (
    Account,
    AllRegions,
    AssumedRole,
    ClusterRef,
    CurrentCredentials,
    ProfileCredentials,
)
from tests.support.plans import plans

texts = st.text(max_size=8)
troubles = st.builds(Trouble, st.sampled_from(Cause), texts, texts, texts, texts)
outcomes = st.one_of(
    st.builds(Changed, texts),
    st.just(InSync()),
    st.builds(Skipped, texts),
    st.builds(Stale, texts),
    st.builds(Failed, troubles, texts),
    st.builds(UnreachableTarget, troubles),
    st.builds(Unproven, troubles, texts),
    st.builds(RolledBack, texts),
)
refs = st.builds(ClusterRef, texts, texts, texts)
times = st.floats(0, 2e9)
records = st.one_of(
    st.builds(Writing, times, refs, texts, st.none() | texts),
    st.builds(Accepted, times, refs, texts),
    st.builds(Ended, times, refs, outcomes, times),
    st.builds(SkipAsked, times, refs, texts),
)
accounts = st.builds(
    Account,
    id=texts,
    access=st.one_of(
        st.just(CurrentCredentials()),
        st.builds(ProfileCredentials, texts),
        st.builds(AssumedRole, st.tuples(texts), texts, texts),
    ),
    regions=st.just(AllRegions.ALL) | st.tuples(texts, texts),
    labels=st.tuples(st.tuples(texts, texts)),
)
strategies = st.builds(
    Strategy,
    st.lists(
        st.builds(
            Wave,
            texts,
            before=st.lists(st.just(Approval()) | st.builds(Check, texts)).map(tuple),
            max_concurrency=st.builds(Count, st.integers(1, 9)) | st.builds(Percent, st.integers(1, 99)),
        ),
        max_size=3,
    ).map(tuple),
)


def through_text(value: object) -> Json:
    read: Json = json.loads(json.dumps(encode(value)))
    return read


@given(records)
def test_a_record_comes_back_as_it_was(record: Record) -> None:
    assert from_json(as_object(through_text(record))) == record
    assert to_json(record)["type"] == type(record).__name__


@given(accounts, strategies)
def test_accounts_and_strategies_come_back_as_they_were(account: Account, strategy: Strategy) -> None:
    assert decode(Account, through_text(account)) == account
    assert decode(Strategy, through_text(strategy)) == strategy


@given(plans())
def test_a_plan_comes_back_as_it_was(plan: Plan) -> None:
    assert decode(Plan, through_text(plan)) == plan


@dataclass(frozen=True)
class Odd:
    count: int
    share: float
    names: frozenset[str]
    tags: Mapping[str, int]
    pair: tuple[str, int]
    choice: Cause | None
    more: "Odd | None" = None


ODD = Odd(1, 0.5, frozenset({"b", "a"}), {"x": 1}, ("p", 2), Cause.BUSY)
GOOD = as_object(encode(ODD))


def test_every_kind_of_field_comes_back() -> None:
    assert decode(Odd, through_text(Odd(1, 2, frozenset(), {}, ("p", 2), None, ODD))) == Odd(
        1, 2.0, frozenset(), {}, ("p", 2), None, ODD
    )


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"count": "1"}, "count", "'1' is not of type int"),
        ({"count": True}, "count", "True is not of type int"),
        ({"share": "x" * 90}, "share", "..."),
        ({"names": "a"}, "names", "is not a list"),
        ({"tags": []}, "tags", "is not an object"),
        ({"tags": {"x": None}}, "tags.x", "None is not of type int"),
        ({"pair": ["p"]}, "pair", "has 1 items, expected 2"),
        ({"choice": "gone"}, "choice", "unexpected value"),
        ({"more": {"type": "Other"}}, "more", "'Other' is not one of Odd"),
        ({"strange": 1}, "", "unknown key 'strange'"),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_the_place(
    change: Mapping[str, Json], path: str, said: str
) -> None:
    with pytest.raises(CodecError) as caught:
        decode(Odd, {**GOOD, **change})
    assert caught.value.path == path
    assert said in caught.value.message


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(CodecError, match="the document: 'count' is missing"):
        decode(Odd, {key: value for key, value in GOOD.items() if key != "count"})
    with pytest.raises(CodecError, match="is not an object"):
        decode(Odd, [])
    with pytest.raises(CodecError, match="is not one of"):
        decode_one_of(KINDS, 1)
    with pytest.raises(CodecError, match="is not a valid"):
        decode(Trouble, {"cause": "x", "message": "", "code": "", "operation": "", "action": ""})


def test_a_value_without_a_json_form_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(object())
    with pytest.raises(TypeError):
        as_object([])


def test_a_record_of_a_newer_version_is_reported_as_such() -> None:
    with pytest.raises(EksdnsError, match="cannot read"):
        from_json({"type": "FromTheFuture"})


@pytest.mark.parametrize("old", ["Unchanged", "Unreached"])
def test_a_record_with_the_words_of_an_earlier_version_is_refused_by_name(old: str):
    record = as_object(to_json(Ended(1.0, ClusterRef("1", "r", "n"), InSync())))
    with pytest.raises(EksdnsError, match=rf"outcome: '{old}' is not one of") as caught:
        from_json({**record, "outcome": {"type": old}})
    assert caught.value.hint == "use the version of eksdns that wrote the journal"


@dataclass(frozen=True)
class Versioned:
    version: Literal[2]


@pytest.mark.parametrize("document", [{"version": 1}, {"version": "2"}, {"version": True}])
def test_another_value_than_the_one_allowed_is_named(document):
    with pytest.raises(CodecError, match="is none of 2"):
        decode(Versioned, document)
