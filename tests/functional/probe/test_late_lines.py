"""`eksdns prove` waits for lines of a probe that arrive late: what is not read yet can hold a loss."""

from dataclasses import replace

import pytest

from eksaddon.app.probing.prove import QUIET_SECONDS, Proof, plan_proof, prove
from eksaddon.app.session import SessionProbes
from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.lines import FailedLookup
from eksaddon.domain.probing.proof import NodeTrace
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.target import Account, ClusterRef, Target
from eksaddon.ports.probes import ProbeReading
from tests.support.examples import one_quick
from tests.support.probes import FakeProbes
from tests.support.simulation import REF, self_managed, simulate

GATE = ProbeGate(ProbeFrom.CLUSTER, image="x", rate=50, baseline=30, timeout=2.0)
LATE = 15.0
"""Seconds until a line of the probe can be read."""


def proven(losses: tuple[float, ...] = (), trouble_from: float = float("inf")) -> Proof:
    """A restart during which lookups are lost at these seconds after the probe's start."""
    found = simulate(self_managed(".:53 {\n    health {\n        lameduck 5s\n    }\n}\n"))
    found.book.learn(Account(id=REF.account))
    now = found.session.clock.now
    began = now()

    def count(_: ClusterRef, seconds: float) -> ProbeReading:
        until = max(0.0, seconds - LATE)
        lost = [at for at in losses if at + GATE.timeout <= until]
        asked = int(until * GATE.rate)
        return ProbeReading(
            Figures(asked, 0, asked, asked - len(lost), (("timeout", len(lost)),) if lost else ()),
            "pod p has stopped printing" if seconds >= trouble_from else "",
            "a test",
            began + until,
            traces=(
                NodeTrace("n", (), tuple(FailedLookup("kube-dns", began + at, "timeout") for at in lost)),
            ),
        )

    probes: SessionProbes = FakeProbes(count, now)  # type: ignore[assignment]  # nothing is cleaned
    session = replace(found.session, probes=probes)
    plan = plan_proof(session, Target(found.world.clusters()[0].ref), GATE)
    return prove(session, plan, run_id="late", note=lambda _: None)


def last_end(proof: Proof) -> float:
    return max(each.gone or 0.0 for each in proof.deletions)


def test_the_counts_are_complete_for_the_whole_quiet_time() -> None:
    quiet = proven()
    assert quiet.judged.word is ProbeWord.PASS
    assert quiet.reading.counted_until - GATE.timeout >= last_end(quiet) + QUIET_SECONDS


@pytest.mark.parametrize("after", one_quick([QUIET_SECONDS - 1, 0.5, QUIET_SECONDS / 2]))
def test_a_loss_whose_line_arrives_after_the_quiet_time_is_counted(after: float) -> None:
    quiet = proven()
    began = quiet.reading.counted_until - quiet.reading.figures.asked / GATE.rate
    proof = proven((last_end(quiet) - began + after,))
    assert (proof.judged.word, proof.reading.figures.lost) == (ProbeWord.FAIL, 1)


def test_a_probe_that_has_stopped_printing_ends_the_wait() -> None:
    proof = proven(trouble_from=GATE.baseline + 5)
    assert proof.judged.word is ProbeWord.INCONCLUSIVE
    assert proof.judged.reasons == ("pod p has stopped printing",)
    assert len(proof.deletions) == len(proof.plan.pods)
