"""Replicas that `eksdns prove --scale-to` lowers come back, whatever happens meanwhile."""

import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from eksaddon.app.probing.prove import ProofPlan, plan_proof, prove
from eksaddon.app.probing.scaling import Scaling, restore_left, scaling_lines
from eksaddon.app.session import Session
from eksaddon.app.signals import held_off
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.target import Account, ClusterRef, Target
from eksaddon.domain.workload import NotChecked, Scaler, ScalerKind, Workload
from tests.support.simulation import REF, Simulation, self_managed, simulate

GATE = ProbeGate(ProbeFrom.CLUSTER, image="x", rate=50, baseline=1)
REFUSED = NotChecked("the Kubernetes API did not respond in time")
RECORD = ScaledDown(2, 0)


@pytest.fixture
def here() -> Simulation:
    found = simulate(self_managed(".:53 {\n    health {\n        lameduck 5s\n    }\n}\n"))
    found.book.learn(Account(id=REF.account))
    return found


def target_of(here: Simulation) -> Target:
    return Target(here.world.clusters()[0].ref)


def plan(here: Simulation, to: int = 0) -> ProofPlan:
    return plan_proof(here.session, target_of(here), GATE, to)


def live(here: Simulation) -> Workload:
    found = here.session.workloads.read(target_of(here).ref)
    assert isinstance(found, Workload)
    return found


class Restarts:
    """The real adapter, with something that happens at the n-th scaling.

    Attributes:
        acts: By the number of the call, from 1; before it is sent.
    """

    def __init__(self, session: Session, acts: dict[int, Callable[[], NotChecked | None]]) -> None:
        self.inner, self.acts, self.calls = session.restarts, acts, 0

    def restart(self, ref: ClusterRef, at: str, namespace: str = "kube-system") -> NotChecked | None:
        return self.inner.restart(ref, at, namespace)

    def scale(self, ref: ClusterRef, *args: Any) -> NotChecked | None:
        self.calls += 1
        act = self.acts.get(self.calls)
        return (act() if act else None) or self.inner.scale(ref, *args)


def raising(error: BaseException) -> Callable[[], NotChecked | None]:
    def act() -> NotChecked | None:
        raise error

    return act


