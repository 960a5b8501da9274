"""Commands that were killed at their write, and what the next one makes of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon.app.session import AccessBook
from eksaddon.app.wiring import open_simulation
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.target import Account
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import UpdateRequest
from eksaddon.sim.addon.lifecycle import Addon
from eksaddon.sim.addon.update_script import Problem
from eksaddon.sim.api.faults import Deny, Fault, Match
from eksaddon.sim.http.messages import Delivery, Reply, Request
from tests.support.examples import one_quick
from tests.support.proof import APPLY, DRIFT, KEPT_AND_ACTIVE, PLAN, SHOP, ask, kill, stage, updates, word
from tests.support.walkthrough import Shell, run_on_record


def test_a_killed_retry_does_not_take_the_first_attempts_update_for_its_own(tmp_path: Path) -> None:
    with stage(tmp_path, KEPT_AND_ACTIVE) as here:
        assert word(ask(here, *APPLY)[1]) == "failed"
        kill(here, "retry", "RUN", "--failed", is_after=False)
        assert updates(here) == 1
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 2)


@pytest.mark.parametrize("is_after", [False, True])
def test_an_apply_that_is_killed_at_its_write_writes_once(tmp_path: Path, is_after: bool) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=is_after)
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 1)


FOLLOWED_BY = {
    "resume": ("resume", "RUN", "-q", "-o", "json"),
    "a new apply": APPLY,
    "the same plan again": ("apply", "plan.json", "--yes", "-q", "-o", "json"),
}


@pytest.mark.parametrize("reads", one_quick([4, 9999]))
@pytest.mark.parametrize("verb", FOLLOWED_BY.values(), ids=FOLLOWED_BY)
@pytest.mark.parametrize("history", one_quick(["history", "history denied"]))
def test_after_a_kill_no_change_is_written_twice_while_the_document_is_shown_late(
    tmp_path: Path, verb: tuple[str, ...], reads: int, history: str
) -> None:
    with stage(tmp_path, eks=f"oldDocumentReads: {reads}") as here:
        assert here.type("plan", "--cluster", "shop", "--out", "plan.json")[0] == 0
        kill(here, "apply", "plan.json", "--yes", "-q", is_after=True)
        run = run_on_record().stem
        if history == "history denied":
            here.world.add_fault(Fault(Deny(), Match(operation="ListUpdates")))
        words = set()
        for again in (verb, verb, ("resume", "RUN", "-q", "-o", "json")):
            code, text = here.type(*(run if word == "RUN" else word for word in again))
            words |= {each for each in ("changed", "inSync", "unproven", "blocked") if each in text}
            assert updates(here) == 1
            assert code != 0 or reads < 9999
        assert words
    addon = here.world.addon(SHOP)
    assert addon is not None
    assert [update.status for update in addon.updates] == ["Successful"]


def test_a_write_shown_late_is_proven_by_a_later_apply(tmp_path: Path) -> None:
    with stage(tmp_path, eks="oldDocumentReads: 5") as here:
        kill(here, *APPLY, is_after=True)
        assert word(ask(here, *PLAN)[1]) == "blocked"
        assert word(ask(here, *DRIFT)[1]) == "unverified"
        while word(ask(here, *PLAN)[1]) == "blocked":
            pass
        code, document = ask(here, *APPLY)
        assert (code, word(document), updates(here)) == (0, "inSync", 1)


def test_a_rollback_after_a_kill_restores_what_was_written_and_not_recorded(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=True)
        code, document = ask(here, "rollback", "RUN", "--yes", "-q", "-o", "json")
        addon = here.world.addon(SHOP)
        assert addon is not None
        assert (code, word(document), addon.stored.text) == (0, "rolledBack", '{"replicaCount":2}')


MOVES: dict[str, dict[str, Any]] = {
    "version": {"version": "v1.11.4-eksbuild.28"},
    "role": {"role_arn": "arn:aws:iam::111122223333:role/dns"},
    "document": {"text": '{"replicaCount":7}'},
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_resume_sends_nothing_to_a_target_that_moved_meanwhile(tmp_path: Path, move: dict[str, Any]) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        here.world.change(SHOP, lambda addon: replace(addon, stored=replace(addon.stored, **move)))
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (5, "stale", 0)


def test_resume_sends_nothing_to_an_addon_that_became_unhealthy_meanwhile(tmp_path: Path) -> None:
    problem = Problem("InsufficientNumberOfReplicas", "0 of 2 pods run")
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        here.world.change(SHOP, lambda addon: replace(addon, status="DEGRADED", issues=(problem,)))
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (5, "stale", 0)
        reason = document["clusters"][0]["reason"]
        assert "InsufficientNumberOfReplicas: 0 of 2 pods run" in reason
        assert "it was healthy when the plan was made" in reason


def test_resume_waits_for_an_addon_that_becomes_healthy_again(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        heals_at = here.clock.now() + 300
        here.world.change(SHOP, lambda addon: replace(addon, status="DEGRADED", heals_at=heals_at))
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 1)


@contextmanager
def another_schema(here: Shell, is_readable: bool) -> Iterator[None]:
    """EKS permits fewer replicas than when the plan was made, or does not answer for its schema."""
    handle = here.world.handle

    def answer(request: Request) -> Delivery:
        delivery = handle(request)
        if "configuration-schemas" not in request.target:
            return delivery
        assert isinstance(delivery.answer, Reply)
        document = json.loads(delivery.answer.body)
        schema = json.loads(document["configurationSchema"])
        count = schema["definitions"]["Coredns"]["properties"]["replicaCount"]
        count["maximum"] = 2
        document["configurationSchema"] = json.dumps(schema) if is_readable else "{"
        return replace(delivery, answer=replace(delivery.answer, body=json.dumps(document).encode()))

    here.world.handle = answer  # type: ignore[method-assign]  # the one door of the world
    try:
        yield
    finally:
        here.world.handle = handle  # type: ignore[method-assign]  # as above


def test_resume_sends_nothing_that_the_schema_no_longer_permits(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        with another_schema(here, is_readable=True):
            code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (5, "stale", 0)
        assert document["clusters"][0]["reason"].startswith(
            "the schema of v1.11.4-eksbuild.51 was changed after the plan was made: replicaCount "
        )


def test_resume_leaves_the_check_to_eks_where_the_schema_cannot_be_read(tmp_path: Path) -> None:
    with stage(tmp_path) as here:
        kill(here, *APPLY, is_after=False)
        with another_schema(here, is_readable=False):
            code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (0, "changed", 1)


LAMEDUCK = """
version: 1
coredns: {lameduck: 20s, resolveConflicts: overwrite}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
EDIT = ".:53 {\n    errors\n    health\n    ready\n    log\n}\n"


