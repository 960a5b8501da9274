"""A journal that somebody edited: which record does not follow, and what only the printed head can tell."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from eksaddon.app.runs.journal import create_journal, open_journal
from eksaddon.app.runs.rollout import Expected, load_run
from eksaddon.app.runs.same_plan import refuse_other_plan
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plane
from eksaddon.domain.probing.figures import ClusterProbe, Figures
from eksaddon.domain.probing.session import SessionState
from eksaddon.domain.run.chain import PREVIOUS, linked
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.domain.run.records import (
    KINDS,
    Accepted,
    Approved,
    Closed,
    Ended,
    GateLooked,
    Opened,
    Paused,
    PlaneDone,
    ProbeRead,
    ProbeStarted,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    Stopped,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
    Writing,
    to_json,
)
from eksaddon.domain.target import Account, CurrentCredentials
from eksaddon.plan.planfile import SavedPlan
from eksaddon.store.memory import MemoryStore
from tests.support.rollouts import BEFORE, one_wave, plan_of, refs_of
from tests.support.tampering import edits

PROBING = SessionState.RUNNING
RUN = "20260101-000000-aaaaaa"
ONE, TWO, THREE = refs_of(3)
PLAN = plan_of([("", [ONE, TWO, THREE])])
ACCOUNTS = (Account("111122223333", access=CurrentCredentials()),)
SAVED = SavedPlan(PLAN, ACCOUNTS, "1.0")
RECORDS: tuple[Record, ...] = (
    Opened(1.0, RUN, PLAN, one_wave(), ACCOUNTS, "1.0", "ana"),
    GateLooked(2.0, "", "addon-health", "pass", "all"),
    Approved(2.0, "", "ana"),
    WaveBegan(3.0, ""),
    ProbeStarted(3.0, ""),
    ProbeRead(4.0, "", (ClusterProbe(ONE, 3.0, 4.0, Figures(9, 0, 9, 8, (("timeout", 1),))),), PROBING),
    Writing(4.0, ONE, "token", BEFORE),
    Accepted(5.0, ONE, "update-1"),
    PlaneDone(5.0, ONE, Plane.ADDON, "update-1"),
    Ended(6.0, ONE, Changed("update-1"), 2.0),
    Ended(6.0, TWO, Failed(Trouble(Cause.THROTTLED, "slow")), 2.0),
    Paused(7.0, "one failed"),
    Resumed(8.0, "ana"),
    Retried(8.0, (TWO,)),
    SkipAsked(9.0, THREE, "moved"),
    WaveSoaking(9.0, "", 60.0),
    WaveEnded(10.0, "", "succeeded"),
    Stopped(11.0, "aborted"),
    RollbackAsked(12.0, ("",), "asked for"),
    Closed(13.0, "failed"),
)
DOCUMENTS = tuple(to_json(record) for record in RECORDS)
LINKED, HEAD = linked(DOCUMENTS, "")


def store_of(documents: Any) -> MemoryStore:  # JSON
    store = MemoryStore()
    store.create(RUN).append(documents)
    return store


def edited(number: int, *, fits: bool) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Journals with one field of one record edited.

    Args:
        fits: With every later link made to fit.
    """
    journals = []
    for one in edits(json.loads(json.dumps(DOCUMENTS[number])), *KINDS, each=2):
        rest = [*DOCUMENTS[:number], one.document, *DOCUMENTS[number + 1 :]]
        new, _ = linked(rest, "")
        journal = list(new) if fits else [*LINKED[:number], new[number], *LINKED[number + 1 :]]
        journals.append((one.field, journal))
    return journals


def test_every_kind_of_record_is_tried() -> None:
    assert {type(record) for record in RECORDS} == set(KINDS)


