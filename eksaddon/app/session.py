"""The ports of a command."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar

from eksaddon.app.local.names import Names
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Access, Account, ClusterRef, Scope
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports import (
    AccountDirectory,
    AddonApi,
    AddonInstaller,
    Clock,
    Executor,
    ManifestReader,
    OrganizationDirectory,
    VersionDirectory,
    WorkloadApi,
)
from eksaddon.ports.audit import ClusterReader, SurroundingsReader, VpcReader
from eksaddon.ports.probes import ProbeApi
from eksaddon.ports.restarts import RestartApi
from eksaddon.schema import AddonSchema

R = TypeVar("R")


class Runner(Protocol):
    """Runs a coroutine in this session's event loop, like asyncio.run."""

    def __call__(self, main: Coroutine[Any, Any, R], /) -> R: ...


class SessionProbes(ProbeApi, Protocol):
    """Probes, and what other processes have left of theirs in a cluster."""

    def clean(self, ref: ClusterRef, namespace: str, run_id: str) -> tuple[str, ...] | NotChecked:
        """Remove the Jobs of probes; their names.

        Args:
            run_id: Of one run only; empty for all.
        """
        ...


@dataclass(frozen=True, slots=True)
class Session:
    """The ports of a command; created by wiring.

    Attributes:
        organization: Opens the organization of the given access.
        fetch_schema: Like `addons.schema`, without cache, in exactly this account and region.
        cluster_executor: For reads of clusters' own APIs; wider than `executor`, which AWS's limits bound.
        region_of: Region set by the environment or a profile; empty if none is set.
        run: Runs a coroutine on the session's clock.
        release: Frees the resources of a finished account and region.
        remember: Takes the names of a read, for completions; whether the read covered everything.
        leave: Stops sending requests. Takes the seconds to wait for running requests, and returns whether
            all have ended.
    """

    addons: AddonApi
    versions: VersionDirectory
    installer: AddonInstaller
    workloads: WorkloadApi
    restarts: RestartApi
    manifests: ManifestReader
    probes: SessionProbes
    directory: AccountDirectory
    organization: Callable[[Access], OrganizationDirectory]
    clusters: ClusterReader
    surroundings: SurroundingsReader
    vpcs: VpcReader
    fetch_schema: Callable[[Scope, str], AddonSchema | Trouble]
    region_of: Callable[[Access], str]
    executor: Executor
    cluster_executor: Executor
    clock: Clock
    release: Callable[[Scope], None]
    run: Runner
    leave: Callable[[float], bool]
    close: Callable[[], None]
    remember: Callable[[Names, bool], None]


class AccessBook:
    """Credentials of each account; filled by discovery, read by the AWS edge."""

    def __init__(self) -> None:
        self._known: dict[str, Access] = {}

    def learn(self, account: Account) -> None:
        self._known[account.id] = account.access

    def known(self) -> tuple[Account, ...]:
        """All accounts with their access, sorted by id; without regions and labels."""
        return tuple(Account(id=one, access=self._known[one]) for one in sorted(self._known))

    def access_of(self, account: str) -> Access:
        """Access of an account; raises KeyError for an unknown one."""
        return self._known[account]
