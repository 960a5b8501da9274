"""How a replayed job runs the script of a step: as a process, or in this process on simulated time."""

import contextlib
import gc
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from unittest import mock

from eksaddon.cli.main import run
from tests.support.paths import ROOT

STEP_SECONDS = 120
_EKSDNS = re.compile(r"(.*\n)?exec eksdns ([^\n;|&$`]*)\s*", re.DOTALL)

_SHIM = f"""\
#!{sys.executable}
import sys

sys.path.insert(0, {str(ROOT)!r})
from eksaddon.start import entry
from tests.support.timing.hurry import hurried

with hurried():
    entry()
"""


@dataclass(frozen=True)
class Script:
    """A `run` step, ready to run.

    Attributes:
        job: Full name of the job.
    """

    job: str
    text: str
    work: Path
    environ: Mapping[str, str]


@dataclass(frozen=True)
class Result:
    code: int
    log: str
    was_cut: bool = False


class Program(Protocol):
    def __call__(self, script: Script) -> Result: ...


@dataclass
class InProcess:
    """Steps that end with a command of eksdns run here, what is before it in bash; others are an error.

    Attributes:
        before: Called with the name of the job before each command.
        commands: The command lines, by job, in order.
    """

    before: Callable[[str], None] = lambda _: None
    commands: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __call__(self, script: Script) -> Result:
        match = _EKSDNS.fullmatch(script.text)
        assert match, f"{script.job}: does not end with a command of eksdns: {script.text}"
        environ = _after(match[1], script) if match[1] else script.environ
        words = shlex.split(match[2], comments=True)
        self.commands.append((script.job, tuple(words)))
        self.before(script.job)
        screen = io.StringIO()
        gc.collect()  # a process that ends lets go of its journal at once
        with contextlib.ExitStack() as stack:
            stack.enter_context(mock.patch.dict(os.environ, environ, clear=True))
            stack.enter_context(contextlib.chdir(script.work))
            stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO()))
            stack.enter_context(contextlib.redirect_stdout(screen))
            stack.enter_context(contextlib.redirect_stderr(screen))
            code = run(words)
        return Result(code, screen.getvalue())


@dataclass
class Processes:
    """Bash and the real program for jobs that are cut, whose waits are shortened; other jobs run here.

    Attributes:
        cuts: Ends the step of a job early, by the name of the job, as a lost or cancelled job would.
    """

    folder: Path
    cuts: dict[str, Callable[["subprocess.Popen[str]"], None]] = field(default_factory=dict)
    others: InProcess = field(default_factory=InProcess)

    def __call__(self, script: Script) -> Result:
        cut = self.cuts.pop(script.job, None)
        return self.others(script) if cut is None else self._process(script, cut)

    def _process(self, script: Script, cut: Callable[["subprocess.Popen[str]"], None]) -> Result:
        shim = self.folder / "bin" / "eksdns"
        shim.parent.mkdir(parents=True, exist_ok=True)
        shim.write_text(_SHIM)
        shim.chmod(0o755)
        process = subprocess.Popen(
            ["bash", "-e", "-c", script.text],
            cwd=script.work,
            env={**script.environ, "PATH": f"{shim.parent}:{script.environ['PATH']}"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        cut(process)
        out, _ = process.communicate(timeout=STEP_SECONDS)
        return Result(process.returncode, out, was_cut=True)


def _after(lines: str, script: Script) -> Mapping[str, str]:
    """The environment after lines of bash."""
    done = subprocess.run(
        ["bash", "-e", "-c", f"{lines}\nenv -0"],
        cwd=script.work,
        env=script.environ,
        text=True,
        capture_output=True,
        check=True,
    )
    return dict(entry.split("=", 1) for entry in done.stdout.split("\0") if entry)
