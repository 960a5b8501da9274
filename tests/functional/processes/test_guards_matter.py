"""Each guard of a process taken out, one at a time: a surprise, lost keys or a signal does harm then."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from errno import ENOSPC
from functools import partial
from os import strerror
from pathlib import Path

import pytest

from eksaddon.app.gate import RequestGate
from eksaddon.app.runs.execute import Conduct
from eksaddon.app.runs.rollout import open_run
from eksaddon.apply.engine import Run
from eksaddon.apply.events import Event
from eksaddon.apply.lease import LeaseRenewer
from eksaddon.aws.connect import Aws
from eksaddon.aws.eks import EksAddons
from eksaddon.aws.settings import Settings
from eksaddon.cli.unfailing import Unfailing
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import EksdnsError, ExitCode, LeavingError
from eksaddon.domain.run.outcome import RolledBack
from eksaddon.domain.target import ClusterRef, CurrentCredentials
from eksaddon.ports import HeldByOther, Holder, UpdateRequest
from eksaddon.sim.api.faults import Expire, Fault, Match
from eksaddon.sim.http.messages import Delivery, Handler, Request
from eksaddon.sim.world import World
from eksaddon.store.holdings import Holding, acquired
from eksaddon.store.local import LocalLock
from eksaddon.store.process import this_process
from tests.functional.conftest import Stage
from tests.functional.test_run_ends import APPLY as APPLY_ALL
from tests.functional.test_run_ends import stage as stage_many
from tests.functional.workload.test_two_planes import planned
from tests.functional.workload.test_two_planes import stage as stage_of_planes
from tests.support import adoption, proof
from tests.support.child import environment, simulated
from tests.support.proof import APPLY, ask, updates, word
from tests.support.simulation import REF

pytestmark = pytest.mark.slow

GUARDED = pytest.mark.parametrize("is_guarded", [True, False])
Patch = pytest.MonkeyPatch


@GUARDED
def test_9_a_bug_in_one_targets_task(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    update = EksAddons.update

    def buggy(self: EksAddons, ref: ClusterRef, request: UpdateRequest) -> object:
        if ref.name == "a-1":
            raise ZeroDivisionError("planted")
        return update(self, ref, request)

    async def ends_the_run(_self: Run, _ref: ClusterRef, error: Exception, _begun: float) -> None:
        raise error

    monkeypatch.setattr(EksAddons, "update", buggy)
    if not is_guarded:
        monkeypatch.setattr(Run, "_surprised", ends_the_run)
    with stage_many(tmp_path, count=3) as here:
        code, text = here.type(*APPLY_ALL)
        assert (code, updates(here)) == (ExitCode.BUG, 3)
        assert ('"changed": 2' in text) is is_guarded, "the others are followed to their end, and reported"


@GUARDED
def test_9_events_that_cannot_be_written(monkeypatch: Patch, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr(Unfailing, "__call__", lambda self, event: self.sink(event))

    def full(_: Event) -> None:
        raise OSError(ENOSPC, strerror(ENOSPC))

    said: list[str] = []
    simulation = stage_of_planes()
    conduct = Conduct(emit=Unfailing("events", full, said.append))
    run = partial(open_run, planned(simulation), simulation.book.known(), simulation.store)
    if is_guarded:
        assert run(simulation.session, conduct).run_progress.counts["changed"] == 1
        assert said == ["warning: events stopped: No space left on device; the run continues"]
    else:
        with pytest.raises(OSError, match="No space left"):
            run(simulation.session, conduct)
        assert simulation.count("UpdateAddon") == 0


@GUARDED
def test_10_keys_that_expire(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.engine.sign_in_trouble", lambda *_: None)
    with proof.stage(tmp_path) as here:
        here.world.add_fault(Fault(Expire(), Match(operation="UpdateAddon")))
        code, document = ask(here, *APPLY)
        assert (code, document["state"]) == ((4, "paused") if is_guarded else (1, "failed"))


@GUARDED
def test_10_keys_that_expire_during_an_update(
    monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.apply.retry.SIGNED_OUT", 1e9)
    with proof.stage(tmp_path) as here:
        begun = here.clock.now()
        here.world.add_fault(Fault(Expire(), Match(operation="DescribeUpdate")))
        assert word(ask(here, *APPLY)[1]) == "updating"
        assert (here.clock.now() - begun < 60) is is_guarded, "paused within a minute, not after 40"


@contextmanager
def closing_at_the_write(gate: RequestGate) -> Iterator[tuple[World, str]]:
    """An EKS that answers 503 to UpdateAddon, which the SDK repeats; the process is left meanwhile."""

    def around(handler: Handler) -> Handler:
        def handle(request: Request) -> Delivery:
            delivery = handler(request)
            if request.target.endswith("/update"):
                gate.close()
            return delivery

        return handle

    scenario = """
