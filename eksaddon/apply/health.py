"""The check of every soak: the health of the wave's add-ons."""

import asyncio

from eksaddon.apply.calls import Calls
from eksaddon.apply.checks import FAIL, INCONCLUSIVE, PASS
from eksaddon.domain.observed import Managed, Observed, Unreachable
from eksaddon.domain.proof import is_healthy
from eksaddon.domain.run.outcome import Changed
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import AddonApi, Executor

_SHOWN = 3


async def addon_health(
    api: AddonApi, executor: Executor, run_progress: RunProgress, wave: WaveProgress
) -> tuple[str, str]:
    """Read every member that the run changed; an unreadable one makes the check inconclusive."""
    refs = [ref for ref in wave.members if isinstance(run_progress.targets[ref].outcome, Changed)]
    observations = await asyncio.gather(*(Calls(api, executor, ref).read() for ref in refs))
    pairs = list(zip(refs, observations, strict=True))
    if unhealthy := [_unhealthy_text(ref, one) for ref, one in pairs if _is_unhealthy(one)]:
        return FAIL, "; ".join(unhealthy[:_SHOWN])
    if unreachable := [ref for ref, one in pairs if isinstance(one, Unreachable)]:
        return INCONCLUSIVE, f"{len(unreachable)} of {len(refs)} could not be read"
    return PASS, f"{len(refs)} healthy"


def _is_unhealthy(observed: Observed) -> bool:
    return not isinstance(observed, Unreachable) and not is_healthy(observed)


def _unhealthy_text(ref: ClusterRef, observed: Observed) -> str:
    if not isinstance(observed, Managed):
        return f"{ref}: the add-on no longer exists"
    issues = ", ".join(issue.code for issue in observed.issues)
    return f"{ref}: {observed.status}" + (f" ({issues})" if issues else "")
