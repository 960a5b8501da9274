"""Asynchronous calls to the add-on plane of one target, through the executor."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from eksaddon.apply.guard import Permit
from eksaddon.domain.cause import NotSent, Trouble
from eksaddon.domain.observed import Observed
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateRecord, UpdateSeen
from eksaddon.domain.update_history import newest, newest_first
from eksaddon.frozen import dataclass
from eksaddon.ports import AddonApi, Executor, UpdateRequest
from eksaddon.schema import AddonSchema

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

    async def update(self, request: UpdateRequest, permit: Permit) -> UpdateRecord | NotSent | Trouble:
        """Send UpdateAddon.

        Args:
            permit: Permission of the guard for this write.
        """
        del permit
        return await self._call(lambda: self.api.update(self.ref, request))

    async def describe_update(self, update_id: str) -> UpdateRecord | Trouble:
        return await self._call(lambda: self.api.describe_update(self.ref, update_id))

    async def schema(self, version: str) -> AddonSchema | Trouble:
        return await self._call(lambda: self.api.schema(self.ref.scope, version))

    async def newest_update(self) -> UpdateSeen:
        """The newest update of the add-on, by ListUpdates and DescribeUpdate."""
        return await self._call(lambda: newest(self.api.updates(self.ref), self._describe))

    async def history(self, known: frozenset[str]) -> tuple[UpdateRecord, ...] | Trouble:
        """The newest updates except known ones, newest first."""

        def read() -> tuple[UpdateRecord, ...] | Trouble:
            ids = self.api.updates(self.ref)
            if isinstance(ids, Trouble):
                return ids
            return newest_first([each for each in ids if each not in known], self._describe)

        return await self._call(read)

    def _describe(self, update_id: str) -> UpdateRecord | Trouble:
        return self.api.describe_update(self.ref, update_id)
