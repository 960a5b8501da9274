"""One simulated cluster whose updates end as a test scripts, and commands that are killed at their write."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.http.messages import Delivery, Request
from tests.support.walkthrough import Shell, run_on_record, shell

SHOP = ClusterRef("111122223333", "eu-west-1", "shop")
CONFLICT = "{result: fails, code: ConfigurationConflict, keeps: %s, status: %s}"
SCENARIO = """
version: 1
pace: {{update: 20, {pace}}}
eks: {{{eks}}}
{top}
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
documents: {{plain: '{{"replicaCount":2}}'}}
clusters:
  - name: shop
    region: eu-west-1
    addon: v1.11.4-eksbuild.51
    document: plain
    outcomes: [{outcomes}]
"""
FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
"""
APPLY = ("apply", "--cluster", "shop", "--yes", "-q", "-o", "json")
DRIFT = ("drift", "--cluster", "shop", "-q", "-o", "json")
PLAN = ("plan", "--cluster", "shop", "-q", "-o", "json")


@contextmanager
def stage(
    tmp_path: Path,
    *outcomes: str,
    pace: str = "statusLag: 0",
    rollout: str = "",
    eks: str = "",
    top: str = "",
    fleet: str = FLEET,
) -> Iterator[Shell]:
    (tmp_path / "fleet.yaml").write_text(fleet + rollout)
    scenario = SCENARIO.format(outcomes=", ".join(outcomes), pace=pace, eks=eks, top=top)
    (tmp_path / "scenario.yaml").write_text(scenario)
    with shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml") as here:
        yield here


def ask(here: Shell, *args: str) -> tuple[int, dict[str, Any]]:
    """A command that prints a document; RUN stands for the newest run on record."""
    words = [run_on_record().stem if arg == "RUN" else arg for arg in args]
    code, text = here.type(*words)
    document: dict[str, Any] = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return code, document


def word(document: dict[str, Any]) -> object:
    """The only cluster's state, under whichever key."""
    (cluster,) = document["clusters"]
    return next(cluster[key] for key in ("outcome", "action", "state") if key in cluster)


def updates(here: Shell) -> int:
    return here.world.calls.counts.get("UpdateAddon", 0)


KEPT_AND_ACTIVE = CONFLICT % ("true", "ACTIVE")
KEPT_AND_FAILED = CONFLICT % ("true", "UPDATE_FAILED")


class KilledError(KeyboardInterrupt):
    """As after kill -9: nothing more is written by this process."""


@contextmanager
def killed_at(here: Shell, operation: str, *, is_after: bool) -> Iterator[None]:
    """The next process dies at its first call of an operation, before or after EKS carries it out."""
    handle = here.world.handle

    def answer(request: Request) -> Delivery:
        before = here.world.calls.counts.get(operation, 0)
        is_meant = operation == "UpdateAddon" and request.target.endswith("/update")
        if is_meant and not is_after:
            raise KilledError
        delivery = handle(request)
        if here.world.calls.counts.get(operation, 0) > before:
            raise KilledError
        return delivery

    here.world.handle = answer  # type: ignore[method-assign]  # the one door of the world
    try:
        yield
    finally:
        here.world.handle = handle  # type: ignore[method-assign]  # as above


def kill(here: Shell, *args: str, is_after: bool) -> None:
    with killed_at(here, "UpdateAddon", is_after=is_after):
        words = [run_on_record().stem if arg == "RUN" else arg for arg in args]
        assert here.type(*words)[0] != 0
    here.clock.advance(600)