@pytest.mark.parametrize("error", [LeftAtOnceError(ExitCode.TERMINATED), KeyboardInterrupt(), RuntimeError()])
def test_replicas_are_restored_after_a_signal_and_after_a_crash(
    here: Simulation, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = plan(here)
    reads = here.session.workloads.pods
    monkeypatch.setattr(type(here.session.workloads), "pods", lambda *_: raising(error)())
    with pytest.raises(type(error)):
        prove(here.session, found, run_id="r", note=lambda _: None)
    monkeypatch.setattr(type(here.session.workloads), "pods", lambda _, *args: reads(*args))
    assert (live(here).replicas, live(here).scaled_down) == (2, None)


def test_a_restoring_that_fails_is_repeated(here: Simulation) -> None:
    restarts = Restarts(here.session, {2: lambda: REFUSED, 3: lambda: REFUSED})
    notes: list[str] = []
    proof = prove(replace(here.session, restarts=restarts), plan(here), run_id="r", note=notes.append)
    assert notes.count(f"2 replicas are not restored yet: {REFUSED.reason}") == 2
    assert proof.judged.word is ProbeWord.FAIL
    assert (live(here).replicas, proof.restored > proof.restarted) == (2, True)


def test_a_restoring_that_never_succeeds_is_reported_with_the_command(here: Simulation) -> None:
    restarts = Restarts(here.session, {number: lambda: REFUSED for number in range(2, 100)})
    notes: list[str] = []
    proof = prove(replace(here.session, restarts=restarts), plan(here), run_id="r", note=notes.append)
    assert "kubectl -n kube-system scale deployment coredns --replicas=2" in notes[-1]
    assert (proof.restored, live(here).scaled_down) == (0.0, RECORD)


def test_the_next_run_restores_what_a_killed_one_has_left(here: Simulation) -> None:
    target = target_of(here)
    assert restore_left(here.session, target) == ""
    assert here.session.restarts.scale(target.ref, 0, RECORD) is None
    assert (live(here).replicas, live(here).scaled_down) == (0, RECORD)
    text = restore_left(here.session, target)
    assert text == "restored the 2 replicas that an interrupted proof had scaled to 0"
    assert (live(here).replicas, live(here).scaled_down) == (2, None)


def test_replicas_that_somebody_changed_after_the_kill_stay(here: Simulation) -> None:
    target = target_of(here)
    here.session.restarts.scale(target.ref, 3, RECORD)
    assert "it has 3 now, which stay" in restore_left(here.session, target)
    assert (live(here).replicas, live(here).scaled_down) == (3, None)


def test_what_cannot_be_restored_now_is_an_error_with_the_command(here: Simulation) -> None:
    target = target_of(here)
    here.session.restarts.scale(target.ref, 0, RECORD)
    restarts = Restarts(here.session, {1: lambda: REFUSED})
    with pytest.raises(EksdnsError, match="could not be restored") as caught:
        restore_left(replace(here.session, restarts=restarts), target)
    assert "--replicas=2" in caught.value.hint


@pytest.mark.parametrize("is_written", [True, False])
def test_a_scaling_without_a_good_answer_is_undone_if_it_was_written(
    here: Simulation, *, is_written: bool
) -> None:
    def act() -> NotChecked:
        if is_written:
            restarts.inner.scale(target_of(here).ref, 0, RECORD)
        return REFUSED

    restarts = Restarts(here.session, {1: act})
    proof = prove(replace(here.session, restarts=restarts), plan(here), run_id="r", note=lambda _: None)
    assert (proof.judged.word, proof.restarted) == (ProbeWord.INCONCLUSIVE, 0.0)
    assert (live(here).replicas, live(here).scaled_down) == (2, None)
    assert restarts.calls == (2 if is_written else 1)


def test_replicas_that_changed_after_the_plan_are_not_scaled(here: Simulation) -> None:
    found = plan(here)
    here.session.restarts.scale(target_of(here).ref, 3, None)
    proof = prove(here.session, found, run_id="r", note=lambda _: None)
    assert proof.judged.reasons == ("CoreDNS was not scaled: it has 3 replicas, no longer 2",)
    assert live(here).replicas == 3


def test_an_autoscaler_that_scales_meanwhile_is_named_and_the_replicas_are_restored(
    here: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = here.session.workloads.look

    def changed(_: object, ref: ClusterRef, *args: Any) -> object:
        found = look(ref, *args)
        return replace(found, replicas=1) if isinstance(found, Workload) else found

    monkeypatch.setattr(type(here.session.workloads), "look", changed)
    proof = prove(here.session, plan(here), run_id="r", note=lambda _: None)
    assert proof.judged.word is ProbeWord.FAIL
    assert "another controller changed the replicas from 0 to 1" in proof.judged.reasons
    assert live(here).replicas == 2


def test_signals_are_held_off_while_replicas_are_restored() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with held_off():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before


def test_the_plan_says_what_each_autoscaler_does(here: Simulation) -> None:
    scalers = tuple(Scaler(kind.name.lower(), None, None, kind) for kind in ScalerKind)
    scaling, ref = Scaling(ScaledDown(10, 3), (), scalers, "keda is forbidden"), ClusterRef("1", "r", "prod")
    text = "\n".join(scaling_lines(scaling, 30, ref))
    assert "`eksdns prove --cluster 1/r/prod --restore`" in text
    assert "autoscaler horizontal: sets the replicas again, by default within 15 s" in text
    assert text.count("at its next poll") == 2
    assert "autoscalers may be missing here: keda is forbidden" in text
    assert "DNS in the cluster fails" not in text
    with pytest.raises(EksdnsError, match="does not lower them"):
        plan(here, 2)
