"""A CoreDNS that EKS does not manage, and the plan that makes it the managed add-on."""

import hashlib
from collections.abc import Mapping
from dataclasses import field

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject, digest
from eksaddon.domain.target import Target
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.frozen import dataclass

EKS = "eks"
"""The field manager that EKS applies add-ons under."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """CoreDNS' objects as returned by the Kubernetes API.

    Attributes:
        config: The ConfigMap `coredns`; None if it does not exist.
        budgets: PodDisruptionBudgets that select its pods.
        scalers: Autoscalers that target its Deployment.
        workload: The settings read from these objects.
    """

    deployment: JsonObject
    config: JsonObject | None
    budgets: tuple[JsonObject, ...]
    scalers: tuple[JsonObject, ...]
    workload: Workload

    @property
    def objects(self) -> tuple[JsonObject, ...]:
        config = (self.config,) if self.config is not None else ()
        return (*config, self.deployment, *self.budgets, *self.scalers)

    @property
    def fingerprint(self) -> str:
        """Digest that binds an adoption to these manifests, without an autoscaled replica count."""
        spec = dict(member(self.deployment, "spec"))
        if self.scalers or self.workload.scalers:
            spec.pop("replicas", None)
        data = member(self.config, "data") if self.config is not None else None
        return digest([spec, data, [member(each, "spec") for each in self.budgets]])


@dataclass(frozen=True, slots=True)
class NoCoreDns:
    """The namespace has no CoreDNS Deployment."""

    namespace: str


ManifestsSeen = Manifests | NoCoreDns | NotChecked


def member(document: JsonObject, *path: str) -> JsonObject:
    """Return the nested mapping at `path`, or an empty one."""
    node: Json = document
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Taken:
    """A live field that EKS's manifest also sets.

    Attributes:
        path: As `Deployment spec.replicas`.
        owner: The first field manager that set it; empty if none is recorded.
        becomes: The value that EKS would set.
        is_documented: EKS documents that it manages the field; otherwise this is known from reports only.
    """

    path: str
    owner: str
    live: Json
    becomes: Json
    is_documented: bool = True

    @property
    def changes_value(self) -> bool:
        return self.live != self.becomes

    @property
    def is_conflict(self) -> bool:
        """Whether CreateAddon with resolveConflicts NONE is certain to fail on it."""
        return self.changes_value and self.is_documented and self.owner not in {"", EKS}


@dataclass(frozen=True, slots=True)
class Adoption:
    """A planned CreateAddon request, its effect on the cluster and the findings about it.

    Attributes:
        kubernetes: Version of the cluster, such as `1.33`.
        text: configurationValues; empty if no document could be built.
        corefile: The Corefile in `text`.
        live_corefile: The Corefile in the ConfigMap now.
        replicas: Replica count after the adoption.
        values: `text` as an object, without the Corefile.
        fingerprint: Digest of the manifests that the plan was made from.
    """

    target: Target
    kubernetes: str
    version: str
    text: str
    corefile: str
    live_corefile: str
    replicas: int
    resolve_conflicts: ResolveConflicts
    fingerprint: str
    values: JsonObject = field(default_factory=dict)
    takes: tuple[Taken, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(one for one in self.diagnostics if one.severity is Severity.ERROR)

    @property
    def conflicts(self) -> tuple[Taken, ...]:
        return tuple(one for one in self.takes if one.is_conflict)

    @property
    def token(self) -> str:
        """clientRequestToken, by which EKS recognises a repetition of the same adoption."""
        parts = (str(self.target.ref), self.fingerprint, self.version, self.text, self.resolve_conflicts)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
