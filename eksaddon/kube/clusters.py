"""WorkloadApi over lightkube, with one client for each cluster until its token expires."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TypeVar

import httpx2
from lightkube import Client
from lightkube.core.exceptions import ApiError
from lightkube.resources.apps_v1 import Deployment
from lightkube.types import PatchType

from eksaddon.domain.adoption import ManifestsSeen, NoCoreDns
from eksaddon.domain.audit.surroundings import Surroundings
from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.apply_answer import Applied, ApplyAnswer, WriteNotSent, WriteRefused
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Budget, BudgetSeen, NotChecked, PodsSeen, WorkloadState, knows_sleep
from eksaddon.kube import gathering
from eksaddon.kube.access import may
from eksaddon.kube.admission import DELETION, PATCH, Refusal, names_the_right, outcome, refusal
from eksaddon.kube.budgets import delete, own_budget
from eksaddon.kube.line import Line, Lines
from eksaddon.kube.manifests import manifests
from eksaddon.kube.network.reader import Reader
from eksaddon.kube.network.sends import Sends
from eksaddon.kube.pods import NAME, pods_of
from eksaddon.kube.reading import Objects, without_container, workload
from eksaddon.kube.repeating import repeated
from eksaddon.kube.scaling import scaling_patch
from eksaddon.kube.surroundings import surroundings
from eksaddon.kube.troubles import FAULTS, not_checked
from eksaddon.kube.writing import MANAGER, merge, send
from eksaddon.ports import ClusterDirectory, Gate
from eksaddon.ports.trace import Trace

R = TypeVar("R")

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
"""The annotation of `kubectl rollout restart`, so that every tool shows the restart as one."""

TOKEN_SECONDS = 13 * 60.0
"""Lifetime of a client, which ends before its token expires."""

MOST_CLIENTS = 256
"""At least the maximum number of concurrent calls, so that no client in use is closed."""

_FORBIDDEN, _NOT_FOUND = 403, 404


class KubeWorkloads:
    """All methods are thread-safe.

    Args:
        directory: Endpoints of the clusters, and tokens.
        now: Seconds since the epoch.
        transport: Sends all requests instead of the network.
        gate: Checked by every request; None to allow all.
        sleep: Waits between two attempts of a request, in seconds.
        trace: Receives every request; None for no trace.
    """

    def __init__(
        self,
        directory: ClusterDirectory,
        now: Callable[[], float],
        *,
        transport: httpx2.BaseTransport | None = None,
        gate: Gate | None = None,
        sleep: Callable[[float], None] = time.sleep,
        trace: Trace | None = None,
    ) -> None:
        self._directory = directory
        self._now = now
        self._sleep = sleep
        self._lines = Lines(now, self._repeated, transport, gate, trace)
        self._open: OrderedDict[ClusterRef, Line] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, ref: ClusterRef, namespace: str = "kube-system") -> WorkloadState:
        return self._read(ref, gathering.read, namespace)

    def _read(
        self, ref: ClusterRef, get: Callable[[Reader, tuple[int, int], str, float], Objects], namespace: str
    ) -> WorkloadState:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        try:
            found = self._repeated(lambda: get(line.reader, line.version, namespace, self._now()))
            return without_container(found.deployment) or workload(found)
        except FAULTS as error:
            return not_checked(error)

    def pods(self, ref: ClusterRef, namespace: str = "kube-system") -> PodsSeen:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        try:
            return pods_of(self._repeated(lambda: gathering.pods(line.reader, namespace)))
        except FAULTS as error:
            return not_checked(error)

    def look(self, ref: ClusterRef, namespace: str = "kube-system") -> WorkloadState:
        return self._read(ref, gathering.look, namespace)

    def surroundings(
        self, ref: ClusterRef, nodes: Iterable[str], namespace: str = "kube-system"
    ) -> Surroundings | NotChecked:
        line = self._line(ref)
        return line if isinstance(line, NotChecked) else surroundings(line.client, namespace, nodes)

    def manifests(self, ref: ClusterRef, namespace: str = "kube-system") -> ManifestsSeen:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        try:
            found = self._repeated(lambda: gathering.read(line.reader, line.version, namespace, self._now()))
            return without_container(found.deployment) or manifests(found)
        except ApiError as error:
            return NoCoreDns(namespace) if _is_about_deployment(error) else not_checked(error)
        except FAULTS as error:
            return not_checked(error)

    def write(
        self,
        ref: ClusterRef,
        write: WorkloadWrite,
        namespace: str = "kube-system",
        *,
        force: bool = False,
        dry_run: bool = False,
    ) -> ApplyAnswer:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line if dry_run else WriteNotSent(line.reason, line.hint)
        sends = Sends()
        try:
            if write.pre_stop_seconds and not knows_sleep(line.version):
                return _no_sleep(line.version)
            returned = self._repeated(
                lambda: send(line.client, write, namespace, sends, force=force, dry_run=dry_run)
            )
            return outcome(write, returned)
        except ApiError as error:
            return refusal(error) or self._after_review(line, namespace, error)
        except FAULTS as error:
            return _unanswered(error, sends, dry_run=dry_run)

    def try_template(self, ref: ClusterRef, patch: JsonObject, namespace: str = "kube-system") -> ApplyAnswer:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        try:
            self._repeated(lambda: merge(line.client, patch, namespace, dry_run=True))
        except ApiError as error:
            return refusal(error) or self._after_review(line, namespace, error)
        except FAULTS as error:
            return not_checked(error)
        return Applied()

    def budget(self, ref: ClusterRef, namespace: str = "kube-system") -> BudgetSeen:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        try:
            return self._repeated(lambda: own_budget(line.reader, namespace))
        except FAULTS as error:
            return not_checked(error)

    def delete_budget(
        self, ref: ClusterRef, found: Budget, namespace: str = "kube-system", *, dry_run: bool = False
    ) -> ApplyAnswer:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line if dry_run else WriteNotSent(line.reason, line.hint)
        sends = Sends()
        try:
            sends.watch(lambda: delete(line.client, found, namespace, dry_run=dry_run))
        except ApiError as error:
            return refusal(error) or self._after_review(line, namespace, error, DELETION)
        except FAULTS as error:
            return _unanswered(error, sends, dry_run=dry_run)
        return Applied()

    def _after_review(
        self, line: Line, namespace: str, error: ApiError, right: tuple[str, str] = PATCH
    ) -> Refusal:
        """Find out whether an ambiguous rejection concerns the caller or the object.

        Args:
            right: Verb and resource of the request.
        """
        try:
            may_patch = self._repeated(lambda: may(line.client, *right, namespace))
        except FAULTS as unanswered:
            if _is_forbidden(unanswered):  # the review too, which every user may create: nothing was judged
                return not_checked(error)
            may_patch = not names_the_right(error, right)
        found = refusal(error, may_patch=may_patch)
        return not_checked(error) if found is None else found

    def restart(self, ref: ClusterRef, at: str, namespace: str = "kube-system") -> NotChecked | None:
        """A strategic merge: an apply without our other fields would remove them from the Deployment."""
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        template = {"metadata": {"annotations": {RESTARTED_AT: at}}}
        try:
            line.client.patch(
                Deployment,
                NAME,
                {"spec": {"template": template}},
                namespace=namespace,
                patch_type=PatchType.STRATEGIC,
                field_manager=MANAGER,
            )
        except FAULTS as error:
            return not_checked(error)
        return None

    def scale(
        self,
        ref: ClusterRef,
        replicas: int | None,
        record: ScaledDown | None,
        namespace: str = "kube-system",
    ) -> NotChecked | None:
        line = self._line(ref)
        if isinstance(line, NotChecked):
            return line
        try:
            patch = scaling_patch(replicas, record)
            self._repeated(lambda: merge(line.client, patch, namespace, dry_run=False))
        except FAULTS as error:
            return not_checked(error)
        return None

    def client(self, ref: ClusterRef) -> Client | NotChecked:
        """A client that is good for some minutes."""
        line = self._line(ref)
        return line if isinstance(line, NotChecked) else line.client

    def _repeated(self, work: Callable[[], R]) -> R:
        return repeated(work, self._sleep)

    def close(self) -> None:
        with self._lock:
            lines, self._open = list(self._open.values()), OrderedDict()
        for line in lines:
            line.close()

    def _line(self, ref: ClusterRef) -> Line | NotChecked:
        with self._lock:
            line = self._open.get(ref)
            if line is not None and 0 <= self._now() - line.made_at < TOKEN_SECONDS:
                self._open.move_to_end(ref)
                return line
        new_line = self._lines.open(self._directory.reach(ref))
        if isinstance(new_line, Line):
            with self._lock:
                previous = self._open.pop(ref, None)
                self._open[ref] = new_line
                idle = [self._open.popitem(last=False) for _ in range(len(self._open) - MOST_CLIENTS)]
            for old in (*(line for _, line in idle), *([previous] if previous else [])):
                old.close()
        return new_line


def _unanswered(error: Exception, sends: Sends, *, dry_run: bool) -> WriteNotSent | NotChecked:
    """What is known of a write without an answer; a dry run writes nothing in any case."""
    found = not_checked(error)
    if dry_run or sends.may_have_arrived:
        return found
    return WriteNotSent(found.reason, found.hint)


def _is_forbidden(error: Exception) -> bool:
    return isinstance(error, ApiError) and error.status.code == _FORBIDDEN


def _is_about_deployment(error: ApiError) -> bool:
    """Whether the Deployment is missing; a proxy's 404 has no kind."""
    details = error.status.details
    kind = (details.kind or "") if details else ""
    return error.status.code == _NOT_FOUND and kind.partition(".")[0] == "deployments"


def _no_sleep(version: tuple[int, int]) -> WriteRefused:
    major, minor = version
    return WriteRefused(
        f"Kubernetes {major}.{minor} does not support preStop sleep, and the image has no shell for "
        "an exec hook",
        "remove preStop, or upgrade the cluster to 1.30 or later",
    )
