"""The scenario file's keys and types."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

NO_ADDON = "none"
"""Value instead of an add-on version: the cluster has no CoreDNS add-on."""


def _several(value: object) -> object:
    return [value] if isinstance(value, str | int) and not isinstance(value, bool) else value


def _range(value: object) -> object:
    return [value, value] if isinstance(value, int | float) and not isinstance(value, bool) else value


AccountId = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,4}(-[a-z]+)+-[0-9]+$")]
Words = Annotated[list[str], BeforeValidator(_several)]
Regions = Annotated[list[Region], BeforeValidator(_several)]
Numbers = Annotated[list[Annotated[int, Field(ge=1)]], BeforeValidator(_several)]
Seconds = Annotated[float, Field(ge=0)]
Range = Annotated[list[Seconds], BeforeValidator(_range), Field(min_length=2, max_length=2)]
Tags = dict[str, str]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel, frozen=True)


class RoleModel(Model):
    """A role that can be assumed; `denies` are globs of IAM actions."""

    external_id: str = ""
    trusts: Words = ["*"]
    denies: Words = []
    max_seconds: Annotated[int, Field(ge=900, le=43200)] = 3600


class AccountModel(Model):
    """An account; `scpDenies` are globs of IAM actions denied in it."""

    id: AccountId
    name: Name | None = None
    status: Literal["ACTIVE", "SUSPENDED", "PENDING_CLOSURE", "PENDING_ACTIVATION", "CLOSED"] = "ACTIVE"
    ou: Annotated[str, StringConstraints(pattern=r"^/")] = "/"
    tags: Tags = {}
    regions: Regions = []
    roles: dict[str, RoleModel | None] = {}
    scp_denies: Words = []


class OrganizationModel(Model):
    """An organization of the accounts; `units` are more organizational units, such as empty ones."""

    management: str
    administrators: Words = []
    units: Words = []


class DocumentModel(Model):
    """A configurationValues document, given as values."""

    values: dict[str, object] = {}
    corefile: str | None = None
    format: Literal["json", "json-indented", "yaml"] = "json"
    newlines: Literal["lf", "crlf"] = "lf"


class ProblemModel(Model):
    """A health issue of the add-on."""

    code: str
    message: str = ""
    resources: Words = []


class OutcomeModel(Model):
    """The course of an update."""

    result: Literal["succeeds", "fails", "degrades", "stuck", "cancelled"]
    seconds: Range | None = None
    code: str = "InsufficientNumberOfReplicas"
    message: str | None = None
    keeps: bool = True
    status: Literal["ACTIVE", "DEGRADED", "UPDATE_FAILED"] = "DEGRADED"
    lasts: Seconds | None = None
    update_word: str = "InProgress"
    addon_word: str = "UPDATING"


class SettingModel(Model):
    """Deployment settings of another field manager, in seconds."""

    manager: str
    operation: Literal["Apply", "Update"] = "Update"
    grace: Annotated[int, Field(ge=0)] | None = None
    pre_stop: Annotated[int, Field(ge=1)] | None = None


class BudgetModel(Model):
    """A PodDisruptionBudget that was not created by EKS."""

    name: str
    max_unavailable: int | str | None = None
    min_available: int | str | None = None


class ScalerModel(Model):
    """An autoscaler of the Deployment: horizontal, cluster-proportional, or a ScaledObject of KEDA."""

    least: Annotated[int, Field(ge=1)]
    most: Annotated[int, Field(ge=1)]
    kind: Literal["horizontal", "proportional", "keda"] = "horizontal"


class PodModel(Model):
    """An additional pod that kube-dns selects; `of` is its Deployment."""

    name: Name
    of: str = "coredns"
    phase: Literal["Running", "Pending", "Failed", "Succeeded"] = "Running"
    reason: str = ""
    grace: Annotated[int, Field(ge=0)] = 30
    pre_stop: Annotated[int, Field(ge=0)] = 0
    ending: bool = False
    ready: bool = True


Counted = Literal[
    "panics", "servfail", "failedReloads", "failedHealthChecks", "failedUpstreamChecks", "noHealthyUpstream"
]


class DnsModel(Model):
    """What a probe meets: how its lookups go before, and after CoreDNS is changed in the cluster.

    `lostOnChange` lookups time out then, and CoreDNS's own counters rise by `countedOnChange`; `late` is the
    share that the prober itself is too late for; `metrics: denied` keeps the counters from being read.
    """

    answers: bool = True
    lost_on_change: Annotated[int, Field(ge=0)] = 0
    lost_before: Annotated[int, Field(ge=0)] = 0
    late: Annotated[float, Field(ge=0, lt=1)] = 0.0
    counted_on_change: dict[Counted, Annotated[int, Field(ge=1)]] = {}
    metrics: Literal["open", "denied"] = "open"


class PlacementModel(Model):
    """Pods take `nodes` in turn, and nodes take `zones` in turn; what else serves DNS."""

    nodes: Annotated[int, Field(ge=1, le=250)] = 3
    zones: Annotated[int, Field(ge=1, le=6)] = 3
    node_local: bool = False


class WorkloadModel(Model):
    """CoreDNS in the cluster; `corefile`, `replicas` and `build` apply to a self-managed one.

    `deployment` is laid over the Deployment's spec, null taking away; it also has `annotations` and
    `labels`; `creates` says how CreateAddon goes;
    `stuck` keeps the pods of a new template from being ready, `true` by an image that cannot be pulled;
    `policyGrace` is what a mutating admission policy sets the grace period of every apply to.
    """

    api: Literal["open", "no-entry", "unreachable"] = "open"
    eks_owns_grace: bool = False
    policy_grace: int | None = None
    stuck: bool | Literal["image-pull", "crash-loop", "unschedulable", "quota", "paused", "probe"] = False
    pods: list[PodModel] = []
    corefile: str | None = None
    replicas: Annotated[int, Field(ge=0)] = 2
    settings: list[SettingModel] = []
    build: str = "v1.11.4"
    deployment: dict[str, object] = {}
    annotations: Tags = {}
    labels: Tags = {}
    files: dict[str, str] = {}
    budgets: list[BudgetModel] = []
    scaler: ScalerModel | None = None
    creates: list[OutcomeModel] = []
    dns: DnsModel = DnsModel()
    placement: PlacementModel = PlacementModel()


class ClusterModel(Model):
    """One cluster, or several with `count`, several accounts or several regions."""

    name: Name
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    account: Words = []
    region: Regions = []
    kubernetes: Annotated[str, StringConstraints(pattern=r"^1\.[0-9]+$")] | None = None
    status: Literal["ACTIVE", "CREATING", "UPDATING", "DELETING", "FAILED", "PENDING"] = "ACTIVE"
    auto_mode: bool = False
    connector: str = ""
    outpost: str = ""
    vpc_dns: bool = True
    dns_port: Literal["open", "closed", "tcp-closed", "other-nodes-closed", "acl-closed"] = "open"
    tags: Tags = {}
    addon: str | None = None
    document: str | None = None
    addon_status: Literal["CREATING", "ACTIVE", "CREATE_FAILED", "UPDATING", "DEGRADED", "UPDATE_FAILED"] = (
        "ACTIVE"
    )
    issues: list[ProblemModel] = []
    service_account_role: str = ""
    addon_tags: Tags = {}
    foreign: dict[str, object] = {}
    live_replicas: Annotated[int, Field(ge=0)] = 2
    outcomes: list[OutcomeModel] = []
    workload: WorkloadModel | None = None


class FleetModel(Model):
    """Clusters spread evenly over accounts, regions, versions and documents."""

    clusters: Annotated[int, Field(ge=1, le=100_000)]
    accounts: Annotated[int, Field(ge=1, le=10_000)] | Annotated[list[str], Field(min_length=1)] = 1
    regions: Annotated[Regions, Field(min_length=1)]
    versions: Annotated[int, Field(ge=1, le=100)] | Annotated[list[str], Field(min_length=1)] = 1
    documents: Words = []
    name: Name = "fleet-{n:05}"
    role: str = "eksdns-apply"
    external_id: str = ""
    ou: Annotated[str, StringConstraints(pattern=r"^/")] = "/"
    tags: Tags = {}


class MatchModel(Model):
    """Which calls a fault meets; every value is a glob."""

    service: str = "*"
    operation: str = "*"
    account: str = "*"
    region: str = "*"
    cluster: str = "*"


class FaultModel(Model):
    """A fault and the affected calls; `from` and `until` are seconds since the start of the simulation."""

    kind: Literal[
        "throttle-429",
        "throttle-400",
        "server-error",
        "unavailable",
        "unavailable-html",
        "reset-before",
        "reset-after",
        "truncated",
        "slow",
        "conflict-409",
        "hang",
        "hang-after",
        "expired",
        "denied",
        "denied-by-scp",
        "unreachable",
    ]
    match: MatchModel = MatchModel()
    nth: Numbers = []
    each: bool = False
    times: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(gt=0, le=1)] = 1.0
    begins: Annotated[Seconds, Field(alias="from")] = 0.0
    ends: Annotated[Seconds | None, Field(alias="until")] = None
    seconds: Seconds = 1.0
    keep: Annotated[float, Field(ge=0, lt=1)] = 0.5


class PaceModel(Model):
    """Durations in seconds."""

    update: Range = [20.0, 40.0]
    create: Seconds = 30.0
    delete: Seconds = 15.0
    regrow: Seconds = 60.0
    status_lag: Seconds = 0.0
    document_lag: Seconds = 0.0


class EksModel(Model):
    """Behaviour that EKS does not guarantee: tokens, the order of ListUpdates, and consistency of reads."""

    tokens: Literal["honoured", "ignored"] = "honoured"
    updates: Literal["arbitrary", "newest-first", "oldest-first"] = "arbitrary"
    fresh_id_reads: Annotated[int, Field(ge=0)] = 0
    old_document_reads: Annotated[int, Field(ge=0)] = 0


class ThrottleModel(Model):
    """EKS calls per second for each account and region, and the burst."""

    rate: Annotated[float, Field(gt=0)]
    burst: Annotated[float, Field(ge=1)]


class ScenarioModel(Model):
    """A scenario; `clockOffset` is the seconds by which AWS's clock is ahead of this machine's.

    `buckets` are S3 buckets of the default account, for `--state s3://BUCKET`.
    """

    version: Literal[1]
    description: str = ""
    seed: int = 0
    clock_offset: float = 0.0
    default_account: str = ""
    pace: PaceModel = PaceModel()
    eks: EksModel = EksModel()
    throttle: ThrottleModel | None = None
    organization: OrganizationModel | None = None
    accounts: Annotated[list[AccountModel], Field(min_length=1)]
    documents: dict[str, str | DocumentModel | None] = {}
    clusters: list[ClusterModel] = []
    fleets: list[FleetModel] = []
    faults: list[FaultModel] = []
    buckets: Words = []
