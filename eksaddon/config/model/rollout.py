"""The `rollout` block of the fleet file."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from eksaddon.config.model.scope import MatchModel, Model
from eksaddon.config.model.types import (
    Duration,
    Expected,
    Filled,
    Name,
    Positive,
    Seconds,
    Servers,
    Share,
    TimeOfDay,
    Tolerance,
    Width,
    Zone,
    not_null,
    own_error,
)
from eksaddon.domain.rollout.window import DAYS


class ApprovalModel(Model):
    """Wait for `eksdns approve`."""

    type: Literal["approval"]


class CheckModel(Model):
    """Repeat a check; without a result the gate is inconclusive and the run pauses."""

    type: Literal["check"]
    name: Annotated[Name, Field(description="Name of the check (example: addon-health).")]
    initial_delay: Annotated[Seconds, Field(description="Delay before the first check.")] = 0
    interval: Annotated[
        Seconds, Field(description="Time between two checks.", json_schema_extra={"default": "60s"})
    ] = 60
    failure_limit: Annotated[int, Field(ge=0, description="Number of failed checks tolerated.")] = 0
    consecutive_success: Annotated[
        int, Field(ge=1, description="Consecutive successful checks required.")
    ] = 1


class CorefileTryModel(Model):
    """Try the planned Corefiles in a real CoreDNS of their version; inconclusive without such a binary."""

    type: Literal["corefile-try"]


class ProbeModel(Model):
    """Measure lookups from before the wave's first write until its soak has ended."""

    type: Literal["probe"]
    source: Annotated[
        Literal["here", "cluster"],
        Field(
            alias="from",
            description="Send lookups from the machine that runs eksdns, or from pods in the cluster.",
        ),
    ] = "here"
    servers: Annotated[
        Servers,
        Field(
            default_factory=list,
            description="DNS servers as [CLUSTER=]ADDRESS[:PORT], in addition to --dns-server.",
        ),
    ]
    name: Annotated[Filled, Field(description="Name to look up. Default: the API server's.")] = ""
    record_type: Annotated[str, Field(pattern="^[A-Z0-9]+$", description="Record type.")] = "A"
    transport: Annotated[Literal["udp", "tcp"], Field(description="UDP or TCP.")] = "udp"
    ports: Annotated[
        Literal["walked", "kept", "random"],
        Field(description="Source ports: walked meets new flows, kept stays on one flow, random mixes both."),
    ] = "walked"
    rate: Annotated[
        int, Field(ge=1, le=2000, description="Lookups per second, for each server of each cluster.")
    ] = 20
    timeout: Annotated[Duration, Field(description="How long to wait for an answer.")] = "1s"
    tries: Annotated[int, Field(ge=1, le=10, description="Tries per lookup.")] = 1
    expect: Annotated[
        Expected,
        Field(
            default_factory=list,
            description="Good answers: NOERROR, NXDOMAIN, NODATA, any, or A=10.0.0.1. Default: NOERROR.",
        ),
    ]
    max_lost: Annotated[
        Annotated[int, Field(ge=0)] | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Failed lookups allowed per cluster. Default: 0, or no limit with maxLoss."),
    ] = None
    max_loss: Annotated[
        Share | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Share of failed lookups allowed (example: 0.1%)."),
    ] = None
    max_outage: Annotated[
        Duration | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(
            description="Longest outage allowed (example: 1s). In an outage, 5 % or more of each second's "
            "lookups fail."
        ),
    ] = None
    image: Annotated[
        Filled,
        Field(description="Image of the pods for from: cluster; must contain eksdns. Pin it by digest."),
    ] = ""
    nodes: Annotated[int, Field(ge=1, le=20, description="Number of pods, spread over nodes and zones.")] = 2
    namespace: Annotated[Name, Field(description="Namespace of the pods.")] = "eksdns-probe"
    baseline: Annotated[Positive, Field(description="How long to measure before the first write.")] = 5


BeforeModel = Annotated[ApprovalModel | CheckModel | CorefileTryModel, Field(discriminator="type")]
GateModel = Annotated[ApprovalModel | CheckModel | ProbeModel, Field(discriminator="type")]


