"""Connections of botocore's HTTP session that send nothing once a gate is closed."""

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
    """Pools by scheme, as urllib3's pool managers take them.

    The check before each request is not enough: a thread may be past it and still connect, while the
    process releases its lock. So each piece is checked as it is sent.
    """

    class Plain(AWSHTTPConnection):
        def connect(self) -> None:
            super().connect()
            gate.connected(self.sock)

        def send(self, data: Any) -> Any:  # noqa: ANN401  # as http.client has it
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
