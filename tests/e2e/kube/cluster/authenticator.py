"""A stand-in for the token webhook of EKS: who signed a token is a user of the API server."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

from eksaddon.sim.http.messages import Delivery, Reply, Request
from eksaddon.sim.http.server import running
from eksaddon.sim.kubernetes.token import access_key

USER, GROUP = "eksdns-apply", "eksdns"
"""Whoever signs; the group is that of the access entry."""


@contextmanager
def authenticator() -> Iterator[str]:
    """Its URL, for `--authentication-token-webhook-config-file`."""
    with running(_review) as address:
        yield address.url


def _review(request: Request) -> Delivery:
    review = json.loads(request.body)
    key = access_key(f"Bearer {review['spec']['token']}", time.time())
    known = {"authenticated": True, "user": {"username": USER, "groups": [GROUP]}}
    reviewed = review | {"status": known if key else {"authenticated": False}}
    return Delivery(Reply(200, json.dumps(reviewed).encode(), "application/json"))
