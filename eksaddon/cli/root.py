"""Registers all commands."""

from typing import Annotated

import typer

from eksaddon import __version__
from eksaddon.cli import messages
from eksaddon.cli.commands.adopt import adopt
from eksaddon.cli.commands.advice.audit import audit
from eksaddon.cli.commands.advice.emit import emit
from eksaddon.cli.commands.advice.recommend import recommend
from eksaddon.cli.commands.apply import apply
from eksaddon.cli.commands.completion import completion
from eksaddon.cli.commands.corefile import corefile
from eksaddon.cli.commands.corefile_try import try_
from eksaddon.cli.commands.demo import demo
from eksaddon.cli.commands.doctor import doctor
from eksaddon.cli.commands.drift import drift
from eksaddon.cli.commands.explain import explain
from eksaddon.cli.commands.github.group import github
from eksaddon.cli.commands.init import init
from eksaddon.cli.commands.matrix import matrix
from eksaddon.cli.commands.plan import plan
from eksaddon.cli.commands.probe import probe
from eksaddon.cli.commands.probe_agent import probe_agent
from eksaddon.cli.commands.prove import prove
from eksaddon.cli.commands.report import report
from eksaddon.cli.commands.runs.abort import abort
from eksaddon.cli.commands.runs.approve import approve
from eksaddon.cli.commands.runs.history import history
from eksaddon.cli.commands.runs.resume import resume
from eksaddon.cli.commands.runs.retry import retry
from eksaddon.cli.commands.runs.rollback import rollback
from eksaddon.cli.commands.runs.skip import skip
from eksaddon.cli.commands.runs.unlock import unlock
from eksaddon.cli.commands.schema import schema
from eksaddon.cli.commands.show import show
from eksaddon.cli.commands.simulate import simulate
from eksaddon.cli.commands.status import status
from eksaddon.cli.commands.timeline import timeline
from eksaddon.cli.commands.upgrade_check import upgrade_check
from eksaddon.cli.commands.validate import validate

app = typer.Typer(
    name="eksdns",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
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


app.command()(audit)
app.command()(plan)
app.command()(show)
app.command()(apply)
app.command()(resume)
app.command()(approve)
app.command()(skip)
app.command()(retry)
app.command()(abort)
app.command()(rollback)
app.command()(unlock)
app.command()(history)
app.command()(adopt)
app.command()(drift)
app.command()(status)
app.command("upgrade-check")(upgrade_check)
app.command()(validate)
app.command()(init)
app.command()(explain)
app.command()(recommend)
app.command()(emit)
app.command()(schema)
app.command()(completion)
corefile.command("try")(try_)
app.add_typer(corefile, name="corefile")
app.command()(matrix)
app.add_typer(report, name="report")
app.command()(timeline)
app.command()(probe)
app.command("probe-agent")(probe_agent)
app.command()(prove)
app.command()(doctor)
app.add_typer(github, name="github")
app.command()(demo)
app.command()(simulate)
