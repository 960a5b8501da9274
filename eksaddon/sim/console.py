"""What a simulation tells about itself over HTTP, for programs that look at it from another process."""

import json

from eksaddon.domain.json import Json
from eksaddon.sim.http.messages import Delivery, Handler, Reply, Request
from eksaddon.sim.world import World

CALLS = "/_simulator/calls"
"""GET: how many calls of each operation there were."""


def with_console(world: World) -> Handler:
    """Answer the simulation's own paths, and leave all others to the world."""

    def handle(request: Request) -> Delivery:
        if request.method == "GET" and request.target == CALLS:
            return Delivery(_json(200, {"calls": dict(sorted(world.calls.counts.items()))}))
        return world.handle(request)

    return handle


def _json(status: int, document: Json) -> Reply:
    return Reply(status, json.dumps(document).encode(), "application/json")
