"""Adds to the help of a command what Typer does not know: examples, metavars and panels."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from eksaddon.cli.help.examples import EXAMPLES
from eksaddon.cli.support.completing import complete
from eksaddon.cli.support.debug_options import debug_options

RARE = "Rarely used"
RARE_OPTIONS = frozenset(
    {
        *("--not-account", "--ou", "--accounts-file", "--role", "--concurrency"),
        *("--readiness-period", "--readiness-failures", "--readiness-timeout"),
        *("--resolve-conflicts", "--corefile-base", "--corefile-set", "--no-live"),
        *("--allow-unverified-workload", "--allow-weaken", "--allow-downgrade", "--force-conflicts"),
        *("--update-timeout", "--read-timeout", "--busy-timeout", "--settle-timeout"),
        *("--consistency-timeout", "--max-wait", "--events", "--dns-name", "--dns-server"),
        *("--confirm-count", "--digest", "--head", "--debug", "--debug-file"),
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
    "--max-concurrency": "N",
    "--failure-tolerance": "N",
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
    "--shown": "DIGEST",
    "--needs": "JSON",
    "--limit": "N",
    "--before": "FILE",
    "--folder": "FOLDER",
    "--plan": "FILE",
    "--plans": "FOLDER",
    "--save": "FILE",
    "--run": "RUN",
    "--shard": "I/N",
    "--notify-command": "COMMAND",
    "--notify-url": "URL",
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
    "--speed": "N",
    "--cores": "N",
    "--scale-to": "N",
    "--confirm-name": "NAME",
    "--reviewed": "FILE",
    "--artifact": "NAME",
    "--on-plan-change": "WHAT",
    "--audience": "AUDIENCE",
    "--accept-failures": "TEXT",
}
"""What a value of an option is; other options take what their type says."""

VARIABLES = "Options have environment variables, such as EKSDNS_LAMEDUCK for --lameduck."


def dress(command: Any, words: str) -> None:  # noqa: ANN401  # Typer's command, which has no public type
    """Add examples, metavars and panels to the help of a command, and to each command of a group.

    Args:
        words: Its names on the command line, without `eksdns`.
    """
    command.params.extend(debug_options())
    if (inner := getattr(command, "commands", None)) is not None:
        for name, each in inner.items():
            dress(each, f"{words} {name}")
        return
    if examples := EXAMPLES.get(words):
        command.epilog = "\n".join(("Examples:", *(f"  {one}" for one in examples), "", VARIABLES))
    for option in command.params:
        _dress_option(option)
        complete(option)
    command.params.sort(key=lambda option: option.opts[0] in RARE_OPTIONS)


def _dress_option(option: Any) -> None:  # noqa: ANN401  # as above
    name = option.opts[0]
    if not name.startswith("--"):
        option.metavar = option.metavar or name.upper()
        return
    if option.envvar == f"EKSDNS_{name[2:].replace('-', '_').upper()}":
        option.show_envvar = False
    if not option.is_flag and name in METAVARS:
        option.metavar = METAVARS[name]
        if values := _values(option):
            option.help = f"{option.help or ''} One of: {', '.join(values)}.".strip()
    if name in RARE_OPTIONS:
        option.rich_help_panel = RARE


def _values(option: Any) -> tuple[str, ...]:  # noqa: ANN401  # as above
    """What an option with fixed values takes; empty for others."""
    kind = option.type_descriptor.annotation
    return tuple(each.value for each in kind) if isinstance(kind, type) and issubclass(kind, Enum) else ()
