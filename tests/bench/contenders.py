"""The programs that are compared, each a process of its own."""

import json
import shlex
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.setting import Files

OURS = "eksdns plan --no-live"

LIVE = "eksdns plan"

LEAN = "leanest boto3"

CLI_SUBSET = 20

_CLI_FOLDER = Path.home() / ".cache" / "eksdns-e2e" / "awscli"

_CLI_PROCESSES = 16

_PLANNED = frozenset({0, 3})
"""3: some clusters are blocked, as those with a version that has no PodDisruptionBudget."""

_CLI_LINE = (
    '--profile "$0" --region "$1" eks describe-addon --cluster-name "$2" --addon-name coredns '
    "--query addon.addonName --output text"
)


@dataclass(frozen=True, slots=True)
class Contender:
    """A program.

    Attributes:
        count: Reads from its output how many clusters it has read.
        limit: Of how many clusters it is given at most.
        codes: Exit codes of a run that read everything.
    """

    name: str
    command: list[str]
    count: Callable[[str], int]
    limit: int | None = None
    codes: frozenset[int] = frozenset({0})


def eksdns(files: Files) -> Contender:
    return Contender(OURS, [*_plan(files), "--no-live"], _planned, codes=_PLANNED)


def with_live_reads(files: Files) -> Contender:
    """Reads the Kubernetes API of every cluster with something to change, as `plan` does by default."""
    return Contender(LIVE, _plan(files), _planned, codes=_PLANNED)


def _plan(files: Files) -> list[str]:
    program = str(Path(sys.executable).with_name("eksdns"))
    return [program, "plan", "--config", str(files.fleet), "--all", "-o", "json"]


def _places(files: Files) -> list[str]:
    return [str(files.region_count), *files.accounts]


def lean(files: Files) -> Contender:
    return Contender(LEAN, [sys.executable, "-m", "tests.bench.lean", *_places(files)], int)


def bare(files: Files) -> Contender:
    return Contender("bare boto3", [sys.executable, "-m", "tests.bench.bare", *_places(files)], int)


def aws_cli(files: Files, program: Path) -> Contender:
    each = shlex.quote(f"exec {shlex.quote(str(program))} {_CLI_LINE}")
    line = f"head -{CLI_SUBSET} {shlex.quote(str(files.targets))} | xargs -P{_CLI_PROCESSES} -L1 sh -c {each}"
    return Contender("AWS CLI, xargs -P16", ["sh", "-c", line], lambda out: out.count("coredns"), CLI_SUBSET)


def find_cli() -> Path | None:
    """Install the AWS CLI where it is not yet; None, after saying so, where that fails."""
    program = _CLI_FOLDER / "bin" / "aws"
    if program.exists():
        return program
    try:
        venv.create(_CLI_FOLDER, with_pip=True)
        install = [str(_CLI_FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", "awscli"]
        subprocess.run(install, check=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"SKIPPED: the AWS CLI is not measured, as it cannot be installed: {error}\n")
        return None
    return program


def _planned(out: str) -> int:
    summary: dict[str, int] = json.loads(out)["summary"]
    return summary["targets"] - summary["unreachable"]
