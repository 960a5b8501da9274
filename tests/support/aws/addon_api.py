"""An add-on plane in memory that answers what a test scripts, for engine tests on virtual time."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from eksaddon.domain.cause import Cause, NotSent, Trouble
from eksaddon.domain.observed import HealthIssue, Managed, NotInstalled, Observed, Unreachable
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.update import UpdateError, UpdateRecord
from eksaddon.ports import UpdateRequest
from eksaddon.schema import AddonSchema, packaged_schema

Now = Callable[[], float]


@dataclass(slots=True)
class FakeAddonApi:
    """One add-on a cluster; an update takes `seconds` and ends as `status` says when it begins.

    Attributes:
        troubles: Answers given before the real ones, by operation, first in first out.
        lost: The next UpdateAddon is carried out, but its answer is a trouble.
        meanwhile: What others do just before an operation is answered.
        behind: Seconds that EKS's clock is behind ours.
        honours_tokens: Whether a repeated token is answered with the update that it began.
        late_document: How many reads after an update still show the document from before it.
        names_version: Whether an update's params have the version also if none was sent.
        before: Called with the number of calls there were, before any is counted; may raise.
    """

    now: Now
    addons: dict[ClusterRef, Managed] = field(default_factory=dict)
    seconds: float = 30.0
    status: str = "Successful"
    keeps_on_failure: bool = True
    gone: bool = False
    settles_after: float = 0.0
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    lost: list[Trouble] = field(default_factory=list)
    requests: list[tuple[ClusterRef, UpdateRequest]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    before: Callable[[int], None] = lambda _: None
    behind: float = 0.0
    late_document: int = 0
    honours_tokens: bool = True
    unsent: int = 0
    names_version: bool = False
    _updates: dict[str, tuple[ClusterRef, UpdateRequest, float, str | None]] = field(default_factory=dict)
    _ends: dict[str, str] = field(default_factory=dict)
    _versions: dict[str, str] = field(default_factory=dict)
    _of: dict[ClusterRef, list[str]] = field(default_factory=dict)

    def clusters(self, scope: Scope) -> tuple[str, ...] | Trouble:
        return self._scripted("clusters") or tuple(ref.name for ref in self.addons if ref.scope == scope)

    def schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        trouble = self._scripted("schema")
        if trouble is not None:
            return trouble
        schema = packaged_schema(version)
        if schema is None:
            raise NotImplementedError(f"no schema of {version} in {scope}")
        return schema

    def read(self, ref: ClusterRef) -> Observed:
        trouble = self._scripted("read")
        if trouble is not None:
            return Unreachable(ref, trouble)
        if self.gone:
            return NotInstalled(ref)
        if self.late_document and self._of.get(ref):
            self.late_document -= 1
            newest = self._of[ref][-1]
            late = replace(self._now(ref), text=self._updates[newest][3], version=self._versions[newest])
            return replace(late, eks_time=float(int(self.now() - self.behind)))
        return replace(self._now(ref), eks_time=float(int(self.now() - self.behind)))

    def update(self, ref: ClusterRef, request: UpdateRequest) -> UpdateRecord | NotSent | Trouble:
        trouble = self._scripted("update")
        if trouble is not None:
            return trouble
        if self.unsent:
            self.unsent -= 1
            return NotSent(Trouble(Cause.TRANSPORT, "connection refused", operation="UpdateAddon"))
        repeated = [
            update_id
            for update_id in self._of.get(ref, ())
            if self.honours_tokens and self._updates[update_id][1].token == request.token
        ]
        if repeated:
            return self._record(repeated[0])
        if self._now(ref).status == "UPDATING":
            return Trouble(Cause.BUSY, "busy", "ResourceInUseException", "UpdateAddon")
        self.requests.append((ref, request))
        update_id = f"u{len(self.requests)}"
        self.begin(update_id, ref, request, self.addons[ref].text)
        addon = self.addons[ref]
        self.addons[ref] = replace(addon, text=request.text, version=request.version or addon.version)
        return self.lost.pop() if self.lost else self._record(update_id)

    def begin(self, update_id: str, ref: ClusterRef, request: UpdateRequest, before: str | None) -> None:
        """An update starts, ours or somebody else's."""
        self._updates[update_id] = (ref, request, self.now(), before)
        self._ends[update_id] = self.status
        self._versions[update_id] = self.addons[ref].version
        self._of.setdefault(ref, []).append(update_id)

    def describe_update(self, ref: ClusterRef, update_id: str) -> UpdateRecord | Trouble:  # noqa: ARG002  # the port
        return self._scripted("describe_update") or self._record(update_id)

    def updates(self, ref: ClusterRef) -> tuple[str, ...] | Trouble:
        trouble = self._scripted("updates")
        if trouble is not None:
            return trouble
        return tuple(self._of.get(ref, ()))

    def _scripted(self, operation: str) -> Trouble | None:
        self.before(len(self.calls))
        self.calls.append(operation)
        self.meanwhile.get(operation, lambda: None)()
        waiting = self.troubles.get(operation)
        return waiting.pop(0) if waiting else None

    def _now(self, ref: ClusterRef) -> Managed:
        addon = self.addons[ref]
        for update_id in self._of.get(ref, ())[-1:]:
            _, request, begun, before = self._updates[update_id]
            age = self.now() - begun
            if age < self.seconds:
                return replace(addon, status="UPDATING", text=request.text)
            if self._ends[update_id] != "Successful" and not self.keeps_on_failure:
                return replace(addon, text=before, version=self._versions[update_id])
            if age < self.seconds + self.settles_after:
                issue = HealthIssue("InsufficientNumberOfReplicas", "pods are rolling")
                return replace(addon, status="DEGRADED", issues=(issue,))
            return addon
        return addon

    def _record(self, update_id: str) -> UpdateRecord:
        ref, request, begun, _ = self._updates[update_id]
        version = request.version or (self.addons[ref].version if self.names_version else "")
        ended = self.now() - begun >= self.seconds
        status = self._ends[update_id]
        errors = (UpdateError("Unknown", "it went wrong"),) if ended and status == "Failed" else ()
        return UpdateRecord(
            update_id,
            status if ended else "InProgress",
            begun - self.behind,
            (
                ("ConfigurationValues", request.text),
                *((("AddonVersion", version),) if version else ()),
            ),
            errors,
        )
