"""A CoreDNS that EKS does not manage, and the plan that makes it the managed add-on."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject, digest
from eksaddon.domain.target import Target
from eksaddon.domain.workload import NotChecked, Workload

EKS = "eks"
"""The field manager that EKS applies add-ons under."""


@dataclass(frozen=True, slots=True)
class Manifests:
    """CoreDNS' objects as the Kubernetes API gave them.

    Attributes:
        config: None where there is no such ConfigMap.
        budgets: Those that select its pods.
        scalers: Those that scale its Deployment.
        workload: What they come to.
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
        """What an adoption is bound to; a count that something scales by itself is no part of it."""
        spec = dict(member(self.deployment, "spec"))
        if self.scalers:
            spec.pop("replicas", None)
        data = member(self.config, "data") if self.config is not None else None
        return digest([spec, data, [member(each, "spec") for each in self.budgets]])


@dataclass(frozen=True, slots=True)
class NoCoreDns:
    """There is no CoreDNS Deployment in the namespace."""

    namespace: str


ManifestsSeen = Manifests | NoCoreDns | NotChecked


def member(document: JsonObject, *path: str) -> JsonObject:
    """A mapping inside of mappings; empty where there is none."""
    node: Json = document
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else None
    return node if isinstance(node, Mapping) else {}


@dataclass(frozen=True, slots=True)
class Taken:
    """A live field that EKS's manifest names too.

    Attributes:
        path: As `Deployment spec.replicas`.
        owner: The field manager that set it, the first where several did; empty where nobody is on record.
        becomes: What EKS would set.
        is_documented: EKS says itself that it manages the field; of others only reports tell.
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
        """Whether CreateAddon with NONE is sure to fail on it."""
        return self.changes_value and self.is_documented and self.owner not in {"", EKS}


@dataclass(frozen=True, slots=True)
class Adoption:
    """What CreateAddon is to be sent, what it does to the cluster, and what is wrong with it.

    Attributes:
        kubernetes: As `1.33`.
        text: configurationValues; empty where none could be made.
        corefile: Of that document.
        live_corefile: The one in the ConfigMap now.
        replicas: What is to run after it.
        values: The document without the Corefile.
        fingerprint: Of the manifests that it was made from.
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
        """clientRequestToken: a repeat of the same adoption is recognised by EKS."""
        parts = (str(self.target.ref), self.fingerprint, self.version, self.text, self.resolve_conflicts)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
