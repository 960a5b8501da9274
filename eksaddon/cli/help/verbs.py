"""What `eksdns --help` lists, so that listing it imports no command."""

from collections.abc import Iterator, Mapping

from eksaddon.frozen import dataclass

COMMANDS = "eksaddon.cli.commands."


@dataclass(frozen=True, slots=True)
class Verb:
    """A command, or a group of commands.

    Attributes:
        place: MODULE:NAME of its function or its Typer app; MODULE is relative to `eksaddon.cli.commands`.
        summary: First sentence of its help; a test compares the two.
    """

    place: str
    summary: str


GROUPS: Mapping[str, Mapping[str, Verb]] = {
    "Start here": {
        "demo": Verb(
            "demo:demo",
            "Plan, apply and check a small fleet on the embedded simulator; needs no AWS account.",
        ),
        "audit": Verb(
            "advice.audit:audit",
            "Report the DNS risks of every reachable cluster, worst first, and how to fix them.",
        ),
        "recommend": Verb(
            "advice.recommend:recommend",
            "Recommend values for a cluster, show how each is calculated, and compare them with "
            "common settings.",
        ),
        "init": Verb(
            "init:init",
            "Write a fleet file with the clusters' current values, so that `plan` shows no change; "
            "only reads AWS.",
        ),
        "status": Verb(
            "status:status",
            "Show the CoreDNS add-on of every cluster, and its pods with --live; needs no fleet file.",
        ),
        "doctor": Verb(
            "doctor:doctor",
            "Check permissions on every cluster: what is missing, its effect and how to fix it. "
            "Writes nothing.",
        ),
    },
    "Change": {
        "plan": Verb(
            "plan:plan", "Show the changes that `apply` would make, and any problems; writes nothing."
        ),
        "apply": Verb(
            "apply:apply", "Show the plan, ask for confirmation, update wave by wave, and verify the result."
        ),
        "drift": Verb(
            "drift:drift",
            "Compare the desired state with EKS's configuration and, with --live, with the live objects.",
        ),
        "show": Verb(
            "show:show",
            "Show a saved plan, in any format.",
        ),
        "explain": Verb(
            "explain:explain",
            "Show every desired field of a cluster and the line of the fleet file that sets it.",
        ),
        "validate": Verb(
            "validate:validate", "Check a fleet file offline; with --addon-version, also check its values."
        ),
        "emit": Verb(
            "advice.emit:emit", "Print the add-on of one cluster in the form of the tool that manages it."
        ),
        "adopt": Verb(
            "adopt:adopt",
            "Turn a self-managed CoreDNS into the managed add-on and keep its Corefile, or undo that.",
        ),
        "upgrade-check": Verb(
            "upgrade_check:upgrade_check",
            "Check whether every cluster's CoreDNS would survive another version of the add-on or of "
            "Kubernetes.",
        ),
    },
    "Runs": {
        "history": Verb(
            "runs.history:history",
            "List recorded runs, show one in full, or list the EKS updates of a cluster.",
        ),
        "resume": Verb(
            "runs.resume:resume",
            "Resume a run that was paused, interrupted or killed.",
        ),
        "approve": Verb(
            "runs.approve:approve",
            "Approve a waiting wave; `eksdns resume` then starts it.",
        ),
        "skip": Verb(
            "runs.skip:skip",
            "Skip a cluster in a paused run.",
        ),
        "retry": Verb(
            "runs.retry:retry",
            "Retry clusters of a run that failed or whose result is unknown.",
        ),
        "abort": Verb(
            "runs.abort:abort", "End a paused run. Its changes stay; `eksdns rollback` rolls them back."
        ),
        "rollback": Verb(
            "runs.rollback:rollback",
            "Roll back the changes of a run, last wave first; skips clusters changed since.",
        ),
        "unlock": Verb(
            "runs.unlock:unlock",
            "Release the lock of a run whose process is gone.",
        ),
    },
    "Corefile and DNS": {
        "corefile": Verb(
            "corefile.group:corefile", "Show, edit, lint and compare Corefiles the way CoreDNS reads them."
        ),
        "timeline": Verb(
            "timeline:timeline",
            "Draw the shutdown of a CoreDNS pod: each phase, what SIGKILL cuts off, and what would fit.",
        ),
        "probe": Verb(
            "probe:probe",
            "Query a DNS server at a steady rate; report loss, outages and answer times, and pass or fail.",
        ),
        "probe-agent": Verb(
            "probe_agent:probe_agent",
            "Query several DNS servers and print one JSON line per second; runs in the pods of a probe.",
        ),
        "prove": Verb(
            "prove:prove",
            "Restart CoreDNS in one cluster and measure, inside the cluster, whether lookups are lost.",
        ),
    },
    "GitHub and CI": {
        "github": Verb(
            "github.group:github",
            "Commands for GitHub Actions workflows: outputs, summaries, comments and issues.",
        ),
        "matrix": Verb(
            "matrix:matrix",
            "Print a GitHub Actions matrix with one job for each shard, for use with --shard.",
        ),
        "report": Verb(
            "report:report",
            "Work with JSON reports.",
        ),
    },
    "Offline": {
        "help": Verb(
            "support.help:help_",
            "Show a page of the documentation, offline; without a topic, list them.",
        ),
        "schema": Verb(
            "schema:schema",
            "Print the JSON Schema of an add-on version, the fleet file or an output document.",
        ),
        "simulate": Verb(
            "simulate:simulate",
            "Serve the EKS simulator over HTTP until Ctrl-C; set AWS_ENDPOINT_URL to the printed address.",
        ),
        "bug-report": Verb(
            "support.bug_report:bug_report",
            "Print versions, settings, the fleet file's outline and the last run's summary, without names.",
        ),
        "completion": Verb(
            "support.completion:completion",
            "Print the completion script of a shell; completion makes no AWS call.",
        ),
    },
}
"""Panels of `eksdns --help`, in order."""


def verbs() -> Iterator[tuple[str, str, Verb]]:
    """Yield panel, name and verb, in the order of the help."""
    for panel, each in GROUPS.items():
        for name, verb in each.items():
            yield panel, name, verb
