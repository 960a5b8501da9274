"""Strategies and measures of whole runs."""

from eksaddon.apply.events import Event, Stepped
from eksaddon.apply.steps import Limits
from eksaddon.domain.rollout.strategy import (
    Strategy,
    Wave,
)
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Ended
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from tests.support.rollouts import Rollout, one_wave, plan_of, refs_of

WIDE = Limits(total=100, per_scope=100)


def unnamed(count: int, strategy: Strategy | None = None, **fake: object) -> Rollout:
    return Rollout(plan_of([("", refs_of(count))]), strategy or one_wave(), fake=fake)


def staged(*waves: tuple[Wave, int], **options: object) -> Rollout:
    """Waves with so many targets each."""
    refs = iter(refs_of(sum(count for _, count in waves)))
    plan = plan_of([(wave.name, [next(refs) for _ in range(count)]) for wave, count in waves])
    made = Rollout(plan, Strategy(tuple(wave for wave, _ in waves), **options))  # type: ignore[arg-type]  # by name
    made.checks = {"addon-health": passes, "dns": passes}
    return made


async def passes(_: RunProgress, __: WaveProgress) -> tuple[str, str]:
    return "pass", ""


def most_in_flight(events: list[Event]) -> int:
    running: set[ClusterRef] = set()
    most = 0
    for event in events:
        match event:
            case Stepped(ref=ref, step="writing"):
                running.add(ref)
                most = max(most, len(running))
            case Ended(ref=ref):
                running.discard(ref)
            case _:
                pass
    return most


def order_of(events: list[Event]) -> list[str]:
    return [event.ref.name for event in events if isinstance(event, Stepped) and event.step == "writing"]
