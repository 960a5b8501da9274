"""Fleets for `init`: as somebody configured them, with all that a fleet file cannot say about them."""

import json
from dataclasses import dataclass
from random import Random

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import Seen, observe
from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.initial.goal import Goal
from eksaddon.app.initial.initial import Initial, initial, look
from eksaddon.app.initial.scope import scope_of
from eksaddon.config.fleet import FleetFile
from eksaddon.domain.target import Account, AssumedRole
from tests.support.simulation import Simulation, fleet_of, scenario_of, simulate

VERSIONS = ("v1.9.3-eksbuild.40", "v1.11.4-eksbuild.51", "v1.12.4-eksbuild.29", "v1.13.2-eksbuild.21")
COREFILE = """\
.:53 {{
    errors
    health {health}
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {{
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }}
    forward . /etc/resolv.conf
    cache 30
    reload
}}
{more}"""
SECOND_BLOCK = "b.org:53 {\n  health :8082 {\n    lameduck 3s\n  }\n  forward . 10.0.0.2\n}\n"


def generated(seed: int) -> str:
    """A fleet of two or three clusters in two accounts; JSON, which is YAML."""
    dice = Random(seed)
    documents = {
        "readable": {"values": {"replicaCount": 2}},
        **{f"d{at}": _document(dice) for at in range(3)},
    }
    clusters = [_cluster(dice, at, tuple(documents)) for at in range(dice.randint(1, 2))]
    clusters.append({"name": "last", "account": "one", "region": "eu-west-1", "document": "readable"})
    accounts = [
        {"id": f"{number}" * 12, "name": name, "regions": ["eu-west-1", "us-east-1"], "roles": {"r": {}}}
        for number, name in ((1, "one"), (2, "two"))
    ]
    faults = [{"kind": "denied", "match": {"cluster": "c-0"}}] if dice.random() < 0.1 else []
    return json.dumps(
        {
            "version": 1,
            "defaultAccount": "one",
            "accounts": accounts,
            "documents": documents,
            "clusters": clusters,
            "faults": faults,
        }
    )


def _document(dice: Random) -> object:
    values: dict[str, object] = {}
    if dice.random() < 0.7:
        values["replicaCount"] = dice.choice((1, 2, 3, 6))
    if dice.random() < 0.5:
        values["podDisruptionBudget"] = dice.choice(
            (
                {"enabled": True, "maxUnavailable": 1},
                {"enabled": True, "minAvailable": "50%"},
                {"enabled": False},
                {"enabled": True},
            )
        )
    if dice.random() < 0.2:
        values["autoScaling"] = {"enabled": True, "minReplicas": 2, "maxReplicas": 10}
    if dice.random() < 0.3:
        values["tolerations"] = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    if dice.random() < 0.05:
        return '{"replicaCount": '
    made: dict[str, object] = {"values": values, "format": dice.choice(("json", "json-indented", "yaml"))}
    if dice.random() < 0.7:
        health = dice.choice(("", "{\n        lameduck 5s\n    }", "{\n        lameduck 1m30s\n    }"))
        more = dice.choice(("", "", SECOND_BLOCK))
        made["corefile"] = COREFILE.format(health=health, more=more)
    return made if values or "corefile" in made else dice.choice(("{}", None))


def _cluster(dice: Random, at: int, documents: tuple[str, ...]) -> dict[str, object]:
    made: dict[str, object] = {
        "name": dice.choice((f"c-{at}", f"prod-{at}", "same")) if at else "c-0",
        "account": dice.choice(("one", "two")),
        "region": "eu-west-1" if at % 2 else "us-east-1",
        "addon": dice.choice(VERSIONS),
        "document": dice.choice(documents),
        "liveReplicas": dice.choice((1, 2, 2, 3, 6)),
    }
    if made["name"] == "same":
        made["name"] = f"same-{at // 2}"
    workload: dict[str, object] = {}
    if dice.random() < 0.3:
        workload["settings"] = [{"manager": "kubectl-edit", "grace": dice.choice((45, 60)), "preStop": 5}]
    if dice.random() < 0.1:
        workload["api"] = dice.choice(("no-entry", "unreachable"))
    if dice.random() < 0.1:
        workload["scaler"] = {"least": 2, "most": 5}
    return {**made, "workload": workload} if workload else made


def fleet_of_scenario(text: str) -> Fleet:
    """All accounts of a scenario: the default one by the current credentials, the others by their role."""
    scenario = scenario_of(text)
    accounts = tuple(
        Account(
            one.id,
            one.name or "",
            regions=tuple(one.regions) or ("eu-west-1", "us-east-1"),
            access=AssumedRole((f"arn:aws:iam::{one.id}:role/{next(iter(one.roles))}",)),
        )
        for one in scenario.accounts
        if one.roles
    )
    return Fleet(FleetFile(), (), accounts, TargetRequest(everything=True))


@dataclass(frozen=True, slots=True)
class Read:
    """A simulated fleet whose clusters were read once."""

    simulation: Simulation
    fleet: Fleet
    seen: Seen

    def initial(self, goal: Goal | None = None) -> Initial:
        scope = scope_of(self.fleet, self.seen)
        return initial(self.seen, self.simulation.session, scope, goal=goal)

    def writes(self, text: str) -> list[str]:
        """Labels of the clusters that a plan with this fleet file changes, by reading everything again."""
        plan = self.simulation.plan(fleet_of(text))
        return [one.target.label for one in plan.clusters if one.writes]


def read(scenario: str) -> Read:
    simulation, fleet = simulate(scenario), fleet_of_scenario(scenario)
    observed = observe(fleet, simulation.session, simulation.book)
    return Read(simulation, fleet, look(observed, simulation.session))
