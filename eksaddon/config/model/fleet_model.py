"""The fleet file: which keys there are and what they mean, for the loader and for editors."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from eksaddon.config.model.rollout import RolloutModel
from eksaddon.config.model.scope import AccountModel, ClusterModel, MatchModel, Model, OrganizationModel
from eksaddon.config.model.types import Day, Duration, Filled, OtherKeys, Pods, Seconds, Version, not_null

MAX_REPLICAS = 1000
"""The bound of the replica-count rule, which tells of it where no line is at hand."""


class BudgetModel(Model):
    """PodDisruptionBudget of CoreDNS; one of maxUnavailable and minAvailable."""

    enabled: Annotated[bool | None, Field(description="Whether EKS keeps one.")] = None
    max_unavailable: Annotated[
        Pods | None, Field(description="Pods that may be evicted at once, or a percentage.")
    ] = None
    min_available: Annotated[Pods | None, Field(description="Pods that have to stay, or a percentage.")] = (
        None
    )


class WorkloadModel(Model):
    """The half that EKS does not hold."""

    reapply: Annotated[
        bool | None,
        Field(
            description="Set grace and preStop again where an add-on update takes them back; else it is told."
        ),
    ] = None


class CorednsModel(Model):
    """Desired state; only what is named here is managed. null takes back what an earlier block asked for."""

    replica_count: Annotated[
        int | None,
        Field(ge=1, le=MAX_REPLICAS, description="CoreDNS pods. null: EKS's default."),
    ] = None
    pod_disruption_budget: Annotated[
        BudgetModel | None, Field(description="Merged key by key. null: EKS's default.")
    ] = None
    lameduck: Annotated[
        Duration | None,
        Field(description="How long CoreDNS answers after SIGTERM, a Go duration. null: not managed."),
    ] = None
    termination_grace_period: Annotated[
        Seconds | None,
        Field(description="When SIGKILL comes, counted from the deletion. null: not managed."),
    ] = None
    pre_stop: Annotated[
        Seconds | None,
        Field(description="Sleep before SIGTERM; 0s for none. null: not managed."),
    ] = None
    workload: Annotated[
        WorkloadModel | None, Field(description="How grace and preStop are kept in the Deployment.")
    ] = None
    configuration: Annotated[
        OtherKeys,
        Field(
            default_factory=dict,
            description="Any other key of the add-on's schema, merged key by key; null removes.",
        ),
    ]
    resolve_conflicts: Annotated[
        Literal["none", "preserve", "overwrite"] | None,
        Field(description="What EKS does with fields that others own; none if not given."),
    ] = None


class OverrideModel(Model):
    """Other values for some clusters; later overrides win."""

    match: Annotated[MatchModel, Field(description="Which clusters.")]
    coredns: Annotated[CorednsModel, Field(description="What is different there.")]


class WaiverModel(Model):
    """Leave a field as it is until a date."""

    match: Annotated[MatchModel, Field(description="Which clusters.")]
    path: Annotated[
        Filled, Field(description="The field, as lameduck or podDisruptionBudget.maxUnavailable; * for all.")
    ]
    owner: Annotated[Filled, Field(description="Who asked for it.")]
    reason: Annotated[Filled, Field(description="Why.")]
    until: Annotated[Day, Field(description="The last day it holds, UTC.")]


class FleetModel(Model):
    """What CoreDNS should look like on which EKS clusters."""

    version: Annotated[Version, Field(description="Version of this format.")]
    coredns: Annotated[CorednsModel, Field(default_factory=CorednsModel, description="For every cluster.")]
    accounts: Annotated[
        list[AccountModel],
        Field(default_factory=list, description="Without accounts: the current credentials and region."),
    ]
    organization: Annotated[
        OrganizationModel | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Accounts of an organization."),
    ] = None
    clusters: Annotated[
        list[ClusterModel], Field(default_factory=list, description="Clusters that have to be there.")
    ]
    discovery: Annotated[
        Literal["list", "known"],
        Field(description="list: find clusters with eks:ListClusters. known: only those under `clusters`."),
    ] = "list"
    overrides: Annotated[
        list[OverrideModel], Field(default_factory=list, description="In order, later wins.")
    ]
    waivers: Annotated[list[WaiverModel], Field(default_factory=list, description="Exceptions that expire.")]
    rollout: Annotated[
        RolloutModel | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Waves, brakes and gates of `apply`."),
    ] = None
