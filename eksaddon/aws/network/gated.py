"""Connections for botocore's HTTP session that stop sending once a gate is closed."""

from typing import TYPE_CHECKING, Any

from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
)

from eksaddon.ports import Gate

if TYPE_CHECKING:
    from urllib3.connectionpool import HTTPConnectionPool


def gated_pools(gate: Gate) -> "dict[str, type[HTTPConnectionPool]]":
    """Pool classes by scheme for urllib3's pool manager.

    A check before each request is not sufficient: a thread can pass it and still be connecting while the
    process releases its lock. So every send is checked.
    """

    class Plain(AWSHTTPConnection):
        def connect(self) -> None:
            super().connect()
            gate.connected(self.sock)

        def send(self, data: Any) -> Any:  # noqa: ANN401  # as in http.client
            gate.check()
            return super().send(data)

    class Secure(AWSHTTPSConnection):
        def connect(self) -> None:
            super().connect()
            gate.connected(self.sock)

        def send(self, data: Any) -> Any:  # noqa: ANN401  # as above
            gate.check()
            return super().send(data)

    class PlainPool(AWSHTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(AWSHTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
