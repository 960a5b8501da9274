"""Real processes killed with SIGKILL while they change both planes of a real cluster.

`EKSDNS_PROCESS_KILLS` sets how many sequences of processes there are, each with one kill at least.
"""

import json
import os
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from subprocess import DEVNULL, Popen

import pytest

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.workload import RolledOut, Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.sim.http.messages import Delivery, Handler, Lost, Reply, Request
from eksaddon.sim.http.server import running
from eksaddon.sim.resources import Endpoint
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.sim.world import World
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.adapters import Directory
from tests.e2e.kube.cluster.addon_manager import Updated, update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.control_plane import ADMIN, EKS, EKSDNS, Server
from tests.e2e.kube.cluster.kubelet import Kubelet, working
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.edits import eksdns_applies
from tests.e2e.kube.rollouts import HOLD_SECONDS
from tests.e2e.kube.test_both_planes import COREFILE, REF, VERSION
from tests.e2e.kube.watching import lameduck_of, watching
from tests.fleet.test_pods_killed import MOVES, Setting, fleet
from tests.support.child import WATCHDOG, environment, start

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ALL = int(os.environ.get("EKSDNS_PROCESS_KILLS", "3"))
MOST_SIGNS = 17
"""Fewer requests to EKS and lines of progress than an apply has that nobody disturbs."""

IMPATIENT = """\
from eksaddon.apply.retry import Backoff

Backoff()  # compiles its __init__
Backoff.__init__.__defaults__ = (0.1, 0.5, 1.2)
"""
"""The stand-ins of EKS and of the kubelet need fractions of a second."""


def scenario(lameduck: int) -> str:
    return f"""
version: 1
pace: {{update: [0, 0]}}
accounts: [{{id: "{REF.account}", name: shop, regions: [eu-west-1]}}]
documents: {{now: {{values: {{replicaCount: 2}}, corefile: {json.dumps(COREFILE % f"{lameduck}s")}}}}}
clusters: [{{name: prod, region: eu-west-1, addon: {VERSION}, document: now, kubernetes: "1.36"}}]
"""


@dataclass(slots=True)
class Killer:
    """Kills a process at its n-th sign of life: a request to EKS, executed or not, or a line of progress."""

    dice: Random
    kills: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _child: "Popen[str] | None" = None
    _left: int = 0

    def aim(self, child: "Popen[str]") -> None:
        with self._lock:
            self._child, self._left = child, self.dice.randint(1, MOST_SIGNS)

    def spare(self) -> None:
        with self._lock:
            self._child = None

    def sign(self) -> bool:
        """Whether the process was killed with this one."""
        with self._lock:
            self._left -= 1
            if self._child is None or self._left:
                return False
            self.kills += 1
            self._child.kill()
            return True

    def around(self, handler: Handler) -> Handler:
        def handle(request: Request) -> Delivery:
            is_after = self.dice.random() < 0.5
            if not is_after and self.sign():
                return Delivery(Lost())
            delivery = handler(request)
            return Delivery(Lost()) if is_after and self.sign() else delivery

        return handle

    def reading(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            if line.startswith("run ") or f"/{REF.name}: " in line:
                self.sign()
            yield line


def managing(server: Server, handler: Handler) -> Handler:
    """What EKS accepts is applied to the real cluster, as `eks`."""

    def handle(request: Request) -> Delivery:
        delivery = handler(request)
        answer = delivery.answer
        if request.target.endswith("/update") and isinstance(answer, Reply) and answer.status == 200:
            asked = json.loads(request.body)
            corefile = json.loads(asked["configurationValues"])["corefile"]
            mode = ResolveConflicts(asked["resolveConflicts"].lower())
            assert isinstance(update(server.api(EKS), Release(corefile=corefile), mode), Updated)
        return delivery

    return handle


@dataclass(slots=True)
class Shell:
    """Commands, each a process of its own."""

    folder: Path
    url: str
    killer: Killer

    def run(self, *words: str, is_killed: bool = False) -> tuple[int, str]:
        """Exit code and stderr."""
        child = start(*words, env=environment(self.folder, self.url), before=IMPATIENT, stdout=DEVNULL)
        if is_killed:
            self.killer.aim(child)
        watchdog = threading.Timer(WATCHDOG, child.kill)
        watchdog.start()
        assert child.stderr is not None
        with child.stderr:
            err = "".join(self.killer.reading(child.stderr))
        code = child.wait()
        watchdog.cancel()
        self.killer.spare()
        return code, err

    def verb(self, name: str) -> tuple[str, ...]:
        runs = sorted(path.stem for path in self.folder.rglob("runs/*.jsonl") if path.stat().st_size)
        if name == "apply" or not runs:
            return ("apply", "--all", "--config", str(self.folder / "fleet.yaml"), "--yes")
        return (name, runs[-1], *(["--failed"] if name == "retry" else []))


def installed(server: Server, at: Setting) -> None:
    lameduck, grace, pre_stop = at
    update(server.api(EKS), Release(corefile=COREFILE % f"{lameduck}s"), ResolveConflicts.OVERWRITE)
    install(server.api(ADMIN))
    eksdns_applies(grace, pre_stop)(server)


def setting(kube: KubeWorkloads) -> Setting:
    found = kube.read(REF)
    assert isinstance(found, Workload), found
    assert isinstance(found.rollout, RolledOut), found.rollout
    return lameduck_of(found.corefile or ""), found.grace_seconds, found.pre_stop_seconds


def is_rolled_out(kube: KubeWorkloads) -> bool:
    found = kube.read(REF)
    return isinstance(found, Workload) and found.rollout == RolledOut()


def statuses(world: World) -> list[str]:
    addon = world.addon(REF)
    assert addon is not None
    return [each.status for each in addon.updates]


@pytest.mark.parametrize("seed", range(ALL))
def test_no_pod_is_cut_and_a_change_is_written_once(server: Server, seed: int, tmp_path: Path) -> None:
    dice = Random(seed)
    before, after = MOVES[list(MOVES)[seed % len(MOVES)]]
    (tmp_path / "fleet.yaml").write_text(fleet(after))
    place = Endpoint(server.url, server.authority.read_text())
    world = world_of(parse_scenario(scenario(before[0]), "scenario.yaml"), endpoint_of=lambda _: place)
    killer = Killer(dice)
    kube = KubeWorkloads(Directory(server, EKSDNS), lambda: 0.0)
    with (
        working(Kubelet(server.api())),
        running(killer.around(managing(server, world.handle))) as address,
    ):
        installed(server, before)
        until(lambda: is_rolled_out(kube), seconds=HOLD_SECONDS, what="the add-on runs")
        here = Shell(tmp_path, address.url, killer)
        with watching(server.api(ADMIN)):
            said = [here.run(*here.verb("apply"), is_killed=True)]
            verb = dice.choice(["resume", "apply", "retry"])
            said.append(here.run(*here.verb(verb), is_killed=dice.random() < 0.5))
            said.append(here.run(*here.verb("apply")))
        assert said[-1][0] == 0, said
        assert setting(kube) == after, said
        assert statuses(world) == ["Successful"], (seed, "one UpdateAddon for the change", said)
    kube.close()
    assert killer.kills
