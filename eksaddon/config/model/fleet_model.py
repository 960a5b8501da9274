"""The fleet file's keys and their descriptions, for the loader and for editors."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from eksaddon.config.model.corefile_model import CorefileModel
from eksaddon.config.model.rollout import RolloutModel
from eksaddon.config.model.scope import AccountModel, ClusterModel, MatchModel, Model, OrganizationModel
from eksaddon.config.model.types import (
    AddonVersion,
    Day,
    Described,
    Duration,
    Filled,
    OtherKeys,
    Pods,
    PodSeconds,
    Propagation,
    Version,
    not_null,
    own_error,
)

MAX_REPLICAS = 1000
"""Same bound as the replica-count rule, which also checks values without a position in a file."""


MAX_SECONDS, MAX_FAILURES = 300, 100


Owner = Literal[
    "cloudformation", "terraform", "cdk", "pulumi", "eksctl", "ack", "crossplane", "argocd", "flux", "helm"
]
"""As in `TOOLS` of the domain; a literal, for the JSON Schema."""


class BudgetModel(Model):
    """PodDisruptionBudget of CoreDNS; one of maxUnavailable and minAvailable."""

    enabled: Annotated[bool | None, Field(description="Whether EKS creates a PodDisruptionBudget.")] = None
    max_unavailable: Annotated[
        Pods | None, Field(description="Maximum number or percentage of pods unavailable at the same time.")
    ] = None
    min_available: Annotated[
        Pods | None, Field(description="Minimum number or percentage of pods that stay available.")
    ] = None


class ReadinessProbeModel(Model):
    """Timing of CoreDNS's readiness probe; the other fields of the probe stay as they are."""

    period_seconds: Annotated[
        int | None, Field(ge=1, le=MAX_SECONDS, description="Time between two probes. EKS's manifest: 10.")
    ] = None
    failure_threshold: Annotated[
        int | None,
        Field(ge=1, le=MAX_FAILURES, description="Failures until a pod is not ready. EKS's manifest: 3."),
    ] = None
    timeout_seconds: Annotated[
        int | None, Field(ge=1, le=MAX_SECONDS, description="Timeout of a probe. EKS's manifest: 1.")
    ] = None


class WorkloadModel(Model):
    """Settings of the workload plane, which EKS does not store."""

    reapply: Annotated[
        bool | None,
        Field(description="Apply grace period and preStop again if an add-on update reverts them."),
    ] = None
    remove_disabled_budget: Annotated[
        bool | None,
        Field(
            description="Delete the PodDisruptionBudget coredns, which EKS leaves in place, if "
            "podDisruptionBudget.enabled is false."
        ),
    ] = None


