"""When a request is repeated with another token."""

import httpx2
import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.kube.network.renewed import YOUNG, RenewedToken

SIGNED_OUT = Trouble(Cause.CREDENTIALS_EXPIRED, "signed out")


class Server(httpx2.BaseTransport):
    """Accepts the token `new`."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, bytes]] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        header = request.headers["authorization"]
        self.seen.append((header, request.read()))
        return httpx2.Response(200 if header == "Bearer new" else 401)


def request() -> httpx2.Request:
    return httpx2.Request(
        "PATCH", "https://api.invalid/", content=b"body", headers={"authorization": "Bearer old"}
    )


def test_a_write_is_repeated_whole_and_later_requests_use_the_new_token() -> None:
    server = Server()
    carrier = RenewedToken(server, lambda: "new", 0.0, lambda: YOUNG)
    assert [carrier.handle_request(request()).status_code for _ in range(2)] == [200, 200]
    assert server.seen == [("Bearer old", b"body"), ("Bearer new", b"body"), ("Bearer new", b"body")]


@pytest.mark.parametrize(("token", "now"), [(SIGNED_OUT, YOUNG), ("new", YOUNG - 1)], ids=["none", "young"])
def test_without_another_token_the_rejection_stands(token: str | Trouble, now: float) -> None:
    server = Server()
    carrier = RenewedToken(server, lambda: token, 0.0, lambda: now)
    assert carrier.handle_request(request()).status_code == 401
    assert len(server.seen) == 1


def test_a_request_that_was_sent_before_another_thread_renewed_the_token_uses_that_one() -> None:
    tokens = iter(["new"])
    carrier = RenewedToken(Server(), lambda: next(tokens), 0.0, lambda: YOUNG)
    carrier.handle_request(request())
    assert carrier._renew("Bearer old")
