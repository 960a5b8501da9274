"""What the steps ask of the world; the edges answer, and fakes in tests pass the same suites.

In: values of the domain.
Out: protocols, and the values that they take and return.
Never: an implementation.
Start with: AddonApi below; probes.py for what measures lookups, conversations.py for GitHub.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import field
from socket import socket
from typing import Protocol, TypeVar

from eksaddon.domain.adoption import ManifestsSeen
from eksaddon.domain.cause import NotSent, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.apply_answer import ApplyAnswer
from eksaddon.domain.observed import Observed
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.target import Access, ClusterRef, Labels, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.domain.versions.offered import VersionList
from eksaddon.domain.workload import Budget, BudgetSeen, PodsSeen, WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.schema import AddonSchema

T = TypeVar("T")
R = TypeVar("R")


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Executor(Protocol):
    """Runs blocking calls side by side, bounded in total and for each lane."""

    def submit(self, lane: Hashable, work: Callable[[], R]) -> Future[R]: ...

    def each(
        self,
        items: Iterable[T],
        work: Callable[[T], R],
        *,
        lane: Callable[[T], Hashable],
        further: Callable[[T, R], Iterable[T]] = ...,
    ) -> Iterator[tuple[T, R]]:
        """Results as they come, in no order; an exception of `work` is raised here.

        Args:
            further: Calls of the same lane that a result leads to, none by default; called in this thread.
        """
        ...


class Gate(Protocol):
    """Every request of the AWS and Kubernetes edges passes it; closed, its methods raise LeavingError."""

    def passing(self) -> AbstractContextManager[None]:
        """Around a request and its answer."""
        ...

    def check(self) -> None:
        """Before each piece of a request is sent."""
        ...

    def connected(self, connection: socket) -> None:
        """A connection was opened; it is shut down when the gate closes."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the current credentials are."""

    account: str
    arn: str
    partition: str


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """One UpdateAddon call.

    Attributes:
        token: clientRequestToken; the same for every repeat of the same intent.
        role_arn: Sent again where one is set, because leaving it out drops it to the node role.
        version: Empty to keep the installed one: sending that again could revert another user's upgrade, and
            EKS refuses one that it no longer offers.
    """

    text: str
    resolve_conflicts: ResolveConflicts
    token: str
    role_arn: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """An account of an AWS organization.

    Attributes:
        state: ACTIVE, SUSPENDED, PENDING_CLOSURE, ...; new words are data.
        path: Names of the organizational units above it, as `/Workloads/Prod`; empty if not requested.
        tags: Sorted; empty if not requested.
    """

    id: str
    name: str
    state: str
    path: str = ""
    tags: Labels = ()


@dataclass(frozen=True, slots=True)
class Members:
    """Who is in scope, and which accounts are excluded because they are not ACTIVE."""

    active: tuple[Member, ...]
    left_out: tuple[Member, ...] = ()


class AddonApi(Protocol):
    """The add-on plane. No method raises for what AWS answers: a `Trouble` describes the error."""

    def clusters(self, scope: Scope) -> tuple[str, ...] | Trouble:
        """Every cluster's name in an account and region, all pages or none."""
        ...

    def read(self, ref: ClusterRef) -> Observed:
        """One DescribeAddon; further calls only where its answer is ambiguous."""
        ...

    def schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        """The live schema of exactly this version (DescribeAddonConfiguration)."""
        ...

    def update(self, ref: ClusterRef, request: UpdateRequest) -> UpdateRecord | NotSent | Trouble: ...

    def describe_update(self, ref: ClusterRef, update_id: str) -> UpdateRecord | Trouble: ...

    def updates(self, ref: ClusterRef) -> tuple[str, ...] | Trouble:
        """Ids of the add-on's updates that EKS still remembers, in EKS's order."""
        ...


class VersionDirectory(Protocol):
    """The versions that EKS offers; no method raises for what AWS answers."""

    def kubernetes(self, ref: ClusterRef) -> str | Trouble:
        """A cluster's Kubernetes version, such as `1.34` (DescribeCluster)."""
        ...

    def offered(self, scope: Scope, kubernetes: str) -> VersionList | Trouble:
        """All pages of DescribeAddonVersions or none; read once for each region and Kubernetes version."""
        ...


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """One CreateAddon call.

    Attributes:
        token: clientRequestToken; the same for every repeat of the same intent.
    """

    version: str
    text: str
    resolve_conflicts: ResolveConflicts
    token: str


class AddonInstaller(Protocol):
    """Puts the add-on onto a cluster and takes it off; no method raises for what AWS answers."""

    def default_version(self, scope: Scope, kubernetes: str) -> str | Trouble:
        """What EKS would install on a Kubernetes version (DescribeAddonVersions)."""
        ...

    def versions(self, scope: Scope, kubernetes: str) -> tuple[str, ...] | Trouble:
        """Every version that EKS takes on a Kubernetes version, in EKS's order, all pages or none."""
        ...

    def create(self, ref: ClusterRef, request: CreateRequest) -> NotSent | Trouble | None:
        """Begin; `AddonApi.read` shows the progress."""
        ...

    def remove(self, ref: ClusterRef) -> NotSent | Trouble | None:
        """Stop managing it; the objects in the cluster are kept (DeleteAddon with preserve)."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """How a cluster's Kubernetes API is spoken to; nothing of it is ever printed.

    Attributes:
        authority: The certificate authority as EKS gives it, PEM in base64; empty without TLS.
        token: A bearer token that is good for some minutes.
        agent: What its audit log calls us; empty for the HTTP client's own name.
        version: Of the API server, as `1.33`; empty if only the server knows it.
    """

    endpoint: str = field(repr=False)
    authority: str = field(repr=False)
    token: Callable[[], "str | Trouble"] = field(repr=False)
    agent: str = ""
    version: str = ""


class ClusterDirectory(Protocol):
    """Where the clusters' Kubernetes APIs are."""

    def reach(self, ref: ClusterRef) -> Reach | Trouble: ...


