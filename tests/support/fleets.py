"""Fleet files and targets that tests are about."""

from datetime import date
from textwrap import dedent

from eksaddon.config.fleet import FleetFile, Settings
from eksaddon.config.load import parse_fleet
from eksaddon.config.resolve import Resolver
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.target import ClusterRef, Labels, Target

TODAY = date(2030, 6, 15)


def fleet(text: str) -> FleetFile:
    """Version and indentation are added."""
    return parse_fleet(f"version: 1\n{dedent(text)}", "f.yaml")


def target(
    name: str = "prod-1",
    *,
    account: str = "111122223333",
    region: str = "eu-west-1",
    account_name: str = "shop-prod",
    labels: Labels = (("env", "prod"),),
) -> Target:
    return Target(ClusterRef(account, region, name), account_name, labels)


def desired(text: str, on: Target | None = None, flags: Settings = ()) -> DesiredState:
    return Resolver(fleet(text), flags, TODAY).resolve(on or target())
