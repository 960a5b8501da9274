"""The simulated AWS: accounts with clusters in regions, with AWS's wire formats."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.accounts.ec2 import Ec2
from eksaddon.sim.accounts.organizations import Organization, Organizations
from eksaddon.sim.accounts.regions import AccountManagement
from eksaddon.sim.accounts.sts import Sts
from eksaddon.sim.addon.catalogue import COREDNS
from eksaddon.sim.addon.lifecycle import Addon, replicas
from eksaddon.sim.addon.update_script import Pace
from eksaddon.sim.addon.values import Checker, Schemas
from eksaddon.sim.api.call_log import CallLog
from eksaddon.sim.api.dispatcher import Front
from eksaddon.sim.api.faults import Fault, FaultBook
from eksaddon.sim.api.identities import Account, Caller
from eksaddon.sim.api.keys import KeyRing
from eksaddon.sim.api.throttle import Rate, Throttle
from eksaddon.sim.eks.reads import EksReads
from eksaddon.sim.eks.seeds import AddonSeed, planted
from eksaddon.sim.eks.writes import EksWrites
from eksaddon.sim.http.messages import Delivery, Request
from eksaddon.sim.kubernetes.dispatcher import KubernetesFront, is_addressed
from eksaddon.sim.resources import Cluster, Endpoints, Estate, nowhere
from eksaddon.sim.s3.objects import Buckets
from eksaddon.sim.workload.state import Workload

Clock = Callable[[], float]
"""Seconds since the epoch."""


class World:
    """The state of a simulation; thread-safe.

    It has no background work: the state is computed at each request.

    Args:
        schemas: Returns the schema of a CoreDNS add-on version.
        now: The clock.
        default_account: Id of the account of unknown keys; empty for the first account.
        rate: Limit of EKS calls for each account and region; None for no limit.
        seed: Seed of all randomness; equal seeds and calls give equal responses.
        endpoint_of: Endpoints of the clusters' Kubernetes APIs.
        keep_calls: Number of calls that the log keeps; None for all.
    """

    def __init__(
        self,
        schemas: Schemas,
        now: Clock = time.time,
        *,
        default_account: str = "",
        organization: Organization | None = None,
        pace: Pace | None = None,
        rate: Rate | None = None,
        seed: int = 0,
        endpoint_of: Endpoints = nowhere,
        keep_calls: int | None = None,
    ) -> None:
        self.now = now
        self.pace = pace or Pace()
        self.organization = organization
        self.default_account = default_account
        self.calls = CallLog(keep_calls)
        self._lock = threading.Lock()
        self._estate = Estate(endpoint_of)
        self._ring = KeyRing()
        self._book = FaultBook(seed=seed)
        self._buckets = Buckets(lambda: self.default_account)
        self._front = self._open(Checker(schemas), rate, seed)
        self._kubernetes = KubernetesFront(self._estate, self._book, self.calls, self._whose, self.now())

    def _open(self, checker: Checker, rate: Rate | None, seed: int) -> Front:
        estate = self._estate
        reads, writes = EksReads(estate, checker, self.pace), EksWrites(estate, checker, self.pace, seed)
        services = {
            "eks": {**reads.operations, **writes.operations},
            "sts": Sts(estate.accounts, self._ring).operations,
            "organizations": Organizations(estate.accounts, lambda: self.organization).operations,
            "account": AccountManagement().operations,
            "ec2": Ec2(estate).operations,
            "s3": self._buckets.operations,
        }
        throttle = Throttle(rate) if rate is not None else None
        return Front(
            services=services,
            accounts=estate.accounts,
            ring=self._ring,
            faults=self._book,
            calls=self.calls,
            throttle=throttle,
            default=lambda: self.default_account,
            began=self.now(),
        )

    def handle(self, request: Request) -> Delivery:
        """Handle a request."""
        with self._lock:
            front = self._kubernetes if is_addressed(request) else self._front
            return front.handle(request, self.now())

    def add_account(self, account: Account) -> None:
        with self._lock:
            self._estate.accounts[account.id] = account
            self.default_account = self.default_account or account.id

    def add_bucket(self, name: str) -> None:
        """Add a bucket of the default account."""
        with self._lock:
            self._buckets.add(name)

    def add_cluster(
        self, cluster: Cluster, addons: Iterable[AddonSeed] = (), workload: Workload | None = None
    ) -> None:
        """Add a cluster, and its account if missing; replaces a cluster of the same name."""
        with self._lock:
            self._estate.accounts.setdefault(cluster.ref.account, Account(cluster.ref.account))
            self.default_account = self.default_account or cluster.ref.account
            self._estate.put_cluster(cluster)
            if workload is not None:
                self._estate.put_workload(cluster.ref, workload)
            for seed in addons:
                uid = self._estate.new_id(cluster.ref, seed.name)
                self._estate.put_addon(cluster.ref, planted(seed, uid, cluster.created_at))

    def add_fault(self, fault: Fault) -> None:
        with self._lock:
            self._book.add(fault)

    def clear_faults(self) -> None:
        with self._lock:
            self._book.clear()

    def accounts(self) -> tuple[Account, ...]:
        with self._lock:
            return tuple(self._estate.accounts.values())

    def clusters(self) -> tuple[Cluster, ...]:
        """All clusters, of all accounts and regions."""
        with self._lock:
            return tuple(self._estate.clusters())

    def addon(self, ref: ClusterRef, name: str = COREDNS) -> Addon | None:
        """The actual add-on, regardless of read lag; None if it does not exist."""
        with self._lock:
            return self._estate.addons(ref, self.now()).get(name)

    def document(self, ref: ClusterRef) -> str | None:
        """The stored configurationValues verbatim; None if not set."""
        addon = self.addon(ref)
        return addon.stored.text if addon is not None else None

    def replicas(self, ref: ClusterRef) -> int:
        """Current replicas of the Deployment; 0 without the add-on."""
        addon = self.addon(ref)
        return replicas(addon, self.now()) if addon is not None else 0

    def change(self, ref: ClusterRef, edit: Callable[[Addon], Addon]) -> None:
        """Change an add-on directly, like another tool would.

        Raises:
            KeyError: The cluster has no CoreDNS add-on.
        """
        with self._lock:
            addon = self._estate.addons(ref, self.now())[COREDNS]
            self._estate.put_addon(ref, edit(addon))

    def write(self, ref: ClusterRef, text: str | None) -> None:
        """Replace the stored configurationValues immediately, without an update."""
        now = self.now()
        self.change(
            ref, lambda addon: replace(addon, stored=replace(addon.stored, text=text), modified_at=now)
        )

    def workload(self, ref: ClusterRef) -> Workload:
        """Settings of other field managers on a cluster's CoreDNS."""
        with self._lock:
            return self._estate.workload(ref)

    def change_workload(self, ref: ClusterRef, edit: Callable[[Workload], Workload]) -> None:
        """Change a workload directly, like `kubectl edit`."""
        with self._lock:
            self._estate.put_workload(ref, edit(self._estate.workload(ref)))

    def _whose(self, access_key: str, now: float) -> Caller | None:
        caller = self._ring.find(access_key, self._estate.accounts, self.default_account)
        is_over = caller is not None and caller.expires is not None and caller.expires <= now
        return None if is_over else caller
