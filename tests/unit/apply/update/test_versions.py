"""Updates that name a version: found again, awaited and kept apart from those of others."""

from dataclasses import replace

import pytest

from eksaddon.apply.intent import intent_of
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Stale
from eksaddon.domain.run.records import Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.ports import UpdateRequest
from eksaddon.sim.inprocess.virtual_time import run_virtually
from tests.support.apply.target_update import ADDON, AFTER, BEFORE, REF, Stage

NEW, OTHER = "v1.12.4-eksbuild.18", "v1.13.2-eksbuild.21"


def moving(text: str = AFTER, **fake: object) -> Stage:
    stage = Stage(**fake)
    write = stage.plan.write
    assert write is not None
    stage.plan = replace(stage.plan, write=replace(write, text=text, version=NEW))
    return stage


@pytest.mark.parametrize("text", [AFTER, BEFORE], ids=["with a new document", "the version alone"])
@pytest.mark.parametrize("late", [0, 3])
def test_the_version_is_awaited(text: str, late: int) -> None:
    stage = moving(text, late_document=late)
    assert stage.run() == Changed("u1")
    assert stage.api.addons[REF].version == NEW
    assert [request.version for _, request in stage.api.requests] == [NEW]


@pytest.mark.parametrize("text", [AFTER, BEFORE])
def test_an_update_whose_answer_was_lost_is_found_by_version_and_document(text: str) -> None:
    stage = moving(text, lost=[Trouble(Cause.TRANSPORT, "lost")])
    assert stage.run() == Changed("u1")
    assert len(stage.api.requests) == 1


def test_a_version_that_is_there_already_is_proven_by_its_update() -> None:
    stage = moving()
    stage.api.update(REF, UpdateRequest(AFTER, ResolveConflicts.NONE, "theirs", version=NEW))
    stage.clock.advance(60)
    assert not isinstance(stage.run(), Changed | Failed)
    assert len(stage.api.requests) == 1


@pytest.mark.parametrize("version", [OTHER, NEW])
def test_another_users_version_is_stale(version: str) -> None:
    stage = moving()
    stage.api.addons[REF] = replace(ADDON, version=version, text='{"replicaCount":9}')
    found = stage.run()
    assert isinstance(found, Stale)
    assert found.reason == f"the add-on is {version} now, the plan was made for {ADDON.version}"
    assert stage.api.requests == []


def test_a_newer_update_to_another_version_is_not_overwritten_by_a_stale_read() -> None:
    stage = moving()
    stage.api.update(REF, UpdateRequest(BEFORE, ResolveConflicts.NONE, "theirs", version=OTHER))
    stage.clock.advance(60)
    stage.api.addons[REF] = ADDON
    update = stage.update()
    doubtful = replace(update, intent=replace(update.intent, is_doubtful=True))
    assert run_virtually(doubtful.run(), stage.clock) == Stale("its version was changed by update u1")


def test_a_rollback_restores_the_version() -> None:
    stage = moving()
    assert stage.run() == Changed("u1")
    progress = TargetProgress(
        stage.plan, restores=True, changed=Writing(0.0, REF, "token", BEFORE, restores=False), attempt=1
    )
    back = replace(stage.update(), intent=intent_of("run-1", progress))
    assert run_virtually(back.run(), stage.clock) == RolledBack("u2")
    assert (stage.api.addons[REF].version, stage.api.addons[REF].text) == (ADDON.version, BEFORE)


def test_a_failed_move_names_the_version_that_is_stored() -> None:
    stage = moving(status="Failed", keeps_on_failure=False)
    found = stage.run()
    assert isinstance(found, Failed)
    assert f"{ADDON.version} with the previous configuration is stored" in found.trouble.message
