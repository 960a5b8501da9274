"""eksdns github"""

import typer

from eksaddon.cli.commands.github.cancel import cancel
from eksaddon.cli.commands.github.comment import comment
from eksaddon.cli.commands.github.compare import compare
from eksaddon.cli.commands.github.doctor import doctor
from eksaddon.cli.commands.github.due import due
from eksaddon.cli.commands.github.gate import gate
from eksaddon.cli.commands.github.gather import gather
from eksaddon.cli.commands.github.issue import issue
from eksaddon.cli.commands.github.operate import operate
from eksaddon.cli.commands.github.outcome import outcome
from eksaddon.cli.commands.github.reviewed import reviewed
from eksaddon.cli.commands.github.run import run
from eksaddon.cli.commands.github.shards import shards
from eksaddon.cli.commands.github.validate import validate
from eksaddon.cli.commands.github.wave import wave
from eksaddon.cli.commands.github.waves import waves

github = typer.Typer(
    no_args_is_help=True,
    help="Commands for GitHub Actions workflows: outputs, summaries, comments and issues.",
)
github.command()(run)
github.command()(validate)
github.command()(shards)
github.command()(gather)
github.command()(reviewed)
github.command()(compare)
github.command()(waves)
github.command()(gate)
github.command()(wave)
github.command()(due)
github.command()(operate)
github.command()(cancel)
github.command()(outcome)
github.command()(comment)
github.command()(issue)
github.command()(doctor)
