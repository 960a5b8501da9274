"""The program as a child process, against a simulator in this one."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from eksaddon.sim.console import with_console
from eksaddon.sim.http.messages import Handler
from eksaddon.sim.http.server import running
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.support.network.clusters import Clusters
from tests.support.paths import ROOT
from tests.support.simulation import scenario_of

ENTRY = "from eksaddon.cli.main import entry; entry()"
WATCHDOG = 240
"""Seconds after which a child that should have ended long ago fails the test."""


def environment(folder: Path, url: str, **more: str) -> Mapping[str, str]:
    """Nothing of this machine's AWS settings; the state lies in the folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EKSDNS_"))}
    return {
        **clean,
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(folder / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(folder / "no-credentials"),
        "XDG_STATE_HOME": str(folder / "state"),
        "COLUMNS": "120",
        **more,
    }


def start(
    *args: str,
    env: Mapping[str, str],
    before: str = "",
    stdout: int | IO[str] = subprocess.PIPE,
    stderr: int | IO[str] = subprocess.PIPE,
    **options: object,
) -> "subprocess.Popen[str]":
    """Start the program.

    Args:
        before: Python statements that run first, as to plant a bug.
    """
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # options by name
        [sys.executable, "-c", f"{before}\n{ENTRY}", *args],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        **options,
    )


def finish(child: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """Exit code, stdout and stderr; a child that does not end is killed and fails the test."""
    try:
        out, err = child.communicate(timeout=WATCHDOG)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise
    return child.returncode, out or "", err or ""


def read_until(child: "subprocess.Popen[str]", words: str) -> str:
    """What the child has written to stderr up to the line with these words.

    Raises:
        AssertionError: The child ended without them; one that still runs after `WATCHDOG` seconds is
            killed, however much else it writes.
    """
    assert child.stderr is not None
    text = ""
    watchdog = threading.Timer(WATCHDOG, child.kill)
    watchdog.start()
    try:
        for line in child.stderr:
            text += line
            if words in line:
                return text
    finally:
        watchdog.cancel()
    raise AssertionError(f"{words!r} was not printed: {text}")


@contextmanager
def simulated(
    scenario: str, around: Callable[[Handler], Handler] = lambda handler: handler
) -> Iterator[tuple[World, str]]:
    """A world of this scenario, and its address.

    Args:
        around: Puts something between the server and the world, as to see every request.
    """
    clusters = Clusters()
    world = world_of(scenario_of(scenario), endpoint_of=clusters)
    with running(around(with_console(world))) as address:
        clusters.url = address.url
        yield world, address.url
