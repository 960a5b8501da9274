"""Accounts, regions and cluster lists in memory, for discovery tests."""

import threading
from dataclasses import dataclass, field

from eksaddon.domain.cause import Trouble
from eksaddon.domain.observed import Observed
from eksaddon.domain.target import Access, ClusterRef, CurrentCredentials, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import Identity, Members, UpdateRequest
from eksaddon.schema import AddonSchema


@dataclass(slots=True)
class FakeDirectory:
    """Attributes: asked: Which calls were made, in order."""

    identities: dict[Access, Identity | Trouble] = field(default_factory=dict)
    regions: dict[str, tuple[str, ...] | Trouble] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def identity(self, access: Access | None = None) -> Identity | Trouble:
        self.asked.append("identity")
        return self.identities[access or CurrentCredentials()]

    def enabled_regions(self, account: str) -> tuple[str, ...] | Trouble:
        self.asked.append(f"regions {account}")
        return self.regions[account]


@dataclass(slots=True)
class FakeOrganization:
    answer: Members | Trouble
    asked: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)

    def members(self, units: tuple[str, ...] = (), *, with_tags: bool = False) -> Members | Trouble:
        self.asked.append((units, with_tags))
        return self.answer


@dataclass(slots=True)
class ListedClusters:
    """An add-on plane that only lists; what is not named is empty."""

    names: dict[Scope, tuple[str, ...] | Trouble] = field(default_factory=dict)
    listed: list[Scope] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clusters(self, scope: Scope) -> tuple[str, ...] | Trouble:
        with self._lock:
            self.listed.append(scope)
        return self.names.get(scope, ())

    def read(self, ref: ClusterRef) -> Observed:
        raise NotImplementedError(ref)

    def schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        raise NotImplementedError(scope, version)

    def update(self, ref: ClusterRef, request: UpdateRequest) -> UpdateRecord | Trouble:
        raise NotImplementedError(ref, request)

    def describe_update(self, ref: ClusterRef, update_id: str) -> UpdateRecord | Trouble:
        raise NotImplementedError(ref, update_id)

    def updates(self, ref: ClusterRef) -> tuple[str, ...] | Trouble:
        raise NotImplementedError(ref)
