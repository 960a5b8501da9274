"""One target on simulated EKS, for the tests of its update."""

import random

from eksaddon.apply.calls import Calls
from eksaddon.apply.guard import Permit
from eksaddon.apply.intent import Held, Send, intent_of
from eksaddon.apply.retry import Backoff
from eksaddon.apply.update import TargetUpdate
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan
from eksaddon.domain.run.outcome import (
    Outcome,
)
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.ports import UpdateRequest
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually
from tests.support.aws.addon_api import FakeAddonApi

REF = ClusterRef("111122223333", "eu-west-1", "shop")

BEFORE, AFTER = '{"replicaCount":2}', '{"replicaCount":3}'

ADDON = Managed(REF, "v1.11.4-eksbuild.28", "ACTIVE", BEFORE)


class Stage:
    """A clock, a fake add-on and the plan to raise its replicas."""

    def __init__(self, **fake: object) -> None:
        self.clock = VirtualClock()
        self.api = FakeAddonApi(self.clock.now, {REF: ADDON}, **fake)  # type: ignore[arg-type]  # by name
        self.plan = ClusterPlan(
            Target(REF),
            Action.UPDATE,
            "",
            version=ADDON.version,
            fingerprint=ADDON.fingerprint,
            write=AddonWrite(BEFORE, AFTER, ResolveConflicts.NONE),
        )
        self.notes: list[str] = []
        self.told: list[Writing | Accepted] = []

    def update(self) -> TargetUpdate:
        async def tell(record: Writing | Accepted) -> None:
            self.told.append(record)

        async def clear() -> Permit:
            return Permit()

        return TargetUpdate(
            intent=intent_of("run-1", TargetProgress(self.plan)),
            tell=tell,
            clear=clear,
            calls=Calls(self.api, InlineExecutor(), REF),
            clock=self.clock,
            same=lambda one, other: one == other,
            note=lambda step, _: self.notes.append(step),
            dice=random.Random(7),
            backoff=Backoff(),
        )

    def run(self) -> Outcome | Held:
        return run_virtually(self.update().run(), self.clock)

    def resume(self, update_id: str = "") -> Outcome | Held:
        """As after a crash behind the announcement of the write."""
        update = self.update()
        announced = update.intent.announced(self.clock.now(), Send(BEFORE, self.clock.now()))
        return run_virtually(update.resume(announced, update_id), self.clock)

    def trouble(self, operation: str, *causes: Cause) -> None:
        self.api.troubles[operation] = [Trouble(cause, "scripted") for cause in causes]


def _request(text: str) -> UpdateRequest:
    return UpdateRequest(text, ResolveConflicts.NONE, "theirs")
