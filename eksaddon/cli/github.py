"""eksdns github"""

import typer

from eksaddon.cli.github_comment import comment
from eksaddon.cli.github_doctor import doctor
from eksaddon.cli.github_gather import gather
from eksaddon.cli.github_issue import issue
from eksaddon.cli.github_run import run
from eksaddon.cli.github_shards import shards
from eksaddon.cli.github_validate import validate
from eksaddon.cli.github_wave import wave
from eksaddon.cli.github_waves import waves

github = typer.Typer(
    no_args_is_help=True,
    help="What workflows of GitHub Actions need: results as outputs, summaries, comments and issues.",
)
github.command()(run)
github.command()(validate)
github.command()(shards)
github.command()(gather)
github.command()(waves)
github.command()(wave)
github.command()(comment)
github.command()(issue)
github.command()(doctor)
