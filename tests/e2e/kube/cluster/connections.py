"""Open connections to API servers, used again: a handshake costs as much as a call.

A server may close an idle connection at the very moment in which it is used again. Such a request has no
answer; it is sent once more on a fresh connection. A POST has a fresh one, because sent twice it could create
twice; but for questions, which create nothing.
"""

import functools
import http.client
import ssl
import threading
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

CALL_SECONDS = 20.0
QUESTIONS = "/apis/authorization.k8s.io/"
"""Reviews of access: a POST that is answered and stored nowhere."""

_lock = threading.Lock()
_idle: dict[str, list[http.client.HTTPSConnection]] = defaultdict(list)


def exchange(
    url: str, authority: Path, *, method: str, target: str, body: str | None, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    """Status and content of an answer.

    Raises:
        OSError: There is none.
    """

    def asked(connection: http.client.HTTPSConnection) -> tuple[int, bytes]:
        try:
            connection.request(method, target, body=body, headers=dict(headers))
            answer = connection.getresponse()
            found = answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        with _lock:
            _idle[url].append(connection)
        return found

    idle = None if method == "POST" and not target.startswith(QUESTIONS) else _taken(url)
    if idle is not None:
        with suppress(ConnectionError):  # RemoteDisconnected, reset or broken pipe: closed while it was idle
            return asked(idle)
    return asked(_opened(url, authority))


def _taken(url: str) -> http.client.HTTPSConnection | None:
    with _lock:
        return _idle[url].pop() if _idle[url] else None


def close(url: str) -> None:
    with _lock:
        for connection in _idle.pop(url, ()):
            connection.close()


def _opened(url: str, authority: Path) -> http.client.HTTPSConnection:
    at = urlsplit(url)
    return http.client.HTTPSConnection(
        str(at.hostname), at.port, timeout=CALL_SECONDS, context=_trusting(authority)
    )


@functools.cache
def _trusting(authority: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority))
