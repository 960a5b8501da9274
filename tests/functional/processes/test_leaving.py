"""A second signal, and Ctrl-C outside a run: nothing more is sent, and the process is gone."""

import json
import queue
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from eksaddon.sim.http.messages import Delivery, Handler, Request, Silent
from tests.support.child import environment, finish, read_until, simulated, start

pytestmark = pytest.mark.slow

SCENARIO = """
version: 1
pace: {update: [60, 60]}
accounts: [{id: "123456789012"}]
clusters: [{name: "app-{n}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51}]
"""
HANG = "faults: [{kind: hang, match: {operation: %s}%s}]\n"
APPLY = ("apply", "--all", "--lameduck", "20s", "--yes", "--max-concurrency", "1", "-o", "json")
SEEN_WITHIN = 60


class Watched:
    """Tells the operations that a server was asked for, as they come."""

    def __init__(self) -> None:
        self.asked: queue.Queue[str] = queue.Queue()
        self.count = 0

    def around(self, handler: Handler) -> Handler:
        def handle(request: Request) -> Delivery:
            self.count += 1
            self.asked.put(f"{request.method} {request.target.partition('?')[0]}")
            return handler(request)

        return handle

    def wait_for(self, holds: Callable[[str], bool]) -> None:
        while not holds(self.asked.get(timeout=SEEN_WITHIN)):
            pass


def is_update(asked: str) -> bool:
    return asked.startswith("POST") and asked.endswith("/update")


def is_read(asked: str) -> bool:
    return asked.startswith("GET") and asked.endswith("/addons/coredns")


def held(folder: Path) -> list[object]:
    (lock,) = folder.rglob("lock.json")
    document = json.loads(lock.read_text())
    found: list[object] = document["held"]
    return found


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
def test_a_second_signal_leaves_at_once_while_an_update_hangs(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    """The SDK would wait 20 seconds for the answer and send the update again, up to eight times."""
    watched = Watched()
    with simulated(SCENARIO + HANG % ("UpdateAddon", ""), watched.around) as (_, url):
        child = start(*APPLY, env=environment(tmp_path, url))
        watched.wait_for(is_update)
        child.send_signal(number)
        err = read_until(child, "no new updates start")
        child.send_signal(number)
        ended, _, rest = finish(child)
        before = watched.count
        assert (ended, "was interrupted" in rest) == (code, True), err + rest
        assert "eksdns resume" in rest
        assert held(tmp_path) == []
        assert drained(watched).count("UpdateAddon") == 0
        assert watched.count == before, "nothing was sent after the lock was released"


def hanging_patches(asked: "queue.Queue[str]") -> Callable[[Handler], Handler]:
    """Never answer a PATCH that is not a dry run."""

    def around(handler: Handler) -> Handler:
        def handle(request: Request) -> Delivery:
            if request.method != "PATCH" or "dryRun" in request.target:
                return handler(request)
            asked.put(request.target)
            return Delivery(Silent())

        return handle

    return around


def test_a_second_signal_shuts_the_connections_to_kubernetes_too(tmp_path: Path) -> None:
    """Its client would wait for the answer, and the lock would be kept until then."""
    asked: queue.Queue[str] = queue.Queue()
    with simulated(SCENARIO, hanging_patches(asked)) as (_, url):
        child = start(*APPLY, "--grace", "45s", env=environment(tmp_path, url))
        asked.get(timeout=SEEN_WITHIN)
        child.send_signal(signal.SIGINT)
        err = read_until(child, "no new updates start")
        child.send_signal(signal.SIGINT)
        code, _, rest = finish(child)
        assert (code, "was interrupted" in rest) == (130, True), err + rest
        assert held(tmp_path) == [], (
            "the connection is shut, so that nothing can be sent and the lock is free"
        )
        assert asked.empty()


def drained(watched: Watched) -> list[str]:
    """What was asked since, in words of operations."""
    found = []
    while not watched.asked.empty():
        asked = watched.asked.get()
        found.append("UpdateAddon" if is_update(asked) else asked)
    return found


def test_a_request_that_has_not_begun_is_never_sent(tmp_path: Path) -> None:
    """The target is read again before it is written; while that hangs, two signals come."""
    watched = Watched()
    plan, guard = 3, 1
    fault = HANG % ("DescribeAddon", f", nth: {list(range(plan + guard, 40))}")
    with simulated(SCENARIO + fault, watched.around) as (world, url):
        child = start(*APPLY, env=environment(tmp_path, url))
        for _ in range(plan + guard):
            watched.wait_for(is_read)
        child.send_signal(signal.SIGINT)
        read_until(child, "no new updates start")
        child.send_signal(signal.SIGINT)
        code, _, _ = finish(child)
        assert code == 130
        assert held(tmp_path) == []
        assert world.calls.counts.get("UpdateAddon", 0) == 0
        assert world.calls.counts["DescribeAddon"] == plan + guard, "nor was the read sent again"


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 143)]
)
@pytest.mark.parametrize("operation", ["GetCallerIdentity", "ListClusters", "DescribeAddon"])
def test_one_signal_ends_a_plan_over_a_server_that_hangs(
    operation: str, number: signal.Signals, code: int, tmp_path: Path
) -> None:
    watched = Watched()
    with simulated(SCENARIO + HANG % (operation, ""), watched.around) as (world, url):
        child = start("plan", "--all", "--lameduck", "20s", env=environment(tmp_path, url))
        while world.calls.counts.get(operation, 0) == 0:
            watched.asked.get(timeout=SEEN_WITHIN)
        child.send_signal(number)
        ended, _, err = finish(child)
    assert ended == code
    assert "interrupted" in err
    assert "Traceback" not in err
    assert world.calls.counts[operation] <= 3, "each of them was asked once"


def test_a_hangup_that_nohup_ignores_ends_nothing(tmp_path: Path) -> None:
    watched = Watched()
    with simulated(SCENARIO.replace("[60, 60]", "[0, 0]"), watched.around) as (world, url):

        def ignore() -> None:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

        child = start(*APPLY, env=environment(tmp_path, url), preexec_fn=ignore)
        watched.wait_for(is_update)
        child.send_signal(signal.SIGHUP)
        code, out, _ = finish(child)
    assert code == 0
    assert json.loads(out)["summary"]["changed"] == 3
    assert world.calls.counts["UpdateAddon"] == 3
