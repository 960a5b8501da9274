"""The program: its own options, and its commands."""

from functools import cache
from typing import Annotated, Any

import typer

from eksaddon import __version__
from eksaddon.cli import messages
from eksaddon.cli.help.commands import Program
from eksaddon.cli.help.layout import WIDTH
from eksaddon.cli.support.debug_options import debug_options

app = typer.Typer(
    name="eksdns",
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDTH},
    help="Keep cluster DNS alive while CoreDNS pods come and go, on every EKS cluster you own.",
)


def _version(wanted: bool) -> None:  # noqa: FBT001  # Typer's callback
    if wanted:
        messages.line(f"eksdns {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[  # eager, handled by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@cache
def program() -> Any:  # noqa: ANN401  # Typer's command, which has no public type
    """The command that `eksdns` runs; a command below it is imported when it is looked up.

    Built once: a call does not change it.
    """
    root: Any = typer.main.get_command(app)
    root.params.extend(debug_options())
    return root