@pytest.mark.parametrize("number", range(len(RECORDS)), ids=[type(record).__name__ for record in RECORDS])
def test_an_edited_record_breaks_the_chain_and_the_error_names_it(number: int) -> None:
    for field, journal in edited(number, fits=False):
        store = store_of(journal)
        if number + 1 < len(RECORDS):
            with pytest.raises(EksdnsError, match=f"record {number + 2} does not follow record {number + 1}"):
                load_run(store, RUN)
        else:
            with pytest.raises(EksdnsError, match="no record has the hash"):
                open_journal(store, RUN).chain(HEAD)
        assert field


@pytest.mark.parametrize("number", range(len(RECORDS)), ids=[type(record).__name__ for record in RECORDS])
def test_a_journal_that_was_made_to_fit_has_another_head(number: int) -> None:
    for field, journal in edited(number, fits=True):
        with pytest.raises(EksdnsError, match="no record has the hash") as caught:
            open_journal(store_of(journal), RUN).chain(HEAD[:16])
        assert caught.value.exit_code is ExitCode.REFUSED, field


def test_no_edit_of_the_plan_passes_where_the_plan_is_given() -> None:
    for field, journal in edited(0, fits=True):
        if field in {"Opened.at", "Opened.run_id", "Opened.tool", "Opened.who"}:
            continue  # who began the run, and when
        try:
            opened = load_run(store_of(journal), RUN).opened
        except EksdnsError:
            continue
        if field.startswith(("Opened.strategy", "Strategy", "Wave", "Count", "Match")):
            continue  # of a plan without waves: width and tolerance are options of the run
        with pytest.raises(EksdnsError, match="records another plan"):
            refuse_other_plan(opened, SAVED)


def test_a_journal_whose_end_was_cut_off_lacks_the_head() -> None:
    journal = open_journal(store_of(LINKED[:-2]), RUN)
    with pytest.raises(EksdnsError, match="changed or truncated"):
        journal.chain(HEAD)


def test_a_journal_that_went_on_after_the_head_was_printed_is_fine() -> None:
    _, before = linked(DOCUMENTS[:-2], "")
    assert open_journal(store_of(LINKED), RUN).chain(before).head == HEAD


def test_appended_records_follow_those_read() -> None:
    store = MemoryStore()
    create_journal(store, RUN).append(DOCUMENTS[:3])
    open_journal(store, RUN).append(DOCUMENTS[3:])
    assert tuple(store.open(RUN).read()) == LINKED
    assert open_journal(store, RUN).chain().head == HEAD


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"type": "Paused", "at": 7.0, "reason": "x"}, "record 1 has no hash"),
        ({**DOCUMENTS[0], PREVIOUS: 7}, "record 1 has no hash"),
        ({"type": "Teleported", PREVIOUS: ""}, "record 1: the journal contains a record"),
        ({**DOCUMENTS[0], "at": 1e300, PREVIOUS: ""}, "record 1: the journal contains a record"),
        ({**DOCUMENTS[0], "at": float("nan"), PREVIOUS: ""}, "record 1: the journal contains a record"),
        ({**DOCUMENTS[3], PREVIOUS: ""}, "is invalid"),
    ],
)
def test_an_invalid_record_is_an_error_of_this_run(odd: Mapping[str, Any], said: str) -> None:
    with pytest.raises(EksdnsError, match=said) as caught:
        load_run(store_of([odd]), RUN)
    assert RUN in str(caught.value)


def test_a_record_that_is_nested_too_deeply_is_an_error_of_this_run() -> None:
    deep: Any = "x"
    for _ in range(300_000):  # 3.14 takes what fits the stack
        deep = [deep]
    store = MemoryStore()
    store.create(RUN)
    store.journals[RUN].records.append({"type": "Paused", PREVIOUS: "", "reason": deep})
    with pytest.raises(EksdnsError, match="nested too deeply"):
        load_run(store, RUN)


@pytest.mark.parametrize("bad", ["abc", "z" * 16, "sha256:" + "0" * 64])
def test_an_invalid_head_is_a_usage_error(bad: str) -> None:
    with pytest.raises(EksdnsError, match="invalid journal head") as caught:
        open_journal(store_of(LINKED), RUN).chain(Expected(bad).head)
    assert caught.value.exit_code is ExitCode.USAGE