class WorkloadApi(Protocol):
    """The workload plane. No method raises for what a cluster answers; `pods` is one call."""

    def read(self, ref: ClusterRef, namespace: str = "kube-system") -> WorkloadState:
        """What a plan depends on: in addition to `look`, budgets and autoscalers."""

    def pods(self, ref: ClusterRef, namespace: str = "kube-system") -> PodsSeen: ...

    def look(self, ref: ClusterRef, namespace: str = "kube-system") -> WorkloadState:
        """What a write depends on, by three calls: the Deployment, its ConfigMap and its pods."""

    def write(
        self,
        ref: ClusterRef,
        write: WorkloadWrite,
        namespace: str = "kube-system",
        *,
        force: bool = False,
        dry_run: bool = False,
    ) -> ApplyAnswer:
        """One server-side apply with both fields.

        Args:
            force: Take fields from their owners.
            dry_run: Let the API server check it, and write nothing.
        """

    def budget(self, ref: ClusterRef, namespace: str = "kube-system") -> BudgetSeen:
        """The PodDisruptionBudget of the add-on's name, by one call."""

    def delete_budget(
        self, ref: ClusterRef, found: Budget, namespace: str = "kube-system", *, dry_run: bool = False
    ) -> ApplyAnswer:
        """Delete exactly this object in exactly this state; a conflict if it is another one by now.

        Args:
            dry_run: Let the API server check it, and delete nothing.
        """

    def try_template(self, ref: ClusterRef, patch: JsonObject, namespace: str = "kube-system") -> ApplyAnswer:
        """Let the API server check a strategic merge patch of the Deployment, and write nothing."""

    def close(self) -> None: ...


class ManifestReader(Protocol):
    """CoreDNS' objects as they are; does not raise for what a cluster answers."""

    def manifests(self, ref: ClusterRef, namespace: str = "kube-system") -> ManifestsSeen: ...


class AccountDirectory(Protocol):
    """Who we are, and which accounts and regions there are."""

    def identity(self, access: Access | None = None) -> Identity | Trouble:
        """Owner of the credentials; None for the current ones."""

    def enabled_regions(self, account: str) -> tuple[str, ...] | Trouble: ...


class OrganizationDirectory(Protocol):
    """The accounts of the organization that the current credentials may look into."""

    def members(self, units: tuple[str, ...] = (), *, with_tags: bool = False) -> Members | Trouble:
        """All of them or none.

        Args:
            units: Organizational units with all below them, each by id or by path from the root
                (`/Workloads/Prod`); none for the whole organization.
            with_tags: Costs one call for each active account.
        """


class Journal(Protocol):
    """The record of one run: what was appended stays, in order, and survives a crash."""

    def append(self, records: Sequence[JsonObject]) -> None:
        """Returns once all of them are safe; none of them is written in part.

        Raises:
            EksdnsError: They could not be made safe (disk full, access lost, another process writes to
                this run); nothing may be written to EKS on their strength.
        """
        ...

    def read(self) -> tuple[JsonObject, ...]:
        """All records in order; a last one that a crash truncated was never acknowledged and is omitted."""
        ...

    def close(self) -> None:
        """Let other processes append, even if this object is still referenced; may be called again."""
        ...


class RunStore(Protocol):
    """Where journals live."""

    def create(self, run_id: str) -> Journal:
        """Raises EksdnsError where the run exists."""
        ...

    def open(self, run_id: str) -> Journal:
        """Raises EksdnsError where there is no such run; it names those that there are."""
        ...

    def runs(self) -> tuple[str, ...]:
        """Ids, oldest first."""
        ...

    def lock(self) -> "Lock": ...


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock.

    Attributes:
        run_id: The run it is held for.
        who: User, host and process, or the CI job; for display.
        until: Seconds since the epoch; from then on the lock may be taken over.
    """

    run_id: str
    who: str
    until: float


@dataclass(frozen=True, slots=True)
class Held:
    """The lock is ours until then, unless renewed."""

    until: float


@dataclass(frozen=True, slots=True)
class HeldByOther:
    """Another run is changing one of the targets.

    Attributes:
        key: The first of the keys asked for that is taken.
    """

    key: str
    holder: Holder


class Lock(Protocol):
    """Keeps two runs from writing to the same target; all keys or none.

    `now` and `until` are by the caller's clock. A store that several machines share goes by a clock of its
    own, so that a machine whose clock is wrong takes over no lock.
    """

    def acquire(self, keys: frozenset[str], holder: Holder, now: float) -> Held | HeldByOther:
        """Take what is free, expired, or already held for the same run by the same `who`.

        A lock of a process of this machine that has ended is free immediately.
        """
        ...

    def renew(self, holder: Holder, now: float) -> bool:
        """Whether it is still ours, now until `holder.until`; False once anybody took it over."""
        ...

    def release(self, holder: Holder) -> None: ...

    def held_for(self, run_id: str, now: float) -> tuple[Holder, ...]:
        """Who holds something for a run."""
        ...

    def unlock(self, run_id: str) -> None:
        """Release everything that is held for a run, by any holder."""
        ...
