"""Builds the program from its commands, with their help: groups, examples, metavars and panels."""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import typer

from eksaddon.cli.help.examples import EXAMPLES
from eksaddon.cli.root import app

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Start here": ("demo", "audit", "recommend", "init", "status", "doctor"),
    "Change": ("plan", "apply", "drift", "show", "explain", "validate", "emit", "adopt", "upgrade-check"),
    "Runs": ("history", "resume", "approve", "skip", "retry", "abort", "rollback", "unlock"),
    "Corefile and DNS": ("corefile", "timeline", "probe", "probe-agent", "prove"),
    "GitHub and CI": ("github", "matrix", "report"),
    "Offline": ("schema", "simulate", "completion"),
}
"""Panels of `eksdns --help`, in order; a command without a panel stands in the last one."""

OTHER = "Other"
RARE = "Rarely used"
RARE_OPTIONS = frozenset(
    {
        *("--not-account", "--ou", "--accounts-file", "--role", "--concurrency"),
        *("--readiness-period", "--readiness-failures", "--readiness-timeout"),
        *("--resolve-conflicts", "--corefile-base", "--corefile-set", "--no-live"),
        *("--allow-unverified-workload", "--allow-weaken", "--allow-downgrade", "--force-conflicts"),
        *("--update-timeout", "--read-timeout", "--busy-timeout", "--settle-timeout"),
        *("--consistency-timeout", "--max-wait", "--events", "--dns-name", "--dns-server"),
        *("--confirm-count", "--digest", "--head"),
    }
)
METAVARS: Mapping[str, str] = {
    "--cluster": "NAME",
    "--region": "REGION",
    "--account": "ACCOUNT",
    "--not-account": "ACCOUNT",
    "--label": "KEY=VALUE",
    "--ou": "PATH",
    "--profile": "NAME",
    "--accounts-file": "FILE",
    "--config": "FILE",
    "--role": "ROLE",
    "--concurrency": "N",
    "--addon-version": "VERSION",
    "--lameduck": "DURATION",
    "--grace": "SECONDS",
    "--pre-stop": "SECONDS",
    "--propagation": "DURATION",
    "--replicas": "N",
    "--pdb-max-unavailable": "N|%",
    "--readiness-period": "SECONDS",
    "--readiness-failures": "N",
    "--readiness-timeout": "SECONDS",
    "--resolve-conflicts": "HOW",
    "--corefile-base": "WHICH",
    "--corefile-set": "PATH=VALUE",
    "--report": "FORMAT=FILE",
    "--output": "FORMAT",
    "--out": "FILE",
    "--state": "PLACE",
    "--digest": "DIGEST",
    "--wave": "WAVE",
    "--until-wave": "WAVE",
    "--events": "FILE",
    "--dns-name": "NAME",
    "--max-concurrency": "N|%",
    "--failure-tolerance": "N|%",
    "--print": "WHAT",
    "--output-kind": "KIND",
    "--goal": "GOAL",
    "--fail-on": "LEVEL",
    "--hub-role": "ARN",
    "--hub-account": "ID",
    "--repository": "OWNER/NAME",
    "--block": "BLOCK",
    "--query": "NAME",
    "--to": "VERSION",
    "--from": "VERSION",
    "--type": "TYPE",
    "--transport": "HOW",
    "--ports": "HOW",
    "--image": "IMAGE",
    "--namespace": "NAME",
    "--svg": "FILE",
    "--coredns": "FILE",
    "--reason": "TEXT",
    "--by": "NAME",
    "--key": "KEY",
    "--when-closed": "HOW",
    "--author": "LOGIN",
    "--host": "ADDRESS",
    "--port": "PORT",
    "--shards": "N",
    "--env": "NAME=VALUE",
    "--workflows-commit": "COMMIT",
    "--home-region": "REGION",
    "--branch": "BRANCH",
    "--cron": "CRON",
    "--dns-server": "SERVER",
    "--busy-timeout": "DURATION",
    "--consistency-timeout": "DURATION",
    "--read-timeout": "DURATION",
    "--settle-timeout": "DURATION",
    "--update-timeout": "DURATION",
    "--max-wait": "DURATION",
    "--command": "COMMAND",
    "--environment": "NAME",
    "--name": "NAME",
    "--head": "HEAD",
    "--before": "FILE",
    "--folder": "FOLDER",
    "--plan": "FILE",
    "--plans": "FOLDER",
    "--save": "FILE",
    "--run": "RUN",
    "--shard": "N/M",
    "--allow": "CODE",
    "--allow-import": "FOLDER",
    "--pull-request": "N",
    "--parts": "N",
    "--max-lost": "N",
    "--nodes": "N",
    "--rate": "N",
    "--tries": "N",
    "--seconds": "SECONDS",
    "--timeout": "SECONDS",
    "--confirm-count": "N",
    "--approvals": "JSON",
    "--workflow-run": "IDS",
    "--operation": "VERB",
}
"""What a value of an option is; other options take what their type says."""

VARIABLES = "Each option has a variable: EKSDNS_LAMEDUCK for --lameduck."


def program() -> Any:  # noqa: ANN401  # Typer's command, which has no public type
    """The command that `eksdns` runs."""
    root = typer.main.get_command(app)
    panels = {name: panel for panel, names in GROUPS.items() for name in names}
    commands = getattr(root, "commands", {})
    order = [name for names in GROUPS.values() for name in names if name in commands]
    for name in (*order, *(name for name in list(commands) if name not in panels)):
        commands[name] = commands.pop(name)
        commands[name].rich_help_panel = panels.get(name, OTHER)
    for words, command in _leaves(root, ""):
        _dress(words, command)
    return root


def _leaves(command: Any, words: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # as above
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
        return
    for name, each in inner.items():
        yield from _leaves(each, f"{words} {name}".strip())


def _dress(words: str, command: Any) -> None:  # noqa: ANN401  # as above
    if examples := EXAMPLES.get(words):
        command.epilog = "\n\n".join(("Examples:", *examples, VARIABLES))
    for option in command.params:
        name = option.opts[0]
        if not name.startswith("--"):
            option.metavar = option.metavar or name.upper()
            continue
        if option.envvar == f"EKSDNS_{name[2:].replace('-', '_').upper()}":
            option.show_envvar = False
        if option.is_flag:
            option.metavar = ""
        elif name in METAVARS:
            option.metavar = METAVARS[name]
            if values := _values(option):
                option.help = f"{option.help or ''} One of: {', '.join(values)}.".strip()
        if name in RARE_OPTIONS:
            option.rich_help_panel = RARE
    command.params.sort(key=lambda option: option.opts[0] in RARE_OPTIONS)


def _values(option: Any) -> tuple[str, ...]:  # noqa: ANN401  # as above
    """What an option with fixed values takes; empty for others."""
    kind = option.type_descriptor.annotation
    return tuple(each.value for each in kind) if isinstance(kind, type) and issubclass(kind, Enum) else ()