version: 1
accounts: [{id: "111122223333"}]
clusters: [{name: prod, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
faults: [{kind: unavailable, match: {operation: UpdateAddon}}]
"""
    with simulated(scenario, around) as (world, url):
        yield world, url


@GUARDED
def test_11_a_write_that_the_sdk_would_repeat(
    monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool
) -> None:
    if not is_guarded:
        monkeypatch.setattr(RequestGate, "close", lambda _: None)
    gate = RequestGate()
    with closing_at_the_write(gate) as (world, url):
        for name, value in environment(tmp_path, url).items():
            monkeypatch.setenv(name, value)
        aws = Aws(lambda _: CurrentCredentials(), settings=Settings(), gate=gate)
        with suppress(LeavingError), closing(aws):
            aws.addons.update(REF, UpdateRequest("{}", ResolveConflicts.NONE, "token"))
        assert (world.calls.counts["UpdateAddon"] == 1) is is_guarded


@GUARDED
def test_12_a_lock_that_cannot_be_released(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    def lost(*_: object) -> None:
        raise EksdnsError("the store is gone")

    def release(self: LeaseRenewer) -> str:
        self.lock.release(self.holder)
        return ""

    monkeypatch.setattr(LocalLock, "release", lost)
    if not is_guarded:
        monkeypatch.setattr(LeaseRenewer, "release", release)
    with proof.stage(tmp_path) as here:
        code, text = here.type(*APPLY)
        assert (code, '"outcome": "changed"' in text) == ((0, True) if is_guarded else (1, False))


@GUARDED
def test_12_a_lock_of_a_process_that_ended(monkeypatch: Patch, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.store.holdings.is_gone", lambda _: False)
    process = this_process().rpartition(" ")[0] + " 1"  # this process's id, of a process that began long ago
    held = (Holding(Holder("first", "ana@laptop pid 1", 2e9), frozenset({"prod"}), process),)
    got = acquired(held, frozenset({"prod"}), Holder("second", "ana@laptop pid 2", 2e9), 1e9)
    assert isinstance(got, HeldByOther) is not is_guarded


@GUARDED
def test_14_a_removal_that_was_killed(monkeypatch: Patch, tmp_path: Path, *, is_guarded: bool) -> None:
    simulation = adoption.stage()
    adoption.adopted(simulation, tmp_path)
    assert simulation.session.installer.remove(REF) is None, "the killed process sent its request"
    if not is_guarded:
        monkeypatch.setattr("eksaddon.app.adopt.adopt.DELETING", "")
        with pytest.raises(EksdnsError, match="DELETING"):
            adoption.undone(simulation, tmp_path)
        return
    assert isinstance(adoption.undone(simulation, tmp_path).outcome, RolledBack)
    assert simulation.count("DeleteAddon") == 1


@GUARDED
def test_14_a_report_that_cannot_be_written(monkeypatch: Patch, stage: Stage, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.cli.output.check", lambda _: None)
    apply = ("apply", "--cluster", "prod", "--lameduck", "20s", "--yes", "--report")
    assert stage.call(*apply, "json=no/such/folder/x.json").code != 0
    assert stage.count("UpdateAddon") == (0 if is_guarded else 1)


@GUARDED
def test_14_a_port_that_is_none(monkeypatch: Patch, stage: Stage, *, is_guarded: bool) -> None:
    if not is_guarded:
        monkeypatch.setattr("eksaddon.aws.sessions.check_endpoints", lambda _: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:99999")
    ended = stage.call("plan", "--cluster", "prod", "--lameduck", "20s")
    assert (ended.code == ExitCode.USAGE) is is_guarded
