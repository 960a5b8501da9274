"""Exposes the call log over HTTP, for programs in other processes."""

import json

from eksaddon.domain.json import Json
from eksaddon.sim.http.messages import Delivery, Handler, Reply, Request
from eksaddon.sim.world import World

CALLS = "/_simulator/calls"
"""GET: number of calls of each operation."""


def with_console(world: World) -> Handler:
    """Handle the console's paths, and pass others to the world."""

    def handle(request: Request) -> Delivery:
        if request.method == "GET" and request.target == CALLS:
            return Delivery(_json(200, {"calls": dict(sorted(world.calls.counts.items()))}))
        return world.handle(request)

    return handle


def _json(status: int, document: Json) -> Reply:
    return Reply(status, json.dumps(document).encode(), "application/json")