class WaveModel(Model):
    """Targets that are updated together, after the previous wave."""

    name: Annotated[Name, Field(description="Name of the wave in output and commands.")]
    select: Annotated[
        MatchModel | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Targets of the wave. Default: all targets not selected by an earlier wave."),
    ] = None
    limit: Annotated[
        int,
        Field(
            ge=1, description="Maximum number of targets, in a stable order; the rest goes to later waves."
        ),
    ] = 0
    before: Annotated[
        list[BeforeModel], Field(default_factory=list, description="Gates to pass before the wave starts.")
    ]
    gates: Annotated[
        list[GateModel], Field(default_factory=list, description="Gates to pass before the next wave starts.")
    ]
    max_concurrency: Annotated[
        Width,
        Field(description="Maximum number of parallel updates, or a percentage of the wave, rounded down."),
    ] = "10%"
    max_concurrency_per_account: Annotated[
        int, Field(ge=1, description="Maximum number of parallel updates per account.")
    ] = 0
    max_concurrency_per_region: Annotated[
        int, Field(ge=1, description="Maximum number of parallel updates per account and region.")
    ] = 0
    spread_by: Annotated[
        Literal["account", "region", "nothing"],
        Field(description="Pick the first batch from different accounts or regions."),
    ] = "nothing"
    failure_tolerance: Annotated[
        Tolerance,
        Field(description="Tolerated failures of the wave, as a number or a percentage; one more stops it."),
    ] = 0
    soak: Annotated[Seconds, Field(description="How long to watch the wave after its last update.")] = 0
    on_failure: Annotated[
        Literal["pause", "stop", "rollback-wave", "continue"],
        Field(description="What to do if failures exceed the tolerance."),
    ] = "pause"


class WindowModel(Model):
    """Hours in which updates may start; running updates are followed to the end."""

    days: Annotated[
        list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]],
        Field(
            default_factory=lambda: list(DAYS),
            min_length=1,
            description="Days on which the window opens. Default: every day.",
        ),
    ]
    begins: Annotated[TimeOfDay, Field(alias="from", description="Start time, such as 22:00.")]
    ends: Annotated[
        TimeOfDay,
        Field(alias="to", description="End time, such as 04:00; on the next day if it is before the start."),
    ]
    timezone: Annotated[Zone, Field(description="IANA time zone, such as Europe/Berlin.")] = "UTC"


class TimeLimitsModel(Model):
    """How long to poll a target; past a limit it gets its outcome."""

    busy: Annotated[Seconds, Field(description="How long to wait for another update to finish.")] = 1800
    update: Annotated[
        Seconds,
        Field(
            description="How long to wait for the update to finish. Then the target is unproven, not failed."
        ),
    ] = 2400
    settle: Annotated[
        Seconds, Field(description="How long to wait for the add-on to be healthy after its update.")
    ] = 300
    consistency: Annotated[
        Seconds,
        Field(
            description="How long to wait until EKS returns what it accepted (the update, the new document)."
        ),
    ] = 60
    reread: Annotated[Seconds, Field(description="How long to retry a failing read.")] = 120


class RolloutModel(Model):
    """Waves in sequence; a target belongs to the first wave that selects it."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["waves"]}, {"required": ["stages"]}]}
    )

    waves: Annotated[
        list[WaveModel], Field(default_factory=list, min_length=1, description="Waves in order.")
    ]
    stages: Annotated[
        list[WaveModel], Field(default_factory=list, min_length=1, description="Alias of waves.")
    ]
    unmatched: Annotated[
        Literal["error", "last-wave", "exclude"],
        Field(description="What to do with targets that no wave selects."),
    ] = "error"
    empty_wave: Annotated[
        Literal["skip", "error"], Field(description="What to do with a wave that has no targets.")
    ] = "skip"
    concurrency_mode: Annotated[
        Literal["strict", "soft"],
        Field(
            description="strict: never run more updates in parallel than the remaining "
            "tolerated failures plus one."
        ),
    ] = "strict"
    unreachable: Annotated[
        Literal["failure", "skip"], Field(description="How to count an unreachable target.")
    ] = "failure"
    time_limits: Annotated[
        TimeLimitsModel,
        Field(default_factory=TimeLimitsModel, description="How long to wait for a target."),
    ]
    windows: Annotated[
        list[WindowModel],
        Field(default_factory=list, description="Times when updates may start. Default: any time."),
    ]

    @model_validator(mode="after")
    def _waves_once(self) -> "RolloutModel":
        if bool(self.waves) == bool(self.stages):
            summary = "has both waves and stages" if self.waves else "has no waves"
            raise own_error(summary, "list them under `waves`")
        return self
