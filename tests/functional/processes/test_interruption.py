"""Ctrl-C finishes what was started and says what is left."""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from eksaddon.sim.http.server import running
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from eksaddon.store.local import LocalStore
from tests.support.child import WATCHDOG, read_until
from tests.support.network.clusters import Clusters
from tests.support.paths import ROOT
from tests.support.simulation import scenario_of

OPTIONS = ("--all", "--lameduck", "20s", "--yes", "--max-concurrency", "1", "-o", "json")
SCENARIO = """
version: 1
pace: {update: [2, 2]}
accounts: [{id: "123456789012"}]
clusters: [{name: "app-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_started_updates_are_followed_to_their_end(number, code, tmp_path):
    clusters = Clusters()
    world = world_of(scenario_of(SCENARIO), endpoint_of=clusters)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EKSDNS_"))}
    with running(world.handle) as address:
        clusters.url = address.url
        keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"}
        script = "from eksaddon.cli.main import entry; entry()"
        process = subprocess.Popen(
            [sys.executable, "-c", script, "apply", *OPTIONS],
            cwd=ROOT,
            env={**clean, **keys, "AWS_ENDPOINT_URL": address.url, "XDG_STATE_HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        read_until(process, ": updating")
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == code
    document = json.loads(out)
    assert document["summary"]["changed"] == 1
    assert document["summary"]["skipped"] == 2
    assert {one["reason"] for one in document["clusters"] if one["outcome"] == "skipped"} == {
        "not started: interrupted"
    }
    assert world.calls.counts["UpdateAddon"] == 1


@contextmanager
def on_a_terminal(scenario, tmp_path) -> Iterator[tuple[subprocess.Popen[bytes], int, World]]:
    """`apply` with a terminal for its messages, and the terminal's other end."""
    clusters = Clusters()
    world = world_of(scenario_of(scenario), endpoint_of=clusters)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "EKSDNS_"))}
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 90, 0, 0))
    with running(world.handle) as address:
        clusters.url = address.url
        keys = {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"}
        process = subprocess.Popen(
            [sys.executable, "-c", "from eksaddon.cli.main import entry; entry()", "apply", *OPTIONS],
            cwd=ROOT,
            env={
                **clean,
                **keys,
                "AWS_ENDPOINT_URL": address.url,
                "XDG_STATE_HOME": str(tmp_path),
                "TERM": "xterm",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=theirs,
        )
        os.close(theirs)
        try:
            yield process, ours, world
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def read_terminal(terminal: int, words: bytes) -> bytes:
    """What is on the terminal up to there, or all of it; at most `WATCHDOG` seconds of silence."""
    seen = b""
    while words not in seen and select.select([terminal], [], [], WATCHDOG)[0]:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # Linux says that the other end is closed
            break
    return seen


def test_a_second_ctrl_c_leaves_at_once_a_readable_terminal_and_a_way_to_continue(tmp_path):
    with on_a_terminal(SCENARIO.replace("[2, 2]", "[60, 60]"), tmp_path) as (process, terminal, world):
        assert b"0 of 3 finished" in read_terminal(terminal, b"0 of 3 finished")
        read_terminal(terminal, b"updating")
        process.send_signal(signal.SIGINT)
        assert b"exit now" in read_terminal(terminal, b"exit now")
        process.send_signal(signal.SIGINT)
        rest = read_terminal(terminal, b"\0")
        assert process.wait(timeout=30) == 130
    (journal,) = tmp_path.rglob("*.jsonl")
    assert f"eksdns resume {journal.stem}" in rest.decode()
    assert b"\x1b[?25h" in rest, "the cursor is back"
    assert len(LocalStore(journal.parents[1]).open(journal.stem).read()) >= 2
    assert world.calls.counts["UpdateAddon"] == 1
