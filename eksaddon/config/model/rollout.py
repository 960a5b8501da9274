"""How a change is spread over the fleet, as the fleet file writes it."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from eksaddon.config.model.scope import MatchModel, Model
from eksaddon.config.model.types import Name, Seconds, TimeOfDay, Tolerance, Width, Zone, not_null, own_error
from eksaddon.domain.rollout.window import DAYS


class ApprovalModel(Model):
    """Wait until somebody runs `eksdns approve`."""

    type: Literal["approval"]


class CheckModel(Model):
    """Look again and again; without an answer the gate is inconclusive and the run pauses."""

    type: Literal["check"]
    name: Annotated[Name, Field(description="Which check, as dns-probe.")]
    initial_delay: Annotated[Seconds, Field(description="Before the first look.")] = 0
    interval: Annotated[
        Seconds, Field(description="Between two looks.", json_schema_extra={"default": "60s"})
    ] = 60
    failure_limit: Annotated[int, Field(ge=0, description="How many looks may fail.")] = 0
    consecutive_success: Annotated[int, Field(ge=1, description="Good looks in a row that it takes.")] = 1


GateModel = Annotated[ApprovalModel | CheckModel, Field(discriminator="type")]


class WaveModel(Model):
    """Targets that are changed together, after the wave before."""

    name: Annotated[Name, Field(description="What the wave is called in output and commands.")]
    select: Annotated[
        MatchModel | SkipJsonSchema[None],
        BeforeValidator(not_null),
        Field(description="Its targets; without it all that no wave before took."),
    ] = None
    limit: Annotated[
        int,
        Field(ge=1, description="Only the first so many in a stable order; the rest falls to later waves."),
    ] = 0
    before: Annotated[
        list[GateModel], Field(default_factory=list, description="Gates to pass before the wave starts.")
    ]
    gates: Annotated[
        list[GateModel], Field(default_factory=list, description="Gates to pass before the next wave starts.")
    ]
    max_concurrency: Annotated[
        Width, Field(description="Targets at once, as a number or a percentage of the wave, rounded down.")
    ] = "10%"
    max_concurrency_per_account: Annotated[
        int, Field(ge=1, description="Targets at once in one account.")
    ] = 0
    max_concurrency_per_region: Annotated[
        int, Field(ge=1, description="Targets at once in one account and region.")
    ] = 0
    spread_by: Annotated[
        Literal["account", "region", "nothing"],
        Field(description="No two targets of the same one in the first batch."),
    ] = "nothing"
    failure_tolerance: Annotated[
        Tolerance,
        Field(
            description="Failures that the wave bears, as a number or a percentage; the next one stops it."
        ),
    ] = 0
    soak: Annotated[Seconds, Field(description="How long to watch after the last target.")] = 0
    on_failure: Annotated[
        Literal["pause", "stop", "rollback-wave", "continue"],
        Field(description="What to do when more fail than the wave bears."),
    ] = "pause"


class WindowModel(Model):
    """Hours in which updates may start; what has started is followed to its end."""

    days: Annotated[
        list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]],
        Field(
            default_factory=lambda: list(DAYS),
            min_length=1,
            description="On which it begins; else every day.",
        ),
    ]
    begins: Annotated[TimeOfDay, Field(alias="from", description="As 22:00.")]
    ends: Annotated[
        TimeOfDay, Field(alias="to", description="As 04:00; of the next day where it is earlier.")
    ]
    timezone: Annotated[Zone, Field(description="Of the IANA database, as Europe/Berlin.")] = "UTC"


class TimeLimitsModel(Model):
    """For how long a target is looked at again; past a limit it gets its outcome."""

    busy: Annotated[Seconds, Field(description="For another update to end before ours starts.")] = 1800
    update: Annotated[
        Seconds, Field(description="For our update to end; then the target is unproven, never failed.")
    ] = 2400
    settle: Annotated[Seconds, Field(description="For the add-on to be healthy after its update.")] = 300
    consistency: Annotated[
        Seconds, Field(description="For EKS to show what it has accepted: the update's id, the new document.")
    ] = 60
    reread: Annotated[Seconds, Field(description="For a read that fails to work again.")] = 120


class RolloutModel(Model):
    """Waves one after the other; a target belongs to the first that selects it."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["waves"]}, {"required": ["stages"]}]}
    )

    waves: Annotated[list[WaveModel], Field(default_factory=list, min_length=1, description="In order.")]
    stages: Annotated[
        list[WaveModel], Field(default_factory=list, min_length=1, description="Another word for waves.")
    ]
    unmatched: Annotated[
        Literal["error", "last-wave", "exclude"],
        Field(description="What becomes of a target without a wave."),
    ] = "error"
    empty_wave: Annotated[Literal["skip", "error"], Field(description="A wave without targets.")] = "skip"
    concurrency_mode: Annotated[
        Literal["strict", "soft"],
        Field(description="strict: never more at once than failures still borne, plus one."),
    ] = "strict"
    unreachable: Annotated[
        Literal["failure", "skip"], Field(description="How an unreachable target counts.")
    ] = "failure"
    time_limits: Annotated[
        TimeLimitsModel,
        Field(default_factory=TimeLimitsModel, description="How long to wait for a target."),
    ]
    windows: Annotated[
        list[WindowModel],
        Field(default_factory=list, description="When updates may start; at any time without any."),
    ]

    @model_validator(mode="after")
    def _waves_once(self) -> "RolloutModel":
        if bool(self.waves) == bool(self.stages):
            summary = "has waves and stages" if self.waves else "has no waves"
            raise own_error(summary, "list them under `waves`")
        return self
