"""What an add-on update leaves of a change on the live objects, asked of a real API server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import assert_never

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from tests.e2e.kube import edits
from tests.e2e.kube.cluster.addon_manager import ConfigurationConflict, Outcome, Refused, Updated, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release
from tests.e2e.kube.cluster.api import Document
from tests.e2e.kube.cluster.control_plane import EKS, Server

Read = Callable[[Document], Json]


@dataclass(frozen=True, slots=True)
class Field:
    kind: str
    name: str
    read: Read


def _pod(deployment: Document) -> Document:
    pod: Document = deployment["spec"]["template"]["spec"]
    return pod


GRACE = Field("Deployment", "grace", lambda found: _pod(found)["terminationGracePeriodSeconds"])
PRE_STOP = Field("Deployment", "preStop", lambda found: _pod(found)["containers"][0].get("lifecycle"))
LIMITS = Field("Deployment", "limits", lambda found: _pod(found)["containers"][0]["resources"]["limits"])
REPLICAS = Field("Deployment", "replicas", lambda found: found["spec"]["replicas"])
COREFILE = Field("ConfigMap", "Corefile", lambda found: found["data"]["Corefile"])
EXTRA_FILE = Field("ConfigMap", "file", lambda found: found["data"].get("stub.server"))
MAX_UNAVAILABLE = Field(
    "PodDisruptionBudget", "maxUnavailable", lambda found: found["spec"]["maxUnavailable"]
)


INSTALLED, UPDATED = Release(), Release(NEXT_VERSION)


@dataclass(frozen=True, slots=True)
class Case:
    """A change, and an update to the next add-on version after it.

    Attributes:
        change: Who changed what.
        manifest: What EKS's own manifest says about it, before and after.
        then: What happens between the change and the update.
    """

    change: str
    manifest: str
    edit: edits.Edit
    fields: tuple[Field, ...]
    before: Release = INSTALLED
    after: Release = UPDATED
    then: edits.Edit = edits.nothing


BOTH = GRACE, PRE_STOP

CASES = (
    Case("eksdns: grace 45, preStop 5", "sets neither", edits.eksdns_applies(45, 5), BOTH),
    Case(
        "eksdns: grace 45, preStop 5",
        "starts to set grace 30",
        edits.eksdns_applies(45, 5),
        BOTH,
        after=Release(NEXT_VERSION, grace=30),
    ),
    Case(
        "eksdns, forced: grace 45, preStop 5",
        "sets grace 30",
        edits.eksdns_applies(45, 5, force=True),
        BOTH,
        before=Release(grace=30),
        after=Release(NEXT_VERSION, grace=30),
    ),
    Case(
        "eksdns, forced: grace 45, preStop 5",
        "sets grace 30, preStop 10",
        edits.eksdns_applies(45, 5, force=True),
        BOTH,
        before=Release(grace=30, pre_stop=10),
        after=Release(NEXT_VERSION, grace=30, pre_stop=10),
    ),
    Case(
        "eksdns, forced: grace 45, preStop 5",
        "set grace 30, no longer does",
        edits.eksdns_applies(45, 5, force=True),
        BOTH,
        before=Release(grace=30),
    ),
    Case(
        "eksdns: grace 45, preStop 5",
        "set grace 45 too, now 30",
        edits.eksdns_applies(45, 5),
        BOTH,
        before=Release(grace=45),
        after=Release(NEXT_VERSION, grace=30),
    ),
    Case(
        "eksdns: grace 60, preStop 40",
        "starts to set grace 30",
        edits.eksdns_applies(60, 40),
        BOTH,
        after=Release(NEXT_VERSION, grace=30),
    ),
    Case("kubectl patch: grace 45", "does not set it", edits.kubectl_patches_grace(45), (GRACE,)),
    Case(
        "kubectl patch: grace 45",
        "sets grace 30",
        edits.kubectl_patches_grace(45),
        (GRACE,),
        before=Release(grace=30),
        after=Release(NEXT_VERSION, grace=30),
    ),
    Case("kubectl edit: Corefile", "sets it", edits.kubectl_edits_corefile, (COREFILE,)),
    Case(
        "kubectl edit: one more file in the ConfigMap",
        "does not set it",
        edits.kubectl_adds_a_file,
        (EXTRA_FILE,),
    ),
    Case("kubectl scale, or an autoscaler: replicas 5", "sets replicas 2", edits.kubectl_scales, (REPLICAS,)),
    Case("kubectl set: memory limit", "sets it", edits.kubectl_raises_the_memory_limit, (LIMITS,)),
    Case(
        "kubectl edit: PodDisruptionBudget maxUnavailable 2",
        "sets maxUnavailable 1",
        edits.kubectl_edits_the_disruption_budget,
        (MAX_UNAVAILABLE,),
    ),
    Case(
        "eksdns: grace 45, preStop 5; then the add-on is deleted and created again",
        "sets neither",
        edits.eksdns_applies(45, 5),
        BOTH,
        then=edits.everything_is_deleted,
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of a case in one mode."""

    outcome: Outcome
    kept: tuple[str, ...]
    lost: tuple[str, ...]

    def __str__(self) -> str:
        match self.outcome:
            case Updated():
                return self._values()
            case ConfigurationConflict():
                return f"update fails (conflict), {self._values()}"
            case Refused():
                return f"update fails (invalid), {self._values()}"
            case never:
                assert_never(never)

    def _values(self) -> str:
        if self.kept and self.lost:
            return f"{' and '.join(self.lost)} lost, {' and '.join(self.kept)} kept"
        return "lost" if self.lost else "kept"


def measure(case: Case, mode: ResolveConflicts, server: Server) -> Measured:
    """Install, change, update, look; the server has to be empty."""
    installed = update(server.api(EKS), case.before, ResolveConflicts.NONE)
    assert installed == Updated(), installed
    stock = _values(case, server)
    case.edit(server)
    changed = _values(case, server)
    assert stock != changed
    case.then(server)
    outcome = update(server.api(EKS), case.after, mode)
    found = _values(case, server)
    kept = tuple(name for name in found if found[name] == changed[name])
    return Measured(outcome, kept, tuple(name for name in found if name not in kept))


def _values(case: Case, server: Server) -> dict[str, Json]:
    return {field.name: field.read(server.api().get(field.kind, "coredns")) for field in case.fields}


def row(case: Case, cells: Mapping[ResolveConflicts, Measured]) -> str:
    """Of the table in docs/workload-plane.md."""
    return f"| {' | '.join((case.change, case.manifest, *(str(cells[mode]) for mode in ResolveConflicts)))} |"
