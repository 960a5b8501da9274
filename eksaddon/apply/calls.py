"""The add-on plane for one target, awaited: every blocking call goes through the executor."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from eksaddon.domain.cause import Trouble
from eksaddon.domain.observed import Observed
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import AddonApi, Executor, UpdateRecord, UpdateRequest

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Calls:
    api: AddonApi
    executor: Executor
    ref: ClusterRef

    async def _call(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.executor.submit(self.ref.scope, work))

    async def read(self) -> Observed:
        return await self._call(lambda: self.api.read(self.ref))

    async def update(self, request: UpdateRequest) -> UpdateRecord | Trouble:
        return await self._call(lambda: self.api.update(self.ref, request))

    async def describe_update(self, update_id: str) -> UpdateRecord | Trouble:
        return await self._call(lambda: self.api.describe_update(self.ref, update_id))

    async def updates(self) -> tuple[str, ...] | Trouble:
        return await self._call(lambda: self.api.updates(self.ref))