class CorednsModel(Model):
    """Desired state; only fields that are set are managed. null resets a field set by an earlier block."""

    addon_version: Annotated[
        AddonVersion | None,
        Field(
            description="Version of the add-on: an exact one, >= and the oldest accepted one, or default or "
            "latest for the cluster's Kubernetes version. null: not managed."
        ),
    ] = None
    replica_count: Annotated[
        int | None,
        Field(ge=1, le=MAX_REPLICAS, description="Number of CoreDNS pods. null: EKS's default."),
    ] = None
    pod_disruption_budget: Annotated[
        BudgetModel | None, Field(description="Merged key by key. null: EKS's default.")
    ] = None
    lameduck: Annotated[
        Duration | None,
        Field(
            description="How long CoreDNS keeps answering after SIGTERM, as a Go duration. null: not managed."
        ),
    ] = None
    termination_grace_period: Annotated[
        PodSeconds | None,
        Field(description="Time from pod deletion to SIGKILL, such as 45 or 45s. null: not managed."),
    ] = None
    pre_stop: Annotated[
        PodSeconds | None,
        Field(description="Sleep before SIGTERM, such as 5 or 5s; 0 for none. null: not managed."),
    ] = None
    readiness_probe: Annotated[
        ReadinessProbeModel | None,
        Field(description="Timing of the readiness probe, field by field. null: not managed."),
    ] = None
    propagation: Annotated[
        Propagation | None,
        Field(
            description="How long nodes keep sending queries to a deleted pod, as measured or expected; "
            "preStop and lameduck are compared with it. Default: 10s, the upper end of EKS's guidance."
        ),
    ] = None
    workload: Annotated[
        WorkloadModel | None, Field(description="How the objects in the cluster are managed.")
    ] = None
    corefile: Annotated[
        CorefileModel | None,
        Field(description="Settings and server blocks of the Corefile, or its whole text."),
    ] = None
    configuration: Annotated[
        OtherKeys,
        Field(
            default_factory=dict,
            description="Any other key of the add-on's schema, merged key by key; null removes the key.",
        ),
    ]
    corefile_base: Annotated[
        Literal["stored", "live"] | None,
        Field(
            description="Which Corefile to start from if the live ConfigMap was edited; without it the plan "
            "is blocked."
        ),
    ] = None
    owner: Annotated[
        Owner | None,
        Field(
            description="Tool that manages the add-on and may revert changes. Needed only for tools that "
            "leave no sign, such as Terraform. null: unknown."
        ),
    ] = None
    allow_unverified_workload: Annotated[
        bool | None,
        Field(
            description="Continue if the Kubernetes API cannot be read; the run reports it and exits with 3."
        ),
    ] = None
    allow_weaken: Annotated[
        bool | None,
        Field(
            description="Apply changes that leave cluster DNS with less protection, such as fewer replicas."
        ),
    ] = None
    allow_downgrade: Annotated[
        bool | None, Field(description="Move to an older version of the add-on if that is desired.")
    ] = None
    resolve_conflicts: Annotated[
        Literal["none", "preserve", "overwrite"] | None,
        Field(description="What EKS does with fields managed by other controllers. Default: none."),
    ] = None

    @model_validator(mode="after")
    def _one_corefile(self) -> "CorednsModel":
        """Reject two whole texts, of which one would be ignored."""
        block = self.corefile
        has_text = block is not None and (block.text is not None or block.file is not None)
        if has_text and self.configuration.get("corefile") is not None:
            raise own_error(
                "corefile and configuration.corefile both set the whole Corefile",
                "keep one of them",
                "corefile",
            )
        return self


class OverrideModel(Model):
    """Other values for some clusters; later overrides win."""

    match: Annotated[MatchModel, Field(description="Clusters that it applies to.")]
    coredns: Annotated[CorednsModel, Field(description="Desired state that differs for these clusters.")]


class WaiverModel(Model):
    """Exclude a field from management until a date."""

    match: Annotated[MatchModel, Field(description="Clusters that it applies to.")]
    path: Annotated[
        Filled,
        Field(description="Path of the field (example: podDisruptionBudget.maxUnavailable); * for all."),
    ]
    owner: Annotated[Described, Field(description="Person or team responsible for the waiver.")]
    reason: Annotated[Described, Field(description="Why.")]
    until: Annotated[Day, Field(description="Last day on which the waiver is valid, UTC.")]


class FleetModel(Model):
    """The fleet file: the desired state of CoreDNS and the clusters in scope."""

    version: Annotated[Version, Field(description="Version of this format.")]
    coredns: Annotated[
        CorednsModel, Field(default_factory=CorednsModel, description="Desired state of every cluster.")
    ]
    accounts: Annotated[
        list[AccountModel],
        Field(
            default_factory=list,
            description="Accounts in scope. Default: the current credentials and region.",
        ),
    ]
    organization: Annotated[
        OrganizationModel | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Use the accounts of an organization."),
    ] = None
    clusters: Annotated[
        list[ClusterModel], Field(default_factory=list, description="Clusters that must exist.")
    ]
    discovery: Annotated[
        Literal["list", "known"],
        Field(
            description="list: find clusters with eks:ListClusters. known: only use those under `clusters`."
        ),
    ] = "list"
    unavailable_regions: Annotated[
        Literal["report", "skip"],
        Field(
            description="Regions that a service control policy denies or an account has not enabled: "
            "report them as unreachable, or skip them."
        ),
    ] = "report"
    overrides: Annotated[
        list[OverrideModel], Field(default_factory=list, description="Overrides in order; later ones win.")
    ]
    waivers: Annotated[
        list[WaiverModel],
        Field(default_factory=list, description="Fields excluded from management until a date."),
    ]
    rollout: Annotated[
        RolloutModel | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Waves, limits and gates of `apply`."),
    ] = None