def edit_the_live_corefile(here: Shell) -> None:
    def edit(addon: Addon) -> Addon:
        held = replace(addon.live, keys={**addon.live.keys, "corefile": EDIT})
        return replace(addon, live=held, foreign={"corefile": EDIT})

    here.world.change(SHOP, edit)


def test_resume_sends_nothing_after_a_user_edited_the_live_corefile(tmp_path: Path) -> None:
    with stage(tmp_path, fleet=LAMEDUCK) as here:
        kill(here, *APPLY, is_after=False)
        edit_the_live_corefile(here)
        code, document = ask(here, "resume", "RUN", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == (5, "stale", 0)
        assert document["clusters"][0]["reason"] == "the live Corefile was changed after the plan was made"


@pytest.mark.parametrize("is_edited", [False, True])
def test_a_saved_plan_is_stale_after_a_user_edited_the_live_corefile(tmp_path: Path, is_edited: bool) -> None:
    with stage(tmp_path, fleet=LAMEDUCK) as here:
        assert here.type("plan", "--cluster", "shop", "--out", "plan.json")[0] == 0
        if is_edited:
            edit_the_live_corefile(here)
        code, document = ask(here, "apply", "plan.json", "--yes", "-q", "-o", "json")
        assert (code, word(document), updates(here)) == ((5, "stale", 0) if is_edited else (0, "changed", 1))


def test_another_document_in_flight_is_stale_at_once(tmp_path: Path) -> None:
    with stage(tmp_path, "{result: stuck}") as here:
        assert here.type("plan", "--cluster", "shop", "--out", "plan.json")[0] == 0
        theirs = UpdateRequest('{"replicaCount":9}', ResolveConflicts.NONE, "theirs")
        book = AccessBook()
        book.learn(Account("111122223333", "shop"))
        session = open_simulation(book, here.world, here.clock, "111122223333")
        assert isinstance(session.addons.update(SHOP, theirs), UpdateRecord)
        begun = here.clock.now()
        code, document = ask(here, "apply", "plan.json", "--yes", "-q", "-o", "json")
        assert (code, word(document)) == (5, "stale")
        assert here.clock.now() - begun < 300
