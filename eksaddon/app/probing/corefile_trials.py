"""Tries the Corefiles of a plan in real CoreDNS binaries, for `plan --try-corefile` and the gate."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field
from pathlib import Path

from eksaddon.app.coredns_binary import find_coredns
from eksaddon.app.runtime import SystemClock
from eksaddon.apply.checks import FAIL, INCONCLUSIVE, PASS
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import ClusterPlan, Plan
from eksaddon.domain.probing.trial import DidNotStart, Judged, NotTried, Trial, Tried, new_failures
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.plan.trials.corefile import CorefileMove, corefile_move, with_corefile_trials
from eksaddon.ports import Executor

VARIABLE = "EKSDNS_COREDNS"
"""A CoreDNS binary, or a folder with one `coredns-VERSION` for each version."""

LANE = "corefile-try"


def judge(moves: Iterable[CorefileMove], given: Path | None) -> Mapping[CorefileMove, Judged]:
    """Try each distinct move once; takes about a second for each.

    Args:
        given: A CoreDNS binary, or a folder of `coredns-VERSION`; None for the environment, then the PATH.
    """
    wanted = tuple(dict.fromkeys(moves))
    if not wanted:
        return {}
    place = given or (Path(named) if (named := os.environ.get(VARIABLE)) else None)
    with ThreadPoolExecutor(1) as apart:  # a loop of its own: the caller's may be on simulated time
        return apart.submit(asyncio.run, _judged(wanted, place)).result()


async def _judged(moves: tuple[CorefileMove, ...], place: Path | None) -> Mapping[CorefileMove, Judged]:
    trials = _Trials(place)
    return {move: await trials.judged(move) for move in moves}


@dataclass(frozen=True, slots=True)
class _Trials:
    """Trials that share what they have in common.

    Attributes:
        done: Results by binary and text.
    """

    place: Path | None
    done: dict[tuple[Path, str], Trial] = field(default_factory=dict)

    async def judged(self, move: CorefileMove) -> Judged:
        from eksaddon.probe.trial.trial import version_of  # noqa: PLC0415  # dnspython, needed here only

        try:
            binary = find_coredns(self.place, f"of version {move.coredns}", move.coredns)
            version = await version_of(binary)
            if version != move.coredns:
                return NotTried(f"{binary} is CoreDNS {version}, not {move.coredns}")
            before = None if move.before is None else await self._trial(binary, move.before)
            after = await self._trial(binary, move.after)
        except EksdnsError as error:
            return NotTried(error.message)
        if isinstance(before, DidNotStart) and isinstance(after, DidNotStart):
            return NotTried(f"CoreDNS {version} does not start with the Corefile in force: {before.reason}")
        return Tried(version, new_failures(before, after))

    async def _trial(self, binary: Path, text: str) -> Trial:
        from eksaddon.probe.trial.trial import CoreDns  # noqa: PLC0415  # as above

        key = (binary, text)
        if key not in self.done:
            self.done[key] = await CoreDns(binary, SystemClock()).try_corefile(text)
        return self.done[key]


def tried_plan(plan: Plan, given: Path | None) -> Plan:
    """The plan with the results of the trials of its Corefiles."""
    moves = _moves(plan.clusters)
    found = judge(moves.values(), given)
    return with_corefile_trials(plan, {ref: found[move] for ref, move in moves.items()})


def _moves(clusters: Iterable[ClusterPlan]) -> Mapping[ClusterRef, CorefileMove]:
    found = ((cluster.target.ref, corefile_move(cluster)) for cluster in clusters)
    return {ref: move for ref, move in found if move is not None}


async def corefile_gate(executor: Executor, run_progress: RunProgress, wave: WaveProgress) -> tuple[str, str]:
    """The gate `corefile-try`: verdict and detail; inconclusive without a CoreDNS of the right version."""
    moves = _moves(run_progress.targets[ref].plan for ref in wave.members)
    found = await asyncio.wrap_future(executor.submit(LANE, lambda: judge(moves.values(), None)))
    failed = [one for one in found.values() if isinstance(one, Tried) and one.failures]
    unknown = [one for one in found.values() if isinstance(one, NotTried)]
    if failed:
        return FAIL, f"CoreDNS {failed[0].coredns}: {'; '.join(failed[0].failures)}"
    if unknown:
        return INCONCLUSIVE, unknown[0].reason
    count = "1 Corefile answers" if len(found) == 1 else f"{len(found)} Corefiles answer"
    return PASS, f"{count} in a real CoreDNS" if found else "no Corefile changes"
