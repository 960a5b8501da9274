"""--debug and --debug-file, before or after the verb."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from eksaddon.app.local.tracing import current_tracing
from eksaddon.cli import messages


def _debug(context: typer.Context, wanted: bool) -> bool:  # noqa: FBT001  # Typer's callback
    tracing = current_tracing()
    if wanted and not context.resilient_parsing and not tracing.on_stderr:
        tracing.to_stderr(lambda line: messages.message(f"debug: {line}"))
    return wanted


def _debug_file(context: typer.Context, path: Path | None) -> Path | None:
    if path is not None and not context.resilient_parsing:
        current_tracing().to_file(path)
    return path


def _declare(
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            envvar="EKSDNS_DEBUG",
            callback=_debug,
            expose_value=False,
            metavar="",
            rich_help_panel="Rarely used",
            help="Show every request on stderr: endpoint, attempt, time, request ID.",
        ),
    ] = False,
    debug_file: Annotated[
        Path | None,
        typer.Option(
            "--debug-file",
            envvar="EKSDNS_DEBUG_FILE",
            callback=_debug_file,
            expose_value=False,
            metavar="FILE",
            rich_help_panel="Rarely used",
            help="Write the same lines to this file, which only its owner can read.",
        ),
    ] = None,
) -> None:
    """Declares the options for Typer, which builds them from a signature."""


@cache
def debug_options() -> tuple[Any, ...]:
    """Parameters of Typer for the root and for every verb."""
    declared = typer.Typer(add_completion=False)
    declared.command()(_declare)
    return tuple(typer.main.get_command(declared).params)
