"""Shared options; each can also be set by an environment variable EKSDNS_<NAME>.

app/fleet/request.py has a field for each option of the selection and the desired state; the option of each
field is defined here, and option_groups.py builds the signature for Typer from both.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.frozen import dataclass
from eksaddon.report.format import Format

TARGETS = "Clusters"
DESIRED = "Desired state"
OUTPUT = "Output"
RUNNING = "How"


def shared(*names: str, says: str, panel: str | None, **more: Any) -> Any:  # noqa: ANN401  # as typer.Option
    """An option with its environment variable, which is derived from its first name."""
    variable = f"EKSDNS_{names[0].removeprefix('--').replace('-', '_').upper()}"
    return typer.Option(*names, envvar=variable, help=says, rich_help_panel=panel, **more)


TARGET_OPTIONS: Mapping[str, Any] = {
    "clusters": shared(
        "--cluster", says="Name, ACCOUNT/REGION/NAME, ARN or glob; repeatable.", panel=TARGETS
    ),
    "everything": shared("--all", says="Every cluster in scope.", panel=TARGETS),
    "regions": shared("--region", says="AWS region; repeatable.", panel=TARGETS),
    "accounts": shared("--account", says="Account ID or name; repeatable.", panel=TARGETS),
    "not_accounts": shared("--not-account", says="Account ID or name to exclude; repeatable.", panel=TARGETS),
    "labels": shared("--label", says="Label as key=value; repeatable.", panel=TARGETS),
    "units": shared("--ou", says="Organizational unit and its descendants; repeatable.", panel=TARGETS),
    "profiles": shared("--profile", says="AWS profile; repeatable.", panel=TARGETS),
    "accounts_file": shared("--accounts-file", says="Accounts file in c7n-org format.", panel=TARGETS),
    "config": shared(
        "--config",
        "-c",
        says="Fleet file. Default: eksdns.yaml or configs/eksdns.yaml, if present.",
        panel=DESIRED,
    ),
    "role": shared(
        "--role", says="Role to assume instead of the fleet file's, in accounts that have one.", panel=TARGETS
    ),
    "threads": shared(
        "--concurrency", says="Maximum number of parallel AWS calls.", panel=RUNNING, min=1, max=256
    ),
}
DESIRED_OPTIONS: Mapping[str, Any] = {
    "addon_version": shared(
        "--addon-version",
        says="Version of the add-on: default, latest, a version, or >= and a version.",
        panel=DESIRED,
    ),
    "lameduck": shared(
        "--lameduck", says="CoreDNS lameduck, as a Go duration (example: 20s).", panel=DESIRED
    ),
    "replicas": shared("--replicas", says="replicaCount.", panel=DESIRED),
    "pdb_max_unavailable": shared(
        "--pdb-max-unavailable",
        says="PodDisruptionBudget maxUnavailable, as pods or percent.",
        panel=DESIRED,
    ),
    "grace": shared("--grace", says="terminationGracePeriodSeconds (example: 45 or 45s).", panel=DESIRED),
    "pre_stop": shared("--pre-stop", says="Sleep before SIGTERM (example: 5 or 5s).", panel=DESIRED),
    "readiness_period": shared(
        "--readiness-period", says="periodSeconds of the readiness probe (example: 5s).", panel=DESIRED
    ),
    "readiness_failures": shared(
        "--readiness-failures", says="failureThreshold of the readiness probe.", panel=DESIRED
    ),
    "readiness_timeout": shared(
        "--readiness-timeout", says="timeoutSeconds of the readiness probe (example: 1s).", panel=DESIRED
    ),
    "propagation": shared(
        "--propagation",
        says="How long nodes keep sending queries to a deleted pod. Default: 10s.",
        panel=DESIRED,
    ),
    "corefile_set": shared(
        "--corefile-set",
        says="Corefile setting as PATH=WORDS (example: cache.ttl=60); repeatable.",
        panel=DESIRED,
    ),
    "remove_disabled_budget": shared(
        "--remove-disabled-budget",
        says="Delete the PodDisruptionBudget that EKS leaves in place where it is disabled.",
        panel=DESIRED,
    ),
    "resolve_conflicts": shared(
        "--resolve-conflicts",
        says="What EKS does with fields managed by other controllers.",
        panel=DESIRED,
    ),
    "corefile_base": shared(
        "--corefile-base", says="Corefile to start from if the live one was edited.", panel=DESIRED
    ),
    "allow_unverified_workload": shared(
        "--allow-unverified-workload", says="Continue if the Kubernetes API cannot be read.", panel=RUNNING
    ),
    "allow_weaken": shared(
        "--allow-weaken",
        says="Apply changes that weaken DNS, such as fewer replicas or a shorter lameduck.",
        panel=RUNNING,
    ),
    "allow_downgrade": shared(
        "--allow-downgrade", says="Move to an older version of the add-on.", panel=RUNNING
    ),
    "force_conflicts": shared(
        "--force-conflicts",
        says="Overwrite Deployment fields managed by other controllers.",
        panel=RUNNING,
    ),
    "no_live": shared("--no-live", says="Do not read the live objects to plan the add-on.", panel=RUNNING),
    "strict": shared("--strict", says="Treat warnings as errors.", panel=RUNNING),
}
OPTIONS: Mapping[type, Mapping[str, Any]] = {TargetRequest: TARGET_OPTIONS, DesiredRequest: DESIRED_OPTIONS}
"""The option of each field of a request; a missing one prevents the program from starting."""

ShardText = Annotated[
    str,
    shared(
        "--shard",
        says="Only part I of N of the accounts, by a hash of their IDs: I/N, or auto in a parallel job.",
        panel=TARGETS,
    ),
]
Quiet = Annotated[bool, shared("--quiet", "-q", says="Do not show progress.", panel=OUTPUT)]
Live = Annotated[
    bool,
    shared("--live", says="Also read the live objects through the Kubernetes API.", panel=None),
]
Versions = Annotated[
    bool,
    shared(
        "--versions",
        says="Also show how far the add-on is behind, and when the Kubernetes version leaves support.",
        panel=OUTPUT,
    ),
]
DetailedExitCode = Annotated[
    bool, shared("--detailed-exitcode", says="Exit with 2 if there are changes.", panel=OUTPUT)
]
Yes = Annotated[
    bool, shared("--yes", "-y", "--auto-approve", says="Skip the confirmation prompt.", panel=RUNNING)
]
PlanDigest = Annotated[
    str,
    shared("--digest", says="Digest that `plan --out` printed; any other file is refused.", panel=RUNNING),
]


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Options for the output on stdout and in files."""

    output: Annotated[Format, shared("--output", "-o", says="Output format.", panel=OUTPUT)] = Format.TABLE
    report: Annotated[
        list[str] | None,
        shared("--report", says="Also write a report, as FORMAT=PATH; repeatable.", panel=OUTPUT),
    ] = None
    quiet: Quiet = False
    notify_command: Annotated[
        str,
        shared(
            "--notify-command",
            says="Command that gets an event as JSON on stdin after a run, or if a report needs attention.",
            panel=OUTPUT,
        ),
    ] = ""
    notify_url: Annotated[
        str,
        shared(
            "--notify-url",
            says="Webhook for that event, signed with EKSDNS_NOTIFY_SECRET; https.",
            panel=OUTPUT,
        ),
    ] = ""
