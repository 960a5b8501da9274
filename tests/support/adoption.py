"""A self-managed CoreDNS on simulated EKS, ready to be adopted."""

from collections.abc import Callable
from pathlib import Path

from eksaddon.app.adopt.adopt import (
    AdoptionRequest,
    Begun,
    Fresh,
    execute_adoption,
    prepare,
    prepare_undo,
    undo,
)
from eksaddon.apply.adopt import Ending
from eksaddon.domain.adoption import Manifests
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import Account
from eksaddon.sim.api.faults import Effect, Fault, Match
from tests.support.simulation import REF, Simulation, fleet_of, self_managed, simulate

COREFILE = (
    "# runbook 7\n.:53 {\n    errors\n    health {\n        lameduck 5s   # short\n    }\n    ready\n"
    "    kubernetes cluster.local in-addr.arpa ip6.arpa\n\tforward . /etc/resolv.conf\n"
    "    loop\n    reload\n}\n\n"
)

FLEET = f'version: 1\naccounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]\n'

SILENT: Callable[[str, str], None] = lambda _step, _detail: None  # noqa: E731  # a type of its own


def stage(workload: str = "") -> Simulation:
    simulation = simulate(self_managed(COREFILE, workload))
    simulation.book.learn(Account(REF.account))
    return simulation


def prepared(simulation: Simulation, place: Path, fleet: str = FLEET, **wish: object) -> Fresh | Begun:
    wanted = AdoptionRequest(place, **{"resolve_conflicts": ResolveConflicts.OVERWRITE, **wish})  # type: ignore[arg-type]  # fields by name
    return prepare(fleet_of(fleet), simulation.session, simulation.book, wanted)


def adopted(simulation: Simulation, place: Path, fleet: str = FLEET, **wish: object) -> Ending:
    return execute_adoption(prepared(simulation, place, fleet, **wish), simulation.session, SILENT)


def undone(simulation: Simulation, place: Path) -> Ending:
    begin = prepare_undo(fleet_of(FLEET), simulation.session, simulation.book, place)
    return undo(begin, simulation.session, SILENT)


def live(simulation: Simulation) -> Manifests:
    found = simulation.session.manifests.manifests(REF)
    assert isinstance(found, Manifests)
    return found


def held(simulation: Simulation) -> Managed:
    found = simulation.session.addons.read(REF)
    assert isinstance(found, Managed)
    return found


def writes(simulation: Simulation) -> list[str]:
    wanted = {"CreateAddon", "DeleteAddon", "UpdateAddon", "patch deployments"}
    return [call.operation for call in simulation.world.calls if call.operation in wanted]


def fault(effect: Effect, operation: str, **more: object) -> Fault:
    return Fault(effect, Match(operation=operation), **more)  # type: ignore[arg-type]  # fields by name


RICH = (
    "replicas: 4, files: {corp.db: x}, budgets: [{name: coredns, minAvailable: 2}],"
    "settings: [{manager: kubectl-edit, grace: 45, preStop: 5}],"
    "deployment: {template: {spec: {tolerations: [{key: dns, operator: Exists}], priorityClassName: high}}}"
)
