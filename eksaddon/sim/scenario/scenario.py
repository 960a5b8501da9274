"""A scenario, and the creation of its world."""

import time
from collections.abc import Callable
from dataclasses import field, replace

from eksaddon.frozen import dataclass
from eksaddon.sim.accounts.organizations import Organization
from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.addon.update_script import Pace
from eksaddon.sim.addon.values import Schemas
from eksaddon.sim.api.faults import Fault
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.throttle import Rate
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.resources import Cluster, Endpoints, nowhere
from eksaddon.sim.workload.state import Workload
from eksaddon.sim.world import World

_AGE = 90 * 86400.0
"""Age of all clusters in seconds."""


@dataclass(frozen=True, slots=True)
class SimulatedCluster:
    """A cluster with its add-ons; its `created_at` is set when the world is created."""

    cluster: Cluster
    addons: tuple[AddonSeed, ...]
    workload: Workload = field(default_factory=Workload)


@dataclass(frozen=True, slots=True)
class Scenario:
    """The contents of a scenario file.

    Attributes:
        default_account: Id of the account of unknown keys.
        clock_offset: Seconds by which AWS's clock is ahead.
    """

    accounts: tuple[Account, ...]
    clusters: tuple[SimulatedCluster, ...]
    default_account: str
    description: str = ""
    organization: Organization | None = None
    faults: tuple[Fault, ...] = ()
    pace: Pace = field(default_factory=Pace)
    rate: Rate | None = None
    seed: int = 0
    clock_offset: float = 0.0
    buckets: tuple[str, ...] = ()


def world_of(
    scenario: Scenario,
    now: Callable[[], float] = time.time,
    *,
    schemas: Schemas = packaged,
    endpoint_of: Endpoints = nowhere,
    keep_calls: int | None = None,
) -> World:
    """Create the world of a scenario.

    Args:
        now: Seconds since the epoch.
        endpoint_of: Endpoints of the clusters' Kubernetes APIs.
        keep_calls: Number of calls that the log keeps; None for all.
    """

    def aws_now() -> float:
        return now() + scenario.clock_offset

    world = World(
        schemas,
        aws_now,
        default_account=scenario.default_account,
        organization=scenario.organization,
        pace=scenario.pace,
        rate=scenario.rate,
        seed=scenario.seed,
        endpoint_of=endpoint_of,
        keep_calls=keep_calls,
    )
    for account in scenario.accounts:
        world.add_account(account)
    created_at = aws_now() - _AGE
    for each in scenario.clusters:
        world.add_cluster(replace(each.cluster, created_at=created_at), each.addons, each.workload)
    for bucket in scenario.buckets:
        world.add_bucket(bucket)
    for fault in scenario.faults:
        world.add_fault(fault)
    return world
