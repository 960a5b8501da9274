"""The three-wave example from plan to rollback, typed into the real command line on simulated time.

`python -m tests.support.walkthrough` writes the session into docs/rollout.md.
"""

import contextlib
import gc
import io
import os
import random
import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from eksaddon.cli.main import run
from eksaddon.sim.inprocess.virtual_time import VirtualClock
from eksaddon.sim.kubernetes.dispatcher import in_process
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.paths import ROOT
from tests.support.simulation import scenario_of
from tests.support.timing.virtual_sessions import virtual_sessions

PAGE = ROOT / "docs" / "rollout.md"
BEGIN, END = "<!-- walkthrough: begin -->", "<!-- walkthrough: end -->"
RUN_ID, WHO, SOMEBODY = "20260101-090000-1f2e3d", re.compile(r"\S+@\S+ pid \d+"), "ana@laptop pid 4711"
ANY_RUN_ID = re.compile(r"\b\d{8}-\d{6}-[0-9a-f]{6}\b")
_HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
"""Stands for each: hashes change with everything that is hashed."""
NINE = 1_767_258_000.0
"""2026-01-01T09:00:00Z."""
_LEFT_OUT = re.compile(
    r"^    "  # what changes, once more
    r"|^[\w-]+/\S+: (writing|waiting|updating|verifying|changed|rolled back)\b"
    r"|.* check addon-health +pass"
    r"|.*Z  [\w-]+/\S+ +(writing|updating|workload plane done|changed)\b"
)
"""Lines that a reader has seen often enough."""


@dataclass(slots=True)
class Shell:
    """A command line whose AWS is simulated, and whose time passes only while a run waits."""

    world: World
    clock: VirtualClock
    _was_killed: bool = False

    def run(self, *args: str) -> int:
        """The exit code; what is printed goes where the streams go."""
        return run(args)

    def type(self, *args: str) -> tuple[int, str]:
        """The exit code, and what was on both streams."""
        if self._was_killed:
            gc.collect()  # a process that ends lets go of its journal at once
        screen = io.StringIO()
        self._was_killed = True
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(screen):
            code = run(args)
        self._was_killed = False
        return code, screen.getvalue()


@contextlib.contextmanager
def shell(config: Path, scenario: Path, *, width: int = 110) -> Iterator[Shell]:
    """In an empty folder with this fleet file, and nothing on record."""
    chosen, clock = scenario_of(scenario.read_text("utf-8")), VirtualClock(NINE)
    world = world_of(chosen, clock.now, endpoint_of=in_process)
    clean = {name: text for name, text in os.environ.items() if not name.startswith(("EKSDNS_", "GITHUB_"))}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shutil.copy(config, folder / "eksdns.yaml")
        settings = {"XDG_STATE_HOME": str(folder / "state"), "COLUMNS": str(width), "NO_COLOR": "1"}
        stack.enter_context(mock.patch.dict(os.environ, clean | settings, clear=True))
        stack.enter_context(contextlib.chdir(folder))
        stack.enter_context(virtual_sessions(world, clock, chosen.default_account))
        dice = SimpleNamespace(Random=partial(random.Random, 1))
        stack.enter_context(mock.patch("eksaddon.app.runs.execute.random", dice))
        stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO()))
        yield Shell(world, clock)


@dataclass(frozen=True, slots=True)
class Step:
    """One command with the prose before it.

    Attributes:
        hours: That pass before it is typed.
        shown: How often a line of a kind that is left out elsewhere is shown all the same.
        begins: What is above the line that begins so is left out.
    """

    prose: str
    command: str
    hours: float = 0.0
    shown: int = 0
    begins: str = ""


STEPS = (
    Step(
        "The plan shows the changes and the wave of each target. Nothing is written yet.",
        "plan --all --out plan.json",
        shown=100,
    ),
    Step(
        "One canary is updated and then watched for half an hour (the soak). Then staging starts. "
        "It tolerates one failure; the second one pauses the run.",
        "apply plan.json --yes",
        shown=16,
        begins="run ",
    ),
    Step("The next morning, an operator reviews what happened.", "history RUN", hours=23, shown=9),
    Step(
        "The freeze is over. The failed clusters are retried, and the rest of staging follows. "
        "`--max-wait` avoids occupying a runner for a soak of two hours.",
        "retry RUN --failed --max-wait 5m",
    ),
    Step("After the soak, production waits for an approval.", "resume RUN", hours=3),
    Step("", "approve RUN prod"),
    Step(
        "Production tolerates no failures. Therefore, `concurrencyMode: strict` updates one "
        "cluster at a time, although the fleet file allows five.",
        "resume RUN",
    ),
    Step("The run is recorded, with everything that a rollback needs.", "history", hours=1),
    Step(
        "A rollback restores every target that this run changed and that was not changed since, starting with"
        " production.",
        "rollback RUN --yes",
    ),
    Step("", "history"),
)


def session(steps: tuple[Step, ...] = STEPS) -> str:
    """All of it as Markdown."""
    config, scenario = (
        ROOT / "configs" / "three-waves.yaml",
        ROOT / "configs" / "scenarios" / "three-waves.yaml",
    )
    with shell(config, scenario) as here:
        return "\n".join(_told(step, here) for step in steps)


def _told(step: Step, here: Shell) -> str:
    here.clock.advance(step.hours * 3600)
    code, screen = here.type(*(_run_of(word) for word in step.command.split()))
    typed = step.command.replace("RUN", RUN_ID)
    shown = _shortened(_known(screen).rstrip("\n").splitlines(), step)
    prose = f"{textwrap.fill(step.prose, 120)}\n\n" if step.prose else ""
    return f"{prose}```console\n$ eksdns {typed}\n" + "\n".join(shown) + f"\n$ echo $?\n{code}\n```\n"


def _run_of(word: str) -> str:
    return run_on_record().stem if word == "RUN" else word


def run_on_record() -> Path:
    """The journal of the only run."""
    (path,) = Path(os.environ["XDG_STATE_HOME"]).rglob("runs/*.jsonl")
    return path


def _known(screen: str) -> str:
    """Ids and names that differ from one machine to the other are always the same here."""
    known = WHO.sub(SOMEBODY, ANY_RUN_ID.sub(RUN_ID, screen))
    known = re.sub(r"(?<= --head )[0-9a-f]{16}\b", _HASH[:16], known)
    return re.sub(r"(?<=, plan )[0-9a-f]{12}\b", _HASH[:12], re.sub(r"\b[0-9a-f]{64}\b", _HASH, known))


def _shortened(lines: list[str], step: Step) -> Iterator[str]:
    """Runs of lines that are left out become `[...]`."""
    seen, is_gap, is_before = 0, False, bool(step.begins)
    for line in lines:
        is_before = is_before and not line.startswith(step.begins)
        is_dull = _LEFT_OUT.match(line) is not None
        seen += is_dull and not is_before
        is_cut = is_before or (is_dull and seen > step.shown)
        if is_cut and not is_gap:
            yield "[...]"
        is_gap = is_cut
        if not is_cut:
            yield line


def in_page(page: str, text: str) -> str:
    """The page with this between its markers."""
    head, rest = page.split(BEGIN)
    return f"{head}{BEGIN}\n{text}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(in_page(PAGE.read_text(encoding="utf-8"), session()), encoding="utf-8")
