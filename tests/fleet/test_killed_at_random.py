"""Real processes killed at random moments, with faults: an oracle compares every claim with EKS's own record.

`EKSDNS_KILLS` sets how many processes are killed for each sequence of commands.
"""

import json
import os
import subprocess
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest

from eksaddon.sim.http.messages import Delivery, Handler, Lost, Request
from eksaddon.sim.world import World
from tests.support.child import environment, finish, simulated, start

KILLS = int(os.environ.get("EKSDNS_KILLS", "6"))
CLUSTERS = 10
SCENARIO = f"""
version: 1
pace: {{update: [0, 0.2]}}
clockOffset: -180
accounts: [{{id: "123456789012"}}]
documents: {{plain: '{{"replicaCount": 2}}'}}
clusters:
  - {{name: "app-{{n}}", count: {CLUSTERS}, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}}
faults:
  - {{kind: reset-after, match: {{operation: UpdateAddon}}, probability: 0.15}}
  - {{kind: server-error, match: {{operation: DescribeUpdate}}, probability: 0.1}}
  - {{kind: truncated, match: {{operation: DescribeAddon}}, probability: 0.05}}
"""
OPTIONS = ("--max-concurrency", "3", "--consistency-timeout", "5s", "-q", "-o", "json")
"""With the usual consistency timeout, each kill of a request takes a minute."""
MOST_CALLS = 4 * CLUSTERS
REFUSED = 5


class Killer:
    """Kills a process at its n-th request: before it is carried out, or with the answer on its way."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._lock = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._left = 0
        self._is_after = False

    def aim(self, child: "subprocess.Popen[str]") -> None:
        with self._lock:
            self._child, self._left = child, self._dice.randint(1, MOST_CALLS)
            self._is_after = self._dice.random() < 0.5

    def around(self, handler: Handler) -> Handler:
        def handle(request: Request) -> Delivery:
            with self._lock:
                self._left -= 1
                victim = self._child if self._left == 0 else None
            if victim is None:
                return handler(request)
            if self._is_after:
                handler(request)
            victim.kill()
            return Delivery(Lost())

        return handle


def run_of(folder: Path) -> str:
    """The id of the only run; empty where none was opened."""
    found = [path.stem for path in folder.rglob("runs/*.jsonl") if path.stat().st_size]
    assert len(found) <= 1
    return found[0] if found else ""


def until_it_ends(verb: tuple[str, ...], killer: Killer, env: Mapping[str, str], folder: Path) -> str:
    """Ask, be killed, resume, be killed again, and at last go to the end; what was printed then."""
    following = verb
    for _ in range(KILLS):
        child = start(*following, *OPTIONS, env=env)
        killer.aim(child)
        code, out, err = finish(child)
        if code >= 0:
            break
        run = run_of(folder)
        following = ("resume", run) if run else verb
    else:
        code, out, err = finish(start(*following, *OPTIONS, env=env))
    if code == REFUSED and verb[0] == "rollback":  # killed before its first record
        code, out, err = finish(start(*verb, *OPTIONS, env=env))
    if code == REFUSED:  # killed behind its last one
        code, out, err = finish(start("history", run_of(folder), "-o", "json", env=env))
    assert code == 0, err
    return out


def successes(world: World, value: int) -> Counter[str]:
    """Successful updates that set so many replicas, by cluster."""
    found: Counter[str] = Counter()
    for cluster in world.clusters():
        addon = world.addon(cluster.ref)
        assert addon is not None
        found[cluster.ref.name] += sum(
            update.status == "Successful"
            and json.loads(dict(update.params)["ConfigurationValues"])["replicaCount"] == value
            for update in addon.updates
        )
    return found


def check_claims(world: World, out: str, word: str) -> None:
    """Nothing is claimed that the server's own record does not show."""
    document = json.loads(out)
    if document["kind"] != "run":
        return
    assert document["summary"]["targets"] == CLUSTERS
    for one in document["clusters"]:
        assert one["outcome"] == word
        (cluster,) = (each for each in world.clusters() if each.ref.name == one["name"])
        addon = world.addon(cluster.ref)
        assert addon is not None
        known = {update.id: update.status for update in addon.updates}
        assert known[one["updateId"]] == "Successful"


@pytest.mark.parametrize("seed", range(2))
def test_with_any_kill_each_cluster_is_written_exactly_once(seed: int, tmp_path: Path) -> None:
    killer = Killer(Random(seed))
    with simulated(SCENARIO, killer.around) as (world, url):
        env = environment(tmp_path, url)
        names = {cluster.ref.name for cluster in world.clusters()}
        out = until_it_ends(
            ("apply", "--all", "--replicas", "3", "--yes", "--no-live"), killer, env, tmp_path
        )
        assert successes(world, 3) == Counter(dict.fromkeys(names, 1))
        check_claims(world, out, "changed")
        out = until_it_ends(("rollback", run_of(tmp_path), "--yes"), killer, env, tmp_path)
        assert successes(world, 3) == Counter(dict.fromkeys(names, 1))
        assert successes(world, 2) == Counter(dict.fromkeys(names, 1))
        check_claims(world, out, "rolledBack")
